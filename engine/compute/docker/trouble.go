package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/docker/docker/api/types/versions"

	"haneul/engine/compute"
)

// Trouble is why no instance can run. It is a [compute.ErrNoRuntime].
type Trouble struct {
	// Kind is none (nothing looks like Docker), silent (there is one, and it does not answer), permission, ssh, windows
	// (it runs Windows containers), old.
	Kind   string
	Host   string
	Probes []ProbeResult
}

// Error is one sentence that says what to do.
func (t *Trouble) Error() string {
	switch t.Kind {
	case "permission":
		return fmt.Sprintf("instances need Docker, and you may not use the one at %s: add yourself to its group (sudo usermod -aG docker $USER), log in again and retry", t.Host)
	case "ssh":
		return fmt.Sprintf("instances need Docker, and %s is reached over SSH, which haneul cannot: choose another with docker context use", t.Host)
	case "windows":
		return "instances need Linux containers, and Docker is set to Windows containers: switch in Docker Desktop's menu and retry"
	case "old":
		return fmt.Sprintf("instances need Docker 20.10 or newer, and the one at %s is older: update it and retry", t.Host)
	case "silent":
		return fmt.Sprintf("instances need Docker, and the one at %s does not answer: start Docker and retry", t.Host)
	}
	return "instances need Docker, and none was found: install it from https://docs.docker.com/get-docker/, start it and retry"
}

// Is makes it a compute.ErrNoRuntime.
func (t *Trouble) Is(target error) bool { return target == compute.ErrNoRuntime }

var errSSH = errors.New("haneul cannot reach Docker over SSH")

// oldestAPI is Docker 20.10's.
const oldestAPI = "1.41"

// connect finds the first Docker that answers and can run Linux containers.
func connect(ctx context.Context, getenv func(string) string) (*engine, error) {
	probes := Probe(ctx, getenv)
	for _, p := range probes {
		if p.OK {
			return open(ctx, p, probes)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, diagnose(probes)
}

func open(ctx context.Context, p ProbeResult, all []ProbeResult) (*engine, error) {
	c, err := p.client()
	if err != nil {
		return nil, err
	}
	e := &engine{Client: c, probe: p}
	c.NegotiateAPIVersion(ctx)
	if e.info, err = c.Info(ctx); err != nil {
		c.Close()
		return nil, err
	}
	kind := ""
	switch {
	case e.info.OSType == "windows":
		kind = "windows"
	case versions.LessThan(c.ClientVersion(), oldestAPI):
		kind = "old"
	}
	if kind != "" {
		c.Close()
		return nil, &Trouble{Kind: kind, Host: p.Host, Probes: all}
	}
	switch e.info.Architecture {
	case "x86_64", "amd64":
		e.arch = "amd64"
	case "aarch64", "arm64":
		e.arch = "arm64"
	default:
		c.Close()
		return nil, fmt.Errorf("the guest is not built for %s machines", e.info.Architecture)
	}
	return e, nil
}

func diagnose(probes []ProbeResult) *Trouble {
	t := &Trouble{Kind: "none", Probes: probes}
	rank := map[string]int{"none": 0, "silent": 1, "ssh": 2, "permission": 3}
	for _, p := range probes {
		kind := "silent"
		switch {
		case errors.Is(p.err, fs.ErrPermission) || strings.Contains(p.Error, "permission denied"):
			kind = "permission"
		case errors.Is(p.err, errSSH):
			kind = "ssh"
		}
		if rank[kind] > rank[t.Kind] {
			t.Kind, t.Host = kind, p.Host
		}
	}
	return t
}
