package docker

import (
	"context"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/volume"

	"haneul/engine/compute"
)

// CreateVolume makes an empty volume.
func (r *Runtime) CreateVolume(ctx context.Context, v compute.Volume) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	_, err = d.VolumeCreate(ctx, volume.CreateOptions{Name: r.name(v.Cloud, v.ID), Labels: r.labels(v.Cloud, kindVolume, v.ID)})
	return err
}

// DeleteVolume removes a volume; one that is gone is no error.
func (r *Runtime) DeleteVolume(ctx context.Context, cloud, id string) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	err = d.VolumeRemove(ctx, r.name(cloud, id), false)
	switch {
	case errdefs.IsNotFound(err):
		return nil
	case errdefs.IsConflict(err):
		return fmt.Errorf("volume %s: %w", id, compute.ErrInUse)
	}
	return err
}

// CopyVolume makes v as a copy of another, with a helper of the guest's.
func (r *Runtime) CopyVolume(ctx context.Context, from string, v compute.Volume) (err error) {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	if _, err := d.VolumeInspect(ctx, r.name(v.Cloud, from)); errdefs.IsNotFound(err) {
		return fmt.Errorf("volume %s: %w", from, compute.ErrNotFound) // Docker would make an empty one
	} else if err != nil {
		return err
	}
	ref, err := r.EnsureImage(ctx)
	if err != nil {
		return err
	}
	if err := r.CreateVolume(ctx, v); err != nil {
		return err
	}
	made, err := d.ContainerCreate(ctx, &container.Config{
		Image: ref, Cmd: []string{"copy", "/mnt/from", "/mnt/to"}, Labels: r.labels(v.Cloud, kindHelper, v.ID),
	}, &container.HostConfig{
		NetworkMode: "none",
		CapDrop:     []string{"ALL"}, CapAdd: []string{"CHOWN", "DAC_OVERRIDE", "FOWNER"}, // files of every user keep their owners
		SecurityOpt: []string{"no-new-privileges"},
		Mounts: []mount.Mount{
			{Type: mount.TypeVolume, Source: r.name(v.Cloud, from), Target: "/mnt/from", ReadOnly: true},
			{Type: mount.TypeVolume, Source: r.name(v.Cloud, v.ID), Target: "/mnt/to"},
		},
	}, nil, nil, "")
	if err != nil {
		return err
	}
	defer r.remove(context.WithoutCancel(ctx), d, made.ID)
	ended, failed := d.ContainerWait(ctx, made.ID, container.WaitConditionNextExit)
	if err := d.ContainerStart(ctx, made.ID, container.StartOptions{}); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case end := <-ended:
		if end.StatusCode != 0 {
			text, _ := r.output(ctx, d, made.ID)
			return fmt.Errorf("copying volume %s: %s", from, strings.TrimSpace(string(text)))
		}
		return nil
	}
}

// imageRef is what Docker calls an image made from an instance. Tags may hold more than repositories.
func (r *Runtime) imageRef(cloud, id string) string {
	return strings.Join([]string{"haneul/ami:" + r.o.Owner, cloud, id}, "-")
}

// Commit keeps the root disk as an image.
func (i *instance) Commit(ctx context.Context, id string) error {
	i.changing.Lock()
	defer i.changing.Unlock()
	d, err := i.r.docker(ctx)
	if err != nil {
		return err
	}
	return i.commit(ctx, d, i.r.imageRef(i.cloud, id), id)
}

func (i *instance) commit(ctx context.Context, d *engine, ref, id string) error {
	changes := []string{}
	for name, value := range i.r.labels(i.cloud, kindImage, id) {
		changes = append(changes, fmt.Sprintf("LABEL %s=%q", name, value))
	}
	_, err := d.ContainerCommit(ctx, i.containerID(), container.CommitOptions{Reference: ref, Changes: changes, Pause: true})
	return i.lost(err)
}

// DeleteImage removes an image made by Commit.
func (r *Runtime) DeleteImage(ctx context.Context, cloud, id string) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	// Force only takes the name away if an instance still uses it; layers go with the last user.
	_, err = d.ImageRemove(ctx, r.imageRef(cloud, id), image.RemoveOptions{Force: true, PruneChildren: true})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}
