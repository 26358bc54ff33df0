package shell

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

func isShellName(name string) bool { return slices.Contains(shells, name) }

// subshell is `sh -c TEXT args…` and `sh FILE args…`.
func (s *Shell) subshell(ctx context.Context, c Call) int {
	var options []string
	args := c.Args[1:]
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		options, args = append(options, args[0]), args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintf(c.Stderr, "%s: name a script, or write a command after -c\n", c.Args[0])
		return 2
	}
	if last := len(options) - 1; last >= 0 && strings.HasSuffix(options[last], "c") {
		var rest []string
		if len(args) > 1 {
			rest = args[2:]
		}
		return s.interpret(ctx, strings.NewReader(args[0]), c.Args[0], rest, c, options...)
	}
	path := args[0]
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Dir, path)
	}
	c.Args = args
	return s.source(ctx, path, c, options...)
}

// source runs a shell script in a shell of its own.
func (s *Shell) source(ctx context.Context, path string, c Call, options ...string) int {
	text, err := s.open(c.Dir, path)
	if err != nil {
		fmt.Fprintln(c.Stderr, err)
		return 127
	}
	defer text.Close()
	if argv := shebang(path); len(argv) > 1 {
		options = append(argv[1:], options...)
	}
	return s.interpret(ctx, text, c.Args[0], c.Args[1:], c, options...)
}

func (s *Shell) interpret(ctx context.Context, text io.Reader, name string, params []string, c Call, options ...string) int {
	prog, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(text, name)
	if err != nil {
		fmt.Fprintln(c.Stderr, err)
		return 2
	}
	r, err := s.runnerFor(c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr)
	if err != nil {
		fmt.Fprintln(c.Stderr, err)
		return 1
	}
	if err := interp.Params(append(append(letters(options), "--"), params...)...)(r); err != nil {
		fmt.Fprintln(c.Stderr, err)
		return 2
	}
	return status(ctx, r.Run(ctx, prog), c.Stderr)
}

// letters are a shell's options without the c that only says where the text comes from.
func letters(options []string) (kept []string) {
	for _, o := range options {
		if o = strings.ReplaceAll(o, "c", ""); o != "-" {
			kept = append(kept, o)
		}
	}
	return kept
}
