package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/docker/docker/client"
)

// dockerProbe is one place where Docker could be, and what was found there.
type dockerProbe struct {
	From    string `json:"from"` // DOCKER_HOST, the context's name, or "socket"
	Host    string `json:"host"`
	OK      bool   `json:"ok"`
	Version string `json:"version,omitempty"`
	API     string `json:"api,omitempty"`
	Error   string `json:"error,omitempty"`
}

// probeTime is how long one Docker may take to answer.
const probeTime = 2 * time.Second

// probeDocker asks everywhere Docker usually is, all at once. The first that answers is the one to use. Docker's own
// client knows DOCKER_HOST only, so contexts and sockets are looked for here.
func (s *session) probeDocker(ctx context.Context) []dockerProbe {
	probes := s.dockerPlaces()
	done := make(chan struct{})
	for i := range probes {
		go func() {
			probes[i].ask(ctx)
			done <- struct{}{}
		}()
	}
	for range probes {
		<-done
	}
	return probes
}

func (p *dockerProbe) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	c, err := client.NewClientWithOpts(client.WithHost(p.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		p.Error = err.Error()
		return
	}
	defer c.Close()
	v, err := c.ServerVersion(ctx)
	if err != nil {
		p.Error = err.Error()
		return
	}
	p.OK, p.Version, p.API = true, v.Version, v.APIVersion
}

// dockerPlaces lists the places: what the learner chose, else the sockets that exist.
func (s *session) dockerPlaces() []dockerProbe {
	if host := s.getenv("DOCKER_HOST"); host != "" {
		return []dockerProbe{{From: "DOCKER_HOST", Host: host}}
	}
	var probes []dockerProbe
	if name, host := s.dockerContext(); host != "" {
		probes = append(probes, dockerProbe{From: name, Host: host})
	}
	if runtime.GOOS == "windows" {
		return append(probes, dockerProbe{From: "socket", Host: "npipe:////./pipe/docker_engine"})
	}
	for _, path := range s.dockerSockets() {
		if _, err := os.Stat(path); err == nil {
			probes = append(probes, dockerProbe{From: "socket", Host: "unix://" + path})
		}
	}
	return probes
}

// dockerSockets are where Docker, Docker Desktop, rootless Docker, Colima, OrbStack, Rancher Desktop and Podman listen.
func (s *session) dockerSockets() []string {
	paths := []string{"/var/run/docker.sock"}
	if home := s.getenv("HOME"); home != "" {
		for _, p := range []string{".docker/run/docker.sock", ".colima/default/docker.sock", ".orbstack/run/docker.sock", ".rd/docker.sock"} {
			paths = append(paths, filepath.Join(home, p))
		}
	}
	if dir := s.getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append(paths, filepath.Join(dir, "docker.sock"), filepath.Join(dir, "podman", "podman.sock"))
	}
	return paths
}

// dockerContext is the chosen context's name and address, "" if it is the default one.
func (s *session) dockerContext() (name, host string) {
	dir := s.getenv("DOCKER_CONFIG")
	if dir == "" {
		dir = filepath.Join(s.userHome(), ".docker")
	}
	if name = s.getenv("DOCKER_CONTEXT"); name == "" {
		var config struct{ CurrentContext string }
		readJSON(filepath.Join(dir, "config.json"), &config)
		name = config.CurrentContext
	}
	if name == "" || name == "default" {
		return "", ""
	}
	sum := sha256.Sum256([]byte(name))
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	readJSON(filepath.Join(dir, "contexts", "meta", hex.EncodeToString(sum[:]), "meta.json"), &meta)
	return name, strings.TrimSpace(meta.Endpoints["docker"].Host)
}

// readJSON reads a file of Docker's; one that is missing or broken says nothing.
func readJSON(path string, v any) {
	if b, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(b, v)
	}
}
