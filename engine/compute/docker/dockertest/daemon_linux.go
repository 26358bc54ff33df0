package dockertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"haneul/engine/compute/docker"
)

// Daemon is a second Docker, of the test's own, whose disk the test may fill. Its mounts and its network are in namespaces of
// its own: they go with it, and in the host's network it would take the first one's default bridge away.
type Daemon struct {
	testing.TB
	Host string
	disk string
	cmd  *exec.Cmd
}

// NewDaemon starts one on a disk of that many bytes, in memory. The test skips where it may not, for that takes
// root and dockerd, and in a short run.
func NewDaemon(t testing.TB, size int64) *Daemon {
	t.Helper()
	if testing.Short() {
		t.Skip("a Docker of the test's own takes seconds")
	}
	program, err := exec.LookPath("dockerd")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("a Docker of the test's own needs dockerd, and root to start it")
	}
	dir, err := os.MkdirTemp("", "hd") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &Daemon{TB: t, Host: "unix://" + filepath.Join(dir, "d.sock"), disk: filepath.Join(dir, "disk")}
	if err := os.Mkdir(d.disk, 0o755); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "config.json") // or it reads the other Docker's
	if err := os.WriteFile(config, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	d.cmd = exec.Command("sh", "-c", `mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"`, "sh", fmt.Sprint(size), d.disk,
		program, "--config-file", config, "--data-root", filepath.Join(d.disk, "docker"), "--exec-root", filepath.Join(dir, "run"),
		"--pidfile", filepath.Join(dir, "pid"), "--host", d.Host, "--bridge=none", "--iptables=false", "--ip-forward=false")
	d.cmd.Stdout, d.cmd.Stderr = log, log
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGTERM, Setpgid: true}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if docker.Probe(t.Context(), d.Getenv)[0].OK {
			return d
		}
		if time.Now().After(end) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("a second Docker does not start: %s", text)
		}
	}
}

func (d *Daemon) stop() {
	ended := make(chan struct{})
	go func() {
		_ = d.cmd.Wait()
		close(ended)
	}()
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		d.Errorf("the second Docker does not end")
		_ = d.cmd.Process.Kill()
	}
}

// Getenv leads a runtime to this Docker.
func (d *Daemon) Getenv(name string) string {
	if name == "DOCKER_HOST" {
		return d.Host
	}
	return ""
}

// Docker runs Docker's own client.
func (d *Daemon) Docker(args ...string) string {
	d.Helper()
	out, err := exec.Command("docker", append([]string{"--host", d.Host}, args...)...).CombinedOutput()
	if err != nil {
		d.Fatalf("docker %v: %v %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// Used is how many bytes are on the disk.
func (d *Daemon) Used() int64 {
	d.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(fmt.Sprintf("/proc/%d/root%s", d.cmd.Process.Pid, d.disk), &s); err != nil {
		d.Fatal(err)
	}
	return int64(s.Blocks-s.Bfree) * s.Bsize
}

// Leave makes the disk so large, or so small, that just so many bytes are free.
func (d *Daemon) Leave(free int64) {
	d.Helper()
	for tries := 5; ; tries-- {
		out, err := exec.Command("nsenter", "-m", "-t", fmt.Sprint(d.cmd.Process.Pid),
			"mount", "-o", fmt.Sprintf("remount,size=%d", d.Used()+free), d.disk).CombinedOutput()
		if err == nil {
			return
		}
		if tries == 0 { // or something was written meanwhile, and it cannot be smaller than that
			d.Fatalf("the disk's size: %v %s", err, out)
		}
	}
}
