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
	Docker   dockerReport      `json:"docker"`
	Findings []finding         `json:"findings"`
}

// exitNoInstances is what doctor leaves with where haneul works, and labs with instances do not.
const exitNoInstances = 3

// runDoctor looks at what haneul needs of this machine. It leaves with 0 if everything works, 1 if haneul does not, and 3 if
// only labs with instances do not.
func runDoctor(ctx context.Context, s *session) error {
	if s.bool("paths") {
		return s.report(s.pathTable(), func() {
			for _, name := range []string{"data", "state", "cache", "workspace"} {
				fmt.Fprintf(s.Stdout, "%-10s %s\n", name, s.pathTable()[name])
			}
		})
	}
	d := diagnosis{Version: s.version(), Language: string(s.lang), Paths: s.pathTable()}
	s.say("cli.doctor.ok") // reads the course, before two want it at once
	tried := make(chan dockerReport, 1)
	go func() { tried <- s.tryDocker(ctx) }()
	d.Findings = append(s.checkPaths(), s.checkEngine(ctx), s.checkAWS(ctx))
	d.Docker = <-tried
	d.Findings = append(d.Findings, s.dockerFindings(d.Docker)...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
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
	if err == nil && !d.Docker.Works {
		return exitCode(exitNoInstances)
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
