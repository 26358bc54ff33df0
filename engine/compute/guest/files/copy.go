//go:build linux

package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"haneul/engine/compute/guest/tool"
)

// copier copies files and trees.
type copier struct {
	c                            *tool.Call
	recursive, keep, links       bool
	noClobber, ask, force, speak bool
	failed                       bool
}

// Cp is cp [-aRrpPfinv] SOURCE… TARGET.
func Cp(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "aRrpPdfinvTt:uL", "archive=a", "recursive=r", "force=f", "interactive=i", "no-clobber=n", "verbose=v",
		"preserve=p", "no-dereference=P", "target-directory=t", "no-target-directory=T", "update=u")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	k := &copier{c: c, recursive: o.Has('a') || o.Has('R') || o.Has('r'), keep: o.Has('a') || o.Has('p'),
		noClobber: o.Has('n'), ask: o.Has('i'), force: o.Has('f'), speak: o.Has('v')}
	k.links = k.recursive && !o.Has('L') || o.Has('P') || o.Has('d')
	code := each(c, o, func(from, to string) {
		info, err := os.Stat(from)
		if k.links {
			info, err = os.Lstat(from)
		}
		switch {
		case err != nil:
			k.fail("cannot stat '%s': %s", from, tool.Reason(err))
		case info.IsDir() && !k.recursive:
			k.fail("-r not specified; omitting directory '%s'", from)
		case info.IsDir() && within(from, to):
			k.fail("cannot copy a directory, '%s', into itself, '%s'", from, to)
		default:
			if o.Has('u') && !newer(info, to) {
				return
			}
			k.copy(from, to, info)
		}
	})
	if k.failed {
		return 1
	}
	return code
}

func newer(info os.FileInfo, to string) bool {
	old, err := os.Stat(to)
	return err != nil || info.ModTime().After(old.ModTime())
}

// within tells whether to lies in from.
func within(from, to string) bool {
	a, e1 := filepath.Abs(from)
	b, e2 := filepath.Abs(to)
	return e1 == nil && e2 == nil && strings.HasPrefix(b+"/", a+"/")
}

// each calls f for every source with its target, which is inside the last operand if that is a folder.
func each(c *tool.Call, o *tool.Options, f func(from, to string)) int {
	args := o.Args
	if o.Has('t') {
		args = append(args, o.Str('t', ""))
	}
	switch len(args) {
	case 0:
		return c.Fail(1, "missing file operand")
	case 1:
		return c.Fail(1, "missing destination file operand after '%s'", args[0])
	}
	target := args[len(args)-1]
	info, err := os.Stat(target)
	folder := err == nil && info.IsDir() && !o.Has('T')
	switch {
	case len(args) > 2 && !folder:
		return c.Fail(1, "target '%s' is not a directory", target)
	case strings.HasSuffix(target, "/") && err != nil && !o.Has('r') && !o.Has('R') && !o.Has('a'):
		return c.Fail(1, "cannot create regular file '%s': Not a directory", target)
	}
	for _, from := range args[:len(args)-1] {
		to := target
		if folder {
			to = filepath.Join(target, filepath.Base(from))
		}
		f(from, to)
	}
	return 0
}

func (k *copier) fail(format string, args ...any) {
	k.failed = true
	k.c.Warn(format, args...)
}

func (k *copier) copy(from, to string, info os.FileInfo) {
	if old, err := os.Lstat(to); err == nil && !info.IsDir() {
		followed, err := os.Stat(to)
		switch {
		case err == nil && os.SameFile(info, followed):
			k.fail("'%s' and '%s' are the same file", from, to)
			return
		case k.noClobber, k.ask && !confirm(k.c, "overwrite '%s'? ", to):
			return
		case old.IsDir():
			k.fail("cannot overwrite directory '%s' with non-directory", to)
			return
		}
	}
	err := k.one(from, to, info)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) && p.Path == to {
			k.fail("cannot create regular file '%s': %s", to, tool.Reason(err))
		} else {
			k.fail("cannot open '%s' for reading: %s", from, tool.Reason(err))
		}
		return
	}
	if k.speak {
		k.c.Printf("'%s' -> '%s'\n", from, to)
	}
	if info.IsDir() {
		entries, err := os.ReadDir(from)
		if err != nil {
			k.fail("cannot access '%s': %s", from, tool.Reason(err))
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil {
				k.copy(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()), info)
			}
		}
	}
	if k.keep && info.Mode()&os.ModeSymlink == 0 {
		preserve(to, info)
	}
}

func preserve(to string, info os.FileInfo) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		_ = os.Lchown(to, int(st.Uid), int(st.Gid))
	}
	_ = os.Chmod(to, info.Mode())
	_ = os.Chtimes(to, info.ModTime(), info.ModTime())
}

func (k *copier) one(from, to string, info os.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		if err := os.Mkdir(to, mode.Perm()|0o700); err != nil && !os.IsExist(err) {
			return err
		}
		return nil
	case mode&os.ModeSymlink != 0:
		text, err := os.Readlink(from)
		if err != nil {
			return err
		}
		_ = os.Remove(to)
		return os.Symlink(text, to)
	case mode&os.ModeNamedPipe != 0 && k.recursive:
		return syscall.Mkfifo(to, uint32(mode.Perm()))
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	if err != nil && k.force {
		_ = os.Remove(to)
		out, err = os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// confirm asks a question on standard error.
func confirm(c *tool.Call, format string, args ...any) bool {
	c.Out.Flush()
	fmt.Fprintf(c.Stderr, c.Name+": "+format, args...)
	line, _ := bufio.NewReader(c.Stdin).ReadString('\n')
	return line != "" && (line[0] == 'y' || line[0] == 'Y')
}

// Mv is mv [-finvuT] SOURCE… TARGET. Between disks it copies and removes.
func Mv(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "finvuTt:", "force=f", "interactive=i", "no-clobber=n", "verbose=v", "update=u", "target-directory=t", "no-target-directory=T")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	k := &copier{c: c, recursive: true, keep: true, links: true, force: true}
	code := each(c, o, func(from, to string) {
		info, err := os.Lstat(from)
		if err != nil {
			k.fail("cannot stat '%s': %s", from, tool.Reason(err))
			return
		}
		if old, err := os.Lstat(to); err == nil {
			switch {
			case o.Has('n'), o.Has('u') && !newer(info, to), o.Has('i') && !confirm(c, "overwrite '%s'? ", to):
				return
			case os.SameFile(info, old):
				k.fail("'%s' and '%s' are the same file", from, to)
				return
			case old.IsDir() && !info.IsDir():
				k.fail("cannot overwrite directory '%s' with non-directory", to)
				return
			}
		}
		if info.IsDir() && within(from, to) {
			k.fail("cannot move '%s' to a subdirectory of itself, '%s'", from, to)
			return
		}
		err = os.Rename(from, to)
		if errors.Is(err, syscall.EXDEV) {
			failed := k.failed
			k.failed = false
			k.copy(from, to, info)
			if !k.failed {
				err = os.RemoveAll(from)
				k.failed = failed
			} else {
				return
			}
		}
		if err != nil {
			k.fail("cannot move '%s' to '%s': %s", from, to, tool.Reason(err))
		} else if o.Has('v') {
			c.Printf("renamed '%s' -> '%s'\n", from, to)
		}
	})
	if k.failed {
		return 1
	}
	return code
}
