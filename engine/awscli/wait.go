package awscli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"haneul/engine/awscli/jmespath"
	"haneul/engine/awscli/ordered"
	"haneul/engine/emu"
)

// waiter is one of `aws SERVICE wait`: an operation that is called again until its answer is as wanted. It follows botocore's
// waiters-2.json.
type waiter struct {
	name, op string
	path     string   // what to look at, "" for: that there is an answer
	want     string   // what all of it must be
	never    []string // what none of it may be: then it is no use to wait
	absent   string   // the error that says: not yet. With gone it says: done
	gone     bool
}

const (
	noInstance = "InvalidInstanceID.NotFound"
	stateNames = "Reservations[].Instances[].State.Name"
)

// waiters are those of the services that have something to wait for.
var waiters = map[string]map[string]waiter{
	"ec2": {
		"instance-exists":     {name: "InstanceExists", op: "DescribeInstances", absent: noInstance},
		"instance-running":    {"InstanceRunning", "DescribeInstances", stateNames, "running", []string{"shutting-down", "terminated", "stopping"}, noInstance, false},
		"instance-stopped":    {"InstanceStopped", "DescribeInstances", stateNames, "stopped", []string{"pending", "terminated"}, "", false},
		"instance-terminated": {"InstanceTerminated", "DescribeInstances", stateNames, "terminated", []string{"pending", "stopping"}, "", false},
		"instance-status-ok":  {"InstanceStatusOk", "DescribeInstanceStatus", "InstanceStatuses[].InstanceStatus.Status", "ok", nil, noInstance, false},
		"system-status-ok":    {"SystemStatusOk", "DescribeInstanceStatus", "InstanceStatuses[].SystemStatus.Status", "ok", nil, "", false},
		"volume-available":    {"VolumeAvailable", "DescribeVolumes", "Volumes[].State", "available", []string{"deleted"}, "", false},
		"volume-in-use":       {"VolumeInUse", "DescribeVolumes", "Volumes[].State", "in-use", []string{"deleted"}, "", false},
		"volume-deleted":      {"VolumeDeleted", "DescribeVolumes", "Volumes[].State", "deleted", nil, "InvalidVolume.NotFound", true},
		"snapshot-completed":  {"SnapshotCompleted", "DescribeSnapshots", "Snapshots[].State", "completed", []string{"error"}, "", false},
		"image-available":     {"ImageAvailable", "DescribeImages", "Images[].State", "available", []string{"failed"}, "", false},
	},
	"iam": {
		"instance-profile-exists": {name: "InstanceProfileExists", op: "GetInstanceProfile", absent: "NoSuchEntity"},
		"policy-exists":           {name: "PolicyExists", op: "GetPolicy", absent: "NoSuchEntity"},
		"role-exists":             {name: "RoleExists", op: "GetRole", absent: "NoSuchEntity"},
		"user-exists":             {name: "UserExists", op: "GetUser", absent: "NoSuchEntity"},
	},
}

const (
	// patience is how long a waiter waits: 40 times 15 seconds in the real CLI, which asks every 15 s.
	patience = 10 * time.Minute
	// glance is how often it asks here. The cloud is next door.
	glance = 200 * time.Millisecond
)

// wait runs `aws SERVICE wait NAME …`.
func (r *runner) wait(ctx context.Context, s *emu.Service, args []string) error {
	known := waiters[s.Name]
	p := parser{positional: &option{name: "waiter", dest: "waiter", required: true, choices: append(slices.Sorted(maps.Keys(known)), "help")}}
	got, err := p.parse(args)
	if err != nil {
		return err
	}
	w, ok := known[got.str("waiter")]
	if !ok {
		fmt.Fprintf(r.Stdout, "aws %s wait\n\n  %s\n", s.Name, strings.Join(slices.Sorted(maps.Keys(known)), "\n  "))
		return nil
	}
	i := slices.IndexFunc(s.Ops, func(op *emu.Operation) bool { return op.Name == w.op })
	if i < 0 {
		return failf(exitUsage, "%s is not emulated.", w.op)
	}
	c := newCommand(s, s.Ops[i])
	c.pages = nil
	in, _, err := r.input(c, got.rest)
	if err != nil || in == nil {
		return err
	}
	for end := time.Now().Add(patience); ; {
		done, err := w.look(func() (*ordered.Object, error) { return r.call(ctx, c, in) })
		if done || err != nil {
			return err
		}
		if !time.Now().Before(end) {
			return w.failed("Max attempts exceeded")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(glance):
		}
	}
}

// look asks once.
func (w *waiter) look(ask func() (*ordered.Object, error)) (done bool, err error) {
	out, err := ask()
	var exit *exitError
	switch {
	case err == nil:
	case !errors.As(err, &exit) || exit.code != exitService:
		return false, err
	case w.absent != "" && strings.HasPrefix(exit.text, "An error occurred ("+w.absent+")"):
		return w.gone, nil
	default:
		return false, w.failed(strings.Replace(exit.text, " when calling the "+w.op+" operation", "", 1))
	}
	if w.path == "" {
		return true, nil
	}
	path, err := jmespath.Compile(w.path)
	if err != nil {
		return false, err
	}
	v, err := path.Search(out)
	if err != nil {
		return false, err
	}
	found, _ := v.([]any)
	done = len(found) > 0
	for _, x := range found {
		if state, _ := x.(string); slices.Contains(w.never, state) {
			return false, w.failed(fmt.Sprintf("Waiter encountered a terminal failure state: For expression \"%s\" we matched expected path: \"%s\" at least once", w.path, state))
		}
		done = done && x == w.want
	}
	return done, nil
}

func (w *waiter) failed(why string) error {
	return failf(exitGeneral, "Waiter %s failed: %s", w.name, why)
}
