package main

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"haneul/cmd/haneul/daemon"
	"haneul/engine/admin"
)

// home is where the engine of this learner is.
func (s *session) home() (*daemon.Home, error) {
	if !filepath.IsAbs(s.paths.data) {
		return nil, fail("no-home")
	}
	h := &daemon.Home{
		State: s.paths.engineState(), Log: s.paths.engineLog(), Cache: s.paths.cache, Dir: s.paths.clouds(),
		Executable: s.Executable, Environ: s.Environ,
	}
	exe, err := s.Executable()
	if err != nil {
		return nil, err
	}
	h.Build, err = daemon.BuildID(exe)
	return h, err
}

// engine is the running engine; it is started if there is none.
func (s *session) engine(ctx context.Context) (*daemon.Engine, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	e, err := h.Ensure(ctx)
	if err != nil {
		return nil, s.engineError(err)
	}
	if e.New {
		s.tellSetAside(ctx, e)
	}
	return e, nil
}

// tellSetAside says which clouds a new engine could not read.
func (s *session) tellSetAside(ctx context.Context, e *daemon.Engine) {
	status, err := e.Client().Status(ctx)
	if err != nil {
		return // the command that follows meets the same trouble and says so
	}
	s.hintSetAside(status.SetAside)
}

func (s *session) hintSetAside(clouds []admin.SetAside) {
	for _, a := range clouds {
		s.hint("cli.cloud.set-aside", "cloud", a.Cloud, "reason", a.Reason, "kept", a.Kept)
	}
}

// running is the engine if there is one, else a failure that says how to start it.
func (s *session) running(ctx context.Context) (*daemon.Engine, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	e, err := h.Find(ctx)
	return e, s.engineError(err)
}

// engineError puts what can go wrong with the engine into the learner's words.
func (s *session) engineError(err error) error {
	var start *daemon.StartError
	var busy *daemon.BusyError
	var listen *daemon.ListenError
	var hung *daemon.HungError
	var path *os.PathError
	var said *failure
	f := &failure{code: exitFailed, cause: err}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said):
		return said // in their words already
	case errors.Is(err, daemon.ErrNotRunning):
		return fail("engine-not-running")
	case errors.As(err, &start):
		f.key, f.cause, f.pairs = "cli.error.engine-start", start.Cause, []any{"log", start.Log}
	case errors.As(err, &hung):
		return fail("engine-hung", "pid", hung.PID)
	case errors.As(err, &busy) && busy.Engine != nil:
		return fail("engine-busy", "pid", busy.Engine.PID, "endpoint", busy.Engine.Endpoint)
	case errors.As(err, &busy):
		return fail("clouds-busy")
	case errors.As(err, &listen):
		f.key, f.pairs, f.cause = "cli.error.listen", []any{"address", listen.Address}, listen.Cause
	case errors.As(err, &path):
		f.key, f.pairs = "cli.error.read-only", []any{"path", path.Path}
	default:
		return err
	}
	return f
}

// engineLost tells whether an error is that of a connection to the engine that broke: we speak to nobody else.
func engineLost(err error) bool {
	var sent *url.Error
	return errors.As(err, &sent) || errors.Is(err, io.ErrUnexpectedEOF)
}

// cloudName is the cloud a command is about: --cloud, HANEUL_CLOUD, that of the started lab, or the default one.
func (s *session) cloudName() string {
	if s.cloudChoice != "" {
		return s.cloudChoice
	}
	if v := s.str("cloud"); v != "" {
		return v
	}
	if v := s.getenv("HANEUL_CLOUD"); v != "" {
		return v
	}
	if v := s.labCloud(); v != "" {
		return v
	}
	return admin.DefaultCloud
}

// cloud is that cloud in the running engine.
func (s *session) cloud(ctx context.Context) (*daemon.Engine, admin.Cloud, error) {
	e, err := s.engine(ctx)
	if err != nil {
		return nil, admin.Cloud{}, err
	}
	c, err := s.cloudIn(ctx, e)
	return e, c, err
}

func (s *session) cloudIn(ctx context.Context, e *daemon.Engine) (admin.Cloud, error) {
	name := s.cloudName()
	c, err := e.Client().Cloud(ctx, name)
	var refused *admin.Error
	if errors.As(err, &refused) && refused.Code == "NoSuchCloud" {
		return c, fail("no-such-cloud", "name", name)
	}
	return c, err
}
