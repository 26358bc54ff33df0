package labs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/labs/shell"
)

// Check grades a lab's running attempt on branches of its cloud: it changes nothing the learner has. A lab with instances
// is graded live, on its own cloud, and what that changes is put back, also when ctx ends; a second grading meanwhile
// fails with [ErrBusy], and without Docker there is a [NoRuntimeError]. step, if not nil, is told after every verdict; with
// several seeds it counts them all, and a check's verdict is known with the last one, or when it fails. The result is complete
// even if the grader ran out of time or memory: what is missing then is an error, which costs no points.
func (k *Kit) Check(ctx context.Context, slug string, step func(report.Step)) (*report.Result, error) {
	l, a, e, c, err := k.running(ctx, slug)
	if err != nil {
		return nil, err
	}
	if err := ready(ctx, l, e); err != nil {
		return nil, err
	}
	release, err := k.alone(l)
	if err != nil {
		return nil, err
	}
	defer release()
	g, err := k.grade(ctx, l, e, c, a, step)
	if err != nil {
		return nil, err
	}
	if a, err = k.readAttempt(slug); err != nil { // a hint may have been shown meanwhile
		return g.result, err
	}
	a.Last, a.Passed = g.result, a.Passed || g.result.Status == report.Pass
	return g.result, k.save(a)
}

// grading is a result with the verdicts of each seed.
type grading struct {
	result  *report.Result
	seeds   [][]report.Check
	printed string
}

// grade runs the checks of an attempt in a process of its own.
func (k *Kit) grade(ctx context.Context, l *Lab, e Engine, c admin.Cloud, a Attempt, step func(report.Step)) (*grading, error) {
	begin := time.Now()
	if _, err := shell.WriteShim(k.Place(e, c, nil), k.Executable); err != nil { // the one of the start may name an older haneul
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "haneul-check")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	j := job{
		Lab: l.Slug, ContentDir: k.ContentDir, Endpoint: e.Endpoint, Token: e.Token, Cloud: c.Name, Dir: a.Dir,
		Scratch: scratch, Data: k.Data, Env: a.Env, Branch: fmt.Sprintf("%s.check-%x", l.Slug, newSeed()), Live: l.NeedsDocker(),
	}
	if j.Live {
		j.Seeds = []uint64{newSeed()} // the last one's names are on the learner's disks
	} else {
		for i := range l.Seeds {
			j.Seeds = append(j.Seeds, a.Seed+uint64(i))
		}
		defer func() {
			for i := range j.Seeds { // those of a process that was killed
				_ = deleteCloud(context.WithoutCancel(ctx), e, branchName(j.Branch, i))
			}
		}()
	}
	g := &grading{result: &report.Result{
		SchemaVersion: report.SchemaVersion, Course: k.Course, Lab: l.Slug, ContentSHA256: l.SHA256, ToolVersion: k.Version,
		Seed: a.Seed, Seeds: j.Seeds, Live: j.Live,
	}}
	done, total := 0, len(j.Seeds)*len(l.Checks)
	verdicts, told := map[uint64][]report.Check{}, map[int]bool{}
	before := "" // what is to be put back
	failed, err := k.runJob(ctx, j, l.limit(), func(ev event) {
		switch {
		case ev.Before != "":
			before = ev.Before
		case ev.Restored:
			before, g.result.Left = "", ev.Left
		case ev.Check != nil:
			n := len(verdicts[ev.Check.Seed])
			verdicts[ev.Check.Seed] = append(verdicts[ev.Check.Seed], *ev.Check)
			if done++; step != nil {
				step(report.Step{Done: done, Total: total, Check: known(verdicts, j.Seeds, n, told)})
			}
		case ev.Elapsed > 0:
			g.result.VirtualDuration += ev.Elapsed
		default:
			g.printed += ev.Print
		}
	})
	if before != "" {
		g.result.Left = k.rescue(ctx, j, before)
	}
	if err != nil && g.result.Left != "" {
		err = &LeftError{g.result.Left, err}
	}
	if err != nil {
		return nil, err
	}
	for _, seed := range j.Seeds {
		checks := l.complete(verdicts[seed], seed, failed)
		g.seeds = append(g.seeds, checks)
		g.result.Checks = report.Merge(g.result.Checks, slices.Clone(checks))
	}
	g.result.Duration = time.Since(begin).Seconds()
	g.result.Sum()
	return g, nil
}

// known is the verdict on check n if no seed can change it any more: the loudest one once every seed has one, or a failure. It is
// told once.
func known(verdicts map[uint64][]report.Check, seeds []uint64, n int, told map[int]bool) (loudest *report.Check) {
	missing := false
	for _, seed := range seeds {
		if len(verdicts[seed]) <= n {
			missing = true
		} else if c := &verdicts[seed][n]; loudest == nil || report.Worse(c.Status, loudest.Status) {
			loudest = c
		}
	}
	if told[n] || missing && loudest.Status != report.Fail {
		return nil
	}
	told[n] = true
	return loudest
}

// complete adds what a grader that did not finish still owed.
func (l *Lab) complete(done []report.Check, seed uint64, f *failure) []report.Check {
	for _, c := range l.Checks[len(done):] {
		v := report.Check{ID: c.ID, Status: report.Error, MaxScore: c.Points, Needs: c.Needs, Seed: seed, Outcome: "crash"}
		if f != nil {
			v.Outcome, v.Params = f.key, map[string]any{"detail": f.detail}
		}
		done = append(done, v)
	}
	return done
}

// limit is how long the lab's grader may take.
func (l *Lab) limit() time.Duration {
	if l.NeedsDocker() {
		return maxLive
	}
	return maxTime
}

// failure is why the grader's process did not finish: time, memory, crash or trouble.
type failure struct{ key, detail string }

// setup runs def setup(t) on a new cloud.
func (k *Kit) setup(ctx context.Context, l *Lab, e Engine, c admin.Cloud, a Attempt) (map[string]string, error) {
	j := job{
		Lab: l.Slug, ContentDir: k.ContentDir, Endpoint: e.Endpoint, Token: e.Token, Cloud: c.Name, Dir: a.Dir, Data: k.Data,
		Seeds: []uint64{a.Seed}, Live: l.NeedsDocker(),
	}
	env := map[string]string{}
	failed, err := k.runJob(ctx, j, l.limit(), func(ev event) {
		if ev.Env != nil {
			env = ev.Env
		}
	})
	if err == nil && failed != nil {
		err = fmt.Errorf("setup of %s: %s", l.Slug, failed.detail)
	}
	return env, err
}

// runJob does a job in a process that is killed at its limits. A failure is the process's own, an error is ours.
func (k *Kit) runJob(ctx context.Context, j job, limit time.Duration, on func(event)) (*failure, error) {
	if k.GradeTime > 0 && j.Before == "" {
		limit = k.GradeTime
	}
	in, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	argv := k.Grader
	if argv == nil {
		argv = []string{k.Executable, GradeCommand}
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = k.Environ
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the grader does not start: %w", err)
	}
	defer stdin.Close() // the process ends with us, whatever happens
	if _, err := stdin.Write(append(in, '\n')); err != nil {
		return nil, errors.Join(fmt.Errorf("the grader does not read: %w", err), cmd.Process.Kill(), cmd.Wait())
	}
	var why atomic.Pointer[failure]
	stop := watch(ctx, cmd.Process, limit, &why)
	f, finished := read(stdout, on)
	err = cmd.Wait()
	stop()
	switch {
	case finished:
		return f, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case why.Load() != nil:
		return why.Load(), nil
	}
	return &failure{"crash", strings.TrimSpace(fmt.Sprintf("%v %s", err, lastLines(stderr.String(), 400)))}, nil
}

// read passes events on until the process has finished or is gone, and ends the programs it left behind.
func read(stdout io.Reader, on func(event)) (f *failure, finished bool) {
	d := json.NewDecoder(stdout)
	var groups []int
	defer func() {
		if !finished {
			for _, pid := range groups {
				shell.KillGroup(pid)
			}
		}
	}()
	for {
		var ev event
		if err := d.Decode(&ev); err != nil {
			return nil, false
		}
		switch {
		case ev.Started != 0:
			groups = append(groups, ev.Started)
		case ev.Failed != "":
			return &failure{"trouble", ev.Failed}, true
		case ev.Done:
			return nil, true
		default:
			on(ev)
		}
	}
}

// watch kills a process when its time or memory is used up, or ctx ends. stop ends the watch.
func watch(ctx context.Context, p *os.Process, limit time.Duration, why *atomic.Pointer[failure]) (stop func()) {
	done := make(chan struct{})
	go func() {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
			case <-timer.C:
				why.Store(&failure{"time", limit.String()})
			case <-tick.C:
				if used, ok := resident(p.Pid); !ok || used < maxMemory {
					continue
				}
				why.Store(&failure{"memory", fmt.Sprintf("%d MB", maxMemory>>20)})
			}
			_ = p.Kill() // it may be gone already
			return
		}
	}()
	return func() { close(done) }
}

func lastLines(s string, n int) string {
	if len(s) > n {
		s = s[len(s)-n:]
	}
	return s
}
