package docker

import (
	"context"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"

	"haneul/engine/compute"
)

// Events reports what happens to instances until ctx ends. After a break it says Reconnected: list, then.
func (r *Runtime) Events(ctx context.Context) <-chan compute.Event {
	out := make(chan compute.Event, 64)
	go func() {
		defer close(out)
		send := func(e compute.Event) bool {
			select {
			case out <- e:
				return true
			case <-ctx.Done():
				return false
			}
		}
		for broken := false; ctx.Err() == nil; {
			connected := func() {
				if broken {
					send(compute.Event{At: time.Now(), Kind: compute.Reconnected})
				}
				broken = false
			}
			r.follow(ctx, connected, send)
			if ctx.Err() == nil && !broken {
				broken = true
				send(compute.Event{At: time.Now(), Kind: compute.Disconnected})
			}
			select {
			case <-time.After(reconnectEvery):
			case <-ctx.Done():
			}
		}
	}()
	return out
}

const reconnectEvery = 500 * time.Millisecond

// follow forwards events until the stream breaks.
func (r *Runtime) follow(ctx context.Context, connected func(), send func(compute.Event) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d, err := r.docker(ctx)
	if err != nil {
		return
	}
	filter := r.labelled()
	filter.Add("type", string(events.ContainerEventType))
	for _, action := range []events.Action{
		events.ActionStart, events.ActionDie, events.ActionOOM, events.ActionPause, events.ActionUnPause, events.ActionDestroy,
	} {
		filter.Add("event", string(action))
	}
	stream, broke := d.Events(ctx, events.ListOptions{Filters: filter})
	if _, err := d.Ping(ctx); err != nil {
		return
	}
	connected()
	oom := map[string]bool{}
	for {
		select {
		case m := <-stream:
			if e, ok := r.translate(ctx, m, oom); ok && !send(e) {
				return
			}
		case <-broke:
			return
		}
	}
}

func (r *Runtime) translate(ctx context.Context, m events.Message, oom map[string]bool) (compute.Event, bool) {
	a := m.Actor.Attributes
	e := compute.Event{At: time.Unix(0, m.TimeNano), Cloud: a[labelCloud]}
	if a[labelKind] == kindENI {
		return r.networkEvent(ctx, m, e)
	}
	instance, _, ok := r.identity(a, a["name"])
	if !ok {
		return e, false
	}
	e.ID = instance
	id := m.Actor.ID
	if !r.current(e.Cloud, e.ID, id) {
		return e, false // of a container that rebuild has replaced
	}
	kinds := map[events.Action]compute.EventKind{
		events.ActionStart: compute.Started, events.ActionDie: compute.Died, events.ActionOOM: compute.OutOfMemory,
		events.ActionPause: compute.PausedEvent, events.ActionUnPause: compute.Resumed, events.ActionDestroy: compute.Removed,
	}
	e.Kind, e.Expected = kinds[m.Action], r.expected(id)
	switch m.Action {
	case events.ActionOOM:
		oom[id] = true
	case events.ActionStart:
		delete(oom, id)
	case events.ActionDie:
		e.ExitCode, _ = strconv.Atoi(a["exitCode"])
		e.OOM = oom[id]
		e.Reason = r.reason(id)
	case events.ActionDestroy:
		delete(oom, id)
	}
	r.note(e)
	return e, e.Kind != ""
}

// current reports whether a container is the one its instance runs in, as far as this process knows.
func (r *Runtime) current(cloud, instance, container string) bool {
	r.mu.Lock()
	i := r.instances[key{cloud, instance}]
	r.mu.Unlock()
	return i == nil || i.containerID() == container
}

// note keeps an instance's state true between listings.
func (r *Runtime) note(e compute.Event) {
	r.mu.Lock()
	i := r.instances[key{e.Cloud, e.ID}]
	r.mu.Unlock()
	states := map[compute.EventKind]compute.State{
		compute.Started: compute.Running, compute.Died: compute.Stopped, compute.PausedEvent: compute.Paused,
		compute.Resumed: compute.Running, compute.Removed: compute.Gone,
	}
	if s, ok := states[e.Kind]; ok && i != nil {
		i.set(s)
	}
}

// networkEvent finds the instance whose ENI died, or was paused, or goes on.
func (r *Runtime) networkEvent(ctx context.Context, m events.Message, e compute.Event) (compute.Event, bool) {
	kinds := map[events.Action]compute.EventKind{
		events.ActionDie: compute.NetworkLost, events.ActionPause: compute.NetworkLost, events.ActionUnPause: compute.Resumed,
	}
	e.Kind = kinds[m.Action]
	if e.Kind == "" || r.expected(m.Actor.ID) {
		return e, false
	}
	r.mu.Lock()
	network := r.enis[m.Actor.ID]
	r.mu.Unlock()
	switch {
	case network == nil:
	case m.Action == events.ActionPause:
		network.hangUp() // or everybody would wait for its answers
	case m.Action == events.ActionUnPause:
		go func() {
			ctx, cancel := context.WithTimeout(r.life, 10*time.Second)
			defer cancel()
			if err := network.later(network.push(ctx)); err != nil {
				r.o.Log("the ENI at %s: %v", network.IP(), err)
			}
		}()
	}
	d, err := r.docker(ctx)
	if err != nil {
		return e, false
	}
	all, err := d.ContainerList(ctx, container.ListOptions{Filters: r.labelled(labelCloud, e.Cloud, labelKind, kindInstance)})
	if err != nil {
		return e, false
	}
	for _, c := range all {
		if id, _, ok := r.which(c); ok && networkOf(c) == m.Actor.ID {
			e.ID = id
			return e, e.Kind != compute.Resumed || stateOf(c.State) == compute.Running // it may be paused itself
		}
	}
	return e, false
}
