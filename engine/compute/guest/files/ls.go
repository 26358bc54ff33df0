//go:build linux

package files

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"haneul/engine/compute/guest/tool"
)

type entry struct {
	name, path string
	info       fs.FileInfo
}

// Ls is ls [-aAlhtrSRd1FiUp].
func Ls(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "aAlhtrSRd1FiUpCLnsgGk?", "all=a", "almost-all=A", "human-readable=h", "reverse=r", "recursive=R", "directory=d", "color=k", "classify=F")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if len(o.Args) == 0 {
		o.Args = []string{"."}
	}
	code := 0
	var plain, folders []entry
	for _, name := range o.Args {
		info, err := os.Lstat(name)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && !o.Has('l') && !o.Has('d') {
			if followed, err := os.Stat(name); err == nil {
				info = followed
			}
		}
		switch {
		case err != nil:
			code = c.Fail(2, "cannot access '%s': %s", name, tool.Reason(err))
		case info.IsDir() && !o.Has('d'):
			folders = append(folders, entry{name, name, info})
		default:
			plain = append(plain, entry{name, name, info})
		}
	}
	arrange(o, plain)
	show(c, o, plain, false)
	arrange(o, folders)
	titled := len(o.Args) > 1 || o.Has('R')
	for i, f := range folders {
		if i > 0 || len(plain) > 0 {
			c.Printf("\n")
		}
		code = max(code, folder(c, o, f.path, titled))
	}
	return code
}

func folder(c *tool.Call, o *tool.Options, path string, titled bool) (code int) {
	if titled {
		c.Printf("%s:\n", path)
	}
	list, err := os.ReadDir(path)
	if err != nil {
		return c.Fail(2, "cannot open directory '%s': %s", path, tool.Reason(err))
	}
	var all []entry
	if o.Has('a') {
		for _, n := range []string{".", ".."} {
			if info, err := os.Lstat(filepath.Join(path, n)); err == nil {
				all = append(all, entry{n, filepath.Join(path, n), info})
			}
		}
	}
	for _, e := range list {
		if strings.HasPrefix(e.Name(), ".") && !o.Has('a') && !o.Has('A') {
			continue
		}
		if info, err := e.Info(); err == nil {
			all = append(all, entry{e.Name(), filepath.Join(path, e.Name()), info})
		}
	}
	arrange(o, all)
	show(c, o, all, true)
	if o.Has('R') {
		for _, e := range all {
			if e.info.IsDir() && e.name != "." && e.name != ".." {
				c.Printf("\n")
				code = max(code, folder(c, o, strings.TrimSuffix(path, "/")+"/"+e.name, true))
			}
		}
	}
	return code
}

func arrange(o *tool.Options, es []entry) {
	slices.SortStableFunc(es, func(a, b entry) int {
		d := strings.Compare(a.name, b.name)
		switch {
		case o.Has('U'):
			return 0
		case o.Has('t') && !a.info.ModTime().Equal(b.info.ModTime()):
			d = b.info.ModTime().Compare(a.info.ModTime())
		case o.Has('S') && a.info.Size() != b.info.Size():
			d = int(max(-1, min(1, b.info.Size()-a.info.Size())))
		}
		if o.Has('r') {
			return -d
		}
		return d
	})
}

// modeText is drwxr-xr-x.
func modeText(m fs.FileMode) string {
	b := []byte("-rwxrwxrwx")
	for flag, letter := range map[fs.FileMode]byte{fs.ModeDir: 'd', fs.ModeSymlink: 'l', fs.ModeNamedPipe: 'p', fs.ModeSocket: 's', fs.ModeDevice: 'b', fs.ModeDevice | fs.ModeCharDevice: 'c'} {
		if m&(fs.ModeType) == flag {
			b[0] = letter
		}
	}
	for i := range 9 {
		if m>>(8-i)&1 == 0 {
			b[i+1] = '-'
		}
	}
	for _, s := range []struct {
		flag fs.FileMode
		at   int
		on   byte
	}{{fs.ModeSetuid, 3, 's'}, {fs.ModeSetgid, 6, 's'}, {fs.ModeSticky, 9, 't'}} {
		if m&s.flag != 0 {
			if b[s.at] == '-' {
				s.on -= 32
			}
			b[s.at] = s.on
		}
	}
	return string(b)
}

var users, groups = map[uint32]string{}, map[uint32]string{}

func userName(id uint32) string {
	if _, ok := users[id]; !ok {
		users[id] = strconv.Itoa(int(id))
		if u, err := user.LookupId(users[id]); err == nil {
			users[id] = u.Username
		}
	}
	return users[id]
}

func groupName(id uint32) string {
	if _, ok := groups[id]; !ok {
		groups[id] = strconv.Itoa(int(id))
		if g, err := user.LookupGroupId(groups[id]); err == nil {
			groups[id] = g.Name
		}
	}
	return groups[id]
}

func decorated(o *tool.Options, e entry) string {
	name := e.name
	if o.Has('F') || o.Has('p') && e.info.IsDir() {
		switch m := e.info.Mode(); {
		case m.IsDir():
			name += "/"
		case m&fs.ModeSymlink != 0:
			if !o.Has('l') {
				name += "@"
			}
		case m&0o111 != 0:
			name += "*"
		}
	}
	return name
}

func show(c *tool.Call, o *tool.Options, es []entry, total bool) {
	if o.Has('l') || o.Has('n') || o.Has('g') {
		long(c, o, es, total)
		return
	}
	var names []string
	for _, e := range es {
		n := decorated(o, e)
		if o.Has('i') {
			n = fmt.Sprintf("%d %s", e.info.Sys().(*syscall.Stat_t).Ino, n)
		}
		names = append(names, n)
	}
	if term.IsTerminal(1) && !o.Has('1') || o.Has('C') {
		width, _, err := term.GetSize(1)
		if err != nil || width <= 0 {
			width = 80
		}
		columns(c, names, width)
		return
	}
	for _, n := range names {
		c.Printf("%s\n", n)
	}
}

// columns prints names down, then across.
func columns(c *tool.Call, names []string, width int) {
	for rows := 1; rows <= len(names); rows++ {
		var widths []int
		sum := 0
		for i := 0; i < len(names); i += rows {
			w := 0
			for _, n := range names[i:min(i+rows, len(names))] {
				w = max(w, len([]rune(n)))
			}
			widths = append(widths, w+2)
			sum += w + 2
		}
		if sum-2 > width && rows < len(names) {
			continue
		}
		for r := range rows {
			for i, w := range widths {
				j := i*rows + r
				if j >= len(names) {
					break
				}
				if j+rows >= len(names) {
					c.Printf("%s", names[j])
					break
				}
				c.Printf("%s%*s", names[j], w-len([]rune(names[j])), "")
			}
			c.Printf("\n")
		}
		return
	}
}

func long(c *tool.Call, o *tool.Options, es []entry, total bool) {
	var rows [][]string
	blocks := int64(0)
	for _, e := range es {
		st := e.info.Sys().(*syscall.Stat_t)
		blocks += st.Blocks
		size := strconv.FormatInt(e.info.Size(), 10)
		if o.Has('h') {
			size = tool.Human(e.info.Size(), false)
		}
		if e.info.Mode()&fs.ModeDevice != 0 {
			size = fmt.Sprintf("%d, %d", st.Rdev>>8&0xfff, st.Rdev&0xff)
		}
		when := e.info.ModTime().Format("Jan _2 15:04")
		if age := time.Since(e.info.ModTime()); age > 182*24*time.Hour || age < 0 {
			when = e.info.ModTime().Format("Jan _2  2006")
		}
		owner, group := userName(st.Uid), groupName(st.Gid)
		if o.Has('n') {
			owner, group = strconv.Itoa(int(st.Uid)), strconv.Itoa(int(st.Gid))
		}
		name := decorated(o, e)
		if e.info.Mode()&fs.ModeSymlink != 0 {
			if to, err := os.Readlink(e.path); err == nil {
				name += " -> " + to
			}
		}
		rows = append(rows, []string{modeText(e.info.Mode()), strconv.FormatUint(uint64(st.Nlink), 10), owner, group, size, when, name})
	}
	if total {
		if o.Has('h') {
			c.Printf("total %s\n", tool.Human(blocks*512, false))
		} else {
			c.Printf("total %d\n", blocks/2)
		}
	}
	var w [5]int
	for _, r := range rows {
		for i := range w {
			w[i] = max(w[i], len(r[i]))
		}
	}
	for _, r := range rows {
		c.Printf("%s %*s %-*s %-*s %*s %s %s\n", r[0], w[1], r[1], w[2], r[2], w[3], r[3], w[4], r[4], r[5], r[6])
	}
}
