package labs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"haneul/engine/admin"
	"haneul/labs/shell"
)

// Start begins a lab, or carries on with it: a cloud of its own with what setup seeds, and the starter's files in the
// workspace. Files that are there already are kept. A lab with instances needs Docker: without it, nothing changes and there
// is a [NoRuntimeError].
func (k *Kit) Start(ctx context.Context, slug string) (Attempt, error) {
	l, a, e, _, err := k.running(ctx, slug)
	if err == nil {
		if err := ready(ctx, l, e); err != nil {
			return a, err
		}
		return a, k.opened(slug)
	}
	if !errors.Is(err, ErrNotStarted) {
		return a, err
	}
	return k.begin(ctx, slug, a)
}

// opened makes a lab the current one.
func (k *Kit) opened(slug string) error {
	if k.Current() == slug {
		return nil
	}
	a, err := k.readAttempt(slug)
	if err != nil {
		return err
	}
	a.Opened = time.Now()
	return k.save(a)
}

// begin makes the cloud and fills the workspace. old is the attempt before.
func (k *Kit) begin(ctx context.Context, slug string, old Attempt) (Attempt, error) {
	l, err := k.Lab(slug)
	if err != nil {
		return old, err
	}
	e, err := k.Engine(ctx)
	if err != nil {
		return old, err
	}
	if err := ready(ctx, l, e); err != nil {
		return old, err
	}
	if l.NeedsDocker() { // or the learner's first instance would wait for it
		if err := e.Admin.Prepare(ctx); err != nil {
			return old, err
		}
	}
	a := Attempt{Lab: slug, Active: true, Cloud: slug, Dir: filepath.Join(k.Home, slug), Endpoint: e.Endpoint, Seed: old.Seed, Passed: old.Passed}
	if a.Seed == 0 {
		a.Seed = newSeed()
	}
	if err := place(l.sub("starter"), a.Dir, false, nil); err != nil {
		return a, err
	}
	c, err := e.Admin.Create(ctx, admin.CloudSpec{Name: a.Cloud, Seed: a.Seed})
	if code(err) == "CloudExists" {
		if other, ok := k.startedMeanwhile(ctx, slug); ok {
			return other, nil
		}
		if err = deleteCloud(ctx, e, a.Cloud); err == nil { // left over from a start that did not finish
			c, err = e.Admin.Create(ctx, admin.CloudSpec{Name: a.Cloud, Seed: a.Seed})
		}
	}
	if err != nil {
		return a, err
	}
	if l.NeedsDocker() {
		err = e.Admin.Warm(ctx, a.Cloud)
	}
	if err == nil {
		a.Env, err = k.setup(ctx, l, e, c, a)
	}
	if err != nil {
		return a, errors.Join(err, deleteCloud(ctx, e, a.Cloud))
	}
	if _, err := shell.WriteShim(k.Place(e, c, a.Env), k.Executable); err != nil {
		return a, err
	}
	a.Started = time.Now()
	a.Opened = a.Started
	return a, k.save(a)
}

// startedMeanwhile waits for another process that is starting the same lab. It reports false if there is none after all.
func (k *Kit) startedMeanwhile(ctx context.Context, slug string) (Attempt, bool) {
	for range 30 {
		if a, err := k.readAttempt(slug); err == nil && a.Active {
			return a, true
		}
		select {
		case <-ctx.Done():
			return Attempt{}, false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return Attempt{}, false
}

// code is the engine's name for a refusal, "" for anything else.
func code(err error) string {
	var refused *admin.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func deleteCloud(ctx context.Context, e Engine, name string) error {
	err := e.Admin.Delete(ctx, name)
	if code(err) == "NoSuchCloud" {
		return nil
	}
	return err
}

// Reset returns to the start: a new cloud and the starter's files. The learner's files are kept once, in
// <home>/.before-reset/<slug>. What was passed stays passed.
func (k *Kit) Reset(ctx context.Context, slug string) (Attempt, error) {
	if err := k.can(ctx, slug); err != nil {
		return Attempt{}, err
	}
	if err := k.Stop(ctx, slug); err != nil {
		return Attempt{}, err
	}
	a, err := k.readAttempt(slug)
	if err != nil {
		return a, err
	}
	dir := filepath.Join(k.Home, slug)
	kept := filepath.Join(k.Home, ".before-reset", slug)
	if _, err := os.Lstat(dir); err == nil {
		if err := errors.Join(os.RemoveAll(kept), os.MkdirAll(filepath.Dir(kept), 0o755), os.Rename(dir, kept)); err != nil {
			return a, err
		}
	}
	return k.begin(ctx, slug, a)
}

// Stop ends an attempt: its cloud is deleted, its files stay.
func (k *Kit) Stop(ctx context.Context, slug string) error {
	a, err := k.Status(slug)
	if err != nil || !a.Active {
		return err
	}
	l, err := k.Lab(slug)
	if err != nil {
		return err
	}
	release, err := k.alone(l)
	if err != nil {
		return err
	}
	defer release()
	e, err := k.Engine(ctx)
	if err != nil {
		return err
	}
	if err := deleteCloud(ctx, e, a.Cloud); err != nil {
		return err
	}
	a.Active = false
	return k.save(a)
}

// Solve puts the solution into the workspace and runs its apply.sh against the lab's cloud. A lab that is not started is
// started. The learner's own programs that it replaces move to <home>/.before-solve/<slug>. out sees what apply.sh writes.
func (k *Kit) Solve(ctx context.Context, slug string, out io.Writer) error {
	if _, err := k.Start(ctx, slug); err != nil {
		return err
	}
	l, a, e, c, err := k.running(ctx, slug)
	if err != nil {
		return err
	}
	release, err := k.alone(l)
	if err != nil {
		return err
	}
	defer release()
	if err := k.keep(l, a.Dir); err != nil {
		return err
	}
	return k.apply(ctx, e, l, "solution", k.Place(e, c, a.Env), a.Dir, out)
}

// keep moves the learner's own work out of the solution's way: files it replaces, and programs that would be run instead of
// its own, such as a worker.py beside worker.sh.
func (k *Kit) keep(l *Lab, dir string) error {
	solution := l.sub("solution")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	kept := filepath.Join(k.Home, ".before-solve", l.Slug)
	for _, e := range entries {
		name := e.Name()
		theirs, err := readFile(solution, name)
		mine, unreadable := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !l.runs(name) || unreadable != nil || string(mine) == string(theirs) || string(mine) == string(l.original(name)) {
			continue
		}
		if err := errors.Join(os.MkdirAll(kept, 0o755), os.Rename(filepath.Join(dir, name), filepath.Join(kept, name))); err != nil {
			return err
		}
	}
	return nil
}

// runs reports whether a file would be run as one of the lab's programs.
func (l *Lab) runs(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	for _, p := range l.Workers {
		if p.Argv[0] == name || p.Argv[0] == stem {
			return true
		}
	}
	return false
}

// apply brings an answer of the author's into a workspace: the solution's files, the answer's own on top of them, then
// the answer's apply.sh. An apply.sh finds the solution's folder in $SOLUTION and runs no program but aws.
func (k *Kit) apply(ctx context.Context, e Engine, l *Lab, answer string, p shell.Place, dir string, out io.Writer) error {
	notApply := func(name string) bool { return name == "apply.sh" }
	tmp, err := os.MkdirTemp("", "haneul-"+l.Slug)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return err
	}
	for _, folder := range []string{"solution", answer} {
		err = errors.Join(err,
			place(l.sub(folder), filepath.Join(tmp, filepath.FromSlash(folder)), true, nil),
			place(l.sub(folder), dir, true, notApply))
	}
	if err != nil {
		return err
	}
	p.Vars = with(p.Vars, "SOLUTION", filepath.Join(tmp, "solution"))
	s, err := shell.New(shell.Config{
		Dir: dir, Env: shell.Environ(k.Environ, p), Stdout: out, Stderr: out, Confined: true, Closed: true, Also: []string{tmp},
		Commands: map[string]shell.Command{"aws": shell.AWS{Place: p, Builtin: BuiltinAWS, Issued: Issued(e.Admin, p.Cloud)}.Run, "sleep": sleepOn(e, p.Cloud)},
	})
	if err != nil {
		return err
	}
	defer s.Close()
	if code := s.Script(ctx, filepath.Join(tmp, filepath.FromSlash(answer), "apply.sh")); code != 0 {
		return fmt.Errorf("%s/apply.sh of %s ended with %d", answer, l.Slug, code)
	}
	return nil
}

func with(vars map[string]string, name, value string) map[string]string {
	all := map[string]string{name: value}
	for k, v := range vars {
		all[k] = v
	}
	return all
}

// Hint gives the next of a lab's hints and how many remain; after the last it repeats the last.
func (k *Kit) Hint(slug string, lang Lang) (text string, left int, err error) {
	l, err := k.Lab(slug)
	if err != nil {
		return "", 0, err
	}
	a, err := k.readAttempt(slug)
	if err != nil {
		return "", 0, err
	}
	hints := l.Text(lang).Hints
	if len(hints) == 0 {
		return "", 0, nil
	}
	shown := min(a.Hints+1, len(hints))
	if shown != a.Hints {
		a.Hints = shown
		err = k.save(a)
	}
	return hints[shown-1], len(hints) - shown, err
}

// Open opens a lab's shell in its workspace.
func (k *Kit) Open(ctx context.Context, slug string) (*shell.Shell, error) {
	_, a, e, c, err := k.running(ctx, slug)
	if err != nil {
		return nil, err
	}
	return k.Shell(e, k.Place(e, c, a.Env), slug, a.Dir, shell.Lookup(k.Environ, "HANEUL_AWS") == "builtin")
}
