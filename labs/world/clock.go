package world

import (
	"context"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
)

const (
	// steps is into how many pieces an advance is cut while workers run.
	steps = 30
	// patience is how long workers may be busy without a single call, overall how long at all. A program of its own gets
	// more of both: an interpreter with an SDK needs seconds to start on a slow machine.
	patience, patienceProgram = 2 * time.Second, 8 * time.Second
	overall, overallProgram   = 10 * time.Second, 30 * time.Second
	// silence is after how long without a call and without using the processor a program counts as asleep. It may sleep on
	// the wall clock, which is not ours. blindSilence is the same where nobody knows what a program uses.
	silence, blindSilence = 300 * time.Millisecond, 1500 * time.Millisecond
	// maxWorkerMemory is how much a learner's program may hold, asked for every glance while it is busy.
	maxWorkerMemory = 1 << 30
	glance          = 50 * time.Millisecond
	// maxLastWords is how much of a worker's output, in bytes, explains what became of it.
	maxLastWords = 400
	// restless is the outcome for a worker that never waits.
	restless = "restless"
)

func (w *World) clockModule() starlark.Value {
	turn := func(name string, f func(context.Context) (admin.Clock, error)) *starlark.Builtin {
		return builtin(name, func(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			if err := starlark.UnpackPositionalArgs(name, args, kwargs, 0); err != nil {
				return nil, err
			}
			k, err := f(contextOf(th))
			return starlark.Float(float64(k.Now.UnixMilli()) / 1000), err
		})
	}
	on := func(f func(context.Context, string) (admin.Clock, error)) func(context.Context) (admin.Clock, error) {
		return func(ctx context.Context) (admin.Clock, error) { return f(ctx, w.Cloud.Name) }
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"now":    turn("now", on(w.Admin.Clock)),
		"freeze": turn("freeze", on(w.Admin.Freeze)),
		"resume": turn("resume", on(w.Admin.Resume)),
		"advance": builtin("advance", func(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var text string
			if err := starlark.UnpackPositionalArgs("advance", args, kwargs, 1, &text); err != nil {
				return nil, err
			}
			d, err := admin.ParseDuration(text)
			if err != nil {
				return nil, err
			}
			return starlark.None, w.advance(contextOf(th), d)
		}),
	})
}

// advance lets d pass, and the workers act whenever there is something to do.
func (w *World) advance(ctx context.Context, d time.Duration) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	for left := d; left > 0; {
		step := left
		if w.alive() > 0 {
			step = min(left, max(d/steps, time.Second))
		}
		if _, err := w.Admin.Advance(ctx, w.Cloud.Name, step); err != nil {
			return err
		}
		left -= step
		if err := w.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settle waits until nothing happens any more: no call in flight but parked ones, and every worker parked, asleep or gone.
func (w *World) settle(ctx context.Context) error {
	begin := time.Now()
	active, seq, looked := begin, uint64(0), begin
	for {
		q, err := w.Admin.Quiet(ctx, w.Cloud.Name, patience)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && q.Waiting >= w.alive() {
			return nil
		}
		now := time.Now()
		if now.Sub(begin) > 20*time.Millisecond { // worth asking
			last, err := w.lastEntry(ctx, seq)
			if err != nil {
				return err
			}
			if last != seq {
				active, seq = now, last
			}
			if w.asleep(now, now.Sub(active), q.Waiting) {
				return nil
			}
		}
		calm, most := patience, overall
		if w.programs() > 0 {
			calm, most = patienceProgram, overallProgram
		}
		if now.Sub(active) > calm || now.Sub(begin) > most {
			return &misconduct{restless, map[string]any{"seconds": int(now.Sub(begin).Seconds()), "output": w.lastWords()}}
		}
		if now.Sub(looked) > glance {
			looked = now
			if w.greedy() != nil {
				return &misconduct{"memory", map[string]any{"megabytes": maxWorkerMemory >> 20, "output": w.lastWords()}}
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// asleep reports whether every program of its own does nothing, and every script is parked.
func (w *World) asleep(now time.Time, silent time.Duration, waiting int) bool {
	if w.programs() == 0 || waiting < w.alive()-w.programs() || silent < silence {
		return false
	}
	for _, k := range w.workers {
		if !k.script && k.running() && !k.idle(now, silent) {
			return false
		}
	}
	return true
}

// lastEntry is the sequence number of the journal's last entry.
func (w *World) lastEntry(ctx context.Context, after uint64) (uint64, error) {
	entries, err := w.Admin.Journal(ctx, w.Cloud.Name, max(after, w.seen)+1, 0)
	if n := len(entries); n > 0 {
		return entries[n-1].Seq, err
	}
	return after, err
}
