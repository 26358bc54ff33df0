//go:build linux

package files

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// Gzip is gzip, gunzip and zcat [-cdkf1-9].
func Gzip(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "cdkfnqvt123456789", "stdout=c", "decompress=d", "keep=k", "force=f", "to-stdout=c", "best=9", "fast=1")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	unpack := o.Has('d') || c.Name != "gzip"
	level := gzip.DefaultCompression
	for l := byte('1'); l <= '9'; l++ {
		if o.Has(l) {
			level = int(l - '0')
		}
	}
	turn := func(w io.Writer, r io.Reader) error {
		if unpack {
			z, err := gzip.NewReader(r)
			if err != nil {
				return errors.New("not in gzip format")
			}
			_, err = io.Copy(w, z)
			return err
		}
		z, _ := gzip.NewWriterLevel(w, level)
		_, err := io.Copy(z, r)
		return errors.Join(err, z.Close())
	}
	if len(o.Args) == 0 || o.Has('c') || c.Name == "zcat" {
		return c.EachFile(o.Args, func(_ string, r io.Reader) error { return turn(c.Out, r) })
	}
	code := 0
	for _, name := range o.Args {
		to := name + ".gz"
		if unpack {
			if to = strings.TrimSuffix(name, ".gz"); strings.HasSuffix(name, ".tgz") {
				to = strings.TrimSuffix(name, ".tgz") + ".tar"
			} else if to == name {
				code = c.Fail(2, "%s: unknown suffix -- ignored", name)
				continue
			}
		}
		if err := turnFile(name, to, o.Has('f'), turn); err != nil {
			code = c.Fail(1, "%s: %s", name, tool.Reason(err))
			continue
		}
		if !o.Has('k') {
			_ = os.Remove(name)
		}
	}
	return code
}

func turnFile(from, to string, force bool, turn func(io.Writer, io.Reader) error) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_EXCL
	if force {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	out, err := os.OpenFile(to, flags, info.Mode().Perm())
	if errors.Is(err, fs.ErrExist) {
		return errors.New(to + " already exists; not overwritten")
	}
	if err != nil {
		return err
	}
	if err := errors.Join(turn(out, in), out.Close()); err != nil {
		_ = os.Remove(to)
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// Tar is tar -c|-x|-t [-zvp] -f FILE [-C FOLDER] [--strip-components N] [--exclude GLOB] [FILE…].
func Tar(c *tool.Call) int {
	args := c.Args
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		args = append([]string{"-" + args[0]}, args[1:]...)
	}
	o, err := tool.Parse(args, "cxtzvpkmf:C:1:X:", "create=c", "extract=x", "get=x", "list=t", "gzip=z", "verbose=v", "file=f", "directory=C", "strip-components=1", "exclude=X")
	if err != nil {
		return c.Fail(64, "%v", err)
	}
	modes := o.Count('c') + o.Count('x') + o.Count('t')
	if modes != 1 {
		return c.Fail(2, "You must specify one of the '-ctx' options")
	}
	t := &archive{c: c, o: o}
	if t.strip, err = o.Int('1', 0); err != nil {
		return c.Fail(2, "%v", err)
	}
	file := o.Str('f', "-")
	if o.Has('c') {
		err = t.create(file)
	} else {
		err = t.read(file)
	}
	if err != nil {
		return c.Fail(2, "%s", tool.Reason(err))
	}
	return t.code
}

type archive struct {
	c     *tool.Call
	o     *tool.Options
	strip int
	code  int
}

func (t *archive) excluded(name string) bool {
	return slices.ContainsFunc(t.o.All('X'), func(x string) bool {
		a, _ := filepath.Match(x, name)
		b, _ := filepath.Match(x, filepath.Base(name))
		return a || b
	})
}

func (t *archive) create(file string) (err error) {
	if len(t.o.Args) == 0 {
		return errors.New("Cowardly refusing to create an empty archive")
	}
	out := io.Writer(t.c.Out)
	said := t.c.Stderr
	if file != "-" {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out, said = f, t.c.Out
	}
	if t.o.Has('z') {
		z := gzip.NewWriter(out)
		defer func() { err = errors.Join(err, z.Close()) }()
		out = z
	}
	w := tar.NewWriter(out)
	if dir := t.o.Str('C', ""); dir != "" {
		if err := os.Chdir(dir); err != nil {
			return err
		}
	}
	for _, name := range t.o.Args {
		err := filepath.Walk(name, func(path string, info fs.FileInfo, err error) error {
			if err != nil {
				t.code = t.c.Fail(2, "%s: Cannot stat: %s", path, tool.Reason(err))
				return nil
			}
			if t.excluded(path) {
				if info.IsDir() {
					return filepath.SkipDir
				}
				return nil
			}
			return t.add(w, said, path, info)
		})
		if err != nil {
			return err
		}
	}
	return w.Close()
}

func (t *archive) add(w *tar.Writer, said io.Writer, path string, info fs.FileInfo) error {
	link := ""
	if info.Mode()&fs.ModeSymlink != 0 {
		link, _ = os.Readlink(path)
	}
	h, err := tar.FileInfoHeader(info, link)
	if err != nil {
		t.code = t.c.Fail(2, "%s: %v", path, err)
		return nil
	}
	h.Name = strings.TrimLeft(path, "/")
	if info.IsDir() {
		h.Name += "/"
	}
	if t.o.Has('v') {
		io.WriteString(said, h.Name+"\n")
	}
	if err := w.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, io.LimitReader(f, h.Size))
	return err
}

func (t *archive) read(file string) error {
	in, err := t.c.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	r := io.Reader(in)
	if t.o.Has('z') || strings.HasSuffix(file, "gz") {
		z, err := gzip.NewReader(r)
		if err != nil {
			return errors.New("not in gzip format")
		}
		r = z
	}
	if dir := t.o.Str('C', ""); dir != "" {
		if err := os.Chdir(dir); err != nil {
			return err
		}
	}
	for a := tar.NewReader(r); ; {
		h, err := a.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !t.wanted(h.Name) {
			continue
		}
		if t.o.Has('t') || t.o.Has('v') {
			t.c.Printf("%s\n", h.Name)
		}
		if !t.o.Has('t') {
			if err := t.extract(h, a); err != nil {
				t.code = t.c.Fail(2, "%s: Cannot open: %s", h.Name, tool.Reason(err))
			}
		}
	}
}

func (t *archive) wanted(name string) bool {
	if t.excluded(strings.TrimSuffix(name, "/")) {
		return false
	}
	return len(t.o.Args) == 0 || slices.ContainsFunc(t.o.Args, func(a string) bool {
		a = strings.TrimSuffix(a, "/")
		return strings.TrimSuffix(name, "/") == a || strings.HasPrefix(name, a+"/")
	})
}

// extract writes one member; names that lead out of the folder are refused.
func (t *archive) extract(h *tar.Header, r io.Reader) error {
	parts := strings.Split(strings.Trim(h.Name, "/"), "/")
	if len(parts) <= t.strip {
		return nil
	}
	name := filepath.Join(parts[t.strip:]...)
	if !filepath.IsLocal(name) {
		return errors.New("Member name contains '..'")
	}
	mode := h.FileInfo().Mode()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(name, mode.Perm()|0o700)
	case tar.TypeSymlink:
		_ = os.Remove(name)
		return os.Symlink(h.Linkname, name)
	case tar.TypeLink:
		_ = os.Remove(name)
		return os.Link(h.Linkname, name)
	case tar.TypeReg:
	default:
		return nil
	}
	_ = os.Remove(name)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode.Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Chtimes(name, h.ModTime, h.ModTime)
}
