package docker

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// A machine that stands by is an instance's container that was started before anybody wanted it: what takes long is over. It
// is one of the most usual kind, with the guest image and no volumes; others are made when they are wanted.
const (
	standardCPUs   = 2 // of t3.micro
	standardMemory = 1 << 30
	standardDisk   = 8 << 30 // of the public images
)

// makeMachine gives an ENI a machine that stands by.
func (r *Runtime) makeMachine(ctx context.Context, e *eni) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	image, err := r.EnsureImage(ctx)
	if err != nil {
		return err
	}
	config, host, _ := r.shape(d, standard(e.vpc.Cloud), e, image)
	id, err := d.create(ctx, config, host, r.name(e.vpc.Cloud, fmt.Sprintf("%s%08x", warmPrefix, rand.Uint32())), d.discard)
	if err != nil {
		return fmt.Errorf("creating a machine: %w", err)
	}
	e.machine.Store(&id)
	if err := d.ContainerStart(ctx, id, container.StartOptions{}); err != nil {
		return fmt.Errorf("starting a machine: %w", err)
	}
	return e.tell(ctx, tunnel.Request{Standby: true})
}

func standard(cloud string) compute.InstanceSpec {
	return compute.InstanceSpec{Cloud: cloud, CPUs: standardCPUs, Memory: standardMemory, Disk: standardDisk}
}

// fits reports whether a machine that stands by can become what is wanted. CPUs and memory can be changed.
func fits(s compute.InstanceSpec) bool {
	return s.Image == "" && s.Disk == standardDisk && len(s.Mounts) == 0 && s.InstanceStore == ""
}

// wake makes the machine that stands by at an ENI the instance and lets it boot. It returns nil if there is none, or if it
// does not fit: then it has been removed.
func (r *Runtime) wake(ctx context.Context, s compute.InstanceSpec, e *eni) (*instance, error) {
	machine := e.machine.Swap(nil)
	if machine == nil {
		return nil, nil
	}
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	i := &instance{
		r: r, cloud: s.Cloud, id: s.ID, container: *machine, eni: e, state: compute.Running, disk: s.Disk, launched: true,
	}
	i.changing.Lock()
	defer i.changing.Unlock()
	if fits(s) {
		err := i.become(ctx, d, s)
		if err == nil {
			r.watchDisks()
			i = r.adopt(i) // a Find may have been faster, and it does not know the disk
			i.SetDisk(s.Disk)
			return i, nil
		}
		if !errdefs.IsConflict(err) { // that name has the same instance, launched before
			r.o.Log("a machine that stood by cannot be %s: %v", s.ID, err)
		}
	}
	return nil, r.remove(ctx, d, *machine)
}

// become turns a machine that stands by into an instance. It has its name before it boots, so that a crash of ours does not
// leave one that nobody knows.
func (i *instance) become(ctx context.Context, d *engine, s compute.InstanceSpec) error {
	standard := standard(s.Cloud)
	i.limits = clamp(d, standard.CPUs, standard.Memory)
	if want := clamp(d, s.CPUs, s.Memory); want != i.limits {
		if err := i.resize(ctx, d, want); err != nil {
			return err
		}
	}
	if err := d.ContainerRename(ctx, i.container, i.r.instanceName(i.cloud, i.id, i.eni.address())); err != nil {
		return err
	}
	booted, err := i.eni.powerOn(ctx)
	if err == nil && !booted {
		err = fmt.Errorf("it did not boot")
	}
	return err
}
