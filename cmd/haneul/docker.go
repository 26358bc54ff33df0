package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
)

// dockerReport is what doctor found out about the Docker that instances would run on.
type dockerReport struct {
	Probes []docker.ProbeResult `json:"probes"` // everywhere it was looked for
	Works  bool                 `json:"works"`  // instances run, and their security groups are enforced

	Name    string   `json:"name,omitempty"` // with its version, e.g. "Docker 20.10.24"
	Host    string   `json:"host,omitempty"`
	API     string   `json:"api,omitempty"`
	Arch    string   `json:"arch,omitempty"`
	CPUs    int      `json:"cpus,omitempty"`
	Memory  int64    `json:"memory,omitempty"` // bytes
	Notices []string `json:"notices,omitempty"`

	// Trial is the trial firewall, nil if it did not come to that.
	Trial *dockerTrial `json:"trial,omitempty"`
	// Kind says what is missing: see [docker.Trouble]; "" if that is something else, or nothing.
	Kind  string `json:"kind,omitempty"`
	Error string `json:"error,omitempty"`
}

// dockerTrial is a firewall that was set in a throw-away network namespace.
type dockerTrial struct {
	OK    bool   `json:"ok"`
	Took  string `json:"took"` // e.g. 0.4s, without the making of the guest image
	Error string `json:"error,omitempty"`
}

// trialTime is how long the trial may take, the guest's first build included.
const trialTime = 5 * time.Minute

// tryDocker asks everywhere Docker usually is, and lets the first that answers set a firewall. Where there is none, that
// is known at once.
func (s *session) tryDocker(ctx context.Context) dockerReport {
	r := dockerReport{Probes: docker.Probe(ctx, s.getenv)}
	if r.Probes == nil {
		r.Probes = []docker.ProbeResult{}
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	h, err := s.home()
	if err != nil {
		r.Error = err.Error()
		return r
	}
	runtime := h.Machines(s.slowStep)
	defer runtime.Close()
	caps, err := runtime.Info(ctx)
	if err != nil {
		r.fail(err)
		return r
	}
	r.Name, r.Host, r.API, r.Arch, r.CPUs, r.Memory, r.Notices = caps.Name, caps.Host, caps.API, caps.Arch, caps.CPUs, caps.Memory, caps.Notices
	if err := h.MarkMachines(); err != nil {
		r.fail(err)
		return r
	}
	if _, err := runtime.EnsureImage(ctx); err != nil {
		r.fail(err)
		return r
	}
	began := time.Now()
	err = runtime.Check(ctx)
	r.Trial = &dockerTrial{OK: err == nil, Took: time.Since(began).Round(10 * time.Millisecond).String()}
	if err != nil {
		r.Trial.Error = err.Error()
		r.fail(err)
	}
	r.Works = err == nil
	return r
}

func (r *dockerReport) fail(err error) {
	r.Error = err.Error()
	var t *docker.Trouble
	if errors.As(err, &t) {
		r.Kind, r.Host = t.Kind, t.Host
	}
}

// slowStep tells on a terminal what takes a while.
func (s *session) slowStep(step docker.Step) {
	f, ok := s.Stderr.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) || step.Name == "find" {
		return
	}
	if step.Done {
		fmt.Fprint(f, "\r\033[K")
		return
	}
	fmt.Fprint(f, s.say("cli.doctor.step-"+step.Name))
}

// dockerFindings are a line for each place that was asked, one for what instances may use, one for the firewall, and, where
// something is missing, one that says what to do.
func (s *session) dockerFindings(r dockerReport) (out []finding) {
	note := func(status, key string, pairs ...any) {
		out = append(out, finding{"docker", status, s.say("cli.doctor."+key, pairs...)})
	}
	for _, p := range r.Probes {
		if p.OK {
			note("ok", "docker", "version", p.Version, "api", p.API, "host", p.Host, "from", p.From)
		} else {
			note("note", "docker-dead", "host", p.Host, "from", p.From, "error", p.Error)
		}
	}
	if r.CPUs > 0 {
		note("ok", "docker-size", "cpus", r.CPUs, "memory", fmt.Sprintf("%.1f", float64(r.Memory)/(1<<30)), "arch", r.Arch)
	}
	for _, n := range r.Notices {
		out = append(out, finding{"docker", "note", n})
	}
	switch {
	case r.Works:
		note("ok", "firewall", "took", r.Trial.Took)
	case r.Trial != nil:
		note("note", "firewall-fails", "error", r.Trial.Error)
	case slices.Contains(troubles, r.Kind):
		note("note", "trouble-"+r.Kind, "host", r.Host)
	default:
		note("note", "trouble", "error", strings.TrimPrefix(r.Error, compute.ErrNoRuntime.Error()+": "))
	}
	return out
}

// troubles are the kinds of [docker.Trouble] that we have a sentence for.
var troubles = []string{"none", "silent", "permission", "ssh", "windows", "old"}
