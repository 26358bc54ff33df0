package tool

import (
	"os"
	"strings"
)

// BootRecord is a file that init makes when the machine boots, so its age is the machine's: that of process 1 is not, which a
// reboot leaves running.
const BootRecord = "/run/utmp"

// Hostname is the instance's, which its network interface wrote down when it got its address: the system's own is older. A
// shell hands it on.
func Hostname() string {
	if h := os.Getenv("HOSTNAME"); h != "" {
		return h
	}
	if b, err := os.ReadFile("/etc/hostname"); err == nil && len(b) > 0 {
		return strings.TrimSpace(string(b))
	}
	h, _ := os.Hostname()
	return h
}
