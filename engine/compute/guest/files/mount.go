//go:build linux

package files

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

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

// Df is df [-hTka] [FILE…]. Mounts that Docker makes for its own files are left out.
func Df(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "hTkaPmH", "human-readable=h", "print-type=T", "all=a")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	mounts := mounted()
	if len(o.Args) > 0 {
		var chosen [][]string
		for _, name := range o.Args {
			m, err := mountOf(mounts, name)
			if err != nil {
				return c.Fail(1, "%s: %s", name, tool.Reason(err))
			}
			chosen = append(chosen, m)
		}
		mounts = chosen
	}
	rows := [][]string{{"Filesystem", "Type", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}}
	if o.Has('h') {
		rows[0][2], rows[0][4] = "Size", "Avail"
	}
	for _, m := range mounts {
		var s syscall.Statfs_t
		info, err := os.Stat(m[1])
		if err != nil || syscall.Statfs(m[1], &s) != nil || (s.Blocks == 0 || !info.IsDir()) && len(o.Args) == 0 && !o.Has('a') {
			continue
		}
		total, used, avail := int64(s.Blocks)*s.Bsize, int64(s.Blocks-s.Bfree)*s.Bsize, int64(s.Bavail)*s.Bsize
		size := func(n int64) string {
			if o.Has('h') {
				return tool.Human(n, false)
			}
			return strconv.FormatInt((n+1023)/1024, 10)
		}
		percent := "-"
		if used+avail > 0 {
			percent = fmt.Sprintf("%d%%", (used*100+used+avail-1)/(used+avail))
		}
		rows = append(rows, []string{m[0], m[2], size(total), size(used), size(avail), percent, m[1]})
	}
	w := [7]int{14, 4, 5, 5, 5, 4}
	for _, r := range rows {
		for i, s := range r {
			w[i] = max(w[i], len(s))
		}
	}
	for _, r := range rows {
		c.Printf("%-*s ", w[0], r[0])
		if o.Has('T') {
			c.Printf("%-*s ", w[1], r[1])
		}
		c.Printf("%*s %*s %*s %*s %s\n", w[2], r[2], w[3], r[3], w[4], r[4], w[5], r[5], r[6])
	}
	return 0
}

func mountOf(mounts [][]string, name string) ([]string, error) {
	path, err := filepath.Abs(name)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return nil, err
	}
	var best []string
	for _, m := range mounts {
		if (m[1] == "/" || path == m[1] || strings.HasPrefix(path, m[1]+"/")) && (best == nil || len(m[1]) >= len(best[1])) {
			best = m
		}
	}
	if best == nil {
		return nil, syscall.ENOENT
	}
	return best, nil
}
