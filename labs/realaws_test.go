package labs

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"haneul/labs/report"
	"haneul/labs/shell"
)

// TestRealAWS does dead-letters by hand with the AWS CLI of this machine, an old one if there is one: it knows no move task,
// so that the built-in one has to step in.
func TestRealAWS(t *testing.T) {
	k, _ := runningKit(t)
	k.Environ = append([]string{"PATH=/usr/bin:" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_PROFILE=nobody"}, "LANG=C.UTF-8")
	ctx, slug := t.Context(), "dead-letters"
	a := must[Attempt](t)(k.Start(ctx, slug))
	sh := must[*shell.Shell](t)(k.Open(ctx, slug))
	defer sh.Close()
	run := func(line string, want int) string {
		t.Helper()
		var out bytes.Buffer
		if code := sh.Line(ctx, line, &out, &out); code != want {
			t.Fatalf("%s: exit %d\n%s", line, code, out.String())
		}
		return out.String()
	}
	if v := run("aws --version", 0); !strings.Contains(v, "Python") {
		t.Skip("no real AWS CLI here: " + v)
	} else {
		t.Log(strings.TrimSpace(v))
	}
	l := must[*Lab](t)(k.Lab(slug))
	if err := place(l.sub("solution"), a.Dir, true, nil); err != nil {
		t.Fatal(err)
	}
	run("./apply.sh", 0)
	if err := os.Remove(filepath.Join(a.Dir, "apply.sh")); err != nil {
		t.Fatal(err)
	}
	moved := run("./redrive.sh", 0)
	if !strings.Contains(moved, "TaskHandle") {
		t.Errorf("redrive.sh says %s", moved)
	}
	if r := must[*report.Result](t)(k.Check(ctx, slug, nil)); r.Status != report.Pass {
		t.Errorf("%+v", r.Checks)
	}
}
