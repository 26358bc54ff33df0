package docker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
)

// Sweep removes everything of a cloud: instances, networks, volumes and images, by label.
func (r *Runtime) Sweep(ctx context.Context, cloud string) error {
	return r.sweep(ctx, r.labelled(labelCloud, cloud), func(v *vpc) bool { return v.Cloud == cloud })
}

// Clouds names the clouds that have anything on Docker.
func (r *Runtime) Clouds(ctx context.Context) ([]string, error) {
	all, err := r.inventory(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, x := range all {
		names[x.labels[labelCloud]] = true
	}
	delete(names, "")
	return slices.Sorted(maps.Keys(names)), nil
}

// SweepAll removes everything of this installation, whatever the cloud.
func (r *Runtime) SweepAll(ctx context.Context) error {
	return r.sweep(ctx, r.labelled(), func(*vpc) bool { return true })
}

// Purge is SweepAll, and takes the guest images too. One that another installation uses stays.
func (r *Runtime) Purge(ctx context.Context) error {
	if err := r.SweepAll(ctx); err != nil {
		return err
	}
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	all, err := guests(ctx, d)
	if err != nil {
		return err
	}
	var errs []error
	for _, i := range all {
		if _, err := d.ImageRemove(ctx, i.ID, image.RemoveOptions{}); !errdefs.IsConflict(err) {
			errs = append(errs, gone(err))
		}
	}
	return errors.Join(errs...)
}

func (r *Runtime) sweep(ctx context.Context, which filters.Args, mine func(*vpc) bool) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	var pools []*pool
	r.mu.Lock()
	for _, v := range r.vpcs {
		if mine(v) {
			pools = append(pools, &v.pool)
		}
	}
	r.mu.Unlock()
	for _, p := range pools {
		p.close()
	}
	err = errors.Join(
		r.removeAll(ctx, d, which), r.sweepNetworks(ctx, d, which), r.sweepVolumes(ctx, d, which), r.sweepImages(ctx, d, which))
	r.forget(mine)
	return err
}

func (r *Runtime) sweepNetworks(ctx context.Context, d *engine, which filters.Args) error {
	all, err := d.NetworkList(ctx, network.ListOptions{Filters: which})
	if err != nil {
		return err
	}
	var ids []string
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	return parallel(ids, func(id string) error { return gone(d.NetworkRemove(ctx, id)) })
}

func (r *Runtime) sweepVolumes(ctx context.Context, d *engine, which filters.Args) error {
	all, err := d.VolumeList(ctx, volume.ListOptions{Filters: which})
	if err != nil {
		return err
	}
	var names []string
	for _, v := range all.Volumes {
		names = append(names, v.Name)
	}
	return parallel(names, func(name string) error { return gone(d.VolumeRemove(ctx, name, true)) })
}

func (r *Runtime) sweepImages(ctx context.Context, d *engine, which filters.Args) error {
	all, err := d.ImageList(ctx, image.ListOptions{Filters: which})
	if err != nil {
		return err
	}
	var errs []error
	for _, i := range all { // one after the other: they are each other's parents
		_, err := d.ImageRemove(ctx, i.ID, image.RemoveOptions{Force: true, PruneChildren: true})
		errs = append(errs, gone(err))
	}
	return errors.Join(errs...)
}

// gone makes removing what is not there a success.
func gone(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// Left lists everything of this installation that Docker still has.
func (r *Runtime) Left(ctx context.Context) (names []string, err error) {
	all, err := r.inventory(ctx)
	for _, x := range all {
		names = append(names, x.name)
	}
	return names, err
}

// thing is something of this installation's.
type thing struct {
	name   string // with what it is
	labels map[string]string
}

func (r *Runtime) inventory(ctx context.Context) (all []thing, err error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	which := r.labelled()
	containers, err1 := d.ContainerList(ctx, container.ListOptions{All: true, Filters: which})
	networks, err2 := d.NetworkList(ctx, network.ListOptions{Filters: which})
	volumes, err3 := d.VolumeList(ctx, volume.ListOptions{Filters: which})
	images, err4 := d.ImageList(ctx, image.ListOptions{All: true, Filters: which})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	for _, c := range containers {
		all = append(all, thing{"container " + strings.Join(c.Names, " "), c.Labels})
	}
	for _, n := range networks {
		all = append(all, thing{"network " + n.Name, n.Labels})
	}
	for _, v := range volumes.Volumes {
		all = append(all, thing{"volume " + v.Name, v.Labels})
	}
	for _, i := range images {
		all = append(all, thing{"image " + i.ID, i.Labels})
	}
	return all, nil
}
