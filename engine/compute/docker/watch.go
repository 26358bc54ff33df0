package docker

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute/tunnel"
)

// keepFree is how much of Docker's disk instances leave to everybody else.
const keepFree = 2 << 30

// watchDisks stops instances whose root disk is full. Docker cannot limit it on most machines, so this is late by a few
// seconds, and volumes are only covered by what is kept free.
func (r *Runtime) watchDisks() {
	for {
		select {
		case <-r.life.Done():
			return
		case <-time.After(r.o.DiskCheck):
		}
		if err := r.checkDisks(r.life); err != nil && r.life.Err() == nil {
			r.o.Log("looking at disks: %v", err)
		}
	}
}

func (r *Runtime) checkDisks(ctx context.Context) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	// Asking for sizes makes Docker walk through every file, so only of those that run.
	filter := r.labelled(labelKind, kindInstance)
	filter.Add("status", "running")
	all, err := d.ContainerList(ctx, container.ListOptions{Size: true, Filters: filter})
	if err != nil {
		return err
	}
	free, known := r.freeSpace(ctx)
	var largest container.Summary
	for _, c := range all {
		if size, _ := strconv.ParseInt(c.Labels[labelDisk], 10, 64); size > 0 && c.SizeRw > size {
			r.stopFull(ctx, d, c, fmt.Sprintf("Its root disk of %.1f GiB is full.", gib(size)))
		} else if c.SizeRw >= largest.SizeRw {
			largest = c
		}
	}
	if known && free < keepFree && largest.ID != "" {
		r.stopFull(ctx, d, largest, fmt.Sprintf("Docker's disk has only %.1f GiB left, and this instance has written the most.", gib(free)))
	}
	return nil
}

// freeSpace asks one of the ENIs: they are where Docker writes.
func (r *Runtime) freeSpace(ctx context.Context) (free int64, known bool) {
	r.mu.Lock()
	var any *eni
	for _, e := range r.enis {
		if e.connected() {
			any = e
			break
		}
	}
	r.mu.Unlock()
	if any == nil {
		return 0, false
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	t, err := any.open(ctx)
	if err != nil {
		return 0, false
	}
	answer, err := t.Do(ctx, tunnel.Request{})
	return answer.Free, err == nil && answer.Free > 0
}

func (r *Runtime) stopFull(ctx context.Context, d *engine, c container.Summary, why string) {
	r.mu.Lock()
	r.reasons[c.ID] = why
	r.mu.Unlock()
	r.o.Log("instance %s was stopped: %s", c.Labels[labelID], why)
	seconds := int(stopGrace / time.Second)
	if err := d.ContainerStop(ctx, c.ID, container.StopOptions{Timeout: &seconds}); err != nil {
		r.o.Log("stopping %s: %v", c.Labels[labelID], err)
	}
}

// reason is why a container was stopped, told once.
func (r *Runtime) reason(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	why := r.reasons[id]
	delete(r.reasons, id)
	return why
}
