package world

import (
	"context"
	_ "embed" // restore.star
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	starjson "go.starlark.net/lib/json"
	"go.starlark.net/starlark"
)

// A live grading works on the learner's own cloud. Before the first check it looks at what there is (Look); after the last it
// puts that back (Restore), in the same process or, if that one is gone, in another.

//go:embed restore.star
var restoring string

// seen is what a live grading must leave as it found it, as JSON.
type seen struct {
	EC2    string   `json:"ec2"`
	Faults []string `json:"faults"`
	Frozen bool     `json:"frozen"`
}

// Look describes the learner's things for [World.Restore], and lets the clock run: machines do not wait for it.
func (w *World) Look(ctx context.Context) (string, error) {
	clock, err := w.Admin.Clock(ctx, w.Cloud.Name)
	if err != nil {
		return "", err
	}
	faults, err := w.faultIDs(ctx)
	if err != nil {
		return "", err
	}
	v, err := w.restorer(ctx, "look")
	if err != nil {
		return "", err
	}
	if clock.Frozen {
		if _, err := w.Admin.Resume(ctx, w.Cloud.Name); err != nil {
			return "", err
		}
	}
	text, _ := starlark.AsString(v)
	b, err := json.Marshal(seen{text, faults, clock.Frozen})
	return string(b), err
}

// Teardown makes everything as [World.Look] saw it, and then runs def teardown(t), if there is one. What could not be done
// does not keep the rest from being done.
func (w *World) Teardown(ctx context.Context, before string) error {
	w.stopAll()
	var was seen
	if err := json.Unmarshal([]byte(before), &was); err != nil {
		return err
	}
	err := w.clearNew(ctx, was.Faults) // an outage would keep machines from starting
	_, err1 := w.restorer(ctx, "restore", starlark.String(was.EC2))
	var err2 error
	if w.Has("teardown") {
		_, err2 = w.run(ctx, "teardown")
		err2 = explain(err2)
		w.stopAll()
	}
	return errors.Join(err, err1, err2, w.freezeAgain(ctx, was.Frozen))
}

// restorer calls a function of restore.star.
func (w *World) restorer(ctx context.Context, function string, args ...starlark.Value) (starlark.Value, error) {
	th := w.thread(ctx, "restore.star")
	globals, err := starlark.ExecFileOptions(dialect, th, "restore.star", restoring, starlark.StringDict{"json": starjson.Module})
	if err != nil {
		return nil, explain(err)
	}
	stop := context.AfterFunc(ctx, func() { th.Cancel(ctx.Err().Error()) })
	defer stop()
	v, err := starlark.Call(th, globals[function], append(starlark.Tuple{w.t}, args...), nil)
	if err != nil {
		return nil, fmt.Errorf("putting things back: %w", explain(err))
	}
	return v, nil
}

func (w *World) faultIDs(ctx context.Context) (ids []string, err error) {
	faults, err := w.Admin.Faults(ctx, w.Cloud.Name)
	for _, f := range faults {
		ids = append(ids, f.ID)
	}
	return ids, err
}

// clearNew ends the faults that the checks added.
func (w *World) clearNew(ctx context.Context, known []string) error {
	ids, err := w.faultIDs(ctx)
	for _, id := range ids {
		if !slices.Contains(known, id) {
			err = errors.Join(err, w.Admin.ClearFaults(ctx, w.Cloud.Name, id))
		}
	}
	return err
}

func (w *World) freezeAgain(ctx context.Context, frozen bool) error {
	if !frozen {
		return nil
	}
	_, err := w.Admin.Freeze(ctx, w.Cloud.Name)
	return err
}
