package labs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits of a workspace that is copied for grading.
const (
	maxWorkspace      = 200 << 20
	maxWorkspaceFiles = 20_000
)

// place writes a folder of a lab (starter, solution, wrong/…) into a folder on disk. Files that exist are kept unless
// replace. skip names files to leave out; nil for none.
func place(from fs.FS, dir string, replace bool, skip func(name string) bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "." {
			return fs.SkipAll // no such folder: nothing to place
		}
		if err != nil || name == "." || skip != nil && skip(name) {
			return err
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("%q cannot be a file's name here", name)
		}
		if d.IsDir() {
			return root.MkdirAll(name, 0o755)
		}
		if _, err := root.Lstat(name); err == nil && !replace {
			return nil
		}
		b, err := readFile(from, name)
		if err != nil {
			return err
		}
		if err := writeInto(root, name, b); !errors.Is(err, fs.ErrExist) || replace {
			return err
		}
		return nil // somebody else who places the same files was faster
	})
}

// writeInto replaces a file; a script can be run. A link in its place is removed, not followed.
func writeInto(root *os.Root, name string, b []byte) error {
	mode := fs.FileMode(0o644)
	if bytes.HasPrefix(b, []byte("#!")) {
		mode = 0o755
	}
	if err := root.RemoveAll(name); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// copyWorkspace copies the learner's files. Links are copied as links.
func copyWorkspace(from, to string) error {
	var size int64
	files := 0
	return filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(p)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case !d.Type().IsRegular():
			return nil // a socket, a pipe
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		if files++; files > maxWorkspaceFiles || size > maxWorkspace {
			return fmt.Errorf("%s holds more than %d files or %d MB; a lab needs a few", from, maxWorkspaceFiles, maxWorkspace>>20)
		}
		return copyFile(p, target, info.Mode().Perm())
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode|0o200)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// protect puts the starter's protected files back, whatever became of them.
func (l *Lab) protect(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, pattern := range l.Protected {
		if err := removeMatching(root, pattern); err != nil {
			return err
		}
	}
	return place(l.sub("starter"), dir, true, func(name string) bool { return !l.protects(name) && !l.holdsProtected(name) })
}

// removeMatching removes what a pattern matches. A learner's link on the way is removed, not followed.
func removeMatching(root *os.Root, pattern string) error {
	dir := path.Dir(pattern)
	for parent := dir; parent != "."; parent = path.Dir(parent) {
		if info, err := root.Lstat(parent); err == nil && !info.IsDir() {
			return root.RemoveAll(parent)
		}
	}
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if ok, _ := path.Match(path.Base(pattern), e.Name()); ok {
			if err := root.RemoveAll(path.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdsProtected reports whether a folder of the starter holds something protected.
func (l *Lab) holdsProtected(dir string) bool {
	for _, p := range l.Protected {
		if strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}

// sub is a folder of the lab; it may be missing.
func (l *Lab) sub(name string) fs.FS {
	dir, err := fs.Sub(l.FS, name)
	if err != nil {
		return emptyFS{} // not reached: names are ours
	}
	return dir
}

type emptyFS struct{}

func (emptyFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// original is a file of the starter, nil if it has none of that name.
func (l *Lab) original(name string) []byte {
	b, err := readFile(l.sub("starter"), filepath.ToSlash(name))
	if err != nil {
		return nil
	}
	return b
}
