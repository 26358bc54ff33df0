//go:build linux

package boot

import (
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/guest/tool"
)

const (
	self = "/proc/self/exe"
	// grace is what processes have between SIGTERM and SIGKILL when the machine stops.
	grace = 8 * time.Second
	// rebootSignal makes the machine start again.
	rebootSignal = syscall.Signal(compute.RebootSignal)
)

// Init is PID 1. It returns when the machine is to stop.
func Init(c *tool.Call) int {
	if os.Getpid() != 1 {
		return c.Fail(1, "a machine has one, and it is running")
	}
	debug.SetGCPercent(20)
	runtime.GOMAXPROCS(1)
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGTERM, syscall.SIGPWR, syscall.SIGINT, syscall.SIGHUP, rebootSignal)
	power := plugIn()
	if !power.wait(signals) {
		return 0
	}
	prepare(c)
	if err := answerLogins(); err != nil {
		c.Warn("logins: %s", tool.Reason(err))
	}
	c.Printf("%s\n", compute.Ready)
	c.Out.Flush()
	power.ready()
	if err := startCloudInit(); err != nil {
		c.Warn("cloud-init: %s", tool.Reason(err))
	}
	for s := range signals {
		switch s {
		case syscall.SIGCHLD:
			reap()
		case syscall.SIGHUP:
		case rebootSignal:
			if stop(c, signals) {
				return restart(c)
			}
			return 0
		default:
			stop(c, signals)
			return 0
		}
	}
	return 0
}

// prepare empties what does not outlive a boot.
func prepare(c *tool.Call) {
	syscall.Umask(0o022)
	empty("/run")
	// On Amazon Linux 2023 it is in memory: https://docs.aws.amazon.com/linux/al2023/ug/filesystem-slash-tmp.html
	_ = os.Mkdir("/tmp", 0o777)
	if empty("/tmp") {
		_ = os.Chmod("/tmp", 0o777|os.ModeSticky)
	}
	if err := os.WriteFile(tool.BootRecord, nil, 0o644); err != nil {
		c.Warn("%s: %s", tool.BootRecord, tool.Reason(err))
	}
}

// empty removes what is in a directory. A link to one it leaves alone, and says so: what is there outlives a boot.
func empty(dir string) (done bool) {
	if at, err := os.Lstat(dir); err != nil || !at.IsDir() {
		return false
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		_ = os.RemoveAll(filepath.Join(dir, e.Name()))
	}
	return true
}

func startCloudInit() error {
	_, err := syscall.ForkExec(self, []string{"cloud-init"}, &syscall.ProcAttr{
		Dir: "/", Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	return err
}

func reap() {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if pid <= 0 || err != nil {
			return
		}
	}
}

// stop ends all processes: politely, and after a while not. It reports whether the machine may start again: not if it was
// told meanwhile to end for good.
func stop(c *tool.Call, signals chan os.Signal) (again bool) {
	again = true
	_ = syscall.Kill(-1, syscall.SIGTERM)
	for deadline := time.Now().Add(grace); time.Now().Before(deadline); {
		reap()
		if alone() {
			return again
		}
		select {
		case s := <-signals:
			again = again && (s == syscall.SIGCHLD || s == syscall.SIGHUP || s == rebootSignal)
		case <-time.After(50 * time.Millisecond):
		}
	}
	c.Warn("some processes did not end in %v and were killed", grace)
	_ = syscall.Kill(-1, syscall.SIGKILL)
	return again
}

// alone tells whether no other process is left.
func alone() bool {
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		return true
	}
	for _, d := range dirs {
		if pid, err := strconv.Atoi(d.Name()); err == nil && pid != os.Getpid() {
			return false
		}
	}
	return true
}
