package labs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/labs/shell"
)

// running is a kit with an engine.
func runningKit(t testing.TB) (*Kit, Engine) {
	t.Helper()
	k := kit(t)
	e, leave, err := privateEngine()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(leave)
	k.Engine = func(context.Context) (Engine, error) { return e, nil }
	return k, e
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestAttempt is a learner's way through a lab.
func TestAttempt(t *testing.T) {
	k, e := runningKit(t)
	ctx, slug := t.Context(), "dead-letters"
	if _, err := k.Check(ctx, slug, nil); !errors.Is(err, ErrNotStarted) {
		t.Errorf("check before start: %v", err)
	}
	if _, err := k.Start(ctx, "no-such-lab"); !errors.Is(err, ErrNoLab) {
		t.Errorf("no such lab: %v", err)
	}
	a := must[Attempt](t)(k.Start(ctx, slug))
	if k.Current() != slug || a.Env["ORDERS_URL"] == "" || !a.Active {
		t.Errorf("started: %+v, current %q", a, k.Current())
	}
	mine := filepath.Join(a.Dir, "worker.sh")
	if err := os.WriteFile(mine, []byte("#!/bin/sh\necho mine\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	again := must[Attempt](t)(k.Start(ctx, slug))
	if b, _ := os.ReadFile(mine); !strings.Contains(string(b), "mine") || again.Seed != a.Seed {
		t.Error("a second start did not carry on")
	}
	must[Attempt](t)(k.Start(ctx, "fifo"))
	if must[Attempt](t)(k.Start(ctx, slug)); k.Current() != slug {
		t.Errorf("carried on with %s, current %s", slug, k.Current())
	}
	if err := k.Stop(ctx, "fifo"); err != nil {
		t.Fatal(err)
	}

	sh := must[*shell.Shell](t)(k.Open(ctx, slug))
	defer sh.Close()
	var out bytes.Buffer
	if code := sh.Line(ctx, "./worker.sh; HANEUL_AWS=builtin aws sqs list-queues --query 'QueueUrls[0]' --output text; echo $AWS_REGION", &out, &out); code != 0 ||
		out.String() != "mine\n"+a.Env["ORDERS_URL"]+"\nap-northeast-2\n" {
		t.Errorf("the lab's shell: exit %d\n%s", code, out.String())
	}

	steps, told := 0, map[string]report.Check{}
	r := must[*report.Result](t)(k.Check(ctx, slug, func(s report.Step) {
		if steps++; s.Done != steps || s.Total != 8 {
			t.Errorf("step %d is %d of %d", steps, s.Done, s.Total)
		}
		if s.Check == nil {
			return
		}
		if _, twice := told[s.Check.ID]; twice {
			t.Errorf("the verdict on %s was told twice", s.Check.ID)
		}
		told[s.Check.ID] = *s.Check
	}))
	if r.Status != report.Fail || steps != 8 || r.ExitCode() != 1 {
		t.Errorf("check: %s after %d steps", r.Status, steps)
	}
	for _, c := range r.Checks {
		if was := told[c.ID]; was.Status != c.Status || was.Outcome != c.Outcome {
			t.Errorf("%s: told %s %s, in the end %s %s", c.ID, was.Status, was.Outcome, c.Status, c.Outcome)
		}
	}
	for want := 2; want >= 0; want-- {
		if text, left, err := k.Hint(slug, "en"); err != nil || left != want || text == "" {
			t.Errorf("hint: %q, %d left, %v", text, left, err)
		}
	}
	own := filepath.Join(a.Dir, "worker.py") // would be run instead of the solution's worker.sh
	if err := os.WriteFile(own, []byte("#!/usr/bin/env python3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	sh.Line(ctx, "HANEUL_AWS=builtin aws sqs create-queue --queue-name orders-dead", &out, &out) // as learners do
	for range 2 {
		if err := k.Solve(ctx, slug, &out); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
	}
	for _, name := range []string{"worker.sh", "worker.py"} {
		if _, err := os.Stat(filepath.Join(k.Home, ".before-solve", slug, name)); err != nil {
			t.Errorf("solve did not keep the learner's %s: %v", name, err)
		}
	}
	r = must[*report.Result](t)(k.Check(ctx, slug, nil))
	if a = must[Attempt](t)(k.Status(slug)); r.Status != report.Pass || r.Score != 100 || !a.Passed || a.Hints != 3 || a.Last == nil {
		t.Errorf("solved: %s, %d points, %+v", r.Status, r.Score, a)
	}
	if k.Current() != slug || k.Unfinished() != "" {
		t.Errorf("passed: current %q, unfinished %q", k.Current(), k.Unfinished())
	}
	must[Attempt](t)(k.Start(ctx, "fifo"))
	if must[Attempt](t)(k.Start(ctx, slug)); k.Current() != slug || k.Unfinished() != "fifo" {
		t.Errorf("one passed, one not: current %q, unfinished %q", k.Current(), k.Unfinished())
	}
	if err := k.Stop(ctx, "fifo"); err != nil {
		t.Fatal(err)
	}
	a = must[Attempt](t)(k.Reset(ctx, slug))
	if b, _ := os.ReadFile(filepath.Join(k.Home, ".before-reset", slug, "worker.sh")); !strings.Contains(string(b), "&&") || !a.Passed || a.Hints != 0 {
		t.Errorf("reset: %+v", a)
	}
	if err := k.Stop(ctx, slug); err != nil || k.Current() != "" {
		t.Errorf("stop: %v, current %q", err, k.Current())
	}
	if clouds, err := e.Admin.Clouds(ctx); err != nil || len(clouds) != 1 {
		t.Errorf("clouds left: %+v, %v", clouds, err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Errorf("stop took the files: %v", err)
	}
}

// TestMovedEngine: an engine on another port does not strand a lab's queue URLs.
func TestMovedEngine(t *testing.T) {
	got := rebase(map[string]string{"ORDERS_URL": "http://127.0.0.1:4566/1/orders", "X": "y"}, "http://127.0.0.1:4566", "http://127.0.0.1:4567")
	if got["ORDERS_URL"] != "http://127.0.0.1:4567/1/orders" || got["X"] != "y" {
		t.Error(got)
	}
}

func TestDamagedAttempt(t *testing.T) {
	k, _ := runningKit(t)
	file := k.attemptFile("fifo")
	if err := writeFileAtomic(file, []byte("{not json")); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	if _, err := k.Status("fifo"); !errors.As(err, &damaged) {
		t.Fatalf("got %v", err)
	}
	if b, err := os.ReadFile(damaged.Path); err != nil || string(b) != "{not json" {
		t.Errorf("not kept aside: %q %v", b, err)
	}
	if a, err := k.Status("fifo"); err != nil || a.Active {
		t.Errorf("the second time: %+v %v", a, err)
	}
}

// TestMendedAttempt: a record that is damaged while its lab runs costs nothing, least of all the cloud.
func TestMendedAttempt(t *testing.T) {
	k, e := runningKit(t)
	ctx := t.Context()
	before, err := k.Start(ctx, "fifo")
	if err != nil {
		t.Fatal(err)
	}
	cloud, err := e.Admin.Cloud(ctx, before.Cloud)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(k.attemptFile("fifo"), []byte("{not json"), 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	if _, err := k.Start(ctx, "fifo"); !errors.As(err, &damaged) || !damaged.Mended {
		t.Fatalf("got %v", err)
	}
	after, err := k.Start(ctx, "fifo")
	if err != nil || after.Seed != before.Seed || !maps.Equal(after.Env, before.Env) || !after.Started.Equal(before.Started) {
		t.Errorf("%+v, %v; before %+v", after, err, before)
	}
	if c, err := e.Admin.Cloud(ctx, after.Cloud); err != nil || c.AccessKeyID != cloud.AccessKeyID {
		t.Errorf("another cloud: %+v, %v", c, err)
	}
}

// pack is a content folder with one lab, made of a check and a starter's file.
func pack(t *testing.T, k *Kit, check string, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"lab.yaml": "title: {ko: 가, en: a}\nlesson: x\nminutes: 1\nseeds: 1\nworkers: {worker: {}}\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n  - {id: two, title: {ko: 가, en: a}, points: 1}\n",
		"ko.md":    "x", "en.md": "x", "check.star": "def check_one(t):\n    pass\n\ndef check_two(t):\n" + check,
		"starter/worker.sh": "#!/bin/sh\nexit 0\n", "solution/apply.sh": "#!/bin/sh\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(dir, "labs", "pack", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	k.ContentDir = dir
	var err error
	if k.Content, err = Pack(dir); err != nil {
		t.Fatal(err)
	}
}

// TestLimits: a check that goes wild ends, the report is complete, and what was there before keeps its points.
func TestLimits(t *testing.T) {
	k, e := runningKit(t)
	for check, want := range map[string]string{
		"    x = ['x' * 1000000]\n    for i in range(1000):\n        x.append(x[0] + str(i))\n": "memory",
		"    t.workers.start('worker')\n    t.clock.advance('1s')\n":                            "time",
		"    for a in range(1000000):\n        for b in range(1000000):\n            pass\n":    "trouble",
		"    t.oops()\n": "trouble",
	} {
		pack(t, k, check, map[string]string{"starter/worker.sh": "#!/bin/sh\nx=1234567890\nwhile true; do :; done\n"})
		if k.GradeTime = 20 * time.Second; want == "time" {
			k.GradeTime = time.Second
		}
		if _, err := k.Reset(t.Context(), "pack"); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		r, err := k.Check(t.Context(), "pack", nil)
		if err != nil {
			t.Fatal(err)
		}
		two := r.Checks[1]
		if r.Checks[0].Status != report.Pass || two.Status != report.Error || two.Outcome != want || r.Score != 1 || r.MaxScore != 1 || r.ExitCode() != 3 {
			t.Errorf("%s: %s %s, %d of %d", want, two.Status, two.Outcome, r.Score, r.MaxScore)
		}
		t.Logf("%s after %s: %v", two.Outcome, time.Since(begin).Round(time.Millisecond), two.Params)
	}
	clouds, err := e.Admin.Clouds(t.Context())
	if err != nil || len(clouds) != 2 {
		t.Errorf("branches are left: %+v %v", clouds, err)
	}
}

// TestNothingOutlives: a program of the learner's that ends for nobody ends with the grader.
func TestNothingOutlives(t *testing.T) {
	if _, err := os.Stat("/usr/bin/perl"); err != nil {
		t.Skip("needs perl")
	}
	k, _ := runningKit(t)
	k.GradeTime = time.Second
	sign := filepath.Join(t.TempDir(), "alive")
	pack(t, k, "    t.workers.start('worker')\n    t.clock.advance('1s')\n", map[string]string{
		"starter/worker.sh": "#!/usr/bin/perl\n$SIG{TERM} = 'IGNORE';\nwhile (1) { open(F, '>>', '" + sign + "'); print F 'x'; close F; select(undef, undef, undef, 0.05); }\n",
	})
	if _, err := k.Start(t.Context(), "pack"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Check(t.Context(), "pack", nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	before, err := os.Stat(sign)
	if err != nil {
		t.Fatalf("the worker never ran: %v", err)
	}
	time.Sleep(300 * time.Millisecond)
	if after, _ := os.Stat(sign); after.Size() != before.Size() {
		t.Error("the worker is still running")
	}
}

// TestStrangersPack: a course pack may be hostile.
func TestStrangersPack(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	k, _ := runningKit(t)
	for name, bad := range map[string]string{
		"lab.yaml":     "title: {ko: 가, en: a}\nlesson: x\nminutes: 1\nworkers: {worker: {argv: [../../bin/sh]}}\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n",
		"lab.yaml (2)": "title: {ko: 가, en: a}\nlesson: x\nminutes: 1\nprotected: [../..]\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n",
		"lab.yaml (3)": "title: {ko: 가, en: a}\nlesson: x\nminutes: 1\nwrong: {../../x: one}\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n",
		"lab.yaml (4)": "title: {ko: 가, en: a}\nlesson: x\nseeds: 100000\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n",
		"lab.yaml (5)": "checks: &a [*a]\n",
		"big/file":     strings.Repeat("x", maxFile+1),
	} {
		file, _, _ := strings.Cut(name, " ")
		pack(t, k, "    pass\n", map[string]string{file: bad})
		if _, err := k.Lab("pack"); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	pack(t, k, "    pass\n", nil)
	for _, slug := range []string{"..", "../pack", "labs/pack", "", "Pack", "pack/../pack"} {
		if _, err := k.Lab(slug); !errors.Is(err, ErrNoLab) {
			t.Errorf("lab %q: %v", slug, err)
		}
	}
	link := filepath.Join(k.ContentDir, "labs", "pack", "starter", "link")
	if err := os.Symlink(secret, link); err == nil {
		if _, err := k.Lab("pack"); err == nil {
			t.Error("a link out of the pack was followed")
		}
		os.Remove(link)
	}
	// An apply.sh runs aws and shell scripts, inside the workspace.
	pack(t, k, "    pass\n", map[string]string{"solution/apply.sh": "#!/bin/sh\n" +
		"read -r x < " + secret + "\necho got $x > out.txt\n/bin/sh -c 'echo inner >> out.txt'\n/bin/cat " + secret + " >> out.txt\nls >> out.txt\necho x > " + secret + "\nexit 0\n"})
	var out bytes.Buffer
	if err := k.Solve(t.Context(), "pack", &out); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(filepath.Join(k.Home, "pack", "out.txt"))
	if strings.Contains(string(b), "SECRET") || !strings.Contains(string(b), "got") {
		t.Errorf("apply.sh wrote %q\n%s", b, out.String())
	}
	if b, _ := os.ReadFile(secret); string(b) != "SECRET" {
		t.Errorf("the secret is now %q", b)
	}
}

// TestProtected: what the learner does to protected files does not matter, and a link in their place leads nowhere.
func TestProtected(t *testing.T) {
	k := kit(t)
	l := must[*Lab](t)(k.Lab("dead-letters"))
	dir, outside := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"cook": "#!/bin/sh\nexit 0\n", "worker.sh": "mine", "other": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "kitchen")); err != nil {
		t.Skip("no links here")
	}
	if err := l.protect(dir); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "cook")); !bytes.Equal(b, l.original("cook")) {
		t.Errorf("cook: %q", b)
	}
	if info, err := os.Stat(filepath.Join(dir, "cook")); err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("cook cannot be run: %v", err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "worker.sh")); string(b) != "mine" {
		t.Errorf("worker.sh: %q", b)
	}
	if _, err := os.Stat(filepath.Join(dir, "kitchen", "menu.txt")); err != nil {
		t.Error(err)
	}
	if files, _ := os.ReadDir(outside); len(files) > 0 {
		t.Errorf("written through a link: %v", files)
	}
}

// TestStartedTwice: two processes that start one lab at once end up in the same attempt.
func TestStartedTwice(t *testing.T) {
	k, e := runningKit(t)
	seeds := make(chan uint64, 4)
	for range cap(seeds) {
		go func() {
			a, err := k.Start(t.Context(), "fifo")
			if err != nil {
				t.Error(err)
			}
			seeds <- a.Seed
		}()
	}
	first := <-seeds
	for range cap(seeds) - 1 {
		if s := <-seeds; s != first {
			t.Errorf("two attempts: seeds %d and %d", first, s)
		}
	}
	c := must[admin.Cloud](t)(e.Admin.Cloud(t.Context(), "fifo"))
	if a := must[Attempt](t)(k.Status("fifo")); a.Seed != first || c.Seed != first {
		t.Errorf("the attempt has seed %d, its cloud %d, the starters %d", a.Seed, c.Seed, first)
	}
}

// TestKnown: over several seeds a verdict is told once, when nothing can change it: a failure at once, a pass with the last seed.
func TestKnown(t *testing.T) {
	verdicts, told, seeds := map[uint64][]report.Check{}, map[int]bool{}, []uint64{7, 8}
	var got []string
	for _, v := range []struct {
		seed   uint64
		status report.Status
	}{{7, report.Pass}, {7, report.Fail}, {7, report.Blocked}, {8, report.Fail}, {8, report.Fail}, {8, report.Pass}} {
		n := len(verdicts[v.seed])
		verdicts[v.seed] = append(verdicts[v.seed], report.Check{Status: v.status, Seed: v.seed})
		said := "-"
		if c := known(verdicts, seeds, n, told); c != nil {
			said = fmt.Sprint(n, c.Status, c.Seed)
		}
		got = append(got, said)
	}
	if want := []string{"-", "1fail7", "-", "0fail8", "-", "2blocked7"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
