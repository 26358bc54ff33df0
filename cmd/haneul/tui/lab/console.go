package lab

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons/render"
)

// prompt is the console: what was printed, and the line being typed.
type prompt struct {
	edit   widget.Editor
	lines  []line
	open   bool // the last line has no end yet
	back   int  // lines scrolled back
	stream *screen.Stream
	away   bool     // a program has the terminal, or is about to
	ahead  []string // lines typed meanwhile
	work   widget.Work
}

// busy says that a line is being run.
func (p *prompt) busy() bool { return p.stream != nil || p.away }

type line struct {
	text  string
	style render.Style
	typed bool // with the prompt before it
}

// kept is how much the console remembers.
const kept = 2000

// Prompt is what stands before the line.
const Prompt = "lab$ "

// print adds a program's output.
func (p *prompt) print(s string) {
	for i, part := range strings.Split(widget.Clean(s), "\n") {
		switch {
		case i == 0 && p.open:
			p.lines[len(p.lines)-1].text += part
		default:
			p.lines = append(p.lines, line{text: part})
		}
		p.open = true
	}
	if last := len(p.lines) - 1; p.lines[last].text == "" { // what came ended with a newline
		p.lines, p.open = p.lines[:last], false
	}
	p.trim()
}

func (p *prompt) say(s string, st render.Style) {
	p.lines, p.open = append(p.lines, line{text: s, style: st}), false
	p.trim()
}

func (p *prompt) trim() {
	if n := len(p.lines) - kept; n > 0 {
		p.lines = append([]line(nil), p.lines[n:]...)
	}
}

func (l *Lab) pressConsole(k tea.KeyPressMsg) tea.Cmd {
	p := &l.console
	if p.stream == nil && p.edit.Searching() && p.edit.Press(k) {
		return nil
	}
	switch key := k.String(); key {
	case "ctrl+c":
		if p.stream != nil {
			p.stream.Cancel()
			p.ahead = nil
		} else {
			p.lines = append(p.lines, line{text: p.edit.Text() + "^C", typed: true})
			p.edit.Set("")
		}
	case "ctrl+l":
		p.lines, p.back = nil, 0
	case "ctrl+d":
		if p.edit.Text() == "" {
			l.pane = guide
		} else {
			p.edit.Press(tea.KeyPressMsg{Code: tea.KeyDelete})
		}
	case "esc":
		l.pane = guide
	case "pgup", "shift+up":
		p.back += max(1, l.heights[console]-2)
	case "pgdown", "shift+down":
		p.back = max(0, p.back-max(1, l.heights[console]-2))
	case "tab":
		return l.complete()
	case "enter":
		if p.busy() {
			p.ahead = append(p.ahead, p.edit.Take())
			return nil
		}
		return l.enter(p.edit.Take())
	default: // also while a command runs: what is typed ahead waits at the next prompt
		p.back = 0
		p.edit.Press(k)
	}
	return nil
}

// catchUp runs the lines that were typed while another ran, as far as they do not take their time too.
func (l *Lab) catchUp() tea.Cmd {
	var cmds []tea.Cmd
	for p := &l.console; len(p.ahead) > 0 && !p.busy() && l.confirm == ""; {
		next := p.ahead[0]
		p.ahead = p.ahead[1:]
		cmds = append(cmds, l.enter(next))
	}
	return tea.Batch(cmds...)
}

// enter runs a line: the app's own words first, the rest in the lab's shell.
func (l *Lab) enter(text string) tea.Cmd {
	p := &l.console
	p.back = 0
	p.lines, p.open = append(p.lines, line{text: text, typed: true}), false
	word := strings.TrimSpace(text)
	switch word {
	case "":
		return nil
	case "check", "hint", "reset", "solve", "!":
		return l.command(word)
	case "clear":
		p.lines = nil
		return nil
	case "help": // the app's, not the shell's
		return func() tea.Msg { return screen.Command{Line: word} }
	case "exit", "quit":
		p.ahead = nil
		return screen.Close
	}
	if strings.HasPrefix(word, ":") {
		return func() tea.Msg { return screen.Command{Line: word[1:]} }
	}
	if rest, ok := strings.CutPrefix(word, "!"); ok {
		return l.handOver(rest)
	}
	switch program, needs := screen.NeedsTerminal(word); {
	case program == "ssh":
		p.say(l.env.T("lab.no-ssh"), l.env.Theme.Warn)
		return nil
	case needs: // without a terminal it would wait for keys for ever
		return l.handOver(word)
	}
	backend, slug := l.env.Backend, l.lab.Slug
	stream, first := screen.Run(l.env.Context, func(ctx context.Context, s *screen.Stream) (int, any, error) {
		code, err := backend.Exec(ctx, slug, text, s)
		return code, nil, err
	})
	p.stream = stream
	return tea.Batch(first, p.work.Begin(l.env.T("lesson.running"), time.Now()))
}

func (l *Lab) lineEnded(m screen.Ended) tea.Cmd {
	p := &l.console
	p.stream, p.open = nil, false
	p.work.End()
	switch {
	case m.Err != nil:
		p.say(l.env.Sentence(m.Err), l.env.Theme.Bad)
	case m.Code != 0:
		p.say(l.env.T("lesson.code", "code", m.Code), l.env.Theme.Bad)
	}
	place := l.Place()
	return tea.Batch(func() tea.Msg { return screen.ClockMoved{Place: place} }, l.catchUp())
}

// completed is what the last word could become.
type completed struct {
	slug, line string
	words      []string
}

func (l *Lab) complete() tea.Cmd {
	if l.console.busy() {
		return nil
	}
	backend, ctx, slug, before := l.env.Backend, l.env.Context, l.lab.Slug, l.console.edit.Before()
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		return completed{slug, before, backend.Complete(ctx, slug, before)}
	}
}

// onCompleted types what all candidates share, and lists them when they differ.
func (l *Lab) onCompleted(m completed) {
	p := &l.console
	if m.slug != l.lab.Slug || m.line != p.edit.Before() || len(m.words) == 0 {
		return
	}
	word := m.line[strings.LastIndexByte(m.line, ' ')+1:]
	shared := m.words[0]
	for _, w := range m.words[1:] {
		for !strings.HasPrefix(w, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	if rest, ok := strings.CutPrefix(shared, word); ok {
		if len(m.words) == 1 && !strings.HasSuffix(rest, "/") {
			rest += " "
		}
		p.edit.Insert(rest)
		if rest != "" {
			return
		}
	}
	if len(m.words) > 1 {
		p.lines = append(p.lines, line{text: p.edit.Text(), typed: true})
		p.say(strings.Join(m.words[:min(60, len(m.words))], "  "), l.env.Theme.Dim)
	}
}

// viewConsole draws the last lines and the prompt, and returns the cursor's cell; ok is false when there is none.
func (l *Lab) viewConsole(width, height int) (lines []string, x, y int, ok bool) {
	t, p := l.env.Theme, &l.console
	height = max(1, height)
	focused := l.Typing()
	var tail []string
	sign := t.Accent.Paint(Prompt)
	if !focused {
		sign = t.Dim.Paint(Prompt)
	}
	if p.edit.Searching() {
		sign = t.Fit(t.Accent.Paint(l.env.T("lab.history"))+" "+p.edit.Query()+t.Dim.Paint(" "+t.Glyphs.Crumb+" "), width/2)
	}
	n := render.Width(sign)
	switch w := p.work.View(t, l.env.Still); {
	case p.stream != nil && w != "":
		tail = []string{t.Fit(w, width)}
	case p.stream == nil && width > n:
		text, at := p.edit.View(width - n)
		tail, x, ok = []string{sign + text}, n+at, focused && p.back == 0
	}
	var body []string
	want := height - len(tail) + p.back
	for i := len(p.lines) - 1; i >= 0 && len(body) < want; i-- {
		body = append(l.consoleLine(p.lines[i], width), body...)
	}
	p.back = max(0, min(p.back, len(body)-(height-len(tail))))
	to := len(body) - p.back
	from := max(0, to-(height-len(tail)))
	lines = append(lines, body[from:to]...)
	lines = append(lines, tail...)
	return lines, x, len(lines) - 1, ok
}

func (l *Lab) consoleLine(c line, width int) []string {
	t := l.env.Theme
	if !c.typed {
		var out []string
		for _, s := range t.Output(c.text, width) {
			out = append(out, c.style.Paint(s))
		}
		return out
	}
	if c.text == "" {
		return []string{t.Dim.Paint(strings.TrimSpace(Prompt))}
	}
	out := t.Output(Prompt+c.text, width)
	out[0] = t.Dim.Paint(Prompt) + render.Bold.Paint(strings.TrimPrefix(out[0], Prompt))
	for i := 1; i < len(out); i++ {
		out[i] = render.Bold.Paint(out[i])
	}
	return out
}
