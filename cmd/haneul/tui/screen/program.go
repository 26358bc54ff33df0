package screen

import (
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Programs that need the whole terminal: those that always do, and those that do when they are given nothing to run.
var (
	fullScreen = words("vi vim view nvim vimdiff nano pico emacs micro hx mc ed less more most man top htop btop watch tmux screen tig lazygit visudo")
	prompts    = words("bash sh zsh fish dash python python3 ipython node irb ghci lua sqlite3 psql mysql redis-cli mongosh bc ftp telnet")
)

// before are words that may stand before a command.
var before = words("sudo env time command exec nohup nice builtin")

// withValue are flags of haneul that take the next word.
var withValue = words("-i --identity --user --forward --from --cloud --lang")

func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// NeedsTerminal names the program of a line that would draw a screen of its own, or wait for keys, where it is given none.
// ssh is named too: it asks its questions at the terminal.
func NeedsTerminal(line string) (program string, ok bool) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), "")
	if err != nil {
		return "", false
	}
	fed := map[*syntax.Stmt]bool{} // reads from a pipe, a file or a here-document
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.BinaryCmd:
			fed[n.Y] = n.Op == syntax.Pipe || n.Op == syntax.PipeAll
		case *syntax.Stmt:
			for _, r := range n.Redirs {
				fed[n] = fed[n] || r.Op == syntax.RdrIn || r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc || r.Op == syntax.WordHdoc
			}
			if call, is := n.Cmd.(*syntax.CallExpr); is && !ok {
				name, takes := takesTerminal(call.Args)
				if takes && !(fed[n] && prompts[name]) {
					program, ok = name, true
				}
			}
		}
		return !ok
	})
	return program, ok
}

func takesTerminal(args []*syntax.Word) (name string, takes bool) {
	list := make([]string, 0, len(args))
	for _, a := range args {
		list = append(list, a.Lit())
	}
	for len(list) > 0 && (before[list[0]] || len(list) > 1 && strings.Contains(list[0], "=")) {
		list = list[1:]
	}
	if len(list) == 0 {
		return "", false
	}
	name, list = filepath.Base(list[0]), list[1:]
	switch {
	case fullScreen[name]:
		return name, !slices.ContainsFunc(list, func(s string) bool { return s == "--version" || s == "--help" })
	case prompts[name]:
		return name, len(list) == 0
	case name == "ssh":
		return name, len(list) > 0 && !slices.Contains(list, "-V")
	case name == "git":
		return name, len(list) > 0 && list[0] == "commit" && !slices.ContainsFunc(list, func(s string) bool {
			return strings.HasPrefix(s, "-m") || strings.HasPrefix(s, "-am") || strings.HasPrefix(s, "--message") || s == "--no-edit" || s == "-F"
		})
	case name == "haneul":
		return name, haneulTakesTerminal(list)
	}
	return "", false
}

// haneulTakesTerminal reports whether one of our own commands wants keys: the app, a shell, a login without a command.
func haneulTakesTerminal(args []string) bool {
	var plain []string
	for i := 0; i < len(args); i++ {
		switch {
		case withValue[args[i]]:
			i++
		case args[i] == "-h" || args[i] == "--help" || args[i] == "-N" || args[i] == "--no-command" || args[i] == "-c" || strings.HasPrefix(args[i], "--command"):
			return false
		case !strings.HasPrefix(args[i], "-") || args[i] == "":
			plain = append(plain, args[i])
		}
	}
	switch {
	case len(plain) == 0:
		return !slices.Contains(args, "--plain")
	case plain[0] == "shell":
		return true
	}
	return plain[0] == "connect" && len(plain) == 2
}
