package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoctor tries Docker's firewall, and says what is missing where there is no Docker.
func TestDoctor(t *testing.T) {
	look := func(t *testing.T, l *learner, want int, text string) (d diagnosis) {
		t.Helper()
		if code, out, errs := l.run("doctor"); code != want || !strings.Contains(out, text) {
			t.Errorf("%d, want %d and %q\n%s%s", code, want, text, out, errs)
		}
		code, out, errs := l.run("doctor", "--format", "json")
		if err := json.Unmarshal([]byte(out), &d); err != nil || code != want {
			t.Errorf("%d, %v\n%s%s", code, err, out, errs)
		}
		return d
	}
	t.Run("Missing", func(t *testing.T) {
		l := &learner{t: t, program: program(t), home: filepath.Join(t.TempDir(), "home"), dir: t.TempDir()}
		t.Setenv("DOCKER_HOST", "unix:///nowhere.sock")
		if d := look(t, l, exitNoInstances, "does not answer. Start it."); d.Docker.Works || d.Docker.Kind != "silent" || len(d.Docker.Probes) != 1 || d.Docker.Trial != nil {
			t.Errorf("%+v", d.Docker)
		}
		if _, err := os.Stat(l.home); err == nil {
			t.Error("it left something behind")
		}
	})
	t.Run("There", func(t *testing.T) {
		l := newLearner(t)
		if d := look(t, l, exitOK, "Labs with instances can run"); !d.Docker.Works || !d.Docker.Trial.OK || d.Docker.CPUs == 0 || d.Docker.Memory == 0 || d.Docker.Arch == "" {
			t.Errorf("%+v", d.Docker)
		}
	})
}
