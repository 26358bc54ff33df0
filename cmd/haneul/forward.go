package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"haneul/engine/admin"
)

// forward makes a port of the instance a port of this machine. It reaches the port as the internet does: the instance's
// security groups decide about every connection, unlike in ssh -L, where only port 22 needs to be open.
type forward struct{ local, remote int } // local 0 picks a free port

// parseForward reads LOCAL:REMOTE, or one port for both.
func parseForward(word string) (f forward, ok bool) {
	local, remote, two := strings.Cut(word, ":")
	if !two {
		remote = local
	}
	l, err := strconv.ParseUint(local, 10, 16)
	r, err2 := strconv.ParseUint(remote, 10, 16)
	return forward{int(l), int(r)}, err == nil && err2 == nil && r > 0
}

// listen opens the local ports, to this machine only. They close with ctx.
func (v *visit) listen(ctx context.Context) error {
	said := &complaints{v: v, told: map[string]bool{}}
	v.say("cli.connect.forward") // reads the course, before several want it at once
	for _, f := range v.forwards {
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", f.local))
		if err != nil {
			return &failure{code: exitUnreachable, key: "cli.error.connect-listen", pairs: []any{"port", f.local}, cause: err}
		}
		context.AfterFunc(ctx, func() { l.Close() })
		v.remark("cli.connect.forward", "local", l.Addr(), "port", f.remote, "instance", titled(v.instance), "from", v.from)
		go v.accept(ctx, l, f.remote, said)
	}
	if v.only() {
		v.remark("cli.connect.forwarding")
	}
	return nil
}

// glances is how often forwarding alone looks whether its instance is still there.
const glances = 3 * time.Second

// stay forwards until ctx ends or the instance is terminated. One that is stopped may be started again, and an engine that was
// killed says nothing about it.
func (v *visit) stay(ctx context.Context) error {
	for tick := time.Tick(glances); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		}
		now, err := v.admin().Instance(ctx, v.cloud, v.instance.ID)
		switch {
		case foreign(err):
			_ = v.renew(ctx) // else at the next connection
		case missing(err), err == nil && (now.State == "shutting-down" || now.State == "terminated"):
			if err := v.closed(ctx, nil); err != nil {
				return err
			}
		}
	}
}

// foreign reports whether another engine answered than the one we know: ours was killed, and its successor has the port.
func foreign(err error) bool {
	var refused *admin.Error
	return errors.As(err, &refused) && refused.Status == http.StatusForbidden
}

// missing reports whether there is no such instance any more, or no such cloud.
func missing(err error) bool {
	var refused *admin.Error
	return errors.As(err, &refused) && refused.Status == http.StatusNotFound
}

// renew finds the engine again, or starts one.
func (v *visit) renew(ctx context.Context) error {
	e, err := v.engine(ctx)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.client = e.Client()
	return nil
}

func (v *visit) accept(ctx context.Context, l net.Listener, port int, said *complaints) {
	for {
		here, err := l.Accept()
		if err != nil {
			return // closed with ctx
		}
		go func() {
			defer here.Close()
			there, err := v.dialAgain(ctx, port)
			if err != nil {
				said.tell(v.missed(ctx, port, err))
				return
			}
			defer there.Close()
			said.well()
			relay(here, there)
		}()
	}
}

// missed says why a connection failed: the instance may have ended meanwhile, and then no firewall is to blame.
func (v *visit) missed(ctx context.Context, port int, err error) error {
	now, gone := v.admin().Instance(ctx, v.cloud, v.instance.ID)
	if missing(gone) {
		return unreachable("connect-gone", "instance", titled(v.instance))
	}
	if gone == nil {
		if err := v.answers(now); err != nil {
			return err
		}
	}
	return v.shut(port, err)
}

// dialAgain connects to a port of the instance. The engine may have left or been killed since the last time: then it is
// started again.
func (v *visit) dialAgain(ctx context.Context, port int) (io.ReadWriteCloser, error) {
	spec := admin.DialSpec{From: v.from, Port: port, Timeout: int(knocking / time.Millisecond)}
	conn, err := v.admin().Dial(ctx, v.cloud, v.instance.ID, spec)
	var refused *admin.Error
	if err == nil || errors.As(err, &refused) && !foreign(err) || ctx.Err() != nil {
		return conn, err
	}
	if err := v.renew(ctx); err != nil {
		return nil, err
	}
	return v.admin().Dial(ctx, v.cloud, v.instance.ID, spec)
}

// relay passes bytes both ways until both ends are done.
func relay(here net.Conn, there io.ReadWriteCloser) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(there, here)
		if half, ok := there.(interface{ CloseWrite() error }); !ok || half.CloseWrite() != nil {
			there.Close()
		}
	}()
	_, _ = io.Copy(here, there)
	if half, ok := here.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	<-done
}

// complaints tells of connections that failed, each way of failing once, until the port has answered again.
type complaints struct {
	v    *visit
	mu   sync.Mutex
	told map[string]bool
}

func (c *complaints) tell(err error) {
	var f *failure
	text := err.Error()
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.As(err, &f) {
		text = c.v.sentence(f)
	}
	if c.told[text] {
		return
	}
	c.told[text] = true
	text = "haneul: " + text + "\n"
	if c.v.atTerminal() && !c.v.only() { // a shell has the terminal, which is raw
		text = "\r\n" + strings.ReplaceAll(text, "\n", "\r\n")
	}
	io.WriteString(c.v.Stderr, text)
}

// well is a connection that did not fail.
func (c *complaints) well() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.told)
}
