package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
)

// damage changes a byte in the middle of every journal file of a cloud.
func damage(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || filepath.Base(f) == "cloud.json" || len(b) < 100 {
			continue
		}
		b[len(b)/2] ^= 0xff
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADamagedCloudIsSetAsideAndTheOthersGoOn(t *testing.T) {
	dir := t.TempDir()
	h, err := engine.Open(engine.HostOptions{Dir: dir, Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hurt", "well"} {
		c, err := h.Create(admin.CloudSpec{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			if _, err := c.Advance(time.Hour); err != nil {
				t.Fatal(err)
			}
		}
	}
	key := keyOf(t, h, "hurt")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, filepath.Join(dir, "hurt"))

	h, err = engine.Open(engine.HostOptions{Dir: dir, Build: "test", Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	aside := h.SetAside()
	if len(aside) != 1 || aside[0].Cloud != "hurt" || aside[0].Reason == "" {
		t.Fatalf("set aside: %+v", aside)
	}
	if _, err := os.Stat(filepath.Join(aside[0].Kept, "cloud.json")); err != nil {
		t.Errorf("the damaged files were not kept: %v", err)
	}
	if keyOf(t, h, "hurt") != key {
		t.Error("the cloud that began anew has another key")
	}
	now := time.Now()
	for name, later := range map[string]bool{"hurt": false, "well": true} {
		if got := nowOf(t, h, name).Sub(now) > 100*time.Hour; got != later {
			t.Errorf("%s: its clock stands at %s", name, nowOf(t, h, name))
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := engine.Open(engine.HostOptions{Dir: dir, Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if len(again.SetAside()) != 0 {
		t.Errorf("set aside a second time: %+v", again.SetAside())
	}
}

func keyOf(t *testing.T, h *engine.Host, cloud string) string {
	t.Helper()
	for _, c := range h.Clouds() {
		if c.Name == cloud {
			return c.SecretAccessKey
		}
	}
	t.Fatalf("no cloud %s", cloud)
	return ""
}

func nowOf(t *testing.T, h *engine.Host, cloud string) time.Time {
	t.Helper()
	for _, c := range h.Clouds() {
		if c.Name == cloud {
			return c.Now
		}
	}
	t.Fatalf("no cloud %s", cloud)
	return time.Time{}
}
