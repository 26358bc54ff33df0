package docker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/mount"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// stopGrace is how long a restart waits for the guest.
const stopGrace = 5 * time.Second

// nextSuffix is in the name of a container that is about to take the place of another.
const nextSuffix = ".next"

// Remount changes the volumes. Docker cannot do that to a container: another is made of its disk.
func (i *instance) Remount(ctx context.Context, mounts []compute.Mount) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	d, at, err := i.inspect(ctx)
	if err != nil {
		return err
	}
	if i.mounted(at, mounts) {
		return nil
	}
	ran := at.State.Running
	if err := i.remount(ctx, d, at, mounts); err != nil || !ran {
		return err
	}
	return i.boot(ctx)
}

// mounted reports whether an instance has just these volumes.
func (i *instance) mounted(at container.InspectResponse, want []compute.Mount) bool {
	return slices.EqualFunc(at.HostConfig.Mounts, i.r.mounts(i.cloud, want), func(a, b mount.Mount) bool {
		return a.Source == b.Source && a.Target == b.Target
	})
}

// remount leaves the instance stopped.
func (i *instance) remount(ctx context.Context, d *engine, at container.InspectResponse, mounts []compute.Mount) error {
	if at.State.Running {
		if err := i.halt(ctx, stopGrace); err != nil {
			return err
		}
	}
	return i.rebuild(ctx, d, at, func(h *container.HostConfig) { h.Mounts = i.r.mounts(i.cloud, mounts) })
}

// rebuild makes the container again with the same disk, and with a new ENI if the old one is gone. At every moment one
// container or the other has the disk.
func (i *instance) rebuild(ctx context.Context, d *engine, old container.InspectResponse, change func(*container.HostConfig)) error {
	e, err := i.living(ctx, d)
	if err != nil {
		return err
	}
	defer func() {
		if i.ENI() != e { // it did not come to use
			_ = e.Release(ctx)
		}
	}()
	ref := i.r.rootRef(i)
	if err := i.commit(ctx, d, ref, i.id); err != nil {
		return err
	}
	config, host := *old.Config, *old.HostConfig
	config.Image, config.Hostname = ref, ""
	host.NetworkMode = container.NetworkMode("container:" + e.id)
	if change != nil {
		change(&host)
	}
	i.r.exchanging.Lock()
	defer i.r.exchanging.Unlock()
	name := i.r.instanceName(i.cloud, i.id, e.address())
	next, err := d.create(ctx, &config, &host, name+nextSuffix, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", i.id, err)
	}
	i.mu.Lock()
	i.container, i.eni = next, e
	i.mu.Unlock()
	if err := i.r.remove(ctx, d, old.ID); err != nil {
		return err
	}
	return d.ContainerRename(ctx, next, name)
}

// living is the instance's ENI if Docker still has it, else another with the same address and rules.
func (i *instance) living(ctx context.Context, d *engine) (*eni, error) {
	_, err := d.ContainerInspect(ctx, i.eni.id)
	if err == nil || !errdefs.IsNotFound(err) {
		return i.eni, err
	}
	i.eni.mu.Lock()
	want := i.eni.want
	i.eni.mu.Unlock()
	_ = i.eni.Release(ctx)
	e, err := i.r.takeENI(ctx, i.eni.vpc)
	if err != nil {
		return nil, err
	}
	e.remember(func(w *tunnel.Request) { *w = want })
	if err = e.vacate(ctx, d); err == nil {
		err = e.push(ctx)
	}
	if err != nil {
		_ = e.Release(ctx)
		return nil, err
	}
	return e, nil
}

// rootRef is what the disk of a rebuilt container is called.
func (r *Runtime) rootRef(i *instance) string {
	return strings.Join([]string{"haneul/root:" + r.o.Owner, i.cloud, i.id}, "-")
}

// dropRoot removes it with the instance.
func (r *Runtime) dropRoot(ctx context.Context, d *engine, i *instance) {
	_, err := d.ImageRemove(ctx, r.rootRef(i), image.RemoveOptions{PruneChildren: true})
	if err != nil && !errdefs.IsNotFound(err) {
		r.o.Log("the disk of %s: %v", i.id, err)
	}
}

// instancesAmong leaves out the machines that stand by, and ends what an engine that died in the middle of rebuild has left:
// if both containers are there, the new one was never used; if only the new one is, it is the instance.
func (r *Runtime) instancesAmong(ctx context.Context, d *engine, all []container.Summary) (out []container.Summary) {
	count := map[key]int{}
	for _, c := range all {
		if id, _, ok := r.which(c); ok {
			count[key{c.Labels[labelCloud], id}]++
		}
	}
	for _, c := range all {
		id, _, ok := r.which(c)
		if !ok {
			continue // it stands by, and is nobody's
		}
		if name, next := strings.CutSuffix(c.Names[0], nextSuffix); next {
			if count[key{c.Labels[labelCloud], id}] > 1 {
				_ = r.remove(ctx, d, c.ID)
				continue
			}
			_ = d.ContainerRename(ctx, c.ID, strings.TrimPrefix(name, "/"))
		}
		out = append(out, c)
	}
	return out
}
