package docker

import (
	"context"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
)

// Docker finishes what it has begun, also when nobody waits for it any more, and its client does not end every call with its
// context. A Docker that hangs must neither hold us nor leave behind what nobody knows of.

// within waits for a call until ctx ends. A result that comes later is dropped, if there is anything to do about it.
func within[T any](ctx context.Context, call func(context.Context) (T, error), drop func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	over := make(chan result, 1)
	go func() {
		value, err := call(context.WithoutCancel(ctx))
		over <- result{value, err}
	}()
	select {
	case r := <-over:
		return r.value, r.err
	case <-ctx.Done():
	}
	go func() {
		if r := <-over; r.err == nil && drop != nil {
			drop(r.value)
		}
	}()
	var none T
	return none, ctx.Err()
}

// create makes a container. late gets one that comes after ctx has ended; it is nil for one that will be found by its name.
func (e *engine) create(ctx context.Context, c *container.Config, h *container.HostConfig, name string, late func(id string)) (id string, err error) {
	return within(ctx, func(ctx context.Context) (string, error) {
		made, err := e.ContainerCreate(ctx, c, h, nil, nil, name)
		return made.ID, full(err)
	}, late)
}

// discard removes a container that nobody knows of.
func (e *engine) discard(id string) {
	_ = e.ContainerRemove(context.Background(), id, container.RemoveOptions{Force: true, RemoveVolumes: true})
}

// ContainerAttach is the client's, which does not end with ctx once it has connected.
func (e *engine) ContainerAttach(ctx context.Context, id string, o container.AttachOptions) (types.HijackedResponse, error) {
	return within(ctx, func(ctx context.Context) (types.HijackedResponse, error) {
		return e.Client.ContainerAttach(ctx, id, o)
	}, func(h types.HijackedResponse) { h.Close() })
}

// ContainerExecAttach is the client's, which does not end with ctx once it has connected.
func (e *engine) ContainerExecAttach(ctx context.Context, id string, o container.ExecAttachOptions) (types.HijackedResponse, error) {
	return within(ctx, func(ctx context.Context) (types.HijackedResponse, error) {
		return e.Client.ContainerExecAttach(ctx, id, o)
	}, func(h types.HijackedResponse) { h.Close() })
}
