package labs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/labs/world"
)

// GradeCommand is the hidden command of haneul that does a job in a process of its own.
const GradeCommand = "__grade"

// job is what the grader's process reads from its standard input.
type job struct {
	Lab        string            `json:"lab"`
	ContentDir string            `json:"content_dir,omitempty"` // "" for the embedded content
	Endpoint   string            `json:"endpoint"`
	Token      string            `json:"token"`
	Cloud      string            `json:"cloud"`
	Dir        string            `json:"dir"`     // the workspace
	Scratch    string            `json:"scratch"` // a folder for copies of it; "" for setup, which works on the real one
	Data       string            `json:"data"`
	Env        map[string]string `json:"env"`
	Seeds      []uint64          `json:"seeds"`
	Branch     string            `json:"branch"` // branches are called this and the number of the seed
	Live       bool              `json:"live"`   // no branches: the learner's own cloud, with its instances
	Before     string            `json:"before"` // only put back what an earlier job of this kind saw
}

// event is a line of what it writes to its standard output.
type event struct {
	Check    *report.Check     `json:"check,omitempty"`    // a verdict; Seed says of which branch
	Started  int               `json:"started,omitempty"`  // a process group that must not outlive the grader
	Elapsed  float64           `json:"elapsed,omitempty"`  // virtual seconds of a finished seed
	Env      map[string]string `json:"env,omitempty"`      // what setup returned
	Print    string            `json:"print,omitempty"`    // what check.star printed
	Before   string            `json:"before,omitempty"`   // what a live grading has to put back
	Left     string            `json:"left,omitempty"`     // what of it could not be
	Restored bool              `json:"restored,omitempty"` // it was put back, as far as possible
	Failed   string            `json:"failed,omitempty"`   // why the job could not be done
	Done     bool              `json:"done,omitempty"`
}

// events writes events; workers report theirs from goroutines of their own.
type events struct {
	mu  sync.Mutex
	out *json.Encoder
}

func (e *events) send(ev event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = e.out.Encode(ev) // a parent that is gone has ended the job
}

// Write makes what check.star prints an event.
func (e *events) Write(p []byte) (int, error) {
	e.send(event{Print: string(p)})
	return len(p), nil
}

// GradeProcess is the hidden command: it does the job on stdin and writes events to stdout. content is the embedded
// content.
func GradeProcess(ctx context.Context, content fs.FS, stdin io.Reader, stdout io.Writer) int {
	debug.SetMemoryLimit(maxMemory * 3 / 4) // collect hard before the parent ends us
	out := &events{out: json.NewEncoder(stdout)}
	var j job
	err := json.NewDecoder(stdin).Decode(&j)
	if err == nil {
		if f, ok := stdin.(*os.File); j.Before != "" {
			ctx = context.WithoutCancel(ctx) // nobody calls this off
		} else if ok { // a parent that is gone closes it
			var cancel context.CancelFunc
			ctx, cancel = context.WithCancel(ctx)
			go func() { _, _ = io.Copy(io.Discard, f); cancel() }()
		}
		err = j.do(ctx, content, out)
	}
	if err != nil {
		out.send(event{Failed: err.Error()})
		return 3
	}
	out.send(event{Done: true})
	return 0
}

func (j *job) do(ctx context.Context, content fs.FS, out *events) (err error) {
	if j.ContentDir != "" {
		if content, err = Pack(j.ContentDir); err != nil {
			return err
		}
	}
	l, err := Load(content, j.Lab)
	if err != nil {
		return err
	}
	source, err := readFile(l.FS, "check.star")
	if err != nil {
		return err
	}
	e := Engine{Admin: admin.NewClient(j.Endpoint, j.Token), Endpoint: j.Endpoint, Token: j.Token}
	if j.Scratch == "" {
		return j.setup(ctx, l, e, source, out)
	}
	switch {
	case j.Before != "":
		return j.teardown(ctx, l, e, source, out)
	case j.Live:
		return j.live(ctx, l, e, source, out)
	}
	for i, seed := range j.Seeds {
		if err := j.seed(ctx, l, e, source, i, seed, out); err != nil {
			return err
		}
	}
	return nil
}

// world is one seed's world. The clouds of branches have keys of their own.
func (j *job) world(ctx context.Context, l *Lab, e Engine, c admin.Cloud, dir string, seed uint64, source []byte, out *events) (*world.World, error) {
	k := &Kit{Data: j.Data, Environ: os.Environ()}
	programs := map[string]world.Program{}
	for name, p := range l.Workers {
		programs[name] = world.Program{Argv: p.Argv, Env: p.Env}
	}
	return world.New(ctx, world.Options{
		Admin: e.Admin, Endpoint: e.Endpoint, Cloud: c, Dir: dir, Seed: seed, Env: j.Env, Programs: programs,
		Original: l.original, AWS: k.AWS(k.Place(e, c, j.Env), true), Print: out,
		Resident: resident, Live: j.Live,
		Started: func(pid int) { out.send(event{Started: pid}) },
	}, source)
}

// setup seeds the learner's own cloud.
func (j *job) setup(ctx context.Context, l *Lab, e Engine, source []byte, out *events) error {
	c, err := e.Admin.Cloud(ctx, j.Cloud)
	if err != nil {
		return err
	}
	w, err := j.world(ctx, l, e, c, j.Dir, j.Seeds[0], source, out)
	if err != nil {
		return err
	}
	defer w.Close()
	env, err := w.Setup(ctx)
	for name := range env {
		if !envName.MatchString(name) {
			return fmt.Errorf("setup returned %q, which is no name for a variable", name)
		}
	}
	out.send(event{Env: env})
	return err
}

// seed runs all checks on one branch.
func (j *job) seed(ctx context.Context, l *Lab, e Engine, source []byte, i int, seed uint64, out *events) error {
	name := branchName(j.Branch, i)
	c, err := e.Admin.Branch(ctx, j.Cloud, admin.BranchSpec{Name: name, Seed: seed})
	if err != nil {
		return err
	}
	defer e.Admin.Delete(context.WithoutCancel(ctx), name)
	if _, err := e.Admin.Freeze(ctx, name); err != nil {
		return err
	}
	dir := filepath.Join(j.Scratch, name)
	if err := copyWorkspace(j.Dir, dir); err != nil {
		return err
	}
	if err := l.protect(dir); err != nil {
		return err
	}
	w, err := j.world(ctx, l, e, c, dir, seed, source, out)
	if err != nil {
		return err
	}
	defer w.Close()
	passed := map[string]bool{}
	for i := range l.Checks {
		c := runCheck(ctx, w, &l.Checks[i], passed)
		c.Seed = seed
		passed[c.ID] = c.Status == report.Pass
		out.send(event{Check: &c})
	}
	out.send(event{Elapsed: w.Elapsed(ctx).Seconds()})
	return nil
}

func branchName(prefix string, i int) string { return fmt.Sprintf("%s-%d", prefix, i+1) }

// runCheck runs one check, unless something it needs did not pass.
func runCheck(ctx context.Context, w *world.World, c *Check, passed map[string]bool) report.Check {
	v := report.Check{Status: report.Blocked}
	blocked := false
	for _, need := range c.Needs {
		blocked = blocked || !passed[need]
	}
	if !blocked {
		v = w.Check(ctx, c.Func())
	}
	v.ID, v.MaxScore, v.Needs = c.ID, c.Points, c.Needs
	return v
}

// limits of the grader's process. A live grading has more time: maxLive.
const (
	maxMemory = 256 << 20
	maxTime   = 60 * time.Second
)
