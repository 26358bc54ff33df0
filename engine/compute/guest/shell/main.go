//go:build linux

package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"haneul/engine/compute/guest/tool"
)

// started is what the words after sh ask for.
type started struct {
	name        string // $0
	params      []string
	options     []string // set -e and so on
	source      io.Reader
	script      bool // a -c text or a file, all there at once
	interactive bool
	login       bool
	child       bool // one of our own `cmd &`
}

// Sh is sh and bash: `sh [-l] [-i] [-eux] [-o OPTION] [-c TEXT [NAME [WORD…]] | FILE [WORD…] | -s [WORD…]]`.
func Sh(c *tool.Call) int {
	s, code := read(c)
	if code >= 0 {
		return code
	}
	r, err := newSession(c, s)
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	switch {
	case s.script:
		text, err := io.ReadAll(s.source)
		if err != nil {
			return c.Fail(126, "%s: %s", s.name, tool.Reason(err))
		}
		if bytes.IndexByte(text[:min(len(text), 512)], 0) >= 0 {
			return c.Fail(126, "%s: cannot execute binary file", s.name)
		}
		return r.script(text)
	case s.interactive && term.IsTerminal(0):
		return r.terminal()
	}
	return r.stream(c.Stdin)
}

// read understands the arguments; code is -1 unless the shell is to end with it.
func read(c *tool.Call) (s started, code int) {
	s.name = c.Name
	args := c.Args
	text, fromStdin := false, false
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		word := args[0]
		args = args[1:]
		if word == "--" {
			break
		}
		switch word {
		case "--login":
			s.login = true
			continue
		case "--norc", "--noprofile", "--posix":
			continue
		case "--version":
			c.Printf("haneul sh (mvdan.cc/sh)\n")
			return s, 0
		case "-o", "+o":
			if len(args) == 0 {
				return s, c.Fail(2, "%s: option requires an argument", word)
			}
			s.options, args = append(s.options, word, args[0]), args[1:]
			continue
		}
		for _, letter := range word[1:] {
			switch letter {
			case 'c':
				text = true
			case 's':
				fromStdin = true
			case 'i':
				s.interactive = true
			case 'l':
				s.login = true
			case backgroundFlag:
				s.child = true
			case 'e', 'u', 'x', 'n', 'f', 'a', 'v':
				s.options = append(s.options, word[:1]+string(letter))
			default:
				return s, c.Fail(2, "-%c: invalid option", letter)
			}
		}
	}
	switch {
	case text:
		if len(args) == 0 {
			return s, c.Fail(2, "-c: option requires an argument")
		}
		s.source, s.script = strings.NewReader(args[0]), true
		if len(args) > 1 {
			s.name, s.params = args[1], args[2:]
		}
	case len(args) > 0 && !fromStdin:
		f, err := c.Open(args[0])
		if err != nil {
			code := 126
			if errors.Is(err, os.ErrNotExist) {
				code = 127
			}
			return s, c.Fail(code, "%s: %s", args[0], tool.Reason(err))
		}
		s.name, s.params, s.source, s.script = args[0], args[1:], f, true
	default:
		s.params = args
		s.interactive = s.interactive || term.IsTerminal(0) && term.IsTerminal(1)
	}
	return s, -1
}

// script runs a text that is there at once. A syntax error anywhere in it keeps all of it from running.
func (r *session) script(text []byte) int {
	f, err := r.parser.Parse(bytes.NewReader(text), r.start.name)
	if err != nil {
		return r.call.Fail(2, "%v", err)
	}
	r.rewrite(f)
	if n := len(f.Stmts); n > 0 && r.start.child {
		r.execLast(f.Stmts[n-1])
	}
	return r.exitCode(r.runner.Run(context.Background(), f))
}

// stream runs what comes on standard input, line by line, so that a command may read the lines after it.
func (r *session) stream(in io.Reader) int {
	code := 0
	for line, err := range r.parser.InteractiveSeq(&byteReader{r: in}) {
		if err != nil {
			r.call.Warn("%v", err)
			return r.finish(2, false)
		}
		if r.parser.Incomplete() {
			continue
		}
		for _, st := range line {
			var ended bool
			if code, ended = r.run(context.Background(), st); ended {
				return r.finish(code, true)
			}
		}
	}
	return r.finish(code, false)
}

// byteReader reads one byte at a time: what belongs to the next command stays in the pipe. It ends the last line.
type byteReader struct {
	r     io.Reader
	ended bool
}

func (b *byteReader) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.r.Read(p[:min(len(p), 1)])
	if n == 0 && err != nil {
		b.ended = true
		return copy(p, "\n"), nil
	}
	return n, nil
}

// run runs one statement. ended tells that the shell is to end.
func (r *session) run(ctx context.Context, st *syntax.Stmt) (code int, ended bool) {
	r.rewrite(st)
	code = r.exitCode(r.runner.Run(ctx, st))
	return code, r.runner.Exited()
}

// finish runs the EXIT trap of a shell that ran statement by statement, unless exit did.
func (r *session) finish(code int, ended bool) int {
	if !ended {
		if err := r.runner.Run(context.Background(), &syntax.File{}); r.runner.Exited() {
			return r.exitCode(err)
		}
	}
	return code
}

// profile is read by a login shell.
func (r *session) profile() {
	for _, path := range []string{"/etc/profile", filepath.Join(os.Getenv("HOME"), ".profile")} {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		for st, err := range r.parser.StmtsSeq(f) {
			if err != nil {
				break // a mistake in the profile must not lock anybody out
			}
			if _, ended := r.run(context.Background(), st); ended {
				break
			}
		}
		f.Close()
	}
}

// exitCode is the code of a runner's error.
func (r *session) exitCode(err error) int {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	r.call.Warn("%v", err)
	return 1
}
