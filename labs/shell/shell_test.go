package shell

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, c Config) *Shell {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestLines(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "sub/greet", "#!/bin/sh\necho \"hello $1 from $2\"\nexit 3\n")
	s := open(t, Config{Dir: dir, Env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}})
	for _, c := range []struct {
		line, out string
		code      int
	}{
		{"name=kim; echo hi", "hi\n", 0},
		{"cd sub && ./greet $name you", "hello kim from you\n", 3},
		{"./greet 'a b' c || echo failed: $?", "hello a b from c\nfailed: 3\n", 0},
		{"sh -c 'echo $0 $1' x y", "sh y\n", 0},
		{"nothing-like-this", "nothing-like-this: command not found\n", 127},
		{"echo 'unclosed", "1:6: reached EOF without closing quote `'`\n", 2},
	} {
		var out bytes.Buffer
		if code := s.Line(t.Context(), c.line, &out, &out); code != c.code || out.String() != c.out {
			t.Errorf("%s: got %q, exit %d; want %q, exit %d", c.line, out.String(), code, c.out, c.code)
		}
	}
	if want := filepath.Join(dir, "sub"); s.Dir() != want {
		t.Errorf("in %s, want %s", s.Dir(), want)
	}
}

func TestConfined(t *testing.T) {
	outside := t.TempDir()
	secret := write(t, outside, "secret", "TOP SECRET")
	dir := t.TempDir()
	os.Symlink(secret, filepath.Join(dir, "link"))
	for _, line := range []string{
		"read -r x < " + secret + "; echo $x",
		"read -r x < ../../../../../../" + secret + "; echo $x",
		"read -r x < link; echo $x",
		"echo gone > " + secret,
		". " + secret,
		"sh " + secret,
		secret,
		"cat " + secret + "; cat link; ls " + outside + "; cat < " + secret,
		"cd " + outside + " && read -r x < secret; echo $x",
		"for f in " + outside + "/*; do echo found $f; done; [ -e " + secret + " ] && echo SECRET exists",
	} {
		var out bytes.Buffer
		s := open(t, Config{Dir: dir, Env: []string{"PATH=/nowhere"}, Confined: true})
		s.Line(t.Context(), line, &out, &out)
		if strings.Contains(out.String(), "SECRET") || strings.Contains(out.String(), "found "+secret) {
			t.Errorf("%s: got out: %s", line, out.String())
		}
	}
	if b, _ := os.ReadFile(secret); string(b) != "TOP SECRET" {
		t.Errorf("the file outside now holds %q", b)
	}
	var out bytes.Buffer
	s := open(t, Config{Dir: dir, Env: []string{"PATH=/nowhere"}, Confined: true})
	if code := s.Line(t.Context(), "echo ok > a; read -r x < a; echo $x > /dev/null; for f in *; do echo $f; done; [ -f a ] && cat -u a; ls", &out, &out); code != 0 || out.String() != "a\nlink\nok\na\nlink\n" {
		t.Errorf("inside: exit %d, %q", code, out.String())
	}
}

func TestEndless(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "loop", "#!/bin/sh\nwhile true; do :; done\n")
	lines := []string{"./loop", "while true; do x=1; done"}
	if runtime.GOOS != "windows" {
		lines = append(lines, "sh -c '/bin/sleep 60'", "(trap '' TERM; /bin/sleep 60)")
	}
	for _, line := range lines {
		var out bytes.Buffer
		s := open(t, Config{Dir: dir, Env: []string{"PATH=/bin"}, Confined: true})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		begin := time.Now()
		code := s.Line(ctx, line, &out, &out)
		cancel()
		if took := time.Since(begin); took > 2*time.Second || code == 0 {
			t.Errorf("%s: ended after %s with %d", line, took, code)
		}
	}
}

func TestInterpreter(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		"#!/usr/bin/env python3\n":     "python3",
		"#!/usr/bin/env -S node --x\n": "node --x",
		"#! /bin/sh -e\n":              "/bin/sh -e",
		"plain":                        "",
	} {
		if got := strings.Join(Interpreter(write(t, dir, "file", name)), " "); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := Interpreter(write(t, dir, "worker.py", "print(1)")); len(got) != 1 || got[0] != "python3" {
		t.Errorf("worker.py: %v", got)
	}
}
