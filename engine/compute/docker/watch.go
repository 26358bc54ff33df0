package docker

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"

	"haneul/engine/compute"
	"haneul/engine/compute/guest/rootfs"
	"haneul/engine/compute/tunnel"
)

// keepFree is how much of Docker's disk instances leave to everybody else. When less is left, who has written more than spare
// since there was enough is stopped; who has not is not to blame.
const (
	keepFree = 2 << 30
	spare    = 64 << 20
)

// watchDisks begins to stop instances whose root disk is full. Docker cannot limit it on most machines, so this is late by a few
// seconds, and volumes are only covered by what is kept free.
func (r *Runtime) watchDisks() {
	r.watching.Do(func() { go (&diskWatch{r: r, wrote: map[string]int64{}, volumes: map[string]int64{}}).run() })
}

// diskWatch asks for the free space every second, which costs next to nothing, and for sizes when that has fallen, or every
// now and then.
type diskWatch struct {
	r     *Runtime
	at    time.Time // of the last look at sizes
	free  int64     // then
	known bool
	// wrote is what each container had written when there was room last. Of one that an earlier process launched, nobody knows
	// what it wrote when: it begins with the first look at it.
	wrote map[string]int64
	// volumes is what was in each container's volumes at the first look since then at which there was none.
	volumes map[string]int64
}

func (w *diskWatch) run() {
	life := w.r.life
	for {
		select {
		case <-life.Done():
			return
		case <-time.After(min(time.Second, w.r.o.DiskCheck)):
		}
		free, known := w.r.freeSpace(life)
		fell := known && w.known && free < w.free-spare
		if !fell && time.Since(w.at) < w.r.o.DiskCheck {
			continue
		}
		w.at, w.free, w.known = time.Now(), free, known
		if err := w.look(life); err != nil && life.Err() == nil {
			w.r.o.Log("looking at disks: %v", err)
		}
	}
}

func (w *diskWatch) look(ctx context.Context) error {
	r := w.r
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
	// Whoever writes fast has written while Docker counted: there was room for what it says only if there is still some.
	room := w.known && w.free >= keepFree
	free, known := r.freeSpace(ctx)
	room = room && known && free >= keepFree
	if known {
		w.free, w.known = free, true
	}
	low := w.known && w.free < keepFree
	var culprit container.Summary
	most := int64(spare)
	for _, c := range all {
		if _, seen := w.wrote[c.ID]; !seen && !r.hasLaunched(c) {
			w.wrote[c.ID] = c.SizeRw
		}
		if size := r.diskOf(c); size > 0 && c.SizeRw > size {
			r.stopFull(ctx, d, c, fmt.Sprintf("Its root disk of %.1f GiB is full.", gib(size)))
		} else if low {
			if grown := w.grown(ctx, c); grown > most {
				culprit, most = c, grown
			}
		}
		if room {
			w.wrote[c.ID] = c.SizeRw
			delete(w.volumes, c.ID)
		}
	}
	if culprit.ID != "" {
		r.stopFull(ctx, d, culprit, fmt.Sprintf("Docker's disk has only %.1f GiB left, and this instance has written the most.", gib(w.free)))
	}
	return nil
}

// grown is what an instance has written since there was room. Docker knows what is in its root disk; what is in volumes its
// own du says, and only when it matters.
func (w *diskWatch) grown(ctx context.Context, c container.Summary) int64 {
	grown := c.SizeRw - w.wrote[c.ID]
	now, err := w.r.inVolumes(ctx, c)
	if err != nil {
		w.r.o.Log("looking at volumes: %v", err)
		return grown
	}
	before, seen := w.volumes[c.ID]
	if !seen {
		w.volumes[c.ID], before = now, now
	}
	return grown + now - before
}

// inVolumes is how much an instance's volumes hold, in bytes.
func (r *Runtime) inVolumes(ctx context.Context, c container.Summary) (bytes int64, err error) {
	du := []string{rootfs.Program, "du", "-s", "-k"}
	paths := 0
	for _, m := range c.Mounts {
		if m.Type == mount.TypeVolume {
			du = append(du, m.Destination)
			paths++
		}
	}
	i := r.instanceOf(c)
	if paths == 0 || i == nil {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var out lines
	s, err := i.Exec(ctx, compute.ExecSpec{Cmd: du, Stdout: &out})
	if err != nil {
		return 0, err
	}
	if _, err := s.Wait(ctx); err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(out)) {
		kb, _, _ := strings.Cut(line, "\t")
		n, _ := strconv.ParseInt(kb, 10, 64)
		bytes += n << 10
	}
	return bytes, nil
}

// instanceOf is the instance of a container, nil if this process does not know it.
func (r *Runtime) instanceOf(c container.Summary) *instance {
	id, _, _ := r.which(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.instances[key{c.Labels[labelCloud], id}]
}

// hasLaunched reports whether this process launched the instance of a container.
func (r *Runtime) hasLaunched(c container.Summary) bool {
	i := r.instanceOf(c)
	return i != nil && i.launched
}

// diskOf is the size of an instance's root disk, 0 if nobody has said it.
func (r *Runtime) diskOf(c container.Summary) int64 {
	i := r.instanceOf(c)
	if i == nil {
		return 0
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.disk
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
	return answer.Free, err == nil
}

func (r *Runtime) stopFull(ctx context.Context, d *engine, c container.Summary, why string) {
	id, _, ok := r.which(c)
	if !ok {
		return
	}
	r.mu.Lock()
	r.reasons[c.ID] = why
	r.mu.Unlock()
	r.o.Log("instance %s was stopped: %s", id, why)
	seconds := int(stopGrace / time.Second)
	if err := d.ContainerStop(ctx, c.ID, container.StopOptions{Timeout: &seconds}); err != nil {
		r.o.Log("stopping %s: %v", id, err)
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
