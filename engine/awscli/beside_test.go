package awscli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/shell"
)

// TestBeside runs the commands of testdata/*.txt with Debian's AWS CLI 2.9 and with ours, each on a cloud of its own, and
// wants the same output, errors and exit codes. A line is a command, or NAME = command, which keeps the output in $NAME.
func TestBeside(t *testing.T) {
	c := start(t)
	real := startReal(t, c)
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(b), "\n"); !strings.HasPrefix(first, "# ") {
			continue // a file that a command reads
		}
		t.Run(filepath.Base(f), func(t *testing.T) { beside(t, c, real, string(b)) })
	}
}

func beside(t *testing.T, c *cloud, real *realCLI, script string) {
	vars := [2]map[string]string{{}, {}}
	for _, line := range strings.Split(script, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name := ""
		if n, command, ok := strings.Cut(line, " = "); ok && regexp.MustCompile(`^[A-Z]+$`).MatchString(n) {
			name, line = n, command
		}
		want := real.run(t, fields(t, line, vars[0])[1:])
		got := answer{}
		got.Stdout, got.Stderr, got.Code = c.run(fields(t, line, vars[1])[1:]...)
		if name != "" {
			vars[0][name], vars[1][name] = strings.TrimSpace(want.Stdout), strings.TrimSpace(got.Stdout)
		}
		if want.plain() != got.plain() {
			t.Errorf("%s\nreal %d:\n%s%s\nours %d:\n%s%s", line, want.Code, want.Stdout, want.Stderr, got.Code, got.Stdout, got.Stderr)
		}
	}
}

func fields(t *testing.T, line string, vars map[string]string) []string {
	f, err := shell.Fields(line, func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(line, err)
	}
	return f
}

type answer struct {
	Code           int
	Stdout, Stderr string
}

// What may differ between the two clouds: times, and what is random.
var differing = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00|\b1[6-9]\d{8}(\d{3})?\b`)

func (a answer) plain() answer {
	a.Stdout = differing.ReplaceAllString(a.Stdout, "TIME")
	return a
}

// realCLI is testdata/driver.py with Debian's AWS CLI.
type realCLI struct {
	in  io.Writer
	out *bufio.Scanner
	url string
}

func startReal(t *testing.T, c *cloud) *realCLI {
	t.Helper()
	out, err := exec.Command("/usr/bin/aws", "--version").CombinedOutput()
	if err != nil || !bytes.HasPrefix(out, []byte("aws-cli/2.9.")) {
		t.Skip("AWS CLI 2.9 is not installed as /usr/bin/aws: the built-in CLI is not compared with it (apt-get install awscli)")
	}
	home := t.TempDir()
	driver, err := filepath.Abs("testdata/driver.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", driver)
	cmd.Dir = "testdata"
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + home, "LANG=C.UTF-8", "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true", "TZ=UTC",
		"AWS_ACCESS_KEY_ID=" + c.keys[0].AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + c.keys[0].SecretAccessKey,
		"AWS_DEFAULT_REGION=ap-northeast-2", "PYTHONDONTWRITEBYTECODE=1",
	}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewScanner(pipe)
	lines.Buffer(nil, 16<<20)
	return &realCLI{in, lines, c.url}
}

func (r *realCLI) run(t *testing.T, args []string) (a answer) {
	t.Helper()
	given := false
	for _, x := range args {
		given = given || strings.HasPrefix(x, "--endpoint-url")
	}
	if !given {
		args = append([]string{"--endpoint-url", r.url}, args...)
	}
	b, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.in.Write(append(b, '\n')); err != nil {
		t.Fatal(err)
	}
	if !r.out.Scan() {
		t.Fatal("the real CLI's driver ended")
	}
	if err := json.Unmarshal(r.out.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	return a
}
