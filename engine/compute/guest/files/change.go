//go:build linux

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// Rm is rm [-rRfiv] FILE….
func Rm(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "rRfivd", "recursive=r", "force=f", "verbose=v", "interactive=i", "dir=d")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) == 0 && !o.Has('f') {
		return c.Fail(1, "missing operand")
	}
	code := 0
	fail := func(format string, args ...any) { code = c.Fail(1, format, args...) }
	for _, name := range o.Args {
		info, err := os.Lstat(name)
		base := filepath.Base(name)
		switch {
		case err != nil:
			if !o.Has('f') || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
				fail("cannot remove '%s': %s", name, tool.Reason(err))
			}
			continue
		case info.IsDir() && (base == "." || base == ".."):
			fail("refusing to remove '.' or '..' directory: skipping '%s'", name)
			continue
		case filepath.Clean(name) == "/":
			fail("it is dangerous to operate recursively on '/'")
			continue
		case info.IsDir() && !o.Has('r') && !o.Has('R') && !o.Has('d'):
			fail("cannot remove '%s': Is a directory", name)
			continue
		case o.Has('i') && !o.Has('f') && !confirm(c, "remove '%s'? ", name):
			continue
		}
		if o.Has('r') || o.Has('R') {
			err = os.RemoveAll(name)
		} else {
			err = os.Remove(name)
		}
		if err != nil {
			fail("cannot remove '%s': %s", name, tool.Reason(err))
		} else if o.Has('v') {
			c.Printf("removed '%s'\n", name)
		}
	}
	return code
}

// Mkdir is mkdir [-pv] [-m MODE] FOLDER….
func Mkdir(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "pvm:", "parents=p", "verbose=v", "mode=m")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	code := 0
	for _, name := range o.Args {
		make := os.Mkdir
		if o.Has('p') {
			make = os.MkdirAll
		}
		if err := make(name, 0o777); err != nil {
			code = c.Fail(1, "cannot create directory ‘%s’: %s", name, tool.Reason(err))
			continue
		}
		if o.Has('m') {
			mode, err := changeMode(o.Str('m', ""), 0o777|fs.ModeDir)
			if err != nil {
				return c.Fail(1, "%v", err)
			}
			_ = os.Chmod(name, mode)
		}
		if o.Has('v') {
			c.Printf("mkdir: created directory '%s'\n", name)
		}
	}
	return code
}

// Rmdir is rmdir [-p] FOLDER….
func Rmdir(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "pv", "parents=p", "verbose=v")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	code := 0
	for _, name := range o.Args {
		for {
			if err := syscall.Rmdir(name); err != nil {
				code = c.Fail(1, "failed to remove '%s': %s", name, tool.Reason(err))
				break
			}
			if name = filepath.Dir(name); !o.Has('p') || name == "." || name == "/" {
				break
			}
		}
	}
	return code
}

// Touch is touch [-acm] [-d TIME] [-r FILE] [-t STAMP] FILE….
func Touch(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "acmd:r:t:h", "no-create=c", "date=d", "reference=r")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing file operand")
	}
	at := time.Now()
	switch {
	case o.Has('r'):
		info, err := os.Stat(o.Str('r', ""))
		if err != nil {
			return c.Fail(1, "failed to get attributes of '%s': %s", o.Str('r', ""), tool.Reason(err))
		}
		at = info.ModTime()
	case o.Has('d'):
		if at, err = tool.ParseTime(o.Str('d', ""), at); err != nil {
			return c.Fail(1, "%v", err)
		}
	case o.Has('t'):
		if at, err = time.ParseInLocation("200601021504.05", o.Str('t', ""), time.Local); err != nil {
			if at, err = time.ParseInLocation("200601021504", o.Str('t', ""), time.Local); err != nil {
				return c.Fail(1, "invalid date format '%s'", o.Str('t', ""))
			}
		}
	}
	code := 0
	for _, name := range o.Args {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			if o.Has('c') {
				continue
			}
			f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o666)
			if err != nil {
				code = c.Fail(1, "cannot touch '%s': %s", name, tool.Reason(err))
				continue
			}
			f.Close()
		}
		access, modified := at, at
		if o.Has('a') && !o.Has('m') {
			modified = time.Time{} // leaves it
		}
		if o.Has('m') && !o.Has('a') {
			access = time.Time{}
		}
		if err := os.Chtimes(name, access, modified); err != nil {
			code = c.Fail(1, "setting times of '%s': %s", name, tool.Reason(err))
		}
	}
	return code
}

// Ln is ln [-sfnvT] TARGET… LINK.
func Ln(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "sfnvTrt:", "symbolic=s", "force=f", "no-dereference=n", "verbose=v", "no-target-directory=T")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) == 1 {
		o.Args = append(o.Args, ".")
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing file operand")
	}
	link := o.Args[len(o.Args)-1]
	info, err := os.Stat(link)
	if o.Has('n') {
		info, err = os.Lstat(link)
	}
	folder := err == nil && info.IsDir() && !o.Has('T')
	code := 0
	for _, target := range o.Args[:len(o.Args)-1] {
		name := link
		if folder {
			name = filepath.Join(link, filepath.Base(target))
		}
		if o.Has('f') {
			_ = os.Remove(name)
		}
		kind, make := "hard link", os.Link
		if o.Has('s') {
			kind, make = "symbolic link", os.Symlink
		}
		if err := make(target, name); err != nil {
			code = c.Fail(1, "failed to create %s '%s': %s", kind, name, tool.Reason(err))
		} else if o.Has('v') {
			c.Printf("'%s' -> '%s'\n", name, target)
		}
	}
	return code
}

// Chmod is chmod [-Rv] MODE FILE….
func Chmod(c *tool.Call) int {
	args := c.Args
	for i, a := range args { // -x, -rw are modes
		if len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "rwxXst,=+-ugo") == "" {
			args = append(append(append([]string{}, args[:i]...), "--"), args[i:]...)
			break
		}
	}
	o, err := tool.Parse(args, "Rvcf", "recursive=R", "verbose=v")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) < 2 {
		return c.Fail(1, "missing operand")
	}
	if _, err := changeMode(o.Args[0], 0); err != nil {
		return c.Fail(1, "%v", err)
	}
	return walk(c, o, "cannot access '%s': %s", func(path string, info fs.FileInfo) error {
		mode, _ := changeMode(o.Args[0], info.Mode())
		return os.Chmod(path, mode)
	})
}

// walk calls f for the operands after the first, and with -R for what is in them.
func walk(c *tool.Call, o *tool.Options, text string, f func(string, fs.FileInfo) error) (code int) {
	for _, name := range o.Args[1:] {
		err := filepath.Walk(name, func(path string, info fs.FileInfo, err error) error {
			if err == nil && info.Mode()&fs.ModeSymlink != 0 {
				if path != name {
					return nil
				}
				info, err = os.Stat(path)
			}
			if err == nil {
				err = f(path, info)
			}
			if err != nil {
				code = c.Fail(1, text, path, tool.Reason(err))
			}
			if info != nil && info.IsDir() && !o.Has('R') {
				return filepath.SkipDir
			}
			return nil
		})
		if err != nil {
			code = 1
		}
	}
	return code
}

// bits are a mode's as chmod(2) counts them.
func bits(m fs.FileMode) uint32 {
	b := uint32(m.Perm())
	for flag, bit := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if m&flag != 0 {
			b |= bit
		}
	}
	return b
}

func fromBits(b uint32) fs.FileMode {
	m := fs.FileMode(b & 0o777)
	for flag, bit := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if b&bit != 0 {
			m |= flag
		}
	}
	return m
}

// changeMode applies 755 or u+x,go=r to a mode.
func changeMode(text string, old fs.FileMode) (fs.FileMode, error) {
	if n, err := strconv.ParseUint(text, 8, 12); err == nil {
		return fromBits(uint32(n)), nil
	}
	bad := fmt.Errorf("invalid mode: ‘%s’", text)
	b := bits(old)
	for _, clause := range strings.Split(text, ",") {
		i := strings.IndexAny(clause, "+-=")
		if i < 0 {
			return 0, bad
		}
		who := uint32(0)
		for _, w := range clause[:i] {
			mask, ok := map[rune]uint32{'u': 0o4700, 'g': 0o2070, 'o': 0o1007, 'a': 0o7777}[w]
			if !ok {
				return 0, bad
			}
			who |= mask
		}
		if i == 0 {
			who = 0o7777 &^ umask()
		}
		for rest := clause[i:]; rest != ""; {
			op := rest[0]
			if strings.IndexByte("+-=", op) < 0 {
				return 0, bad
			}
			end := strings.IndexAny(rest[1:], "+-=") + 1
			if end == 0 {
				end = len(rest)
			}
			set := uint32(0)
			for _, p := range rest[1:end] {
				mask, ok := map[rune]uint32{'r': 0o444, 'w': 0o222, 'x': 0o111, 's': 0o6000, 't': 0o1000, 'X': 0,
					'u': b >> 6 & 7 * 0o111, 'g': b >> 3 & 7 * 0o111, 'o': b & 7 * 0o111}[p]
				if !ok {
					return 0, bad
				}
				if p == 'X' && (old.IsDir() || b&0o111 != 0) {
					mask = 0o111
				}
				set |= mask
			}
			switch op {
			case '+':
				b |= set & who
			case '-':
				b &^= set & who
			default:
				b = b&^(who&0o777) | set&who
			}
			rest = rest[end:]
		}
	}
	return fromBits(b), nil
}

func umask() uint32 {
	old := syscall.Umask(0)
	syscall.Umask(old)
	return uint32(old)
}

// Chown is chown [-R] USER[:GROUP] FILE….
func Chown(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "Rvhf", "recursive=R", "no-dereference=h")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(o.Args) < 2 {
		return c.Fail(1, "missing operand")
	}
	owner, group, _ := strings.Cut(o.Args[0], ":")
	uid, gid := -1, -1
	if owner != "" {
		if uid, err = strconv.Atoi(owner); err != nil {
			u, err := user.Lookup(owner)
			if err != nil {
				return c.Fail(1, "invalid user: ‘%s’", o.Args[0])
			}
			uid, _ = strconv.Atoi(u.Uid)
			if strings.HasSuffix(o.Args[0], ":") {
				gid, _ = strconv.Atoi(u.Gid)
			}
		}
	}
	if group != "" {
		if gid, err = strconv.Atoi(group); err != nil {
			g, err := user.LookupGroup(group)
			if err != nil {
				return c.Fail(1, "invalid group: ‘%s’", o.Args[0])
			}
			gid, _ = strconv.Atoi(g.Gid)
		}
	}
	return walk(c, o, "changing ownership of '%s': %s", func(path string, _ fs.FileInfo) error { return os.Lchown(path, uid, gid) })
}
