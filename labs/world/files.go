package world

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// maxText is the longest file a check reads.
const maxText = 4 << 20

func (w *World) filesModule() starlark.Value {
	text := func(name string, flags int) *starlark.Builtin {
		return builtin(name, func(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var file, text string
			if err := starlark.UnpackPositionalArgs(name, args, kwargs, 2, &file, &text); err != nil {
				return nil, err
			}
			return starlark.None, w.writeFile(file, text, flags)
		})
	}
	read := func(name string, f func(file string) (any, error)) *starlark.Builtin {
		return builtin(name, func(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var file string
			if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &file); err != nil {
				return nil, err
			}
			v, err := f(file)
			return toStarlark(v), err
		})
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"write":  text("write", os.O_TRUNC),
		"append": text("append", os.O_APPEND),
		"read":   read("read", func(file string) (any, error) { return w.readFile(file) }),
		"lines":  read("lines", w.lines),
		"exists": read("exists", func(file string) (any, error) {
			_, err := w.readFile(file)
			return !errors.Is(err, fs.ErrNotExist), nil
		}),
		"remove": read("remove", func(file string) (any, error) {
			return nil, w.inside(func(r *os.Root) error { return r.RemoveAll(file) })
		}),
	})
}

// inside opens the workspace such that no path leads out of it.
func (w *World) inside(f func(*os.Root) error) error {
	r, err := os.OpenRoot(w.Dir)
	if err != nil {
		return err
	}
	defer r.Close()
	return f(r)
}

func (w *World) readFile(file string) (text string, err error) {
	err = w.inside(func(r *os.Root) error {
		f, err := r.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, maxText+1))
		if len(b) > maxText {
			return fmt.Errorf("%s is longer than %d bytes", file, maxText)
		}
		text = string(b)
		return err
	})
	return text, err
}

// lines are a file's lines without the empty ones; a file that is not there has none.
func (w *World) lines(file string) (any, error) {
	text, err := w.readFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	list := []string{}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimRight(line, "\r"); strings.TrimSpace(line) != "" {
			list = append(list, line)
		}
	}
	return list, nil
}

func (w *World) writeFile(file, text string, flags int) error {
	return w.inside(func(r *os.Root) error {
		if dir := path.Dir(file); dir != "." {
			if err := r.MkdirAll(dir, 0o755); err != nil {
				return err
			}
		}
		f, err := r.OpenFile(file, os.O_WRONLY|os.O_CREATE|flags, 0o644)
		if err != nil {
			return err
		}
		if _, err := f.WriteString(text); err != nil {
			f.Close()
			return err
		}
		return f.Close()
	})
}
