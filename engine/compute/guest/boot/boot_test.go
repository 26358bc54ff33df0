//go:build linux

package boot

import (
	"bytes"
	"strings"
	"testing"
)

func booted(t *testing.T, state, id, data string) string {
	t.Helper()
	var out bytes.Buffer
	b := &booting{out: &out, state: state, get: func(path string) ([]byte, error) {
		return []byte(map[string]string{"meta-data/instance-id": id, "user-data": data}[path]), nil
	}}
	if err := b.userData(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestUserDataRunsOncePerInstance(t *testing.T) {
	state := t.TempDir()
	script := "#!/bin/sh\necho hello from $HOME\n"
	if got := booted(t, state, "i-1", script); !strings.HasPrefix(got, "hello from /root\ncloud-init: part-001 finished after ") {
		t.Errorf("first boot: %q", got)
	}
	if got := booted(t, state, "i-1", script); got != "" {
		t.Errorf("second boot: %q", got)
	}
	if got := booted(t, state, "i-2", script); !strings.HasPrefix(got, "hello") {
		t.Errorf("an instance of an image of it: %q", got)
	}
}

func TestUserDataThatFails(t *testing.T) {
	if got := booted(t, t.TempDir(), "i-1", "#!/bin/sh\necho oops >&2\nexit 3\n"); !strings.Contains(got, "oops\ncloud-init: part-001 failed after ") || !strings.Contains(got, "exit status 3") {
		t.Errorf("%q", got)
	}
	if got := booted(t, t.TempDir(), "i-1", "#!/no/such/shell\n"); !strings.Contains(got, "does the program after #! exist?") {
		t.Errorf("%q", got)
	}
}

func TestUserDataThatIsNotEmulated(t *testing.T) {
	for data, want := range map[string]string{
		"#cloud-config\npackages: [nginx]\n": `"#cloud-config" is not emulated`, "echo hello\n": "it does not begin with #!", "": "",
		"Content-Type: multipart/mixed\n": "MIME parts are not emulated", "\x1f\x8b\x08": "compressed user data", "#!" + strings.Repeat("x", 20000): "longer than 16384 bytes",
	} {
		got := booted(t, t.TempDir(), "i-1", data)
		if !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%.20q: %q, want %q", data, got, want)
		}
	}
}

func TestWhatIsLeftInTheBackgroundKeepsTheConsole(t *testing.T) {
	got := booted(t, t.TempDir(), "i-1", "#!/bin/sh\n(sleep 0.2; echo late) &\necho early\n")
	if !strings.HasPrefix(got, "early\ncloud-init: part-001 finished") || !strings.HasSuffix(got, "late\n") {
		t.Errorf("%q", got)
	}
}
