//go:build linux

package files

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// test is one test or action of a find expression.
type test func(path string, info fs.FileInfo) bool

type finder struct {
	c        *tool.Call
	words    []string
	max, min int
	action   bool // an action was named, so nothing is printed by itself
	prune    bool
	depth    bool
	now      time.Time
	code     int
	batches  []*batch
}

// batch is an -exec … +.
type batch struct{ command, files []string }

// Find is find [FOLDER…] with -name -iname -path -type -size -mtime -mmin -newer -empty -perm -user -maxdepth -mindepth
// -print -print0 -delete -prune -exec -a -o ! ( ).
func Find(c *tool.Call) int {
	roots := []string{}
	args := c.Args
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" && args[0] != "(" {
		roots, args = append(roots, args[0]), args[1:]
	}
	if len(roots) == 0 {
		roots = []string{"."}
	}
	f := &finder{c: c, words: args, max: 1 << 30, now: time.Now()}
	expr, err := f.or()
	if err == nil && len(f.words) > 0 {
		err = fmt.Errorf("unexpected ‘%s’", f.words[0])
	}
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if !f.action {
		inner := expr
		expr = func(p string, i fs.FileInfo) bool { return inner(p, i) && f.print(p, "\n") }
	}
	for _, root := range roots {
		info, err := os.Lstat(root)
		if err != nil {
			f.code = c.Fail(1, "‘%s’: %s", root, tool.Reason(err))
			continue
		}
		f.visit(root, info, 0, expr)
	}
	for _, b := range f.batches {
		if len(b.files) > 0 && !f.execute(append(b.command, b.files...)) {
			f.code = 1
		}
	}
	return f.code
}

func (f *finder) print(path, end string) bool {
	f.c.Printf("%s%s", path, end)
	return true
}

func (f *finder) visit(path string, info fs.FileInfo, level int, expr test) {
	f.prune = false
	if level >= f.min && !f.depth {
		expr(path, info)
	}
	if info.IsDir() && level < f.max && !f.prune {
		entries, err := os.ReadDir(path)
		if err != nil {
			f.code = f.c.Fail(1, "‘%s’: %s", path, tool.Reason(err))
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil {
				f.visit(strings.TrimSuffix(path, "/")+"/"+e.Name(), info, level+1, expr)
			}
		}
	}
	if level >= f.min && f.depth {
		expr(path, info)
	}
}

func (f *finder) take() string {
	if len(f.words) == 0 {
		return ""
	}
	w := f.words[0]
	f.words = f.words[1:]
	return w
}

func (f *finder) or() (test, error) {
	left, err := f.and()
	for err == nil && len(f.words) > 0 && (f.words[0] == "-o" || f.words[0] == "-or") {
		f.take()
		a := left
		b, e := f.and()
		left, err = func(p string, i fs.FileInfo) bool { return a(p, i) || b(p, i) }, e
	}
	return left, err
}

func (f *finder) and() (test, error) {
	all := func(string, fs.FileInfo) bool { return true }
	for len(f.words) > 0 && f.words[0] != "-o" && f.words[0] != "-or" && f.words[0] != ")" {
		if f.words[0] == "-a" || f.words[0] == "-and" {
			f.take()
		}
		a := all
		b, err := f.one()
		if err != nil {
			return nil, err
		}
		all = func(p string, i fs.FileInfo) bool { return a(p, i) && b(p, i) }
	}
	return all, nil
}

// compare reads +N, -N or N.
func compare(s string) (func(int64) bool, error) {
	n, err := strconv.ParseInt(strings.TrimLeft(s, "+-"), 10, 64)
	switch {
	case err != nil:
		return nil, fmt.Errorf("invalid argument `%s'", s)
	case s[0] == '+':
		return func(v int64) bool { return v > n }, nil
	case s[0] == '-':
		return func(v int64) bool { return v < n }, nil
	}
	return func(v int64) bool { return v == n }, nil
}

func (f *finder) one() (test, error) {
	word := f.take()
	switch word {
	case "!", "-not":
		t, err := f.one()
		return func(p string, i fs.FileInfo) bool { return !t(p, i) }, err
	case "(":
		t, err := f.or()
		if f.take() != ")" && err == nil {
			err = fmt.Errorf("missing ‘)’")
		}
		return t, err
	case "-print", "-print0":
		f.action = true
		end := map[string]string{"-print": "\n", "-print0": "\x00"}[word]
		return func(p string, _ fs.FileInfo) bool { return f.print(p, end) }, nil
	case "-delete":
		f.action, f.depth = true, true
		return func(p string, _ fs.FileInfo) bool {
			if err := os.Remove(p); err != nil && p != "." {
				f.code = f.c.Fail(1, "cannot delete ‘%s’: %s", p, tool.Reason(err))
				return false
			}
			return true
		}, nil
	case "-prune":
		return func(string, fs.FileInfo) bool { f.prune = true; return true }, nil
	case "-depth":
		f.depth = true
		return func(string, fs.FileInfo) bool { return true }, nil
	case "-true", "-xdev", "-mount":
		return func(string, fs.FileInfo) bool { return true }, nil
	case "-empty":
		return func(p string, i fs.FileInfo) bool {
			if i.IsDir() {
				list, err := os.ReadDir(p)
				return err == nil && len(list) == 0
			}
			return i.Mode().IsRegular() && i.Size() == 0
		}, nil
	case "-exec":
		return f.exec()
	}
	if len(f.words) == 0 {
		if strings.HasPrefix(word, "-") {
			return nil, fmt.Errorf("missing argument to `%s'", word)
		}
		return nil, fmt.Errorf("paths must precede expression: `%s'", word)
	}
	return f.valued(word, f.take())
}

// valued are the tests with a value.
func (f *finder) valued(word, value string) (test, error) {
	switch word {
	case "-name", "-iname":
		fold := word == "-iname"
		if fold {
			value = strings.ToLower(value)
		}
		return func(p string, _ fs.FileInfo) bool {
			base := filepath.Base(p)
			if fold {
				base = strings.ToLower(base)
			}
			ok, _ := filepath.Match(value, base)
			return ok
		}, nil
	case "-path", "-wholename":
		// Here * also matches a slash: both sides lose theirs.
		flat := strings.ReplaceAll(value, "/", "\x01")
		return func(p string, _ fs.FileInfo) bool {
			ok, _ := filepath.Match(flat, strings.ReplaceAll(p, "/", "\x01"))
			return ok
		}, nil
	case "-type":
		return func(_ string, i fs.FileInfo) bool {
			letter := modeText(i.Mode())[:1]
			return strings.Contains(value, strings.Replace(letter, "-", "f", 1))
		}, nil
	case "-maxdepth", "-mindepth":
		n, err := strconv.Atoi(value)
		if word == "-maxdepth" {
			f.max = n
		} else {
			f.min = n
		}
		return func(string, fs.FileInfo) bool { return true }, err
	case "-size":
		unit := int64(512)
		if u, ok := map[byte]int64{'c': 1, 'k': 1 << 10, 'M': 1 << 20, 'G': 1 << 30, 'b': 512}[value[len(value)-1]]; ok {
			unit, value = u, value[:len(value)-1]
		}
		is, err := compare(value)
		return func(_ string, i fs.FileInfo) bool { return is((i.Size() + unit - 1) / unit) }, err
	case "-mtime", "-mmin":
		unit := map[string]time.Duration{"-mtime": 24 * time.Hour, "-mmin": time.Minute}[word]
		is, err := compare(value)
		return func(_ string, i fs.FileInfo) bool { return is(int64(f.now.Sub(i.ModTime()) / unit)) }, err
	case "-newer":
		info, err := os.Stat(value)
		if err != nil {
			return nil, fmt.Errorf("‘%s’: %s", value, tool.Reason(err))
		}
		return func(_ string, i fs.FileInfo) bool { return i.ModTime().After(info.ModTime()) }, nil
	case "-perm":
		n, err := strconv.ParseUint(strings.TrimLeft(value, "-/"), 8, 12)
		return func(_ string, i fs.FileInfo) bool {
			b := bits(i.Mode())
			switch value[0] {
			case '-':
				return b&uint32(n) == uint32(n)
			case '/':
				return b&uint32(n) != 0
			}
			return b == uint32(n)
		}, err
	case "-user":
		return func(_ string, i fs.FileInfo) bool {
			st := i.Sys().(*syscall.Stat_t)
			return userName(st.Uid) == value || strconv.Itoa(int(st.Uid)) == value
		}, nil
	}
	return nil, fmt.Errorf("unknown predicate `%s'", word)
}

func (f *finder) exec() (test, error) {
	f.action = true
	var command []string
	for {
		if len(f.words) == 0 {
			return nil, fmt.Errorf("missing argument to `-exec'")
		}
		w := f.take()
		if w == ";" {
			break
		}
		if w == "+" && len(command) > 0 && command[len(command)-1] == "{}" {
			b := &batch{command: command[:len(command)-1]}
			f.batches = append(f.batches, b)
			return func(p string, _ fs.FileInfo) bool { b.files = append(b.files, p); return true }, nil
		}
		command = append(command, w)
	}
	return func(p string, _ fs.FileInfo) bool {
		args := make([]string, len(command))
		for i, w := range command {
			args[i] = strings.ReplaceAll(w, "{}", p)
		}
		return f.execute(args)
	}, nil
}

func (f *finder) execute(args []string) bool {
	f.c.Out.Flush()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, f.c.Stderr
	if err := cmd.Run(); err != nil {
		if _, ok := err.(*exec.ExitError); !ok {
			f.c.Warn("‘%s’: %s", args[0], tool.Reason(err))
		}
		return false
	}
	return true
}

// Xargs is xargs [-0rt] [-n WORDS] [-I WORD] [-P PROCESSES] [-d CHARACTER] [COMMAND…].
func Xargs(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+0rtn:I:P:d:L:i", "null=0", "no-run-if-empty=r", "verbose=t", "max-args=n", "replace=I", "max-procs=P", "delimiter=d")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	command := o.Args
	if len(command) == 0 {
		command = []string{"echo"}
	}
	at, e1 := o.Int('n', 5000)
	if at <= 0 || e1 != nil {
		return c.Fail(1, "invalid number for -n")
	}
	words, err := xargsWords(c, o)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var runs [][]string
	if mark := o.Str('I', ""); mark != "" {
		for _, w := range words {
			run := make([]string, len(command))
			for i := range command {
				run[i] = strings.ReplaceAll(command[i], mark, w)
			}
			runs = append(runs, run)
		}
	} else {
		for i := 0; i < len(words); i += at {
			runs = append(runs, append(append([]string{}, command...), words[i:min(i+at, len(words))]...))
		}
		if len(words) == 0 && !o.Has('r') {
			runs = [][]string{command}
		}
	}
	parallel, _ := o.Int('P', 1)
	if parallel < 1 {
		parallel = max(1, len(runs))
	}
	codes := make(chan int, len(runs))
	places := make(chan struct{}, parallel)
	for _, run := range runs {
		places <- struct{}{}
		if o.Has('t') {
			fmt.Fprintln(c.Stderr, strings.Join(run, " "))
		}
		go func() {
			defer func() { <-places }()
			cmd := exec.Command(run[0], run[1:]...)
			cmd.Stdout, cmd.Stderr = os.Stdout, c.Stderr
			err := cmd.Run()
			switch {
			case err == nil:
				codes <- 0
			case cmd.ProcessState == nil:
				codes <- c.Fail(127, "%s: %s", run[0], tool.Reason(err))
			default:
				codes <- 123
			}
		}()
	}
	code := 0
	for range runs {
		code = max(code, <-codes)
	}
	return code
}
