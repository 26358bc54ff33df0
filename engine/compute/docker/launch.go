package docker

import (
	"context"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"

	"haneul/engine/compute"
)

// instancePIDs is the most processes and threads of an instance, whatever its type.
const instancePIDs = 512

// Launch boots the machine that stands by at the ENI as this instance, or else creates a container and starts it.
func (r *Runtime) Launch(ctx context.Context, s compute.InstanceSpec) (compute.Instance, error) {
	e, ok := s.ENI.(*eni)
	if !ok {
		return nil, fmt.Errorf("%s: its ENI is not one of this runtime's", s.ID)
	}
	i, err := r.wake(ctx, s, e)
	if err != nil {
		return nil, err
	}
	if i != nil {
		return i, nil
	}
	if i, err = r.create(ctx, s, e); err != nil {
		return nil, err
	}
	i.SetDisk(s.Disk)
	i.changing.Lock()
	defer i.changing.Unlock()
	if err := i.reshape(ctx, s); err != nil {
		return nil, fmt.Errorf("%s: %w", s.ID, err)
	}
	if err := i.boot(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", s.ID, err)
	}
	return i, nil
}

// reshape gives an instance that existed the limits and volumes of a spec.
func (i *instance) reshape(ctx context.Context, s compute.InstanceSpec) error {
	if i.State() == compute.Created {
		return nil // made a moment ago, just so
	}
	d, at, err := i.inspect(ctx)
	if err != nil {
		return err
	}
	if !i.mounted(at, s.Mounts) {
		if err := i.remount(ctx, d, at, s.Mounts); err != nil {
			return err
		}
	}
	if now, want := i.Limits(), clamp(d, s.CPUs, s.Memory); now.CPUs != want.CPUs || now.Memory != want.Memory {
		return i.resize(ctx, d, want)
	}
	return nil
}

func (r *Runtime) create(ctx context.Context, s compute.InstanceSpec, e *eni) (*instance, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	id, limits, err := r.tryCreate(ctx, d, s, e)
	if errdefs.IsNotFound(err) { // somebody has removed the image: another installation's purge, or a person
		r.forgetImage()
		id, limits, err = r.tryCreate(ctx, d, s, e)
	}
	if errdefs.IsConflict(err) { // it is there already
		return r.find(ctx, s.Cloud, s.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.ID, err)
	}
	return r.adopt(&instance{
		r: r, cloud: s.Cloud, id: s.ID, container: id, eni: e, state: compute.Created, limits: limits, launched: true,
	}), nil
}

func (r *Runtime) tryCreate(ctx context.Context, d *engine, s compute.InstanceSpec, e *eni) (id string, _ compute.Limits, err error) {
	image, err := r.imageOf(ctx, s)
	if err != nil {
		return "", compute.Limits{}, err
	}
	config, host, limits := r.shape(d, s, e, image)
	id, err = d.create(ctx, config, host, r.instanceName(s.Cloud, s.ID, e.address()), nil)
	return id, limits, err
}

func (r *Runtime) imageOf(ctx context.Context, s compute.InstanceSpec) (string, error) {
	if s.Image != "" {
		return r.imageRef(s.Cloud, s.Image), nil
	}
	return r.EnsureImage(ctx)
}

// shape is what Docker is told about an instance. Nothing in it may be the instance's own: a machine that stands by has it
// too.
func (r *Runtime) shape(d *engine, s compute.InstanceSpec, e *eni, image string) (*container.Config, *container.HostConfig, compute.Limits) {
	limits := clamp(d, s.CPUs, s.Memory)
	config := &container.Config{
		Image: image, Cmd: []string{"init"}, StopSignal: "SIGTERM",
		// A name without a value takes away what Docker sets: the ENI's name.
		Env:    []string{"HOSTNAME", compute.EnvEndpoint + "=http://" + compute.CloudAddress},
		Labels: r.labels(s.Cloud, kindInstance, "", labelVPC, e.vpc.ID),
	}
	pids := int64(instancePIDs)
	host := &container.HostConfig{
		NetworkMode: container.NetworkMode("container:" + e.id),
		LogConfig:   container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": "128k", "max-file": "2"}},
		CapDrop:     []string{"ALL"},
		SecurityOpt: []string{"no-new-privileges"},
		Tmpfs:       map[string]string{"/run": "size=16m,mode=755,exec"},
		Mounts:      r.mounts(s.Cloud, s.Mounts),
		Resources: container.Resources{
			NanoCPUs: int64(limits.CPUs * 1e9), Memory: limits.Memory, MemorySwap: limits.Memory, PidsLimit: &pids,
		},
	}
	if s.Disk > 0 { // no single file can be larger
		host.Ulimits = []*container.Ulimit{{Name: "fsize", Soft: s.Disk, Hard: s.Disk}}
	}
	if s.InstanceStore != "" {
		// It is memory, so it cannot be larger than half of what the instance has.
		size := min(s.InstanceStoreSize, limits.Memory/2)
		host.Tmpfs[s.InstanceStore] = fmt.Sprintf("size=%d,mode=755,exec", size)
	}
	return config, host, limits
}

func (r *Runtime) mounts(cloud string, wanted []compute.Mount) (out []mount.Mount) {
	for _, m := range wanted {
		out = append(out, mount.Mount{Type: mount.TypeVolume, Source: r.name(cloud, m.Volume), Target: m.Path})
	}
	return out
}
