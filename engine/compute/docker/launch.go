package docker

import (
	"context"
	"fmt"
	"strconv"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"

	"haneul/engine/compute"
)

// instancePIDs is the most processes and threads of an instance, whatever its type.
const instancePIDs = 512

// Launch creates the instance's container and starts it.
func (r *Runtime) Launch(ctx context.Context, s compute.InstanceSpec) (compute.Instance, error) {
	e, ok := s.ENI.(*eni)
	if !ok {
		return nil, fmt.Errorf("%s: its ENI is not one of this runtime's", s.ID)
	}
	i, err := r.create(ctx, s, e)
	if err != nil {
		return nil, err
	}
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
	d, err := i.r.docker(ctx)
	if err != nil {
		return err
	}
	at, err := d.ContainerInspect(ctx, i.containerID())
	if err != nil {
		return i.lost(err)
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
	made, limits, err := r.tryCreate(ctx, d, s, e)
	if errdefs.IsNotFound(err) { // somebody has removed the image: another installation's purge, or a person
		r.forgetImage()
		made, limits, err = r.tryCreate(ctx, d, s, e)
	}
	if errdefs.IsConflict(err) { // it is there already
		return r.find(ctx, s.Cloud, s.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.ID, err)
	}
	return r.adopt(&instance{
		r: r, cloud: s.Cloud, id: s.ID, container: made.ID, eni: e, state: compute.Created, limits: limits,
	}), nil
}

func (r *Runtime) tryCreate(ctx context.Context, d *engine, s compute.InstanceSpec, e *eni) (container.CreateResponse, compute.Limits, error) {
	image, err := r.imageOf(ctx, s)
	if err != nil {
		return container.CreateResponse{}, compute.Limits{}, err
	}
	config, host, limits := r.shape(d, s, e, image)
	made, err := d.ContainerCreate(ctx, config, host, nil, nil, r.name(s.Cloud, s.ID))
	return made, limits, err
}

func (r *Runtime) imageOf(ctx context.Context, s compute.InstanceSpec) (string, error) {
	if s.Image != "" {
		return r.imageRef(s.Cloud, s.Image), nil
	}
	return r.EnsureImage(ctx)
}

// shape is what Docker is told about an instance.
func (r *Runtime) shape(d *engine, s compute.InstanceSpec, e *eni, image string) (*container.Config, *container.HostConfig, compute.Limits) {
	e.mu.Lock()
	at := *e.want.Configure
	e.mu.Unlock()
	limits := clamp(d, s.CPUs, s.Memory)
	env := []string{
		compute.EnvHostname + "=" + at.Hostname,
		compute.EnvInstance + "=" + s.ID,
		compute.EnvEndpoint + "=http://" + compute.CloudAddress,
	}
	config := &container.Config{
		Image: image, Cmd: []string{"init"}, Env: append(env, s.Env...), StopSignal: "SIGTERM",
		Labels: r.labels(s.Cloud, kindInstance, s.ID, labelLab, s.Lab, labelVPC, e.vpc.ID, labelIP, at.IP.String(),
			labelSubnet, at.Subnet.String(), labelHost, at.Hostname, labelDisk, strconv.FormatInt(s.Disk, 10)),
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
