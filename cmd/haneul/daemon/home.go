package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"haneul/engine/admin"
)

// Home says where an engine's files are and what to start if there is none.
type Home struct {
	State string // its state file; locks lie beside it
	Log   string
	Cache string // for copies of the program
	Dir   string // of the clouds

	Build      string // of this program, from [BuildID]
	Executable func() (string, error)
	Environ    []string
}

// Engine is a running engine, as its state file describes it.
type Engine struct {
	PID        int    `json:"pid"`
	Endpoint   string `json:"endpoint"` // e.g. http://127.0.0.1:4566
	Token      string `json:"token"`
	Build      string `json:"build"`
	Background bool   `json:"background"` // started by a command, leaves by itself
	New        bool   `json:"-"`          // Ensure has just started it
}

// Client speaks to the engine's admin API.
func (e *Engine) Client() *admin.Client { return admin.NewClient(e.Endpoint, e.Token) }

// ErrNotRunning says that no engine answers.
var ErrNotRunning = errors.New("no engine is running")

// StartError is an engine that did not come up.
type StartError struct {
	Log   string // where it may have said why
	Cause error
}

func (e *StartError) Error() string { return "the engine did not start: " + e.Cause.Error() }
func (e *StartError) Unwrap() error { return e.Cause }

// HungError is an engine that runs and does not answer.
type HungError struct{ PID int }

func (e *HungError) Error() string {
	return fmt.Sprintf("the engine (process %d) does not answer", e.PID)
}

// asking is how long an engine may take to say how it is.
const asking = 5 * time.Second

// Find returns the engine that answers, or ErrNotRunning.
func (h *Home) Find(ctx context.Context) (*Engine, error) {
	b, err := os.ReadFile(h.State)
	if err != nil {
		return nil, ErrNotRunning
	}
	e := new(Engine)
	if json.Unmarshal(b, e) != nil || e.Endpoint == "" {
		return nil, ErrNotRunning
	}
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	status, err := e.Client().Status(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &HungError{e.PID}
	case err != nil || status.PID != e.PID: // somebody else's server on that port
		return nil, ErrNotRunning
	}
	return e, nil
}

// Ensure returns the running engine, or starts one in the background. An engine of another build that a command had
// started is replaced; one that somebody runs in the foreground is used as it is.
func (h *Home) Ensure(ctx context.Context) (*Engine, error) {
	if e, err := h.Find(ctx); err == nil && h.suits(e) {
		return e, nil
	} else if err != nil && !errors.Is(err, ErrNotRunning) {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(h.State), 0o700); err != nil {
		return nil, err
	}
	starting, err := lock(ctx, h.State+".start")
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	switch e, err := h.Find(ctx); {
	case err == nil && h.suits(e):
		return e, nil // somebody else was faster
	case err == nil:
		if err := h.Stop(ctx); err != nil {
			return nil, err
		}
	case !errors.Is(err, ErrNotRunning):
		return nil, err
	}
	e, err := h.start(ctx)
	if err == nil {
		e.New = true
	}
	return e, err
}

func (h *Home) suits(e *Engine) bool { return e.Build == h.Build || !e.Background }

// leaving is how long an engine may take to finish.
const leaving = 10 * time.Second

// Stop asks the engine to leave and waits until it has. One that does not listen is killed: its journal loses nothing.
func (h *Home) Stop(ctx context.Context) error {
	b, err := os.ReadFile(h.State)
	e := new(Engine)
	if err != nil || json.Unmarshal(b, e) != nil || !h.alive() {
		os.Remove(h.State)
		return ErrNotRunning
	}
	ask, cancel := context.WithTimeout(ctx, asking)
	_ = e.Client().Shutdown(ask) // an engine that is deaf is dealt with below
	cancel()
	for deadline := time.Now().Add(leaving); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if !h.alive() {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	p, err := os.FindProcess(e.PID)
	if err == nil {
		err = p.Kill()
	}
	os.Remove(h.State)
	return err
}

// alive tells whether some process holds the engine's lock.
func (h *Home) alive() bool {
	f, err := tryLock(h.State + ".lock")
	if err != nil {
		return errors.Is(err, errHeld)
	}
	f.Close()
	return false
}
