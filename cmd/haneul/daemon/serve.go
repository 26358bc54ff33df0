package daemon

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"haneul/engine"
)

// DefaultPort is where clients look for a cloud on this machine.
const DefaultPort = 4566

// watching is how often an engine in the background looks whether it should leave.
const watching = 5 * time.Second

// idle is how long the engine stays in the background without a call.
const idle = 30 * time.Minute

// ServeOptions are how an engine is run.
type ServeOptions struct {
	Listen     string // "" for the usual port or the next free one
	Dir        string // of the clouds, "" for memory only
	Account    string // of the default cloud when it is made
	AuthOff    bool
	SyncAlways bool
	Background bool
	// Ready is called once the engine answers at an endpoint; moved says that the usual port was taken.
	Ready func(h *engine.Host, endpoint string, moved bool)
}

// BusyError says that another engine has this home, or this folder of clouds, already.
type BusyError struct{ Engine *Engine }

func (e *BusyError) Error() string {
	if e.Engine == nil {
		return "another engine uses these clouds already"
	}
	return fmt.Sprintf("an engine is running already (process %d, %s)", e.Engine.PID, e.Engine.Endpoint)
}

// ListenError says that the address asked for cannot be had.
type ListenError struct {
	Address string
	Cause   error
}

func (e *ListenError) Error() string { return "cannot listen on " + e.Address + ": " + e.Cause.Error() }
func (e *ListenError) Unwrap() error { return e.Cause }

// memoryLimit makes the garbage collector work harder rather than let an engine full of messages outgrow a laptop. It is
// no hard limit.
const memoryLimit = 850 << 20

// Serve is the engine: it runs until ctx ends or somebody asks it to leave. In the foreground it takes the place of an
// engine in the background.
func (h *Home) Serve(ctx context.Context, o ServeOptions) error {
	if err := os.MkdirAll(filepath.Dir(h.State), 0o700); err != nil {
		return err
	}
	unlock, err := h.claim(ctx, o)
	if err != nil {
		return err
	}
	defer unlock()
	debug.SetMemoryLimit(memoryLimit)
	log := newLog(h.Log)
	token := newToken()
	machines := h.machines(o, log.printf)
	defer machines.Close()
	host, err := engine.Open(engine.HostOptions{
		Dir: o.Dir, Account: o.Account, AuthOff: o.AuthOff, SyncAlways: o.SyncAlways, Token: token, Build: h.Build, Log: log.printf,
		Runtime: machines, Fresh: !h.hadMachines(),
	})
	if err != nil {
		return err
	}
	machines.answer.Store(host)
	defer host.Close()
	listener, moved, err := listen(o.Listen, h.before())
	if err != nil {
		return err
	}
	self := Engine{PID: os.Getpid(), Endpoint: "http://" + reachable(listener), Token: token, Build: h.Build, Background: o.Background}
	if err := h.announce(self); err != nil {
		listener.Close()
		return err
	}
	defer h.retract(self)
	log.printf("process %d, build %s, listening on %s", self.PID, h.Build, self.Endpoint)
	if o.Ready != nil {
		o.Ready(host, self.Endpoint, moved)
	}
	if o.Background {
		var leave context.CancelFunc
		ctx, leave = context.WithCancel(ctx)
		defer leave()
		go h.watch(ctx, host, self, leave)
	}
	err = host.Serve(ctx, listener)
	log.printf("process %d leaves", self.PID)
	return err
}

// claim takes the lock of the home and that of the folder of clouds.
func (h *Home) claim(ctx context.Context, o ServeOptions) (unlock func(), err error) {
	own, err := tryLock(h.State + ".lock")
	if errors.Is(err, errHeld) {
		if own, err = h.inherit(ctx, o.Background); err != nil {
			return nil, err
		}
	}
	if err != nil || o.Dir == "" {
		return func() { own.Close() }, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		own.Close()
		return nil, err
	}
	clouds, err := tryLock(filepath.Join(o.Dir, ".lock"))
	if errors.Is(err, errHeld) {
		err = &BusyError{}
	}
	if err != nil {
		own.Close()
		return nil, err
	}
	return func() { clouds.Close(); own.Close() }, nil
}

// inherit takes the lock over from an engine that leaves: one in the background makes room for one in the foreground, and
// one whose state file was lost or damaged leaves by itself.
func (h *Home) inherit(ctx context.Context, background bool) (*os.File, error) {
	running, err := h.Find(ctx)
	if err == nil && (background || !running.Background) {
		return nil, &BusyError{running}
	}
	if err == nil {
		if err := h.Stop(ctx); err != nil && !errors.Is(err, ErrNotRunning) {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*watching)
	defer cancel()
	own, err := lock(ctx, h.State+".lock")
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, &BusyError{}
	}
	return own, err
}

// before is the address of an engine that was killed, "" if none was: programs that knew it find the next one there.
func (h *Home) before() string {
	var e Engine
	b, err := os.ReadFile(h.State)
	if err != nil || json.Unmarshal(b, &e) != nil {
		return ""
	}
	return strings.TrimPrefix(e.Endpoint, "http://")
}

// listen opens the address asked for; or the one before, or the usual port, or a free one near it.
func listen(address, before string) (l net.Listener, moved bool, err error) {
	if address = strings.TrimPrefix(address, "http://"); address != "" {
		if _, err := strconv.Atoi(address); err == nil {
			address = ":" + address
		}
		if address[0] == ':' {
			address = "127.0.0.1" + address
		}
		l, err = net.Listen("tcp", address)
		if err != nil {
			return nil, false, &ListenError{address, err}
		}
		return l, false, nil
	}
	if strings.HasPrefix(before, "127.0.0.1:") {
		if l, err = net.Listen("tcp", before); err == nil {
			return l, before != fmt.Sprintf("127.0.0.1:%d", DefaultPort), nil
		}
	}
	for port := DefaultPort; port < DefaultPort+40; port++ {
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return l, port != DefaultPort, nil
		}
	}
	l, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, false, &ListenError{"127.0.0.1", err}
	}
	return l, true, nil
}

// reachable is the address under which this machine reaches the listener.
func reachable(l net.Listener) string {
	a, ok := l.Addr().(*net.TCPAddr)
	if ok && a.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", a.Port)
	}
	return l.Addr().String()
}

func newToken() string {
	var b [24]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// announce writes the state file, whole or not at all.
func (h *Home) announce(e Engine) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(h.State), ".engine") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(append(b, '\n')); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), h.State)
}

// retract removes the state file, if it is still ours.
func (h *Home) retract(e Engine) {
	if h.isOurs(e) {
		os.Remove(h.State)
	}
}

func (h *Home) isOurs(e Engine) bool {
	b, err := os.ReadFile(h.State)
	var now Engine
	return err == nil && json.Unmarshal(b, &now) == nil && now == e
}

// watch makes an engine in the background leave when nobody needs it, or when its home is gone.
func (h *Home) watch(ctx context.Context, host *engine.Host, self Engine, leave func()) {
	tick := time.NewTicker(watching)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if host.Idle() > idle || !h.isOurs(self) {
			leave()
			return
		}
	}
}
