//go:build linux

package shell

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"haneul/engine/compute/guest/tool"
)

// Names of our own commands. Scripts do not type them: rewrite and called put them in.
const (
	cmdBackground = "__background"
	cmdExec       = "__exec"
	cmdWait       = "__wait"
	cmdUmask      = "__umask"
	cmdJobs       = "__jobs"
	cmdKill       = "__kill"
	cmdNothing    = "__nothing"
	varZero       = "__0" // $0, which the interpreter knows only of whole files
)

// session is one running shell.
type session struct {
	call   *tool.Call
	start  started
	parser *syntax.Parser
	runner *interp.Runner

	mu        sync.Mutex // subshells are goroutines
	texts     []string   // of the statements to run in the background
	functions map[string]string
	jobs      []*job
}

func newSession(c *tool.Call, s started) (*session, error) {
	r := &session{call: c, start: s, parser: syntax.NewParser(), functions: map[string]string{}}
	params := append(append([]string{}, s.options...), "--")
	err := os.Setenv("HOSTNAME", tool.Hostname())
	if err != nil {
		return nil, err
	}
	r.runner, err = interp.New(
		interp.Interactive(s.interactive),
		interp.Env(&environ{Environ: expand.ListEnviron(os.Environ()...), session: r}),
		interp.StdIO(c.Stdin, os.Stdout, c.Stderr),
		interp.Params(append(params, s.params...)...),
		interp.CallHandler(r.called),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return r.exec }),
	)
	if err != nil {
		return nil, err
	}
	if s.login {
		r.profile()
	}
	return r, nil
}

// environ adds what the interpreter asks for when it has no value of its own: $!, our $0, and the terminal's size.
type environ struct {
	expand.Environ
	session *session
}

func (e *environ) Get(name string) expand.Variable {
	switch name {
	case "!":
		if j := e.session.lastJob(); j != nil {
			return expand.Variable{Set: true, Kind: expand.String, Str: strconv.Itoa(j.pid)}
		}
	case varZero:
		return expand.Variable{Set: true, Kind: expand.String, Str: e.session.start.name}
	case "COLUMNS", "LINES":
		if v := e.Environ.Get(name); v.Set || !e.session.start.interactive {
			return v
		}
		if columns, lines, err := term.GetSize(0); err == nil && columns > 0 {
			size := map[string]int{"COLUMNS": columns, "LINES": lines}[name]
			return expand.Variable{Set: true, Kind: expand.String, Str: strconv.Itoa(size)}
		}
	}
	return e.Environ.Get(name)
}

// Each lists them too: the left side of a pipe works on a copy of all variables.
func (e *environ) Each(f func(name string, v expand.Variable) bool) {
	for _, name := range []string{"!", varZero} {
		if v := e.Get(name); v.IsSet() && !f(name, v) {
			return
		}
	}
	e.Environ.Each(f)
}

// called replaces builtins that the interpreter lacks, or does differently from a shell with processes.
func (r *session) called(_ context.Context, args []string) ([]string, error) {
	ours := map[string]string{
		"wait": cmdWait, "kill": cmdKill, "umask": cmdUmask, "jobs": cmdJobs, "ulimit": cmdNothing, "hash": cmdNothing, "disown": cmdNothing, "times": cmdNothing,
	}
	if name := ours[args[0]]; name != "" {
		args = append([]string{name}, args[1:]...)
	}
	if args[0] == "echo" {
		args = atOnce(args)
	}
	return args, nil
}

// atOnce makes an echo one write, as other shells do: lines that several processes add to a file stay whole. The
// interpreter's own writes every word by itself.
func atOnce(args []string) []string {
	words, format := args[1:], "%s\n"
	for len(words) > 0 && (words[0] == "-n" || words[0] == "-E") {
		if words[0] == "-n" {
			format = "%s"
		}
		words = words[1:]
	}
	if len(words) > 0 && words[0] == "-e" {
		return args
	}
	return []string{"printf", format, strings.Join(words, " ")}
}

// rewrite changes a parsed node, in place, before it runs: see the package's documentation.
func (r *session) rewrite(node syntax.Node) {
	var inside []bool // for every open node: does it start a subshell
	subshells := 0
	syntax.Walk(node, func(n syntax.Node) bool {
		if n == nil {
			last := len(inside) - 1
			if inside[last] {
				subshells--
			}
			inside = inside[:last]
			return true
		}
		sub := false
		switch n := n.(type) {
		case *syntax.FuncDecl:
			r.mu.Lock()
			r.functions[n.Name.Value] = printed(n)
			r.mu.Unlock()
		case *syntax.Stmt:
			if n.Background {
				r.background(n)
			}
		case *syntax.ParamExp:
			if n.Param != nil && n.Param.Value == "0" {
				n.Param.Value = varZero
			}
		case *syntax.CallExpr:
			if subshells == 0 && len(n.Args) > 1 && n.Args[0].Lit() == "exec" {
				n.Args[0] = word(cmdExec)
			}
		case *syntax.Subshell, *syntax.CmdSubst, *syntax.ProcSubst:
			sub = true
		case *syntax.BinaryCmd:
			sub = n.Op == syntax.Pipe || n.Op == syntax.PipeAll
		}
		if sub {
			subshells++
		}
		inside = append(inside, sub)
		return true
	})
}

// background makes `cmd &` a call of our own command.
func (r *session) background(st *syntax.Stmt) {
	st.Background = false
	text := printed(st)
	r.mu.Lock()
	r.texts = append(r.texts, text)
	number := len(r.texts) - 1
	r.mu.Unlock()
	params := &syntax.Word{Parts: []syntax.WordPart{&syntax.DblQuoted{Parts: []syntax.WordPart{
		&syntax.ParamExp{Short: true, Param: &syntax.Lit{Value: "@"}},
	}}}}
	st.Redirs, st.Negated, st.Comments = nil, false, nil
	st.Cmd = &syntax.CallExpr{Args: []*syntax.Word{word(cmdBackground), word(strconv.Itoa(number)), params}}
}

func word(s string) *syntax.Word {
	return &syntax.Word{Parts: []syntax.WordPart{&syntax.Lit{Value: s}}}
}

func printed(n syntax.Node) string {
	var b strings.Builder
	_ = syntax.NewPrinter().Print(&b, n)
	return b.String()
}

// execLast lets the one command of a `cmd &` take the place of its shell, so that $! is that command's own number.
func (r *session) execLast(st *syntax.Stmt) {
	call, ok := st.Cmd.(*syntax.CallExpr)
	if !ok || st.Negated || len(call.Args) == 0 || len(call.Assigns) > 0 {
		return
	}
	name := call.Args[0].Lit()
	if name == "" || interp.IsBuiltin(name) || strings.HasPrefix(name, "__") {
		return
	}
	if _, function := r.functions[name]; function {
		return
	}
	call.Args = append([]*syntax.Word{word(cmdExec)}, call.Args...)
}
