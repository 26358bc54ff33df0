//go:build unix

package shell

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup gives a program a process group of its own, so that its children end with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 300 * time.Millisecond
}

// KillGroup ends whatever is left of a program's process group.
func KillGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
