package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"haneul/engine/admin"
	"haneul/engine/compute"
	"haneul/engine/ec2"
	"haneul/engine/emu"
)

// The admin API of instances: what a person at the machine, a grader or a load balancer may do beside the AWS API.

// look finds instances: one, or all if id is "". Whoever watches looks every second, so that it leaves no record in the
// journal; only the question for one that is not there does, which EC2 answers.
func look(x *hosted, id string) ([]admin.Instance, error) {
	is := []admin.Instance{}
	for _, l := range x.Resources() {
		for _, r := range l.Resources {
			if s := sightOf(r.Detail); s != nil && (id == "" || s.ID == id) {
				is = append(is, s.Instance)
			}
		}
	}
	if id != "" && len(is) == 0 {
		return nil, refuse(404, "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id)
	}
	return is, nil
}

func instances(x *hosted, _ *http.Request) (any, error) { return look(x, "") }

func instance(x *hosted, r *http.Request) (any, error) {
	is, err := look(x, r.PathValue("instance"))
	if err != nil {
		return nil, err
	}
	return is[0], nil
}

func console(x *hosted, r *http.Request) (any, error) {
	i, err := x.machine(r.Context(), r.PathValue("instance"))
	if err != nil {
		return nil, err
	}
	b, err := i.Console(r.Context())
	return map[string]string{"text": string(b)}, err
}

func strike(x *hosted, r *http.Request) (any, error) {
	var s admin.Strike
	if err := read(r, &s); err != nil {
		return nil, err
	}
	f := emu.Fault{Kind: emu.FaultKill, Service: "ec2", ARN: s.Kill, Zone: s.Zone}
	if s.Interrupt != "" {
		f.Kind, f.ARN = emu.FaultInterrupt, s.Interrupt
	}
	if given := []string{s.Kill, s.Interrupt, s.Zone}; len(slices.DeleteFunc(given, func(x string) bool { return x == "" })) != 1 {
		return nil, refuse(400, "BadBody", "Say one of kill, interrupt and zone.")
	}
	added, err := x.addFault(f)
	return admin.Struck{Instances: append([]string{}, added.Struck...)}, err
}

// machine is the machine of an instance that runs.
func (x *hosted) machine(ctx context.Context, id string) (compute.Instance, error) {
	is, err := look(x, id)
	if err != nil {
		return nil, err
	}
	if x.machines == nil {
		return nil, refuse(409, "NoMachines", "This cloud has no machines: it is a branch, or the engine has no Docker.")
	}
	i, err := x.machines.find(ctx, id)
	if errors.Is(err, ec2.ErrGone) {
		return nil, refuse(409, "IncorrectInstanceState", "The instance %s is %s: it has no machine.", id, is[0].State)
	}
	return i, err
}

// stream serves a route that takes its connection over. What goes wrong before that is an ordinary answer.
func (h *Host) stream(f func(context.Context, *hosted, http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x, err := h.find(r.PathValue("cloud"))
		if err == nil && r.Header.Get("Upgrade") != admin.Upgrade {
			err = refuse(426, "UpgradeRequired", "This route needs the header Upgrade: %s.", admin.Upgrade)
		}
		if err != nil {
			fail(w, err)
			return
		}
		h.used.hold()
		defer h.used.release()
		if err := f(r.Context(), x, w, r); err != nil {
			fail(w, err)
		}
	}
}

// serveExec runs a command in an instance.
func serveExec(ctx context.Context, x *hosted, w http.ResponseWriter, r *http.Request) error {
	var spec admin.ExecSpec
	if err := read(r, &spec); err != nil {
		return err
	}
	if len(spec.Cmd) == 0 {
		return refuse(400, "BadBody", "Name a command.")
	}
	i, err := x.machine(ctx, r.PathValue("instance"))
	if err != nil {
		return err
	}
	if i.State() != compute.Running {
		return refuse(409, "IncorrectInstanceState", "The instance %s does not run.", i.ID())
	}
	conn, in, err := admin.Hijack(w)
	if err != nil {
		return err
	}
	defer conn.Close()
	frames := admin.NewFrames(in, conn)
	// Nobody hears of an error after this but the client, in a frame.
	e := admin.Exit{}
	if e.Status, err = execute(ctx, i, spec, frames); err != nil {
		e.Error = err.Error()
	}
	last, _ := json.Marshal(e)
	_ = frames.Send(admin.FrameExit, last)
	return nil
}

func execute(ctx context.Context, i compute.Instance, spec admin.ExecSpec, frames *admin.Frames) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	run := compute.ExecSpec{Cmd: spec.Cmd, Env: spec.Env, User: spec.User, Dir: spec.Dir, TTY: spec.TTY, Columns: spec.Columns, Rows: spec.Rows,
		Stdout: frames.Writer(admin.FrameStdout), Stderr: frames.Writer(admin.FrameStderr)}
	var typed *io.PipeWriter
	if spec.Stdin {
		run.Stdin, typed = io.Pipe()
		defer typed.Close()
	}
	s, err := i.Exec(ctx, run)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	go func() {
		defer cancel() // the client has gone
		for {
			kind, payload, err := frames.Next()
			if err != nil {
				return
			}
			switch kind {
			case admin.FrameStdin:
				if typed != nil {
					_, _ = typed.Write(payload) // the command may not read any more
				}
			case admin.FrameEOF:
				if typed != nil {
					typed.Close()
				}
			case admin.FrameSize:
				if columns, rows, ok := admin.SizeOf(payload); ok {
					_ = s.Resize(ctx, columns, rows) // a size that does not arrive is no reason to hang up
				}
			}
		}
	}()
	return s.Wait(ctx)
}

// dialTimeout is how long a dial waits for an answer that a firewall may drop.
const dialTimeout = 10 * time.Second

// serveDial connects to a port of an instance, through the firewalls.
func serveDial(ctx context.Context, x *hosted, w http.ResponseWriter, r *http.Request) error {
	var spec admin.DialSpec
	if err := read(r, &spec); err != nil {
		return err
	}
	is, err := look(x, r.PathValue("instance"))
	if err != nil {
		return err
	}
	there, err := x.dial(ctx, is[0], spec)
	if err != nil {
		return err
	}
	defer there.Close()
	conn, in, err := admin.Hijack(w)
	if err != nil {
		return err
	}
	defer conn.Close()
	join(conn, in, there)
	return nil
}

// dial connects to an instance from an address.
func (x *hosted) dial(ctx context.Context, i admin.Instance, spec admin.DialSpec) (net.Conn, error) {
	if spec.From == "" {
		spec.From = admin.Anyone
	}
	from, err := netip.ParseAddr(spec.From)
	to, err2 := netip.ParseAddr(i.PrivateIP)
	switch {
	case err != nil || !from.Is4():
		return nil, refuse(400, "BadBody", "%q is no IPv4 address.", spec.From)
	case spec.Port < 1 || spec.Port > 65535:
		return nil, refuse(400, "BadBody", "%d is no port.", spec.Port)
	case err2 != nil || i.State != "running":
		return nil, refuse(409, admin.DialTimeout, "The instance %s is %s: nobody answers at its address.", i.ID, i.State)
	case !from.IsPrivate() && i.PublicIP == "":
		return nil, refuse(409, admin.DialTimeout, "The instance %s has no public address: the internet does not reach it.", i.ID)
	case x.machines == nil:
		return nil, refuse(409, "NoMachines", "This cloud has no machines: it is a branch, or the engine has no Docker.")
	}
	limit := dialTimeout
	if spec.Timeout > 0 {
		limit = time.Duration(spec.Timeout) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := x.machines.runtime.DialFrom(ctx, x.Name(), i.VPC, netip.AddrPortFrom(from, 0), netip.AddrPortFrom(to, uint16(spec.Port)))
	var refused interface{ Refused() bool }
	var late net.Error
	switch {
	case errors.As(err, &refused) && refused.Refused():
		return nil, refuse(409, admin.DialRefused, "Connection refused: nothing listens on port %d of %s.", spec.Port, i.ID)
	case errors.As(err, &late) && late.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return nil, refuse(409, admin.DialTimeout, "Connection timed out: nobody answered on port %d of %s to %s.", spec.Port, i.ID, from)
	}
	return conn, err
}

// join passes bytes in both directions until both have ended.
func join(conn net.Conn, in io.Reader, there net.Conn) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(there, in)
		closeWrite(there)
	}()
	_, _ = io.Copy(conn, there)
	closeWrite(conn)
	<-done
}

func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	c.Close()
}
