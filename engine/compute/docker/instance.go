package docker

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// instance is a container that joined the namespace of an ENI.
type instance struct {
	r         *Runtime
	cloud, id string

	changing sync.Mutex // Start, Stop, Remount and so on, one at a time

	mu        sync.Mutex
	container string
	eni       *eni
	state     compute.State
	limits    compute.Limits
	disk      int64 // bytes at which the root disk is full, 0 for never
	launched  bool  // by this process: all it has written was written since
}

func (i *instance) ID() string { return i.id }

func (i *instance) ENI() compute.ENI {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.eni
}

func (i *instance) State() compute.State {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.state
}

func (i *instance) Limits() compute.Limits {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.limits
}

// SetDisk changes the size at which the root disk is full.
func (i *instance) SetDisk(bytes int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.disk = bytes
}

func (i *instance) containerID() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.container
}

func (i *instance) set(s compute.State) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.state = s
}

// Start boots the instance; it returns after READY.
func (i *instance) Start(ctx context.Context) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	return i.boot(ctx)
}

func (i *instance) boot(ctx context.Context) error {
	d, err := i.r.docker(ctx)
	if err != nil {
		return err
	}
	id := i.containerID()
	if i.State() == compute.Created && i.eni.connected() { // as fast as can be: nothing needs a look
		if _, err := i.eni.powerOn(ctx); err != nil {
			return err
		}
		return i.up(ctx, d)
	}
	at, err := d.ContainerInspect(ctx, id)
	if err != nil {
		return i.lost(err)
	}
	if at.State.Running {
		if at.State.Paused {
			return d.ContainerUnpause(ctx, id)
		}
		i.set(compute.Running)
		_, err := i.eni.powerOn(ctx) // an engine may have died before it said so
		return i.eni.later(err)
	}
	i.eni.remember(func(want *tunnel.Request) { want.PowerOn = true })
	err = i.eni.ensure(ctx)
	if errdefs.IsNotFound(err) { // somebody removed it
		err = i.rebuild(ctx, d, at, nil)
	}
	if err != nil {
		return fmt.Errorf("its ENI: %w", err)
	}
	return i.up(ctx, d)
}

func (i *instance) up(ctx context.Context, d *engine) error {
	id := i.containerID()
	i.r.unexpect(id)
	i.r.watchDisks()
	if err := i.r.start(ctx, d, id); err != nil {
		return i.lost(err)
	}
	i.set(compute.Running)
	return nil
}

// inspect is Docker, and what it says about the instance now.
func (i *instance) inspect(ctx context.Context) (*engine, container.InspectResponse, error) {
	d, err := i.r.docker(ctx)
	if err != nil {
		return nil, container.InspectResponse{}, err
	}
	at, err := d.ContainerInspect(ctx, i.containerID())
	return d, at, i.lost(err)
}

// lost makes a missing container what callers look for.
func (i *instance) lost(err error) error {
	if !errdefs.IsNotFound(err) {
		return err
	}
	i.set(compute.Gone)
	return fmt.Errorf("instance %s: %w", i.id, compute.ErrNotFound)
}

// Stop ends the guest; disk and address stay.
func (i *instance) Stop(ctx context.Context, grace time.Duration) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	return i.halt(ctx, grace)
}

func (i *instance) halt(ctx context.Context, grace time.Duration) error {
	d, err := i.r.docker(ctx)
	if err != nil {
		return err
	}
	id := i.containerID()
	i.r.expect(id)
	seconds := int((grace + time.Second - 1) / time.Second)
	if err := d.ContainerStop(ctx, id, container.StopOptions{Timeout: &seconds}); err != nil {
		return i.lost(err)
	}
	i.set(compute.Stopped)
	return nil
}

// Resize changes the limits, of a running instance at once.
func (i *instance) Resize(ctx context.Context, cpus float64, memory int64) (compute.Limits, error) {
	i.changing.Lock()
	defer i.changing.Unlock()
	d, err := i.r.docker(ctx)
	if err != nil {
		return compute.Limits{}, err
	}
	l := clamp(d, cpus, memory)
	return l, i.resize(ctx, d, l)
}

func (i *instance) resize(ctx context.Context, d *engine, l compute.Limits) error {
	_, err := d.ContainerUpdate(ctx, i.containerID(), container.UpdateConfig{
		Resources: container.Resources{NanoCPUs: int64(l.CPUs * 1e9), Memory: l.Memory, MemorySwap: l.Memory},
	})
	if err != nil {
		return i.lost(err)
	}
	i.mu.Lock()
	i.limits = l
	i.mu.Unlock()
	return nil
}

// Terminate removes the instance and its ENI.
func (i *instance) Terminate(ctx context.Context) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	d, err := i.r.docker(ctx)
	if err != nil {
		return err
	}
	if err := i.r.remove(ctx, d, i.containerID()); err != nil {
		return err
	}
	i.set(compute.Gone)
	i.r.mu.Lock()
	maps.DeleteFunc(i.r.instances, func(_ key, x *instance) bool { return x == i })
	i.r.mu.Unlock()
	i.r.dropRoot(ctx, d, i)
	return i.eni.Release(ctx)
}
