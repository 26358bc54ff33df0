//go:build unix && !linux

package labs

import (
	"os/exec"
	"strconv"
	"strings"
)

// resident is how much memory a process holds, in bytes; false if nobody knows.
func resident(pid int) (int64, bool) {
	out, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0, false
	}
	kb, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return kb << 10, err == nil
}
