package shell

import (
	"io"
	"slices"
	"testing"
)

func TestVars(t *testing.T) {
	s, err := New(Config{Dir: t.TempDir(), Env: []string{"GIVEN=1"}, Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if vars := s.Vars(); len(vars) > 0 && !slices.Equal(vars, []string{"GIVEN=1"}) {
		t.Error(vars)
	}
	for _, line := range []string{"ID='i-1 2'", "export GIVEN=2; local=3; unset local; list=(a b)"} {
		if code := s.Line(t.Context(), line, io.Discard, io.Discard); code != 0 {
			t.Fatal(line, code)
		}
	}
	vars := s.Vars()
	for _, want := range []string{"ID=i-1 2", "GIVEN=2"} {
		if !slices.Contains(vars, want) {
			t.Errorf("no %q in %q", want, vars)
		}
	}
	for _, v := range vars {
		if v == "local=3" || v == "list=a" {
			t.Error(v)
		}
	}
}
