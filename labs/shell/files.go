package shell

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// fallback are the two commands a learner looks at files with, for systems that do not have them. Options are ignored.
func (s *Shell) fallback(name string) Command {
	switch name {
	case "cat":
		return func(_ context.Context, c Call) int { return s.each(c, s.cat) }
	case "ls":
		return func(_ context.Context, c Call) int { return s.each(c, s.ls) }
	}
	return nil
}

// each runs f for every operand, or for the folder the shell is in.
func (s *Shell) each(c Call, f func(c Call, path string) error) (code int) {
	var paths []string
	for _, a := range c.Args[1:] {
		if len(a) < 2 || a[0] != '-' {
			paths = append(paths, a)
		}
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, p := range paths {
		if !filepath.IsAbs(p) {
			p = filepath.Join(c.Dir, p)
		}
		if err := f(c, p); err != nil {
			fmt.Fprintf(c.Stderr, "%s: %v\n", c.Args[0], err)
			code = 1
		}
	}
	return code
}

func (s *Shell) cat(c Call, path string) error {
	f, err := s.open(c.Dir, path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(c.Stdout, f)
	return err
}

func (s *Shell) ls(c Call, path string) error {
	var entries []fs.DirEntry
	var err error
	if s.confine == nil {
		entries, err = os.ReadDir(path)
	} else if root, rel, outside := s.confine.within("open", c.Dir, path); outside != nil {
		err = outside
	} else {
		entries, err = fs.ReadDir(root.FS(), filepath.ToSlash(rel))
	}
	for _, e := range entries {
		if e.IsDir() {
			fmt.Fprintln(c.Stdout, e.Name()+"/")
		} else {
			fmt.Fprintln(c.Stdout, e.Name())
		}
	}
	return err
}
