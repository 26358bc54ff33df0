package docker

import (
	"context"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute"
)

// Reboot boots a running instance again in place, where that is possible; else it is stopped and started.
func (i *instance) Reboot(ctx context.Context, mounts []compute.Mount, grace time.Duration) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	d, at, err := i.inspect(ctx)
	if err != nil {
		return err
	}
	same := i.mounted(at, mounts)
	if same && at.State.Running && !at.State.Paused && i.joined(ctx, d, at) {
		err := i.rebootInPlace(ctx, d, grace)
		if err == nil || ctx.Err() != nil {
			return err
		}
		i.r.o.Log("instance %s is stopped and started, since it does not reboot: %v", i.id, err)
	}
	if err := i.halt(ctx, grace); err != nil {
		return err
	}
	if !same {
		if err := i.remount(ctx, d, at, mounts); err != nil {
			return err
		}
	}
	return i.boot(ctx)
}

// rebootInPlace tells the guest's init to boot again and waits for it.
func (i *instance) rebootInPlace(ctx context.Context, d *engine, grace time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	id := i.containerID()
	i.r.expect(id) // init that cannot, ends
	err := untilReady(ctx, d, id, func() error { return d.ContainerKill(ctx, id, strconv.Itoa(compute.RebootSignal)) })
	if err == nil {
		i.r.unexpect(id)
	}
	return err
}

// joined reports whether an instance is in the network that its ENI has now: one that was restarted has another, which a
// container joins when it starts.
func (i *instance) joined(ctx context.Context, d *engine, at container.InspectResponse) bool {
	e, err := d.ContainerInspect(ctx, i.eni.id)
	if err != nil || !e.State.Running || e.State.Paused {
		return false
	}
	first, err1 := time.Parse(time.RFC3339Nano, e.State.StartedAt)
	then, err2 := time.Parse(time.RFC3339Nano, at.State.StartedAt)
	return err1 == nil && err2 == nil && first.Before(then)
}
