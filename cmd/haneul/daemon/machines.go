package daemon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"haneul/engine"
	"haneul/engine/compute"
	"haneul/engine/compute/docker"
)

// machines is the Docker that an engine's instances run on. It looks for Docker when the first instance is wanted.
type machines struct {
	*docker.Runtime
	answer atomic.Pointer[engine.Host]
	used   atomic.Bool // there has been one
	mark   string      // the file that says so, for purge
}

// CreateVPC implements [compute.Runtime]; it is the first thing that any machine needs.
func (m *machines) CreateVPC(ctx context.Context, v compute.VPC) error {
	if !m.used.Swap(true) {
		if err := mark(m.mark); err != nil {
			return err
		}
	}
	return m.Runtime.CreateVPC(ctx, v)
}

func (h *Home) machines(o ServeOptions, log func(string, ...any)) *machines {
	m := &machines{mark: h.machinesMark()}
	m.Runtime = docker.New(docker.Options{
		Owner: owner(o.Dir, h.State), Cache: h.Cache, Getenv: h.getenv, Log: log,
		Cloud: func(_ docker.Origin, c net.Conn) {
			if host := m.answer.Load(); host != nil {
				host.Answer(c)
				return
			}
			c.Close()
		},
	})
	return m
}

// machinesMark is there once this home has had machines: only then is there something on Docker to remove.
func (h *Home) machinesMark() string { return h.State + ".machines" }

func (h *Home) hadMachines() bool {
	_, err := os.Stat(h.machinesMark())
	return err == nil
}

// MarkMachines says that this home has something on Docker. It is said before that is made.
func (h *Home) MarkMachines() error { return mark(h.machinesMark()) }

func mark(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, nil, 0o600)
}

// Machines is the Docker that this home's engine would run instances on, for a look at it. progress hears of slow steps.
func (h *Home) Machines(progress func(docker.Step)) *docker.Runtime {
	return docker.New(docker.Options{Owner: owner(h.Dir, h.State), Cache: h.Cache, Getenv: h.getenv, Progress: progress})
}

// PurgeMachines removes everything this home has on Docker. No engine may be running.
func (h *Home) PurgeMachines(ctx context.Context) error {
	if !h.hadMachines() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r := docker.New(docker.Options{Owner: h.Owner(), Cache: h.Cache, Getenv: h.getenv})
	defer r.Close()
	return r.Purge(ctx)
}

// Owner is the name on everything that this home has on Docker.
func (h *Home) Owner() string { return owner(h.Dir, h.State) }

// owner tells what this folder of clouds runs from what others run on the same Docker.
func owner(dir, state string) string {
	if dir == "" {
		dir = "memory of " + state
	}
	sum := sha256.Sum256([]byte(dir))
	return hex.EncodeToString(sum[:5])
}

func (h *Home) getenv(name string) string {
	for _, entry := range h.Environ {
		if v, ok := strings.CutPrefix(entry, name+"="); ok {
			return v
		}
	}
	return ""
}
