package shell

import (
	"os/exec"
	"strconv"
	"time"
)

// ownGroup lets a program's children end with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.Cancel = func() error { KillGroup(cmd.Process.Pid); return nil }
	cmd.WaitDelay = 300 * time.Millisecond
}

// KillGroup ends a program and its children.
func KillGroup(pid int) { _ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run() }
