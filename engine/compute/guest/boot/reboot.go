//go:build linux

package boot

import (
	"os"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// restart begins a boot in place of this one: the same process with the same mounts, so that an instance store keeps what it
// has. It returns if it cannot.
func restart(c *tool.Call) int {
	for !alone() { // who was killed takes a moment, and somebody may have come by docker exec
		_ = syscall.Kill(-1, syscall.SIGKILL)
		reap()
		time.Sleep(5 * time.Millisecond)
	}
	// It begins a line: what was printed last may not have ended one, and READY has to.
	c.Printf("\nreboot: Restarting system\n")
	c.Out.Flush()
	err := syscall.Exec(self, os.Args, os.Environ())
	return c.Fail(1, "reboot: %s", tool.Reason(err))
}

// Reboot is reboot: init starts the machine again.
func Reboot(c *tool.Call) int {
	// To another init the signal says the same, and that may be a real machine's.
	if line, err := os.ReadFile("/proc/1/cmdline"); err != nil || string(line) != "/guest\x00init\x00" {
		return c.Fail(1, "this is no instance")
	}
	if err := syscall.Kill(1, rebootSignal); err != nil {
		return c.Fail(1, "%s", tool.Reason(err))
	}
	return 0
}
