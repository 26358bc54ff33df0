package lesson

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// try is a run of a try fence: its output so far and how it ended.
type try struct {
	stream *screen.Stream
	out    string
	done   bool
	code   int
	err    error
}

// maxShown is how many lines of output a text shows; a lesson's commands print fewer.
const maxShown = 200

// run starts a command, one at a time.
func (l *Lesson) run(t *markdown.Try) tea.Cmd {
	if l.running != nil {
		return screen.Say(l.env.T("lesson.busy"), false)
	}
	backend, slug, command := l.env.Backend, l.lesson.Slug, t.Command
	stream, first := screen.Run(l.env.Context, func(ctx context.Context, s *screen.Stream) (int, any, error) {
		code, err := backend.Try(ctx, slug, command, s)
		return code, nil, err
	})
	l.running = &try{stream: stream}
	l.tries[t.Number] = l.running
	work := l.work.Begin(l.env.T("lesson.running"), time.Now())
	l.reveal()
	return tea.Batch(first, work)
}

// reveal brings the focused command and what it printed into view; of a command taller than the window, what it printed.
func (l *Lesson) reveal() {
	l.page = l.compose(l.width)
	s := l.page.stopAt(l.focus)
	switch {
	case s.try == nil:
	case s.to-s.from > l.height-2:
		l.show(s.out, s.to)
	default:
		l.show(s.from, s.to)
	}
}

func (l *Lesson) output(m screen.Output) tea.Cmd {
	if l.running == nil || m.From != l.running.stream {
		return nil
	}
	l.running.out += m.Text
	return m.From.Next
}

func (l *Lesson) ended(m screen.Ended) tea.Cmd {
	if l.running == nil || m.From != l.running.stream {
		return nil
	}
	l.running.done, l.running.code, l.running.err = true, m.Code, m.Err
	l.running = nil
	l.work.End()
	l.reveal()
	place := l.Place()
	return func() tea.Msg { return screen.ClockMoved{Place: place} }
}

// viewTry draws the command, and under it what it printed. One line is always kept under the command, so that running it does not
// push the text about before there is something to show.
func (l *Lesson) viewTry(t *markdown.Try, command []string, focused bool, width int) []string {
	th := l.env.Theme
	out := append([]string(nil), command...)
	if focused {
		i := 0
		for i < len(out)-1 && strings.HasPrefix(out[i], "    ") { // the mark stands at the prompt, not at a comment
			i++
		}
		out[i] = th.Accent.Paint(th.Glyphs.Pointer) + strings.TrimPrefix(out[i], " ")
	}
	run := l.tries[t.Number]
	switch {
	case run == nil && focused:
		return append(out, th.Dim.Paint("    "+th.Glyphs.Enter+" "+l.env.T("key.run")))
	case run == nil:
		return append(out, "")
	}
	bar := "  " + th.Accent.Paint(th.Glyphs.Bar) + " "
	for _, s := range runLines(th, run.out, width-4) {
		out = append(out, strings.TrimRight(bar+s, " "))
	}
	switch {
	case !run.done:
		if w := l.work.View(th, l.env.Still); w != "" {
			out = append(out, bar+w)
		} else if run.out == "" {
			out = append(out, strings.TrimRight(bar, " "))
		}
	case run.err != nil:
		for _, s := range render.Wrap(l.env.Sentence(run.err), th.Bad, width-4) {
			out = append(out, bar+s)
		}
	case run.code != 0:
		out = append(out, bar+th.Bad.Paint(l.env.T("lesson.code", "code", run.code)))
	case run.out == "":
		out = append(out, bar+th.Dim.Paint(l.env.T("lesson.silent")))
	}
	return out
}

// runLines sets output into lines no wider than width.
func runLines(t *render.Theme, s string, width int) []string {
	s = strings.TrimRight(widget.Clean(s), "\n")
	if s == "" {
		return nil
	}
	var out []string
	for _, line := range strings.Split(s, "\n") {
		out = append(out, t.Output(line, width)...)
	}
	if n := len(out) - maxShown; n > 0 {
		out = append([]string{t.Glyphs.Ellipsis}, out[n:]...)
	}
	return out
}
