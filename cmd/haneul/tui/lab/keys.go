package lab

import (
	"errors"
	"os/exec"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
)

func (l *Lab) press(k tea.KeyPressMsg) tea.Cmd {
	key := screen.Name(k)
	switch {
	case l.confirm != "":
		what := l.confirm
		l.confirm = ""
		if key == "y" || key == "enter" {
			return l.begin(what)
		}
		return nil
	case key == "ctrl+c" && l.job != nil:
		l.job.Cancel()
		return nil
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
	switch key {
	case "esc":
		return screen.Close
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
		l.scrolls[l.pane].Move(key, l.heights[l.pane])
	}
	return nil
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
	return func() tea.Msg {
		cmd, err := backend.Shell(slug, line)
		return shellReady{slug, cmd, err}
	}
}

type shellReady struct {
	slug string
	cmd  *exec.Cmd
	err  error
}

func (l *Lab) onShell(m shellReady) tea.Cmd {
	switch {
	case m.slug != l.lab.Slug:
		return nil
	case m.err != nil:
		return screen.Say(l.env.Sentence(m.err), true)
	}
	place := l.Place()
	return tea.ExecProcess(m.cmd, func(err error) tea.Msg { return handedBack{place, err} })
}

// handedBack is the terminal's return from a program it was given to.
type handedBack struct {
	place screen.Place
	err   error
}

// onBack looks at the cloud again, whatever was done there, and says how a program ended that went wrong.
func (l *Lab) onBack(m handedBack) tea.Cmd {
	if m.place != l.Place() {
		return nil
	}
	var exit *exec.ExitError
	switch {
	case errors.As(m.err, &exit):
		l.console.say(l.env.T("lesson.code", "code", exit.ExitCode()), l.env.Theme.Bad)
	case m.err != nil:
		l.console.say(l.env.Sentence(m.err), l.env.Theme.Bad)
	}
	return func() tea.Msg { return screen.ClockMoved{Place: m.place} }
}
