//go:build linux

package procs

import (
	"fmt"
	"os"
	"os/user"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"haneul/engine/compute/guest/tool"
)

// mem is the memory of the instance, in bytes.
type mem struct{ total, free, cache, available int64 }

func mib(n int64) float64 { return float64(n) / (1 << 20) }

func firstOf(paths ...string) string {
	for _, p := range paths {
		if b, err := os.ReadFile(p); err == nil {
			return strings.TrimSpace(string(b))
		}
	}
	return ""
}

// memory is what the cgroup allows and uses, or where it allows everything, the host's.
func memory() mem {
	host := map[string]int64{}
	b, _ := os.ReadFile("/proc/meminfo")
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) > 1 {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			host[strings.TrimSuffix(f[0], ":")] = n << 10
		}
	}
	m := mem{total: host["MemTotal"], free: host["MemFree"], cache: host["Cached"] + host["Buffers"], available: host["MemAvailable"]}
	limit, err := strconv.ParseInt(firstOf("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"), 10, 64)
	if err != nil || limit <= 0 || limit >= m.total {
		return m
	}
	used, _ := strconv.ParseInt(firstOf("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"), 10, 64)
	cache := int64(0)
	for line := range strings.Lines(firstOf("/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/memory/memory.stat")) {
		if f := strings.Fields(line); len(f) == 2 && (f[0] == "file" || f[0] == "total_cache") {
			cache, _ = strconv.ParseInt(f[1], 10, 64)
		}
	}
	m = mem{total: limit, free: max(0, limit-used), cache: min(cache, used)}
	m.available = m.free + m.cache
	return m
}

// Free is free [-b|-k|-m|-g|-h].
func Free(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "bkmghtw", "bytes=b", "kibi=k", "mebi=m", "gibi=g", "human=h")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	show := func(n int64) string {
		switch {
		case o.Has('h'):
			return tool.Human(n, true)
		case o.Has('b'):
			return strconv.FormatInt(n, 10)
		case o.Has('m'):
			return strconv.FormatInt(n>>20, 10)
		case o.Has('g'):
			return strconv.FormatInt(n>>30, 10)
		}
		return strconv.FormatInt(n>>10, 10)
	}
	m := memory()
	c.Printf("%-7s %11s %11s %11s %11s %11s %11s\n", "", "total", "used", "free", "shared", "buff/cache", "available")
	c.Printf("%-7s %11s %11s %11s %11s %11s %11s\n", "Mem:", show(m.total), show(m.total-m.free-m.cache), show(m.free), show(0), show(m.cache), show(m.available))
	c.Printf("%-7s %11s %11s %11s\n", "Swap:", show(0), show(0), show(0))
	return 0
}

// Nproc is nproc: the processors the instance may use, rounded up.
func Nproc(c *tool.Call) int {
	n := runtime.NumCPU()
	quota, period, _ := strings.Cut(firstOf("/sys/fs/cgroup/cpu.max"), " ")
	if quota == "" {
		quota, period = firstOf("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), firstOf("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
	}
	q, err1 := strconv.Atoi(quota)
	p, err2 := strconv.Atoi(period)
	if err1 == nil && err2 == nil && q > 0 && p > 0 {
		n = min(n, max(1, (q+p-1)/p))
	}
	c.Printf("%d\n", n)
	return 0
}

func upFor() string {
	var d time.Duration
	if booted, err := os.Stat(tool.BootRecord); err == nil {
		d = time.Since(booted.ModTime())
	}
	if days := int(d.Hours()) / 24; days > 0 {
		return fmt.Sprintf("%d days, %d:%02d", days, int(d.Hours())%24, int(d.Minutes())%60)
	}
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// Uptime is uptime.
func Uptime(c *tool.Call) int {
	load := strings.Fields(firstOf("/proc/loadavg"))
	if len(load) < 3 {
		load = []string{"0", "0", "0"}
	}
	c.Printf(" %s up %s,  1 user,  load average: %s\n", time.Now().Format("15:04:05"), upFor(), strings.Join(load[:3], ", "))
	return 0
}

// Uname is uname [-asnrvmpio].
func Uname(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "asnrvmpio", "all=a", "kernel-name=s", "nodename=n", "kernel-release=r", "kernel-version=v", "machine=m", "operating-system=o")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return c.Fail(1, "%v", err)
	}
	text := func(b []byte) string { return unix.ByteSliceToString(b) }
	parts := []struct {
		letter byte
		value  string
	}{{'s', text(u.Sysname[:])}, {'n', tool.Hostname()}, {'r', text(u.Release[:])}, {'v', text(u.Version[:])}, {'m', text(u.Machine[:])}, {'o', "GNU/Linux"}}
	var out []string
	for _, p := range parts {
		if o.Has(p.letter) || o.Has('a') || p.letter == 's' && len(c.Args) == 0 || (o.Has('p') || o.Has('i')) && p.letter == 'm' {
			out = append(out, p.value)
		}
	}
	c.Printf("%s\n", strings.Join(out, " "))
	return 0
}

// Hostname is hostname [-f|-s|-i].
func Hostname(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "fsiI")
	if err != nil || len(o.Args) > 0 {
		return c.Fail(1, "you can only look at the name: hostname [-s|-f]")
	}
	name := tool.Hostname()
	if o.Has('s') {
		name, _, _ = strings.Cut(name, ".")
	}
	c.Printf("%s\n", name)
	return 0
}

// ID is id [-u|-g|-G] [-n] [USER]; whoami is id -un.
func ID(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "ugGnr", "user=u", "group=g", "groups=G", "name=n", "real=r")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	uid, gid := strconv.Itoa(os.Geteuid()), strconv.Itoa(os.Getegid())
	ids, _ := os.Getgroups()
	groups := []string{gid}
	for _, g := range ids {
		if s := strconv.Itoa(g); s != gid {
			groups = append(groups, s)
		}
	}
	if len(o.Args) > 0 {
		u, err := user.Lookup(o.Args[0])
		if err != nil {
			return c.Fail(1, "‘%s’: no such user", o.Args[0])
		}
		uid, gid = u.Uid, u.Gid
		groups = []string{gid}
		more, _ := u.GroupIds()
		for _, g := range more {
			if !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	name := func(id string) string {
		if u, err := user.LookupId(id); err == nil {
			return u.Username
		}
		return id
	}
	group := func(id string) string {
		if g, err := user.LookupGroupId(id); err == nil {
			return g.Name
		}
		return id
	}
	named := func(id, n string) string {
		if n == id {
			return id
		}
		return id + "(" + n + ")"
	}
	if c.Name == "whoami" || o.Has('u') {
		if c.Name == "whoami" || o.Has('n') {
			uid = name(uid)
		}
		c.Printf("%s\n", uid)
		return 0
	}
	if o.Has('g') || o.Has('G') || c.Name == "groups" {
		if o.Has('g') {
			groups = []string{gid}
		}
		if o.Has('n') || c.Name == "groups" {
			for i := range groups {
				groups[i] = group(groups[i])
			}
		}
		c.Printf("%s\n", strings.Join(groups, " "))
		return 0
	}
	for i := range groups {
		groups[i] = named(groups[i], group(groups[i]))
	}
	c.Printf("uid=%s gid=%s groups=%s\n", named(uid, name(uid)), named(gid, group(gid)), strings.Join(groups, ","))
	return 0
}

// Date is date [-u] [-d DATE|-r FILE] [-I[WHAT]] [+FORMAT].
func Date(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "ud:r:I?R", "utc=u", "date=d", "reference=r", "iso-8601=I", "rfc-email=R")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	t := time.Now()
	if o.Has('u') {
		t = t.UTC()
	}
	if o.Has('r') {
		info, err := os.Stat(o.Str('r', ""))
		if err != nil {
			return c.Fail(1, "%s: %s", o.Str('r', ""), tool.Reason(err))
		}
		t = info.ModTime().In(t.Location())
	}
	if o.Has('d') {
		if t, err = tool.ParseTime(o.Str('d', ""), t); err != nil {
			return c.Fail(1, "%v", err)
		}
		if o.Has('u') {
			t = t.UTC()
		}
	}
	format := "%a %b %e %H:%M:%S %Z %Y"
	switch {
	case o.Has('I'):
		format = map[string]string{"": "%F", "date": "%F", "hours": "%FT%H%:z", "minutes": "%FT%H:%M%:z", "seconds": "%FT%T%:z", "ns": "%FT%T,%N%:z"}[o.Str('I', "")]
	case o.Has('R'):
		format = "%a, %d %b %Y %T %z"
	case len(o.Args) > 0:
		if !strings.HasPrefix(o.Args[0], "+") {
			return c.Fail(1, "cannot set date: Operation not permitted")
		}
		format = o.Args[0][1:]
	}
	c.Printf("%s\n", tool.FormatTime(format, t))
	return 0
}
