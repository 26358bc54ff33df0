//go:build !release

package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"haneul/engine/compute/guest/rootfs"
)

// guest builds the guest program from source. Go's own cache makes it quick when nothing has changed, and knows better
// than any hash of ours when something has.
func (r *Runtime) guest(ctx context.Context, arch string) ([]byte, error) {
	source := r.o.Source
	if source == "" {
		source = builtFrom()
	}
	if source == "" || !exists(filepath.Join(source, "cmd", "haneul-guest")) {
		return nil, errNoGuest
	}
	defer r.step("build")()
	if err := os.MkdirAll(r.o.Cache, 0o755); err != nil {
		return nil, err
	}
	// A file of its own until it is complete: two engines may build at once.
	tmp, err := os.CreateTemp(r.o.Cache, "guest-*.tmp")
	if err != nil {
		return nil, err
	}
	tmp.Close()
	defer os.Remove(tmp.Name())
	cmd := exec.CommandContext(ctx, "go", rootfs.Build(tmp.Name())...)
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errNoGuest
		}
		return nil, fmt.Errorf("go build: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return os.ReadFile(tmp.Name())
}

// builtFrom is the module's folder on the machine that compiled this program, "" if the paths were trimmed.
func builtFrom() string {
	_, file, _, ok := runtime.Caller(0)
	if !ok || !filepath.IsAbs(file) {
		return ""
	}
	root := filepath.Join(filepath.Dir(file), "..", "..", "..")
	if !exists(filepath.Join(root, "go.mod")) {
		return ""
	}
	return root
}
