package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"

	"haneul/engine/compute"
)

// Find is one instance by its id.
func (r *Runtime) Find(ctx context.Context, cloud, id string) (compute.Instance, error) {
	i, err := r.find(ctx, cloud, id)
	if err != nil {
		return nil, err
	}
	return i, nil
}

func (r *Runtime) find(ctx context.Context, cloud, id string) (*instance, error) {
	filter := r.labelled(labelCloud, cloud, labelKind, kindInstance)
	filter.Add("name", r.name(cloud, id)+"_")
	found, err := r.list(ctx, filter)
	if err != nil {
		return nil, err
	}
	for _, i := range found {
		if i.id == id { // the filter is a pattern
			return i, nil
		}
	}
	r.mu.Lock()
	delete(r.instances, key{cloud, id})
	r.mu.Unlock()
	return nil, fmt.Errorf("instance %s: %w", id, compute.ErrNotFound)
}

// List is every instance of a cloud that has a container.
func (r *Runtime) List(ctx context.Context, cloud string) ([]compute.Instance, error) {
	found, err := r.list(ctx, r.labelled(labelCloud, cloud, labelKind, kindInstance))
	if err != nil {
		return nil, err
	}
	out := make([]compute.Instance, len(found))
	for n, i := range found {
		out[n] = i
	}
	return out, nil
}

func (r *Runtime) list(ctx context.Context, filter filters.Args) ([]*instance, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	r.exchanging.RLock()
	defer r.exchanging.RUnlock()
	all, err := d.ContainerList(ctx, container.ListOptions{All: true, Filters: filter})
	if err != nil {
		return nil, err
	}
	var out []*instance
	for _, c := range r.instancesAmong(ctx, d, all) {
		i, err := r.recognise(ctx, d, c)
		if errdefs.IsNotFound(err) || errors.Is(err, compute.ErrNotFound) {
			continue // it was removed while we looked
		} else if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b *instance) int { return strings.Compare(a.id, b.id) })
	return out, nil
}

// recognise finds the instance of a container, and makes it if it is from before this process.
func (r *Runtime) recognise(ctx context.Context, d *engine, c container.Summary) (*instance, error) {
	cloud := c.Labels[labelCloud]
	id, at, _ := r.which(c)
	r.mu.Lock()
	i := r.instances[key{cloud, id}]
	r.mu.Unlock()
	if i != nil && i.containerID() == c.ID {
		i.set(stateOf(c.State))
		return i, nil
	}
	full, err := d.ContainerInspect(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	e, err := r.oldENI(ctx, full, at)
	if err != nil {
		return nil, err
	}
	limits := compute.Limits{CPUs: float64(full.HostConfig.NanoCPUs) / 1e9, Memory: full.HostConfig.Memory}
	r.watchDisks()
	return r.adopt(&instance{
		r: r, cloud: cloud, id: id, container: c.ID, eni: e, state: stateOf(full.State.Status), limits: limits,
	}), nil
}

// oldENI is the ENI of an instance from before this process.
func (r *Runtime) oldENI(ctx context.Context, c container.InspectResponse, at compute.Address) (*eni, error) {
	l := c.Config.Labels
	x, err := r.vpc(ctx, l[labelCloud], l[labelVPC])
	if err != nil {
		return nil, err
	}
	e := r.newENI(x, strings.TrimPrefix(string(c.HostConfig.NetworkMode), "container:"))
	if e.IP() != at.IP {
		e.configure(at)
		if c.State.Running { // connections to the cloud work again
			go func() {
				if err := e.push(r.life); err != nil {
					r.o.Log("the ENI at %s: %v", at.IP, err)
				}
			}()
		}
	}
	return e, nil
}

// adopt remembers an instance, or returns the one that was faster.
func (r *Runtime) adopt(i *instance) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := key{i.cloud, i.id}
	if old := r.instances[k]; old != nil && old.containerID() == i.container {
		return old
	}
	r.instances[k] = i
	return i
}

func stateOf(s container.ContainerState) compute.State {
	switch s {
	case container.StateRunning, container.StateRestarting:
		return compute.Running
	case container.StatePaused:
		return compute.Paused
	case container.StateCreated:
		return compute.Created
	case container.StateRemoving:
		return compute.Gone
	}
	return compute.Stopped
}
