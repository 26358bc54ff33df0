package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"haneul/labs/shell"
)

// TestStartup opens bash with a startup file that leads astray: the lab's environment wins.
func TestStartup(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	home := t.TempDir()
	rc := "export PATH=/usr/bin:$PATH AWS_PROFILE=work AWS_ACCESS_KEY_ID=AKIAREAL\nmine() { echo my own; }\nalias aws='/usr/bin/aws --profile work' l=ls\nhint() { :; }\n"
	if err := os.WriteFile(filepath.Join(home, ".bashrc"), []byte(rc), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSession(&Program{Environ: []string{"HOME=" + home, "PATH=/usr/bin:/bin", "HANEUL_HOME=" + home}})
	place := shell.Place{Cloud: "c", Endpoint: "http://127.0.0.1:1", AccessKeyID: "AKIAOURS", SecretAccessKey: "it's", Region: "r", Dir: t.TempDir()}
	env := shell.Environ(s.Environ, place)
	args, _, err := s.startup(bash, place, env)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bash, append(args, "-i", "-c", `echo "$AWS_ACCESS_KEY_ID [$AWS_PROFILE] $AWS_SECRET_ACCESS_KEY ${PATH%%:*}"; mine; alias aws 2>/dev/null; type -t hint; type -t l`)...)
	cmd.Env = env
	out, err := cmd.Output()
	want := "AKIAOURS [] it's " + filepath.Join(place.Dir, "bin") + "\nmy own\nalias\n"
	if err != nil || !strings.HasSuffix(string(out), want) {
		t.Errorf("%s, %v; want %s", out, err, want)
	}
}
