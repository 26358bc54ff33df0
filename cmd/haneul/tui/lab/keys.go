package lab

import (
	"errors"
	"os/exec"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
)

func (l *Lab) press(k tea.KeyPressMsg) tea.Cmd {
	key := screen.Name(k)
	switch {
	case l.confirm != "":
		what := l.confirm
		l.confirm = ""
		if key == "y" || key == "enter" {
			return tea.Batch(l.begin(what), l.catchUp())
		}
		return l.catchUp()
	case key == "ctrl+c" && l.job != nil:
		l.job.Cancel()
		return nil
	case l.find.Open():
		l.typeFind(k)
		return nil
	case l.grading() && l.pane == checks && l.left == console && !l.wide && (k.Text != "" || key == "enter" || key == "backspace"):
		return l.pressConsole(k) // the keys were there when it began, and will be again
	case key == "ctrl+g":
		l.pane = (l.pane + 1) % panes
		return nil
	case l.Typing():
		return l.pressConsole(k)
	case l.info == nil:
		if key == "esc" || key == "backspace" {
			return screen.Close
		}
		return nil
	}
	return l.pressPane(key)
}

// pressPane handles keys outside the console.
func (l *Lab) pressPane(key string) tea.Cmd {
	if cmd := l.onInstance(key); cmd != nil {
		return cmd
	}
	switch key {
	case "esc":
		if l.find != nil {
			l.find = nil
			return nil
		}
		return screen.Close
	case "/":
		l.find, l.pane = &widget.Find{}, guide
	case "n", "N":
		if l.find != nil && l.find.Next(l.guideLines, key == "N") {
			l.showMatch()
		}
	case "tab", "right":
		l.pane = (l.pane + 1) % panes
	case "shift+tab", "left":
		l.pane = (l.pane + panes - 1) % panes
	case "1", "2", "3", "4":
		l.pane = pane(key[0] - '1')
	case "enter":
		switch {
		case !l.started():
			return l.begin("start")
		case l.pane == checks && l.grade != nil:
			return screen.Open(screen.Result{Grade: *l.grade})
		default:
			l.pane = console
		}
	case "s":
		if !l.started() {
			return l.begin("start")
		}
	case "c", "h", "r", "S", "!":
		if !l.started() {
			return screen.Say(l.env.T("lab.not-started"), false)
		}
		return l.command(key)
	default:
		if l.pane == things && (key == "up" && l.pick(-1) || key == "down" && l.pick(1)) {
			return nil
		}
		l.scrolls[l.pane].Move(key, l.heights[l.pane])
	}
	return nil
}

// wheel scrolls the pane with the keys.
func (l *Lab) wheel(lines int) {
	if l.pane == console {
		l.console.back = max(0, l.console.back-lines)
		return
	}
	l.scrolls[l.pane].Top = max(0, l.scrolls[l.pane].Top+lines)
}

func (l *Lab) typeFind(k tea.KeyPressMsg) {
	if l.find.Press(k) {
		l.find = nil
		return
	}
	if l.find.Open() && l.find.Search(l.guideLines, l.scrolls[guide].Top, 1) {
		l.showMatch()
	}
}

func (l *Lab) showMatch() {
	l.scrolls[guide].Show(max(0, l.find.Match-2), l.find.Match+3, l.heights[guide])
}

// command is a letter outside the console, or the word typed in it.
func (l *Lab) command(name string) tea.Cmd {
	switch name {
	case "c", "check":
		return l.begin("check")
	case "h", "hint":
		backend, ctx, slug, lang := l.env.Backend, l.env.Context, l.lab.Slug, l.env.Lang
		return func() tea.Msg {
			text, left, err := backend.Hint(ctx, slug, lang)
			return hinted{slug, text, left, err}
		}
	case "r", "reset":
		l.confirm = "reset"
	case "S", "solve":
		l.confirm = "solve"
	case "!":
		return l.handOver("")
	}
	return nil
}

// handOver gives the terminal to the learner's shell, or to a program that draws a screen of its own.
func (l *Lab) handOver(line string) tea.Cmd {
	backend, slug := l.env.Backend, l.lab.Slug
	program, _ := screen.NeedsTerminal(line)
	l.console.away = true
	return func() tea.Msg {
		cmd, err := backend.Shell(slug, line)
		return shellReady{slug, cmd, err, program != "haneul"}
	}
}

type shellReady struct {
	slug  string
	cmd   *exec.Cmd
	err   error
	quiet bool // draws on stderr itself
}

func (l *Lab) onShell(m shellReady) tea.Cmd {
	switch {
	case m.slug != l.lab.Slug:
		return nil
	case m.err != nil:
		l.console.away = false
		return tea.Batch(screen.Say(l.env.Sentence(m.err), true), l.catchUp())
	}
	place := l.Place()
	return screen.HandOver(m.cmd, m.quiet, func(err error, complaint string) tea.Msg { return handedBack{place, err, complaint} })
}

// handedBack is the terminal's return from a program it was given to.
type handedBack struct {
	place     screen.Place
	err       error
	complaint string
}

// onBack looks at the cloud again, whatever was done there, and says how a program ended that went wrong.
func (l *Lab) onBack(m handedBack) tea.Cmd {
	if m.place != l.Place() {
		return nil
	}
	l.console.away = false
	var exit *exec.ExitError
	if m.err != nil && m.complaint != "" {
		l.console.print(m.complaint + "\n")
	}
	switch {
	case errors.As(m.err, &exit):
		l.console.say(l.env.T("lesson.code", "code", exit.ExitCode()), l.env.Theme.Bad)
	case m.err != nil:
		l.console.say(l.env.Sentence(m.err), l.env.Theme.Bad)
	}
	return tea.Batch(func() tea.Msg { return screen.ClockMoved{Place: m.place} }, l.catchUp())
}
