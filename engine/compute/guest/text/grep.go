package text

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"haneul/engine/compute/guest/regex"
	"haneul/engine/compute/guest/tool"
)

// grepping is one call of grep.
type grepping struct {
	c             *tool.Call
	o             *tool.Options
	re            *regexp.Regexp
	max           int
	before, after int
	names         bool
	found, failed bool
}

// Grep is grep [-EFivwxcnlLoqshHrRz] [-A|-B|-C LINES] [-m COUNT] [-e PATTERN]… [-f FILE] [--include GLOB] [--color] PATTERN [FILE…].
// egrep and fgrep are grep -E and grep -F.
func Grep(c *tool.Call) int {
	o, err := tool.Parse(old2(c.Args), "EFGPivwxcnlLoqshHrRzabA:B:C:m:e:f:I:X:K?", "extended-regexp=E", "fixed-strings=F", "ignore-case=i",
		"invert-match=v", "word-regexp=w", "line-regexp=x", "count=c", "line-number=n", "files-with-matches=l", "files-without-match=L",
		"only-matching=o", "quiet=q", "silent=q", "no-messages=s", "no-filename=h", "with-filename=H", "recursive=r", "after-context=A",
		"before-context=B", "context=C", "max-count=m", "regexp=e", "file=f", "include=I", "exclude=X", "color=K", "colour=K", "text=a", "null-data=z")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	g := &grepping{c: c, o: o}
	if o.Has('P') {
		return c.Fail(2, "-P is not supported here: try -E")
	}
	if code := g.prepare(); code != 0 {
		return code
	}
	for _, name := range o.Args {
		g.visit(name)
	}
	switch {
	case g.failed && !(g.found && o.Has('q')):
		return 2
	case g.found:
		return 0
	}
	return 1
}

// old2 turns -5 into -C 5.
func old2(args []string) []string {
	var out []string
	for _, a := range args {
		if len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "0123456789") == "" {
			out = append(out, "-C", a[1:])
			continue
		}
		out = append(out, a)
	}
	return out
}

// prepare compiles the pattern and settles the operands.
func (g *grepping) prepare() int {
	c, o := g.c, g.o
	var patterns []string
	for _, e := range o.All('e') {
		patterns = append(patterns, strings.Split(e, "\n")...)
	}
	for _, f := range o.All('f') {
		r, err := c.Open(f)
		if err != nil {
			return c.Fail(2, "%s: %s", f, tool.Reason(err))
		}
		b, _ := io.ReadAll(r)
		if len(b) > 0 {
			patterns = append(patterns, strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")...)
		}
	}
	if !o.Has('e') && !o.Has('f') {
		if len(o.Args) == 0 {
			c.Out.Flush()
			io.WriteString(c.Stderr, "Usage: grep [OPTION]... PATTERNS [FILE]...\n")
			return 2
		}
		patterns, o.Args = strings.Split(o.Args[0], "\n"), o.Args[1:]
	}
	var err error
	if g.re, err = g.compile(patterns); err != nil {
		return c.Fail(2, "%v", err)
	}
	context, e1 := o.Int('C', 0)
	var e2, e3, e4 error
	g.before, e2 = o.Int('B', context)
	g.after, e3 = o.Int('A', context)
	g.max, e4 = o.Int('m', -1)
	if err := errors.Join(e1, e2, e3, e4); err != nil {
		return c.Fail(2, "%v", err)
	}
	recursive := o.Has('r') || o.Has('R')
	g.names = (len(o.Args) > 1 || recursive || o.Has('H')) && !o.Has('h')
	if len(o.Args) == 0 {
		o.Args = []string{"-"}
		if recursive {
			o.Args = []string{"."}
		}
		g.names = (recursive || o.Has('H')) && !o.Has('h')
	}
	return 0
}

func (g *grepping) compile(patterns []string) (*regexp.Regexp, error) {
	o := g.o
	var all []string
	for _, p := range patterns {
		var err error
		if o.Has('F') || g.c.Name == "fgrep" {
			p = regexp.QuoteMeta(p)
		} else if p, err = regex.Translate(p, o.Has('E') || g.c.Name == "egrep"); err != nil {
			return nil, err
		}
		all = append(all, "(?:"+p+")")
	}
	text := "(?:" + strings.Join(all, "|") + ")"
	if len(all) == 0 {
		text = `[^\s\S]`
	}
	if o.Has('w') {
		text = `\b` + text + `\b`
	}
	if o.Has('x') {
		text = "^" + text + "$"
	}
	flags := ""
	if o.Has('i') {
		flags = "(?i)"
	}
	re, err := regexp.Compile(flags + text)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	re.Longest()
	return re, nil
}

// visit searches a file, or a tree.
func (g *grepping) visit(name string) {
	info, err := os.Stat(name)
	if name != "-" && err == nil && info.IsDir() {
		if !g.o.Has('r') && !g.o.Has('R') {
			g.c.Warn("%s: Is a directory", name)
			return
		}
		_ = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				g.trouble(path, err)
			} else if d.Type().IsRegular() && g.included(d.Name()) {
				if name == "." && !strings.HasPrefix(g.o.Args[0], ".") {
					path = strings.TrimPrefix(path, "./")
				} else if name == "." {
					path = "./" + path
				}
				g.file(path)
			}
			return nil
		})
		return
	}
	g.file(name)
}

func (g *grepping) included(name string) bool {
	for _, x := range g.o.All('X') {
		if ok, _ := filepath.Match(x, name); ok {
			return false
		}
	}
	if !g.o.Has('I') {
		return true
	}
	for _, i := range g.o.All('I') {
		if ok, _ := filepath.Match(i, name); ok {
			return true
		}
	}
	return false
}

func (g *grepping) trouble(name string, err error) {
	g.failed = true
	if !g.o.Has('s') {
		g.c.Warn("%s: %s", name, tool.Reason(err))
	}
}

func (g *grepping) file(name string) {
	r, err := g.c.Open(name)
	if err != nil {
		g.trouble(name, err)
		return
	}
	defer r.Close()
	if name == "-" {
		name = "(standard input)"
	}
	n := g.search(name, r)
	switch {
	case g.o.Has('q'):
	case g.o.Has('l') && n > 0, g.o.Has('L') && n == 0:
		g.c.Printf("%s\n", name)
	case g.o.Has('c') && !g.o.Has('l') && !g.o.Has('L'):
		if g.names {
			g.c.Printf("%s:", name)
		}
		g.c.Printf("%d\n", n)
	}
	if (n > 0) != g.o.Has('L') {
		g.found = true
	}
}

type held struct {
	number int
	text   []byte
}

// search returns how many lines were selected, and prints them unless only that is wanted.
func (g *grepping) search(name string, r io.Reader) (n int) {
	o := g.o
	silent := o.Has('q') || o.Has('l') || o.Has('L') || o.Has('c')
	var waiting []held // lines that are printed if a match follows
	trailing, printed := 0, 0
	binary := false
	number := 0
	for l := g.c.Lines(r).Zero(o.Has('z')); l.Next(); {
		number++
		if !o.Has('a') && !o.Has('z') && !binary && bytes.IndexByte(l.Text, 0) >= 0 {
			binary = true
		}
		selected := g.re.Match(l.Text) != o.Has('v')
		switch {
		case selected && g.max != 0 && (g.max < 0 || n < g.max):
			n++
			if o.Has('q') || o.Has('l') || o.Has('L') {
				return n
			}
			if silent {
				break
			}
			if binary {
				g.c.Printf("grep: %s: binary file matches\n", name)
				return n
			}
			first := number
			if len(waiting) > 0 {
				first = waiting[0].number
			}
			if printed > 0 && first > printed+1 && (g.before > 0 || g.after > 0) {
				g.c.Printf("--\n")
			}
			for _, w := range waiting {
				g.print(name, w.number, w.text, '-')
			}
			waiting = waiting[:0]
			g.print(name, number, l.Text, ':')
			printed, trailing = number, g.after
		case trailing > 0:
			trailing--
			g.print(name, number, l.Text, '-')
			printed = number
		case g.before > 0 && !silent:
			if len(waiting) == g.before {
				waiting = waiting[1:]
			}
			waiting = append(waiting, held{number, bytes.Clone(l.Text)})
		}
		if g.max >= 0 && n >= g.max && trailing == 0 {
			break
		}
	}
	return n
}

func (g *grepping) print(name string, number int, text []byte, mark byte) {
	prefix := func() {
		if g.names {
			g.c.Printf("%s%c", name, mark)
		}
		if g.o.Has('n') {
			g.c.Printf("%d%c", number, mark)
		}
	}
	if !g.o.Has('o') {
		prefix()
		g.c.Out.Write(text)
		g.c.Out.WriteByte('\n')
		return
	}
	if mark != ':' || g.o.Has('v') {
		return
	}
	for _, m := range g.re.FindAll(text, -1) {
		if len(m) > 0 {
			prefix()
			g.c.Out.Write(m)
			g.c.Out.WriteByte('\n')
		}
	}
}
