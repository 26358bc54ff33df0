package docker

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/pkg/stdcopy"

	"haneul/engine/compute"
)

// session is a command in an instance, run by docker exec.
type session struct {
	d      *engine
	id     string
	tty    bool
	stream types.HijackedResponse
	copied chan struct{} // closed when all output is written
	once   sync.Once
}

// Exec runs a command in a running instance.
func (i *instance) Exec(ctx context.Context, e compute.ExecSpec) (compute.Session, error) {
	d, err := i.r.docker(ctx)
	if err != nil {
		return nil, err
	}
	o := container.ExecOptions{
		User: e.User, Cmd: e.Cmd, Env: e.Env, WorkingDir: e.Dir, Tty: e.TTY,
		AttachStdin: e.Stdin != nil, AttachStdout: true, AttachStderr: true,
	}
	made, err := d.ContainerExecCreate(ctx, i.containerID(), o)
	if err != nil {
		return nil, i.lost(err)
	}
	h, err := d.ContainerExecAttach(ctx, made.ID, container.ExecAttachOptions{Tty: e.TTY})
	if err != nil {
		return nil, err
	}
	s := &session{d: d, id: made.ID, tty: e.TTY, stream: h, copied: make(chan struct{})}
	// Before API 1.42 a terminal starts without a size.
	if err := s.Resize(ctx, e.Columns, e.Rows); err != nil {
		i.r.o.Log("the size of a terminal in %s: %v", i.id, err)
	}
	if e.Stdin != nil {
		go func() {
			_, _ = io.Copy(h.Conn, e.Stdin)
			_ = h.CloseWrite()
		}()
	}
	go func() {
		defer close(s.copied)
		out, errs := orDiscard(e.Stdout), orDiscard(e.Stderr)
		if e.TTY {
			_, _ = io.Copy(out, h.Reader)
		} else {
			_, _ = stdcopy.StdCopy(out, errs, h.Reader)
		}
	}()
	return s, nil
}

func orDiscard(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

func (s *session) Resize(ctx context.Context, columns, rows uint) error {
	if !s.tty || columns == 0 || rows == 0 {
		return nil
	}
	return s.d.ContainerExecResize(ctx, s.id, container.ResizeOptions{Height: rows, Width: columns})
}

func (s *session) Wait(ctx context.Context) (int, error) {
	select {
	case <-s.copied:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	// The stream may end a moment before Docker has noted the exit status.
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		at, err := s.d.ContainerExecInspect(ctx, s.id)
		switch {
		case err != nil:
			return 0, err
		case !at.Running:
			s.stream.Close()
			return at.ExitCode, nil
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return 0, fmt.Errorf("the command closed its output and runs on: %w", ctx.Err())
		}
	}
}

// Close hangs up. Docker leaves the command running, so a terminal's is told to end.
func (s *session) Close() error {
	s.once.Do(func() {
		if s.tty {
			_ = s.stream.Conn.SetWriteDeadline(time.Now().Add(time.Second))
			_, _ = s.stream.Conn.Write([]byte("\x03\x04"))
		}
		s.stream.Close()
	})
	return nil
}

// consoleSize is how much console output AWS keeps.
const consoleSize = 64 << 10

// Console is what the guest printed, the last 64 KB of it.
func (i *instance) Console(ctx context.Context) ([]byte, error) {
	d, err := i.r.docker(ctx)
	if err != nil {
		return nil, err
	}
	text, err := i.r.output(ctx, d, i.containerID())
	return text[max(0, len(text)-consoleSize):], i.lost(err)
}

// output is what a container has printed.
func (r *Runtime) output(ctx context.Context, d *engine, id string) ([]byte, error) {
	logs, err := d.ContainerLogs(ctx, id, container.LogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		return nil, err
	}
	defer logs.Close()
	var out lines
	_, err = stdcopy.StdCopy(&out, &out, logs)
	return out, err
}

// lines collects output of both streams in the order it came.
type lines []byte

func (l *lines) Write(b []byte) (int, error) {
	*l = append(*l, b...)
	return len(b), nil
}
