package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"haneul/cmd/haneul/daemon"
	"haneul/labs/shell"
)

func doctorFlags(f *pflag.FlagSet) {
	f.Bool("paths", false, "")
	jsonFlag(f)
}

// finding is one thing doctor looked at.
type finding struct {
	Name   string `json:"name"`   // paths, engine, port, aws, docker
	Status string `json:"status"` // ok, note (something is missing that not everybody needs), bad
	Text   string `json:"text"`
}

// diagnosis is all of them.
type diagnosis struct {
	Version  versionReport     `json:"version"`
	Language string            `json:"language"`
	Paths    map[string]string `json:"paths"`
	Docker   []dockerProbe     `json:"docker"`
	Findings []finding         `json:"findings"`
}

// runDoctor looks at what haneul needs of this machine. Its exit code is 1 only if haneul cannot work.
func runDoctor(ctx context.Context, s *session) error {
	if s.bool("paths") {
		return s.report(s.pathTable(), func() {
			for _, name := range []string{"data", "state", "cache", "workspace"} {
				fmt.Fprintf(s.Stdout, "%-10s %s\n", name, s.pathTable()[name])
			}
		})
	}
	d := diagnosis{Version: s.version(), Language: string(s.lang), Paths: s.pathTable(), Docker: s.probeDocker(ctx)}
	d.Findings = append(s.checkPaths(), s.checkEngine(ctx), s.checkAWS(ctx), s.checkDocker(d.Docker))
	err := s.report(d, func() {
		v := d.Version
		fmt.Fprintf(s.Stdout, "haneul %s, %s/%s, %s\n\n", v.Version, v.OS, v.Arch, v.Go)
		for _, f := range d.Findings {
			fmt.Fprintf(s.Stdout, "[%s] %s\n", s.say("cli.doctor."+f.Status), f.Text)
		}
	})
	for _, f := range d.Findings {
		if f.Status == "bad" && err == nil {
			return exitCode(exitFailed)
		}
	}
	return err
}

func (s *session) pathTable() map[string]string {
	return map[string]string{"data": s.paths.data, "state": s.paths.state, "cache": s.paths.cache, "workspace": s.paths.workspace}
}

func (s *session) checkPaths() (out []finding) {
	for _, dir := range []string{s.paths.data, s.paths.state, s.paths.cache, s.paths.workspace} {
		f := finding{"paths", "ok", s.say("cli.doctor.writable", "path", dir)}
		if err := writable(dir); err != nil {
			f = finding{"paths", "bad", s.say("cli.doctor.not-writable", "path", dir, "error", err)}
		}
		out = append(out, f)
	}
	return out
}

// writable tries to write to a folder, or to where it would be made. It leaves nothing behind.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return syscall.ENOTDIR
		}
		if err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			return os.ErrNotExist
		}
		dir = up
	}
	f, err := os.CreateTemp(dir, ".haneul")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

func (s *session) checkEngine(ctx context.Context) finding {
	h, err := s.home()
	if err != nil {
		return finding{"engine", "bad", err.Error()}
	}
	e, err := h.Find(ctx)
	switch {
	case err == nil:
		return finding{"engine", "ok", s.say("cli.doctor.engine", "endpoint", e.Endpoint, "pid", e.PID)}
	case !errors.Is(err, daemon.ErrNotRunning):
		return finding{"engine", "bad", err.Error()}
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", daemon.DefaultPort))
	if err != nil {
		return finding{"port", "note", s.say("cli.doctor.port-taken", "port", daemon.DefaultPort)}
	}
	l.Close()
	return finding{"engine", "ok", s.say("cli.doctor.engine-ready", "port", daemon.DefaultPort)}
}

func (s *session) checkAWS(ctx context.Context) finding {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	place := shell.Place{Dir: filepath.Join(s.paths.data, "aws"), Endpoint: "http://127.0.0.1:9", Region: "ap-northeast-2"}
	env := shell.Environ(s.Environ, place)
	path := shell.FindReal(ctx, env)
	if path == "" {
		return finding{"aws", "ok", s.say("cli.doctor.aws-builtin")}
	}
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.Env = env
	out, _ := cmd.CombinedOutput()
	version, _, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	return finding{"aws", "ok", s.say("cli.doctor.aws-real", "path", path, "version", version)}
}

func (s *session) checkDocker(probes []dockerProbe) finding {
	var tried []string
	for _, p := range probes {
		if p.OK {
			return finding{"docker", "ok", s.say("cli.doctor.docker", "version", p.Version, "host", p.Host)}
		}
		tried = append(tried, p.Host+" ("+p.Error+")")
	}
	if tried == nil {
		return finding{"docker", "note", s.say("cli.doctor.docker-none")}
	}
	return finding{"docker", "note", s.say("cli.doctor.docker-dead", "tried", strings.Join(tried, "; "))}
}
