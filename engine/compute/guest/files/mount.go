//go:build linux

package files

import (
	"os"
	"path/filepath"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// An instance is a container without any capability: its volumes are mounted from outside, at /mnt and the name of the
// device, and come with a file system.

// Mount is mount, which shows what is mounted, as umount and mkfs only say why there is nothing for them to do.
func Mount(c *tool.Call) int {
	if o, err := tool.Parse(c.Args, "lt:"); c.Name != "mount" || err != nil || len(o.Args) > 0 {
		return c.Fail(32, "volumes have a file system here, and are mounted while they are attached: /dev/sdf is at /mnt/sdf")
	}
	for _, m := range mounted() {
		if info, err := os.Stat(m[1]); err == nil && info.IsDir() && !inside(m[1], "/proc", "/sys", "/dev") {
			c.Printf("%s on %s type %s (%s)\n", m[0], m[1], m[2], m[3])
		}
	}
	return 0
}

// Lsblk is lsblk: the root disk, the volumes and the instance store, and where they are. How large they are is known
// outside only.
func Lsblk(c *tool.Call) int {
	c.Printf("%-10s %-4s %s\n%-10s %-4s /\n", "NAME", "TYPE", "MOUNTPOINT", "xvda", "disk")
	for _, m := range mounted() {
		if inside(m[1], "/mnt") {
			c.Printf("%-10s %-4s %s\n", filepath.Base(m[1]), "disk", m[1])
		}
	}
	return 0
}

func inside(path string, folders ...string) bool {
	for _, f := range folders {
		if strings.HasPrefix(path, f+"/") {
			return true
		}
	}
	return false
}

// mounted are the lines of /proc/mounts, in fields.
func mounted() (mounts [][]string) {
	b, _ := os.ReadFile("/proc/mounts")
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 3 {
			mounts = append(mounts, f)
		}
	}
	return mounts
}
