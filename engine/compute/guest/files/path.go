//go:build linux

package files

import (
	"os"
	"path/filepath"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// Path is basename, dirname, readlink [-f], realpath and pwd.
func Path(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "fems:azn", "suffix=s", "multiple=a", "canonicalize=f")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if c.Name == "pwd" {
		dir, err := os.Getwd()
		if err != nil {
			return c.Fail(1, "%v", err)
		}
		c.Printf("%s\n", dir)
		return 0
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	suffix := o.Str('s', "")
	if c.Name == "basename" && len(o.Args) == 2 && !o.Has('a') {
		suffix, o.Args = o.Args[1], o.Args[:1]
	}
	code := 0
	for _, name := range o.Args {
		var out string
		var err error
		switch c.Name {
		case "basename":
			if out = filepath.Base(name); out != suffix {
				out = strings.TrimSuffix(out, suffix)
			}
		case "dirname":
			if out = strings.TrimRight(name, "/"); out == "" {
				out = "/"
			} else if i := strings.LastIndexByte(out, '/'); i < 0 {
				out = "."
			} else if out = strings.TrimRight(out[:i], "/"); out == "" {
				out = "/"
			}
		case "readlink":
			if !o.Has('f') && !o.Has('e') && !o.Has('m') {
				if out, err = os.Readlink(name); err != nil {
					code = 1
					continue
				}
				break
			}
			out, err = resolve(name)
		default:
			out, err = resolve(name)
		}
		if err != nil {
			code = c.Fail(1, "%s: %s", name, tool.Reason(err))
			continue
		}
		c.Printf("%s\n", out)
	}
	return code
}

// resolve follows links; the last part need not exist.
func resolve(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if out, err := filepath.EvalSymlinks(path); err == nil {
		return out, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(dir, filepath.Base(path)), err
}

// Mktemp is mktemp [-d] [-p FOLDER] [TEMPLATE].
func Mktemp(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "dp:tuq", "directory=d", "tmpdir=p", "dry-run=u")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	dir := o.Str('p', os.Getenv("TMPDIR"))
	if dir == "" {
		dir = "/tmp"
	}
	pattern := "tmp.XXXXXXXXXX"
	if len(o.Args) > 0 {
		if pattern = o.Args[0]; !o.Has('p') && !o.Has('t') {
			dir = filepath.Dir(pattern)
			if pattern = filepath.Base(pattern); !strings.Contains(o.Args[0], "/") {
				dir = ""
			}
		}
	}
	end := strings.LastIndex(pattern, "XXX")
	if end < 0 {
		return c.Fail(1, "too few X's in template ‘%s’", pattern)
	}
	start := end
	for start > 0 && pattern[start-1] == 'X' {
		start--
	}
	for range 100 {
		name := filepath.Join(dir, pattern[:start]+tool.Random(end+3-start)+pattern[end+3:])
		if o.Has('d') {
			err = os.Mkdir(name, 0o700)
		} else {
			var f *os.File
			if f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
				f.Close()
			}
		}
		if err == nil {
			c.Printf("%s\n", name)
			return 0
		}
		if !os.IsExist(err) {
			break
		}
	}
	return c.Fail(1, "failed to create file via template ‘%s’: %s", pattern, tool.Reason(err))
}
