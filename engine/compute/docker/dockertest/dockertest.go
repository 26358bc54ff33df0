// Package dockertest gives tests a runtime on the real Docker, and makes sure that they leave nothing behind.
package dockertest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"haneul/engine/compute/docker"
)

// New is a runtime of the test's own, with an owner nobody else has. The test skips where no Docker answers. At its end
// everything is swept, and what is left then fails the test.
func New(t testing.TB, o docker.Options) *docker.Runtime {
	t.Helper()
	r := Open(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := r.Info(ctx); err != nil {
		t.Skipf("this test needs Docker: %v", err)
	}
	t.Cleanup(func() { sweep(t, r) })
	return r
}

// Open is a second runtime for the owner in o, as after a restart of the engine. The first one's sweep covers it.
func Open(t testing.TB, o docker.Options) *docker.Runtime {
	if o.Owner == "" {
		o.Owner = Owner()
	}
	if o.Cache == "" {
		o.Cache = filepath.Join(os.TempDir(), "haneul-test-cache")
	}
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Log == nil {
		o.Log = t.Logf
	}
	r := docker.New(o)
	t.Cleanup(func() { r.Close() })
	return r
}

// Owner is one nobody else has.
func Owner() string {
	var b [4]byte
	rand.Read(b[:])
	return "t" + hex.EncodeToString(b[:])
}

func sweep(t testing.TB, r *docker.Runtime) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := r.SweepAll(ctx); err != nil {
		t.Errorf("sweeping: %v", err)
	}
	left, err := r.Left(ctx)
	if err != nil {
		t.Errorf("looking for what is left: %v", err)
	}
	for _, name := range left {
		t.Errorf("left behind: %s", name)
	}
}
