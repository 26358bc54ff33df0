package labs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/labs/world"
)

// A lab with instances is graded live: machines cannot be branched. Its checks run once, on the learner's own cloud, with
// names and numbers nobody knows; what they change is put back.

const (
	// maxLive is how long a live grading, or a setup that boots machines, may take. Machines boot on the wall clock.
	maxLive = 3 * time.Minute
	// maxTeardown is how long putting things back may take.
	maxTeardown = 2 * time.Minute
)

// NoRuntimeError says that a lab has instances, and nothing runs them. Its text is the engine's sentence about what to do.
type NoRuntimeError struct{ why string }

func (e *NoRuntimeError) Error() string { return e.why }

// LeftError says that a live grading was called off, and what it changed and could not put back.
type LeftError struct {
	Left string
	err  error
}

func (e *LeftError) Error() string { return e.err.Error() + ": " + e.Left }
func (e *LeftError) Unwrap() error { return e.err }

// ErrBusy is the error for a lab with instances that is being graded at the moment.
var ErrBusy = errors.New("the lab is being graded")

// ready reports what a lab with instances lacks.
func ready(ctx context.Context, l *Lab, e Engine) error {
	if !l.NeedsDocker() {
		return nil
	}
	_, err := e.Admin.Runtime(ctx)
	if code(err) == admin.NoRuntime {
		return &NoRuntimeError{err.Error()}
	}
	return err
}

// alone keeps others from changing a lab's instances until release, or until this process ends. It fails with [ErrBusy].
func (k *Kit) alone(l *Lab) (release func(), err error) {
	if !l.NeedsDocker() {
		return func() {}, nil
	}
	path := filepath.Join(k.Data, "labs", l.Slug+".lock")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockNow(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { f.Close() }, nil
}

// live runs all checks on the learner's own cloud, and puts back what they changed.
func (j *job) live(ctx context.Context, l *Lab, e Engine, source []byte, out *events) error {
	w, err := j.liveWorld(ctx, l, e, source, out)
	if err != nil {
		return err
	}
	defer w.Close()
	before, err := w.Look(ctx)
	if err != nil {
		return err
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a parent that is gone must not keep us from putting back
	out.send(event{Before: before})
	defer putBack(ctx, w, before, out)
	passed := map[string]bool{}
	for i := range l.Checks {
		c := runCheck(ctx, w, &l.Checks[i], passed)
		c.Seed = j.Seeds[0]
		passed[c.ID] = c.Status == report.Pass
		out.send(event{Check: &c})
	}
	out.send(event{Elapsed: w.Elapsed(ctx).Seconds()})
	return nil
}

// teardown puts back what another grader's process changed.
func (j *job) teardown(ctx context.Context, l *Lab, e Engine, source []byte, out *events) error {
	w, err := j.liveWorld(ctx, l, e, source, out)
	if err != nil {
		return err
	}
	defer w.Close()
	putBack(ctx, w, j.Before, out)
	return nil
}

// liveWorld is the learner's own cloud with a copy of the workspace.
func (j *job) liveWorld(ctx context.Context, l *Lab, e Engine, source []byte, out *events) (*world.World, error) {
	c, err := e.Admin.Cloud(ctx, j.Cloud)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(j.Scratch, "live")
	if err != nil {
		return nil, err
	}
	if err := copyWorkspace(j.Dir, dir); err != nil {
		return nil, err
	}
	if err := l.protect(dir); err != nil {
		return nil, err
	}
	return j.world(ctx, l, e, c, dir, j.Seeds[0], source, out)
}

// putBack ends a live grading, also one that was called off.
func putBack(ctx context.Context, w *world.World, before string, out *events) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxTeardown)
	defer cancel()
	ev := event{Restored: true}
	if err := w.Teardown(ctx, before); err != nil {
		ev.Left = err.Error()
	}
	out.send(ev)
}

// rescue puts back what a grader's process changed that did not end by itself. It says what is left, "" for nothing.
func (k *Kit) rescue(ctx context.Context, j job, before string) (left string) {
	j.Before = before
	failed, err := k.runJob(context.WithoutCancel(ctx), j, maxTeardown+10*time.Second, func(ev event) { left += ev.Left })
	switch {
	case err != nil:
		return err.Error()
	case failed != nil:
		return fmt.Sprintf("%s %s", failed.key, failed.detail)
	}
	return left
}

// can reports whether a lab could be started now.
func (k *Kit) can(ctx context.Context, slug string) error {
	l, err := k.Lab(slug)
	if err != nil || !l.NeedsDocker() {
		return err
	}
	e, err := k.Engine(ctx)
	if err != nil {
		return err
	}
	return ready(ctx, l, e)
}
