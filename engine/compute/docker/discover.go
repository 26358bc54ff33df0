package docker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/docker/docker/client"
)

// ProbeResult is one place where Docker could be, and what was found there.
type ProbeResult struct {
	From    string `json:"from"` // DOCKER_HOST, the context's name, or "socket"
	Host    string `json:"host"`
	OK      bool   `json:"ok"`
	Version string `json:"version,omitempty"`
	API     string `json:"api,omitempty"`
	Error   string `json:"error,omitempty"`

	certs string // folder of ca.pem, cert.pem and key.pem
	err   error
}

// probeTime is how long one Docker may take to answer.
const probeTime = 2 * time.Second

// Probe asks everywhere Docker usually is, all at once; the first that is OK is the one to use. Docker's own client knows
// DOCKER_HOST only, so contexts and sockets are looked for here.
func Probe(ctx context.Context, getenv func(string) string) []ProbeResult {
	probes := places(getenv)
	var all sync.WaitGroup
	for i := range probes {
		all.Go(func() { probes[i].ask(ctx) })
	}
	all.Wait()
	return probes
}

func (p *ProbeResult) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	c, err := p.client()
	if err == nil {
		defer c.Close()
		v, verr := c.ServerVersion(ctx)
		err = verr
		p.Version, p.API = v.Version, v.APIVersion
	}
	p.OK, p.err = err == nil, err
	if err != nil {
		p.Error = err.Error()
	}
}

func (p *ProbeResult) client() (*client.Client, error) {
	if strings.HasPrefix(p.Host, "ssh://") {
		return nil, errSSH
	}
	opts := []client.Opt{client.WithHost(p.Host), client.WithAPIVersionNegotiation()}
	if p.certs != "" {
		opts = append(opts, client.WithTLSClientConfig(
			filepath.Join(p.certs, "ca.pem"), filepath.Join(p.certs, "cert.pem"), filepath.Join(p.certs, "key.pem")))
	}
	return client.NewClientWithOpts(opts...)
}

// places lists where to ask: what the learner chose, else the sockets that exist.
func places(getenv func(string) string) []ProbeResult {
	if host := getenv("DOCKER_HOST"); host != "" {
		p := ProbeResult{From: "DOCKER_HOST", Host: host}
		if getenv("DOCKER_TLS_VERIFY") != "" {
			p.certs = getenv("DOCKER_CERT_PATH")
		}
		return []ProbeResult{p}
	}
	var probes []ProbeResult
	if p, ok := currentContext(getenv); ok {
		probes = append(probes, p)
	}
	if runtime.GOOS == "windows" {
		for _, pipe := range []string{"docker_engine", "dockerDesktopLinuxEngine", "podman-machine-default"} {
			probes = append(probes, ProbeResult{From: "socket", Host: "npipe:////./pipe/" + pipe})
		}
		return probes
	}
	for _, path := range sockets(getenv) {
		if _, err := os.Stat(path); err == nil {
			probes = append(probes, ProbeResult{From: "socket", Host: "unix://" + path})
		}
	}
	return probes
}

// sockets are where Docker, Docker Desktop, rootless Docker, Colima, OrbStack, Rancher Desktop and Podman listen.
func sockets(getenv func(string) string) []string {
	paths := []string{"/var/run/docker.sock"}
	if home := getenv("HOME"); home != "" {
		for _, p := range []string{
			".docker/run/docker.sock", ".docker/desktop/docker.sock", ".colima/default/docker.sock", ".config/colima/default/docker.sock",
			".orbstack/run/docker.sock", ".rd/docker.sock", ".local/share/containers/podman/machine/podman.sock",
		} {
			paths = append(paths, filepath.Join(home, p))
		}
	}
	if dir := getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append(paths, filepath.Join(dir, "docker.sock"), filepath.Join(dir, "podman", "podman.sock"))
	}
	return append(paths, "/run/podman/podman.sock")
}

// currentContext is what `docker context use` chose, unless it is the default one.
// https://docs.docker.com/engine/manage-resources/contexts/
func currentContext(getenv func(string) string) (p ProbeResult, ok bool) {
	dir := getenv("DOCKER_CONFIG")
	if dir == "" {
		home := getenv("HOME")
		if runtime.GOOS == "windows" {
			home = getenv("USERPROFILE")
		}
		dir = filepath.Join(home, ".docker")
	}
	name := getenv("DOCKER_CONTEXT")
	if name == "" {
		var config struct{ CurrentContext string }
		readJSON(filepath.Join(dir, "config.json"), &config)
		name = config.CurrentContext
	}
	if name == "" || name == "default" {
		return p, false
	}
	sum := sha256.Sum256([]byte(name))
	id := hex.EncodeToString(sum[:])
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	readJSON(filepath.Join(dir, "contexts", "meta", id, "meta.json"), &meta)
	p = ProbeResult{From: name, Host: strings.TrimSpace(meta.Endpoints["docker"].Host)}
	if certs := filepath.Join(dir, "contexts", "tls", id, "docker"); exists(filepath.Join(certs, "ca.pem")) {
		p.certs = certs
	}
	return p, p.Host != ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readJSON reads a file of Docker's; one that is missing or broken says nothing.
func readJSON(path string, v any) {
	if b, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(b, v)
	}
}
