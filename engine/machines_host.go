package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"haneul/engine/compute"
	"haneul/engine/emu"
)

// newCloud makes a cloud with machines of its own on the host's runtime.
func (h *Host) newCloud(born birth) (*emu.Cloud, *machines) {
	o := born.options(h.options.Log)
	if h.options.Runtime == nil {
		return New(o), nil
	}
	m := newMachines(born.Name, h.options.Runtime, h.follow)
	return newCloud(o, m), m
}

// watching is the work of a host that follows its runtime.
type watching struct {
	life  context.Context
	end   context.CancelFunc
	work  sync.WaitGroup
	begin sync.Once
	tidy  chan struct{} // closed when nothing is left of clouds that are no more
}

func (w *watching) stop() {
	w.end()
	w.work.Wait()
}

// follow listens to the runtime's events until the host closes. It begins with the first machine: an engine that runs none
// has no business with Docker.
func (h *Host) follow() {
	select {
	case <-h.watching.tidy:
	case <-h.watching.life.Done():
	}
	h.watching.begin.Do(func() {
		if h.watching.life.Err() != nil {
			return
		}
		h.watching.work.Go(func() {
			for e := range h.options.Runtime.Events(h.watching.life) {
				h.hear(e)
			}
		})
	})
}

// hear takes an event to the cloud it is about, or to all of them.
func (h *Host) hear(e compute.Event) {
	h.mu.RLock()
	var about []*hosted
	for _, name := range h.names() {
		if x := h.clouds[name]; x.machines != nil && (e.Cloud == name || e.Kind == compute.Reconnected) {
			about = append(about, x)
		}
	}
	h.mu.RUnlock()
	for _, x := range about {
		if err := x.machines.hear(h.watching.life, x.Cloud, e); err != nil {
			h.options.Log("cloud %s: an instance was %s, and %v", x.Name(), e.Kind, err)
		}
	}
}

// reconcile brings a cloud that was loaded and its machines together, in the background. Without Docker there is nothing
// to bring together: instances stay what they were until it is back.
func (h *Host) reconcile(c *emu.Cloud, m *machines) {
	if m == nil || h.options.Fresh {
		return
	}
	h.watching.work.Go(func() {
		ctx, cancel := context.WithTimeout(h.watching.life, time.Minute)
		defer cancel()
		if m.Ready(ctx) != nil {
			return
		}
		if err := m.reconcile(ctx, c); err != nil {
			h.options.Log("cloud %s: its instances could not be compared with their machines: %v", c.Name(), err)
		}
	})
}

// tidy removes, in the background, what an engine that was killed left of clouds that ended with it. Until it is done
// no cloud makes a machine.
func (h *Host) tidy() {
	if h.options.Runtime == nil || h.options.Fresh {
		close(h.watching.tidy)
		return
	}
	h.watching.work.Go(func() {
		defer close(h.watching.tidy)
		ctx, cancel := context.WithTimeout(h.watching.life, time.Minute)
		defer cancel()
		names, err := h.options.Runtime.Clouds(ctx)
		if errors.Is(err, compute.ErrNoRuntime) {
			return
		}
		for _, name := range names {
			h.mu.RLock()
			x := h.clouds[name]
			h.mu.RUnlock()
			if x == nil || x.dir == "" && x.machines != nil && !x.machines.used.Load() {
				err = errors.Join(err, h.options.Runtime.Sweep(ctx, name))
			}
		}
		if err != nil && ctx.Err() == nil {
			h.options.Log("what is left of clouds that are no more could not be removed: %v", err)
		}
	})
}

// Reset empties the cloud and removes its machines.
func (x *hosted) Reset() error {
	if err := x.Cloud.Reset(); err != nil {
		return err
	}
	return x.machines.sweep()
}

// sweep removes everything of a cloud from the runtime, if it ever had anything there.
func (m *machines) sweep() error {
	if m == nil {
		return nil
	}
	m.warming.Wait()
	if !m.used.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return m.runtime.Sweep(ctx, m.cloud)
}
