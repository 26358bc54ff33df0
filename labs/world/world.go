package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.starlark.net/lib/json"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
	"go.starlark.net/syntax"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/labs/shell"
)

// Options is what a world is made of.
type Options struct {
	Admin    *admin.Client
	Endpoint string
	Cloud    admin.Cloud // the branch
	Dir      string      // the copy of the workspace
	Seed     uint64
	Env      map[string]string           // what setup returned
	Programs map[string]Program          // lab.yaml's workers
	Original func(name string) []byte    // a file of the starter, nil if it has none
	AWS      shell.AWS                   // for the workers
	Started  func(pid int)               // told of every process group a worker starts
	Resident func(pid int) (int64, bool) // how much memory a process holds, in bytes; nil if nobody knows
	Print    io.Writer                   // what check.star prints; nil for nowhere
	Live     bool                        // the cloud is the learner's own: time is the wall clock's
}

// World is one seed's branch, workspace and randomness, and the check.star that acts on them.
type World struct {
	Options
	api     *caller
	t       starlark.Value
	globals starlark.StringDict
	workers []*worker
	begun   time.Time // on the virtual clock
	seen    uint64    // journal entries up to here are not of this world
}

// maxSteps bounds a function of check.star: about a second of pure computing.
const maxSteps = 20_000_000

// dialect of check.star: functions, if and for only inside functions, no recursion, no while; sets allowed.
var dialect = &syntax.FileOptions{Set: true}

// New reads check.star for a branch.
func New(ctx context.Context, o Options, source []byte) (*World, error) {
	w := &World{Options: o, api: &caller{cloud: o.Cloud, endpoint: o.Endpoint, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}}
	entries, err := o.Admin.Journal(ctx, o.Cloud.Name, 0, 0)
	if err != nil {
		return nil, err
	}
	if n := len(entries); n > 0 {
		w.seen = entries[n-1].Seq
	}
	k, err := o.Admin.Clock(ctx, o.Cloud.Name)
	if err != nil {
		return nil, err
	}
	w.begun = k.Now
	w.t = w.object()
	universe := starlark.StringDict{"struct": starlark.NewBuiltin("struct", starlarkstruct.Make), "json": json.Module}
	w.globals, err = starlark.ExecFileOptions(dialect, w.thread(ctx, "check.star"), "check.star", source, universe)
	return w, explain(err)
}

// object is t.
func (w *World) object() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"aws":       awsModule{w},
		"attempt":   builtin("attempt", w.attempt),
		"want":      builtin("want", w.want),
		"clock":     w.clockModule(),
		"workers":   w.workersModule(),
		"files":     w.filesModule(),
		"fault":     w.faultModule(),
		"random":    newRandom(w.Seed).module(),
		"journal":   w.journalModule(),
		"instances": w.instancesModule(),
		"env":       environment(w.Env),
		"memo":      starlark.NewDict(0),
	})
}

func environment(env map[string]string) starlark.Value {
	d := starlark.StringDict{}
	for k, v := range env {
		d[k] = starlark.String(v)
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, d)
}

func (w *World) thread(ctx context.Context, name string) *starlark.Thread {
	th := &starlark.Thread{Name: name, Print: func(_ *starlark.Thread, msg string) {
		if w.Print != nil {
			fmt.Fprintln(w.Print, msg)
		}
	}}
	th.SetMaxExecutionSteps(maxSteps)
	th.SetLocal("ctx", ctx)
	return th
}

// contextOf is the context of the check that calls a function.
func contextOf(th *starlark.Thread) context.Context { return th.Local("ctx").(context.Context) }

func (w *World) run(ctx context.Context, function string) (starlark.Value, error) {
	f, ok := w.globals[function].(starlark.Callable)
	if !ok {
		return nil, fmt.Errorf("check.star has no function %s", function)
	}
	th := w.thread(ctx, function)
	stop := context.AfterFunc(ctx, func() { th.Cancel(ctx.Err().Error()) })
	defer stop()
	return starlark.Call(th, f, starlark.Tuple{w.t}, nil)
}

// Has reports whether check.star defines a function.
func (w *World) Has(function string) bool { return w.globals.Has(function) }

// Setup runs def setup(t) and returns the variables it gives the learner.
func (w *World) Setup(ctx context.Context) (map[string]string, error) {
	if !w.Has("setup") {
		return nil, nil
	}
	v, err := w.run(ctx, "setup")
	if err != nil {
		return nil, explain(err)
	}
	env := map[string]string{}
	if v == starlark.None {
		return env, nil
	}
	d, ok := v.(*starlark.Dict)
	if !ok {
		return nil, fmt.Errorf("setup returned %s, not a dict of variables", v.Type())
	}
	for _, kv := range d.Items() {
		k, okK := starlark.AsString(kv[0])
		s, okV := starlark.AsString(kv[1])
		if !okK || !okV {
			return nil, fmt.Errorf("setup returned %s: variables are strings", kv)
		}
		env[k] = s
	}
	return env, nil
}

// Check runs one check and says how it ended. ID, points and needs are the caller's to fill in.
func (w *World) Check(ctx context.Context, function string) report.Check {
	_, err := w.run(ctx, function)
	w.stopAll()
	var u *unmet
	var m *misconduct
	switch {
	case err == nil:
		return report.Check{Status: report.Pass}
	case errors.As(err, &u):
		return u.check
	case errors.As(err, &m):
		return report.Check{Status: report.Fail, Outcome: m.key, Params: m.params}
	}
	outcome := "trouble"
	if ctx.Err() != nil {
		outcome = "time"
	}
	return report.Check{Status: report.Error, Outcome: outcome, Params: map[string]any{"detail": explain(err).Error()}}
}

// Elapsed is how much virtual time the world has seen.
func (w *World) Elapsed(ctx context.Context) time.Duration {
	k, err := w.Admin.Clock(ctx, w.Cloud.Name)
	if err != nil {
		return 0
	}
	return k.Now.Sub(w.begun)
}

// Close ends the workers.
func (w *World) Close() {
	w.stopAll()
	w.api.http.CloseIdleConnections()
}

// misconduct is what a learner's program must not do in any lab. The check fails with an outcome that needs no sentence in the
// lab: worker.<key> of the interface's words explains it.
type misconduct struct {
	key    string
	params map[string]any
}

func (e *misconduct) Error() string { return "a worker: " + e.key }

// explain adds the place in check.star to an error.
func explain(err error) error {
	var e *starlark.EvalError
	if !errors.As(err, &e) || len(e.CallStack) == 0 {
		return err
	}
	for i := range e.CallStack {
		if at := e.CallStack.At(i); at.Pos.IsValid() && at.Pos.Filename() != "<builtin>" {
			return fmt.Errorf("%s: %w", at.Pos, errors.New(e.Msg))
		}
	}
	return err
}
