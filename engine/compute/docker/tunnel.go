package docker

import (
	"context"
	"io"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"haneul/engine/compute/guest/rootfs"
	"haneul/engine/compute/tunnel"
)

// open returns the tunnel into the ENI, and opens it if need be.
func (e *eni) open(ctx context.Context) (*tunnel.Client, error) {
	e.opening.Lock()
	defer e.opening.Unlock()
	e.mu.Lock()
	t := e.tunnel
	e.mu.Unlock()
	if t != nil && !isClosed(t) {
		return t, nil
	}
	d, err := e.r.docker(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := dialTunnel(ctx, d, e.id)
	if err != nil {
		return nil, err
	}
	if t, err = tunnel.NewClient(stream); err != nil {
		stream.Close()
		return nil, err
	}
	if _, err := t.Do(ctx, tunnel.Request{}); err != nil { // the agent answers
		t.Close()
		return nil, err
	}
	e.mu.Lock()
	e.tunnel = t
	e.mu.Unlock()
	go e.serve(t)
	return t, nil
}

// connected reports whether the tunnel is open, and so the container runs.
func (e *eni) connected() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tunnel != nil && !isClosed(e.tunnel)
}

func isClosed(t *tunnel.Client) bool {
	select {
	case <-t.Done():
		return true
	default:
		return false
	}
}

// serve hands the instance's connections to the cloud, and opens the tunnel again when it breaks while the ENI lives.
func (e *eni) serve(t *tunnel.Client) {
	for {
		c, err := t.Accept()
		if err != nil {
			break
		}
		if e.r.o.Cloud == nil {
			c.Close()
			continue
		}
		go e.r.o.Cloud(Origin{e.vpc.VPC, e.IP()}, c)
	}
	t.Close()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		select {
		case <-e.r.life.Done():
			return
		case <-time.After(wait):
		}
		e.mu.Lock()
		over := e.gone || e.tunnel != t
		e.mu.Unlock()
		if over || !e.running() {
			return // ensure opens another if the container is started again
		}
		ctx, cancel := context.WithTimeout(e.r.life, 10*time.Second)
		_, err := e.open(ctx)
		cancel()
		if err == nil {
			return
		}
	}
}

// running reports whether the container may still be there and answer; a Docker that does not answer says nothing about it.
func (e *eni) running() bool {
	ctx, cancel := context.WithTimeout(e.r.life, probeTime)
	defer cancel()
	d, err := e.r.docker(ctx)
	if err != nil {
		return true
	}
	at, err := d.ContainerInspect(ctx, e.id)
	if err != nil {
		return !isGone(err)
	}
	return at.State.Running && !at.State.Paused
}

// hangUp closes the tunnel.
func (e *eni) hangUp() {
	e.mu.Lock()
	t := e.tunnel
	e.tunnel = nil
	e.mu.Unlock()
	if t != nil {
		t.Close()
	}
}

// stdio is an exec's standard streams as one.
type stdio struct {
	io.Reader
	io.WriteCloser
}

// dialTunnel runs `guest tunnel` in a container.
func dialTunnel(ctx context.Context, d *engine, id string) (io.ReadWriteCloser, error) {
	x, err := d.ContainerExecCreate(ctx, id, container.ExecOptions{
		User: "0", AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: []string{rootfs.Program, "tunnel"},
	})
	if err != nil {
		return nil, err
	}
	h, err := d.ContainerExecAttach(ctx, x.ID, container.ExecAttachOptions{})
	if err != nil {
		return nil, err
	}
	out, in := io.Pipe()
	go func() {
		_, err := stdcopy.StdCopy(in, io.Discard, h.Reader)
		in.CloseWithError(err)
	}()
	return stdio{out, h.Conn}, nil
}
