package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// BackgroundFlag is the flag of `haneul cloud` that makes it the engine started by a command.
const BackgroundFlag = "background"

// startup is how long an engine may take to load its state.
const startup = 60 * time.Second

// start starts the engine in the background and waits until it answers.
func (h *Home) start(ctx context.Context) (*Engine, error) {
	program, err := h.Program()
	if err != nil {
		return nil, &StartError{h.Log, err}
	}
	for _, dir := range []string{filepath.Dir(h.Log), h.Dir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	log, err := os.OpenFile(h.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(program, "cloud", "--"+BackgroundFlag)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = filepath.Dir(h.State), withoutAWS(h.Environ), detached()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, &StartError{h.Log, err}
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return h.await(ctx, ended)
}

func (h *Home) await(ctx context.Context, ended <-chan error) (*Engine, error) {
	deadline := time.After(startup)
	for {
		if e, err := h.Find(ctx); err == nil {
			return e, nil
		}
		select {
		case err := <-ended:
			if e, found := h.Find(ctx); found == nil {
				return e, nil // it left because another one is there
			}
			if reason := lastLine(h.Log); reason != "" {
				err = errors.New(reason)
			}
			return nil, &StartError{h.Log, err}
		case <-deadline:
			return nil, &StartError{h.Log, fmt.Errorf("it did not answer within %s", startup)}
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// Program is a copy of this program where it stays: one built by `go run` is deleted when its command ends, and on
// Windows nobody could replace one that runs. Copies of other builds go.
func (h *Home) Program() (string, error) {
	from, err := h.Executable()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(h.Cache, "engine")
	path := filepath.Join(dir, h.Build, "haneul")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	h.removeCopies(dir)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "copy")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	err = fill(tmp, from)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return "", err
	}
	return path, os.Rename(tmp.Name(), path)
}

func fill(to *os.File, from string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	if _, err := io.Copy(to, src); err != nil {
		return err
	}
	return to.Chmod(0o700)
}

func (h *Home) removeCopies(dir string) {
	builds, _ := os.ReadDir(dir)
	for _, b := range builds {
		if b.Name() != h.Build {
			os.RemoveAll(filepath.Join(dir, b.Name())) // one that still runs stays on Windows, until the next time
		}
	}
}

// withoutAWS takes a learner's own credentials out of the engine's environment: it has no use for them.
func withoutAWS(environ []string) (kept []string) {
	for _, kv := range environ {
		if !strings.HasPrefix(strings.ToUpper(kv), "AWS_") {
			kept = append(kept, kv)
		}
	}
	return kept
}

// lastLine is the last thing written to a file.
func lastLine(path string) string {
	b, _ := os.ReadFile(path)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "haneul: ")
}
