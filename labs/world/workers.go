package world

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
	"haneul/labs/shell"
)

// worker is a running program.
type worker struct {
	name   string
	script bool // a shell script: it runs in this process
	begun  time.Time
	cancel context.CancelFunc
	done   chan struct{}
	code   int // once done
	out    *tail

	pid   atomic.Int64  // of a program's process group
	used  time.Duration // the processor time it had used
	since time.Time     // since when it has not used any more
}

func (k *worker) running() bool {
	select {
	case <-k.done:
		return false
	default:
		return true
	}
}

// alive is how many workers have not ended.
func (w *World) alive() (n int) {
	for _, k := range w.workers {
		if k.running() {
			n++
		}
	}
	return n
}

// programs is how many of them are programs of their own.
func (w *World) programs() (n int) {
	for _, k := range w.workers {
		if !k.script && k.running() {
			n++
		}
	}
	return n
}

// idle reports whether a program has not used the processor for a while.
func (k *worker) idle(now time.Time, silent time.Duration) bool {
	pid := k.pid.Load()
	if pid == 0 {
		return false // not started yet
	}
	used, known := shell.GroupTime(int(pid))
	if !known {
		return silent > blindSilence
	}
	if used != k.used || k.since.IsZero() {
		k.used, k.since = used, now
	}
	return now.Sub(k.since) >= silence
}

func (w *World) workersModule() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"start":  builtin("start", w.startWorkers),
		"stop":   builtin("stop", w.stopWorkers),
		"output": builtin("output", w.workerOutput),
		"run":    builtin("run", w.runWorker),
	})
}

// lastWords is the end of what the workers wrote that are running.
func (w *World) lastWords() string {
	var b strings.Builder
	for _, k := range w.workers {
		if k.running() {
			b.WriteString(k.out.String())
		}
	}
	s := strings.TrimSpace(b.String())
	if over := len(s) - maxLastWords; over > 0 {
		s = strings.ToValidUTF8(s[over:], "")
		if _, rest, cut := strings.Cut(s, "\n"); cut { // not half a line
			s = rest
		}
	}
	if s == "" {
		return "(0 bytes)"
	}
	return s
}

// greedy is the worker that holds more memory than a lab's program needs, nil if none does.
func (w *World) greedy() *worker {
	for _, k := range w.workers {
		if pid := k.pid.Load(); pid != 0 && w.Resident != nil && k.running() {
			if used, known := w.Resident(int(pid)); known && used > maxWorkerMemory {
				return k
			}
		}
	}
	return nil
}

// startWorkers is t.workers.start(name, count=1).
func (w *World) startWorkers(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var name string
	count := 1
	if err := starlark.UnpackArgs("start", args, kwargs, "name", &name, "count?", &count); err != nil {
		return nil, err
	}
	for range count {
		if _, err := w.start(name); err != nil {
			return nil, err
		}
	}
	return starlark.None, nil
}

// stopWorkers is t.workers.stop(name); without a name it stops all.
func (w *World) stopWorkers(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var name string
	if err := starlark.UnpackArgs("stop", args, kwargs, "name?", &name); err != nil {
		return nil, err
	}
	w.stop(name)
	return starlark.None, nil
}

// workerOutput is t.workers.output(name): the end of what the workers of that name wrote, and what they are still writing.
func (w *World) workerOutput(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var name string
	if err := starlark.UnpackArgs("output", args, kwargs, "name", &name); err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, k := range w.workers {
		if k.name == name {
			b.WriteString(k.out.String())
		}
	}
	return starlark.String(b.String()), nil
}

// runWorker is t.workers.run(name, *args, within="1m"): it runs a program to its end, lets time pass while the program
// waits, and returns .code, .output and .ended.
func (w *World) runWorker(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	within := "1m"
	if err := starlark.UnpackArgs("run", nil, kwargs, "within?", &within); err != nil {
		return nil, err
	}
	words := make([]string, len(args))
	for i, a := range args {
		s, ok := starlark.AsString(a)
		if !ok {
			return nil, fmt.Errorf("run: %s is not a string", a)
		}
		words[i] = s
	}
	if len(words) == 0 {
		return nil, errors.New("run: name the program first")
	}
	limit, err := admin.ParseDuration(within)
	if err != nil {
		return nil, err
	}
	k, err := w.start(words[0], words[1:]...)
	if err != nil {
		return nil, err
	}
	ended, err := w.finish(contextOf(th), k, limit)
	if err != nil {
		return nil, err
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"code": starlark.MakeInt(k.code), "output": starlark.String(k.out.String()), "ended": starlark.Bool(ended),
	}), nil
}

// finish waits for a program's end. Whenever it waits itself, a second passes on the virtual clock, until limit is used up;
// a program that is slow on the wall clock gets at least as long as it needs to start.
// Where the clock runs by itself, the limit is the wall clock's.
func (w *World) finish(ctx context.Context, k *worker, limit time.Duration) (ended bool, err error) {
	if w.Live {
		err = until(ctx, limit, func() (bool, error) { return !k.running(), nil })
		ended = !k.running()
		k.cancel()
		<-k.done
		return ended, err
	}
	for spent := time.Duration(0); k.running() && (spent < limit || time.Since(k.begun) < patienceProgram && !k.script); {
		if err := w.settle(ctx); err != nil {
			var m *misconduct
			if !errors.As(err, &m) || m.key != restless {
				return false, err
			}
			break // it neither waits nor ends
		}
		if !k.running() {
			break
		}
		if spent >= limit {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		if _, err := w.Admin.Advance(ctx, w.Cloud.Name, time.Second); err != nil {
			return false, err
		}
		spent += time.Second
	}
	ended = !k.running()
	k.cancel()
	<-k.done
	return ended, nil
}

// start starts one program of lab.yaml.
func (w *World) start(name string, args ...string) (*worker, error) {
	p, ok := w.Programs[name]
	if !ok {
		return nil, fmt.Errorf("lab.yaml names no worker %q", name)
	}
	path, err := w.script(p.Argv[0])
	if err != nil {
		return nil, &misconduct{"no-program", map[string]any{"name": p.Argv[0]}}
	}
	k := &worker{name: name, script: shell.IsScript(path), begun: time.Now(), done: make(chan struct{}), out: &tail{}}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	s, err := shell.New(shell.Config{
		Dir: w.Dir, Env: w.environ(p.Env), Stdout: k.out, Stderr: k.out, Confined: true,
		Started: func(pid int) {
			k.pid.Store(int64(pid))
			if w.Started != nil {
				w.Started(pid)
			}
		},
		Commands: map[string]shell.Command{"aws": w.AWS.Run, "sleep": shell.Sleep(func(ctx context.Context, d time.Duration) error {
			return w.Admin.Sleep(ctx, w.Cloud.Name, d)
		})},
	})
	if err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(k.done)
		defer s.Close()
		k.code = s.Script(ctx, path, append(append([]string(nil), p.Argv[1:]...), args...)...)
	}()
	w.workers = append(w.workers, k)
	return k, nil
}

func (w *World) environ(own map[string]string) []string {
	base := os.Environ()
	for k, v := range own {
		base = append(base, k+"="+v)
	}
	base = append(base, "PWD="+w.Dir, "HANEUL_AWS=builtin") // the shim, for a program that calls aws
	return shell.Environ(base, w.AWS.Place)
}

// stop ends the workers of one name, or all, and waits until the cloud has forgotten their calls.
func (w *World) stop(name string) {
	for _, k := range w.workers {
		if name == "" || k.name == name {
			k.cancel()
		}
	}
	for _, k := range w.workers {
		if name == "" || k.name == name {
			<-k.done
		}
	}
	for range 100 {
		q, err := w.Admin.Quiet(context.Background(), w.Cloud.Name, patience)
		if err != nil || q.Waiting <= w.alive() {
			return
		}
	}
}

func (w *World) stopAll() {
	if len(w.workers) > 0 {
		w.stop("")
		w.workers = nil
	}
}
