package docker_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
)

// Somebody who may not use Docker's socket is told so, and what to do. Root may use everything, so it asks as nobody.
func TestNoPermission(t *testing.T) {
	const variable = "HANEUL_TEST_SOCKET"
	if socket := os.Getenv(variable); socket != "" {
		askWithoutPermission(t, "unix://"+socket)
		return
	}
	dir, err := os.MkdirTemp("", "hn") // a socket's path must be short, and everybody may look here
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, program := filepath.Join(dir, "d.sock"), filepath.Join(dir, "test")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if os.Geteuid() != 0 {
		if err := os.Chmod(socket, 0); err != nil {
			t.Fatal(err)
		}
		askWithoutPermission(t, "unix://"+socket)
		return
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(socket, 0o660), copyProgram(program)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run", "^TestNoPermission$", "-test.v")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), variable+"="+socket)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoPermission") {
		t.Errorf("%v: %s", err, out)
	}
}

func askWithoutPermission(t *testing.T, host string) {
	r := docker.New(docker.Options{Owner: "t", Getenv: func(name string) string {
		return map[string]string{"DOCKER_HOST": host}[name]
	}})
	for what, do := range map[string]func(context.Context) error{
		"Info": func(ctx context.Context) error { _, err := r.Info(ctx); return err },
		"a VPC": func(ctx context.Context) error {
			return r.CreateVPC(ctx, compute.VPC{Cloud: "lab", ID: "vpc-1", CIDR: vpcCIDR})
		},
		"finding": func(ctx context.Context) error { _, err := r.Find(ctx, "lab", "i-1"); return err },
	} {
		err := do(t.Context())
		var trouble *docker.Trouble
		if !errors.As(err, &trouble) || trouble.Kind != "permission" || trouble.Host != host || !errors.Is(err, compute.ErrNoRuntime) ||
			!strings.Contains(err.Error(), "usermod -aG docker") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// copyProgram puts this program where everybody may run it.
func copyProgram(to string) error {
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		return err
	}
	defer from.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Chmod(0o755), f.Close())
}
