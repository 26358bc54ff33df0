//go:build unix && !linux

package shell

import (
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// GroupTime is how much processor time a process group has used; false if nobody knows.
func GroupTime(pid int) (sum time.Duration, found bool) {
	out, err := exec.Command("ps", "-A", "-o", "pgid=,time=").Output()
	if err != nil {
		return 0, false
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		f := strings.Fields(line)
		if len(f) != 2 || f[0] != strconv.Itoa(pid) {
			continue
		}
		found = true
		minutes, seconds, _ := strings.Cut(f[1], ":")
		m, _ := strconv.Atoi(minutes)
		s, _ := strconv.ParseFloat(seconds, 64)
		sum += time.Duration(m)*time.Minute + time.Duration(s*float64(time.Second))
	}
	return sum, found
}
