package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/pkg/stdcopy"

	"haneul/engine/compute"
)

// readyTime is how long a container may take from its start to READY.
const readyTime = 60 * time.Second

// start starts a container and returns when its program said READY.
func (r *Runtime) start(ctx context.Context, d *engine, id string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	return full(untilReady(ctx, d, id, func() error { return d.ContainerStart(ctx, id, container.StartOptions{}) }))
}

// untilReady makes a container's program boot and returns when it said READY.
func untilReady(ctx context.Context, d *engine, id string, boot func() error) error {
	// Attached before the boot, or the line could be missed.
	h, err := d.ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	defer h.Close()
	said := &announcement{ready: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		_, _ = stdcopy.StdCopy(said, said, h.Reader)
		close(ended)
	}()
	if err := boot(); err != nil {
		return err
	}
	select {
	case <-said.ready:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("it did not get ready: %w", ctx.Err())
	case <-ended:
	}
	select {
	case <-said.ready: // READY was the last thing it said
		return nil
	default:
		return fmt.Errorf("it ended before it was ready: %s", said.reason())
	}
}

// announcement looks for READY in a program's output.
type announcement struct {
	mu    sync.Mutex
	text  []byte
	ready chan struct{}
	seen  bool
}

func (a *announcement) Write(b []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen {
		return len(b), nil
	}
	a.text = append(a.text, b...)
	for line := range bytes.Lines(a.text) {
		if strings.TrimSpace(string(line)) == compute.Ready && bytes.HasSuffix(line, []byte("\n")) {
			a.seen = true
			close(a.ready)
			break
		}
	}
	return len(b), nil
}

func (a *announcement) reason() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for line := range strings.Lines(string(a.text)) {
		if why, ok := strings.CutPrefix(line, compute.Failed+" "); ok {
			return strings.TrimSpace(why)
		}
	}
	return strings.TrimSpace(string(a.text))
}

func isGone(err error) bool {
	if err == nil {
		return false
	}
	text := err.Error()
	return errdefs.IsNotFound(err) || strings.Contains(text, "already in progress") // of a removal
}

// removeTime is how long a removal is waited for, at most: after it an instance stays shutting-down until somebody asks again.
const removeTime = 3 * time.Minute

// remove takes a container away with its anonymous volumes; one that is gone is no error. After a failure for which ctx has
// ended it goes too, and is waited for as long as Docker may take to answer.
func (r *Runtime) remove(ctx context.Context, d *engine, id string) error {
	r.expect(id)
	wait := removeTime
	if ctx.Err() != nil {
		ctx, wait = context.WithoutCancel(ctx), probeTime
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	_, err := within(ctx, func(ctx context.Context) (none struct{}, err error) {
		return none, d.ContainerRemove(ctx, id, container.RemoveOptions{Force: true, RemoveVolumes: true})
	}, nil)
	if isGone(err) {
		return nil
	}
	return err
}

// removeAll takes away every container with these labels, first the instances, then what holds their networks.
func (r *Runtime) removeAll(ctx context.Context, d *engine, which filters.Args) error {
	all, err := d.ContainerList(ctx, container.ListOptions{All: true, Filters: which})
	if err != nil {
		return err
	}
	var errs []error
	for _, first := range []bool{true, false} {
		var ids []string
		for _, c := range all {
			if (c.Labels[labelKind] == kindInstance) == first {
				ids = append(ids, c.ID)
			}
		}
		errs = append(errs, parallel(ids, func(id string) error { return r.remove(ctx, d, id) }))
	}
	return errors.Join(errs...)
}

// parallel does something for every id, a few at a time.
func parallel(ids []string, do func(id string) error) error {
	var all sync.WaitGroup
	errs := make([]error, len(ids))
	slots := make(chan struct{}, 8)
	for i, id := range ids {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(id)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// expect makes the death of a container our own doing for a while.
func (r *Runtime) expect(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for old, until := range r.ours {
		if now.After(until) {
			delete(r.ours, old)
		}
	}
	r.ours[id] = now.Add(expectFor)
}

// expectFor is how late the event of a death we caused may come: after the longest grace of a stop.
const expectFor = 3 * time.Minute

func (r *Runtime) expected(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Before(r.ours[id])
}

// unexpect ends expect: the container has been started again.
func (r *Runtime) unexpect(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ours, id)
}
