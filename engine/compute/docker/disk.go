package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/volume"
	"github.com/docker/docker/pkg/stdcopy"

	"haneul/engine/compute"
)

// CreateVolume makes an empty volume.
func (r *Runtime) CreateVolume(ctx context.Context, v compute.Volume) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	_, err = d.VolumeCreate(ctx, volume.CreateOptions{Name: r.name(v.Cloud, v.ID), Labels: r.labels(v.Cloud, kindVolume, v.ID)})
	return full(err)
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

// CopyVolume makes v as a copy of another, with a helper of the guest's. A copy that fails leaves no volume.
func (r *Runtime) CopyVolume(ctx context.Context, from string, v compute.Volume) error {
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
	if err := r.DeleteVolume(ctx, v.Cloud, v.ID); err != nil { // what a copy that was interrupted has left
		return err
	}
	if err := r.CreateVolume(ctx, v); err != nil {
		return err
	}
	if err := r.copyFiles(ctx, d, ref, from, v); err != nil {
		return errors.Join(fmt.Errorf("copying volume %s: %w", from, full(err)), r.DeleteVolume(context.WithoutCancel(ctx), v.Cloud, v.ID))
	}
	return nil
}

func (r *Runtime) copyFiles(ctx context.Context, d *engine, ref, from string, to compute.Volume) error {
	id, err := d.create(ctx, &container.Config{
		Image: ref, Cmd: []string{"copy", "/mnt/from", "/mnt/to"}, Labels: r.labels(to.Cloud, kindHelper, to.ID),
	}, &container.HostConfig{
		NetworkMode: "none",
		LogConfig:   container.LogConfig{Type: "none"},
		CapDrop:     []string{"ALL"}, CapAdd: []string{"CHOWN", "DAC_OVERRIDE", "FOWNER"}, // files of every user keep their owners
		SecurityOpt: []string{"no-new-privileges"},
		Mounts: []mount.Mount{
			{Type: mount.TypeVolume, Source: r.name(to.Cloud, from), Target: "/mnt/from", ReadOnly: true},
			{Type: mount.TypeVolume, Source: r.name(to.Cloud, to.ID), Target: "/mnt/to"},
		},
	}, "", d.discard)
	if err != nil {
		return err
	}
	defer r.remove(context.WithoutCancel(ctx), d, id)
	// Its words are heard, not read from a log: a disk that is full has no room for one.
	h, err := d.ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	defer h.Close()
	var said lines
	heard := make(chan struct{})
	go func() {
		_, _ = stdcopy.StdCopy(&said, &said, h.Reader)
		close(heard)
	}()
	ended, failed := d.ContainerWait(ctx, id, container.WaitConditionNextExit)
	if err := d.ContainerStart(ctx, id, container.StartOptions{}); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case end := <-ended:
		if end.StatusCode == 0 {
			return nil
		}
		<-heard
		return errors.New(strings.TrimSpace(string(said)))
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
	return i.lost(full(err))
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
