//go:build linux

package files

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// Du is du [-shakc] [-d DEPTH] [FILE…].
func Du(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "shakcbmd:x", "summarize=s", "human-readable=h", "all=a", "total=c", "max-depth=d", "bytes=b")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	depth, err := o.Int('d', 1<<30)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if o.Has('s') {
		depth = 0
	}
	if len(o.Args) == 0 {
		o.Args = []string{"."}
	}
	code, sum := 0, int64(0)
	say := func(n int64, name string) {
		text := strconv.FormatInt((n+1023)/1024, 10)
		switch {
		case o.Has('h'):
			text = tool.Human(n, false)
		case o.Has('b'):
			text = strconv.FormatInt(n, 10)
		case o.Has('m'):
			text = strconv.FormatInt((n+1<<20-1)>>20, 10)
		}
		c.Printf("%s\t%s\n", text, name)
	}
	seen := map[uint64]bool{}
	var visit func(path string, level int) int64
	visit = func(path string, level int) int64 {
		info, err := os.Lstat(path)
		if err != nil {
			code = c.Fail(1, "cannot access '%s': %s", path, tool.Reason(err))
			return 0
		}
		st := info.Sys().(*syscall.Stat_t)
		if st.Nlink > 1 && !info.IsDir() {
			if seen[st.Ino] {
				return 0
			}
			seen[st.Ino] = true
		}
		n := st.Blocks * 512
		if o.Has('b') {
			n = info.Size()
		}
		if info.IsDir() {
			entries, err := os.ReadDir(path)
			if err != nil {
				code = c.Fail(1, "cannot read directory '%s': %s", path, tool.Reason(err))
			}
			for _, e := range entries {
				n += visit(strings.TrimSuffix(path, "/")+"/"+e.Name(), level+1)
			}
		}
		if level <= depth && (info.IsDir() || o.Has('a') || level == 0) {
			say(n, path)
		}
		return n
	}
	for _, name := range o.Args {
		sum += visit(name, 0)
	}
	if o.Has('c') {
		say(sum, "total")
	}
	return code
}

// Stat is stat [-c FORMAT] FILE….
func Stat(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "c:Lt", "format=c", "dereference=L")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	code := 0
	for _, name := range o.Args {
		info, err := os.Lstat(name)
		if o.Has('L') {
			info, err = os.Stat(name)
		}
		if err != nil {
			code = c.Fail(1, "cannot statx '%s': %s", name, tool.Reason(err))
			continue
		}
		st := info.Sys().(*syscall.Stat_t)
		m := info.Mode()
		kind := map[byte]string{'-': "regular file", 'd': "directory", 'l': "symbolic link", 'p': "fifo", 's': "socket", 'c': "character special file", 'b': "block special file"}[modeText(m)[0]]
		if m.IsRegular() && info.Size() == 0 {
			kind = "regular empty file"
		}
		at := func(t syscall.Timespec) string {
			return time.Unix(t.Unix()).Format("2006-01-02 15:04:05.000000000 -0700")
		}
		if o.Has('c') {
			values := []string{"%n", name, "%s", strconv.FormatInt(info.Size(), 10), "%a", strconv.FormatUint(uint64(bits(m)), 8), "%A", modeText(m),
				"%U", userName(st.Uid), "%G", groupName(st.Gid), "%u", strconv.Itoa(int(st.Uid)), "%g", strconv.Itoa(int(st.Gid)), "%F", kind,
				"%Y", strconv.FormatInt(st.Mtim.Sec, 10), "%X", strconv.FormatInt(st.Atim.Sec, 10), "%Z", strconv.FormatInt(st.Ctim.Sec, 10),
				"%y", at(st.Mtim), "%x", at(st.Atim), "%z", at(st.Ctim), "%h", strconv.FormatUint(uint64(st.Nlink), 10), "%i", strconv.FormatUint(st.Ino, 10),
				"%b", strconv.FormatInt(st.Blocks, 10), "%%", "%"}
			c.Printf("%s\n", strings.NewReplacer(values...).Replace(o.Str('c', "")))
			continue
		}
		c.Printf("  File: %s\n  Size: %-10d\tBlocks: %-10d IO Block: %-6d %s\n", name, info.Size(), st.Blocks, st.Blksize, kind)
		c.Printf("Access: (%04o/%s)  Uid: (%5d/%8s)   Gid: (%5d/%8s)\n", bits(m), modeText(m), st.Uid, userName(st.Uid), st.Gid, groupName(st.Gid))
		c.Printf("Access: %s\nModify: %s\nChange: %s\n", at(st.Atim), at(st.Mtim), at(st.Ctim))
	}
	return code
}
