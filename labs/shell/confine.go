package shell

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

// confinement keeps a shell's own file access inside a few folders. Symbolic links do not lead out: os.Root sees to it.
type confinement struct{ roots []root }

type root struct {
	dir string
	fs  *os.Root
}

// confine opens the folders. Close it afterwards.
func confine(dirs ...string) (*confinement, error) {
	c := &confinement{}
	for _, dir := range dirs {
		r, err := os.OpenRoot(dir)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.roots = append(c.roots, root{dir, r})
	}
	return c, nil
}

// Close releases the folders.
func (c *confinement) Close() {
	for _, r := range c.roots {
		r.fs.Close()
	}
}

// within finds the folder that holds a path and the path inside it.
func (c *confinement) within(op, dir, path string) (*os.Root, string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	for _, r := range c.roots {
		if rel, err := filepath.Rel(r.dir, path); err == nil && filepath.IsLocal(rel) {
			return r.fs, rel, nil
		}
	}
	return nil, "", &fs.PathError{Op: op, Path: path, Err: errOutside}
}

var errOutside = outsideError{}

// outsideError counts as "does not exist": to a confined script, nothing is outside.
type outsideError struct{}

func (outsideError) Error() string        { return "outside the lab's folder" }
func (outsideError) Is(target error) bool { return target == fs.ErrNotExist }

// devices may be opened by everybody. Their names mean the same in every shell.
func device(path string) bool {
	return path == os.DevNull || path == "/dev/null" || strings.HasPrefix(path, "/dev/std") || strings.HasPrefix(path, "/dev/fd/")
}

// options make an interpreter ask us before it touches a file.
func (c *confinement) options() []interp.RunnerOption {
	open := interp.DefaultOpenHandler()
	return []interp.RunnerOption{
		interp.OpenHandler(func(ctx context.Context, path string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
			if device(path) {
				return open(ctx, path, flag, perm)
			}
			r, rel, err := c.within("open", interp.HandlerCtx(ctx).Dir, path)
			if err != nil {
				return nil, err
			}
			return r.OpenFile(rel, flag, perm)
		}),
		interp.ReadDirHandler2(func(ctx context.Context, path string) ([]fs.DirEntry, error) {
			r, rel, err := c.within("open", interp.HandlerCtx(ctx).Dir, path)
			if err != nil {
				return nil, err
			}
			return fs.ReadDir(r.FS(), filepath.ToSlash(rel))
		}),
		interp.StatHandler(func(ctx context.Context, path string, follow bool) (fs.FileInfo, error) {
			if device(path) {
				return os.Stat(path)
			}
			r, rel, err := c.within("stat", interp.HandlerCtx(ctx).Dir, path)
			if err != nil {
				return nil, err
			}
			if follow {
				return r.Stat(rel)
			}
			return r.Lstat(rel)
		}),
		interp.AccessHandler(func(ctx context.Context, path string, mode interp.AccessMode) error {
			r, rel, err := c.within("access", interp.HandlerCtx(ctx).Dir, path)
			if err != nil {
				return err
			}
			_, err = r.Stat(rel)
			return err
		}),
	}
}

// open reads a script as this shell may.
func (s *Shell) open(dir, path string) (io.ReadCloser, error) {
	if s.confine == nil {
		return os.Open(path)
	}
	r, rel, err := s.confine.within("open", dir, path)
	if err != nil {
		return nil, err
	}
	return r.Open(rel)
}
