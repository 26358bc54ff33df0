package lesson

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// measure is the widest text that still reads well: about 38 Korean syllables a line.
const measure = 78

// View draws the lesson.
func (l *Lesson) View(width, height int) screen.Frame {
	if l.text == nil {
		if l.err != nil {
			return screen.Frame{Lines: render.Wrap(l.env.Sentence(l.err), l.env.Theme.Bad, width)}
		}
		return screen.Frame{}
	}
	f := screen.Frame{}
	l.wide = width >= Wide
	if l.wide {
		side := min(34, width/4)
		body := min(measure, width-side-6)
		l.layout(body, height, &f)
		all := append(l.entries(contents), l.entries(questions)...)
		f.Lines = widget.Columns(height, 2, []int{side, 1, body}, l.viewSide(all, side, height), widget.Rule(l.env.Theme, height), f.Lines)
		f.X += side + 5
		return f
	}
	tabs := []string{}
	if height >= 8 {
		names := []string{l.env.T("lesson.contents"), l.env.T("lesson.text"), l.env.T("lesson.questions")}
		tabs = []string{widget.Tabs(l.env.Theme, names, int(l.pane), width), ""}
	}
	if l.pane != text {
		l.layout(min(measure, width), height-len(tabs), &f)
		return screen.Frame{Lines: append(tabs, l.viewSide(l.entries(l.pane), width, height-len(tabs))...)}
	}
	l.layout(min(measure, width), height-len(tabs), &f)
	f.Lines = append(tabs, f.Lines...)
	f.Y += len(tabs)
	return f
}

// layout composes the text and fills the frame with the part in view.
func (l *Lesson) layout(width, height int, f *screen.Frame) {
	fresh := l.width != width || l.page.lines == nil
	if fresh && l.page.lines != nil { // another width: stay at the same words
		l.keep = l.page.anchorAt(l.scroll.Top)
	}
	foot := 0
	if l.find != nil {
		foot = 1
	}
	l.width, l.height = width, max(1, height-foot)
	l.page = l.compose(width)
	switch {
	case l.heading != "":
		l.scroll.Top = max(0, l.page.lineOf(l.heading)-1)
	case fresh && l.keep != nil:
		l.scroll.Top = l.page.lineAt(l.keep)
	}
	l.heading, l.keep = "", nil
	l.scroll.Clamp(len(l.page.lines), l.height)
	if fresh || l.focus < 0 {
		before := l.focus
		l.refocus()
		if l.focus != before {
			l.page = l.compose(width)
		}
	}
	f.Lines = l.scroll.Window(l.page.lines, l.height)
	if l.find != nil {
		l.viewFind(f, width)
	}
}

// entry is a line of the contents: a section, or a question with how it was answered.
type entry struct {
	label string
	sign  string
	line  int
	stop  int // -1 for a section
}

func (l *Lesson) entries(kind pane) []entry {
	t := l.env.Theme
	var out []entry
	if kind == contents {
		for _, h := range l.page.headings {
			out = append(out, entry{strings.Repeat("  ", max(0, h.level-2)) + h.title, "", h.line, -1})
		}
		return out
	}
	n := 0
	for i, s := range l.page.stops {
		if s.question == nil {
			continue
		}
		n++
		sign := t.Dim.Paint(t.Glyphs.Open)
		if a := l.answerOf(s.question); a.answered && a.q.Right(a.picked) {
			sign = t.Good.Paint(t.Glyphs.Check)
		} else if a.answered {
			sign = t.Bad.Paint(t.Glyphs.Cross)
		}
		prompt := markdown.Plain(markdown.Inline(s.question.Prompt.In(l.env.Lang)))
		out = append(out, entry{fmt.Sprintf("%d. %s", n, prompt), sign, s.from, i})
	}
	return out
}

// viewSide draws contents and questions; the section being read is marked.
func (l *Lesson) viewSide(list []entry, width, height int) []string {
	t := l.env.Theme
	here := l.page.headingAt(l.scroll.Top)
	var lines []string
	from := 0
	for i, e := range list {
		if e.stop >= 0 && (i == 0 || list[i-1].stop < 0) {
			if i > 0 {
				lines = append(lines, "")
			}
			lines = append(lines, t.Dim.Paint(l.env.T("lesson.questions")))
		}
		mark, st := "  ", t.Dim
		current := e.stop < 0 && here != "" && e.line == l.page.lineOf(here)
		if current {
			st = ""
		}
		if l.pane != text && i == l.entry {
			mark, st = t.Accent.Paint(t.Glyphs.Pointer)+" ", t.Selected
			from = len(lines)
		} else if current {
			mark = t.Accent.Paint(t.Glyphs.Bar) + " "
			if l.pane == text {
				from = len(lines)
			}
		}
		if e.sign != "" {
			mark += e.sign + " "
		}
		lines = append(lines, mark+st.Paint(t.Fit(e.label, width-render.Width(mark))))
	}
	if len(lines) == 0 {
		lines = []string{t.Dim.Paint(l.env.T("lesson.no-questions"))}
	}
	l.side.Show(from, from+1, height)
	return l.side.Window(lines, height)
}

func (l *Lesson) toPane(p pane) {
	if p == l.pane {
		return
	}
	l.pane, l.entry = p, 0
	list := l.sideList()
	for i, e := range list {
		if p == questions && e.stop >= 0 {
			l.entry = i
			break
		}
		if e.stop < 0 && e.line <= l.scroll.Top+2 {
			l.entry = i
		}
	}
}

// sideList is what the pane with the keys lists: beside the text everything, else its own kind.
func (l *Lesson) sideList() []entry {
	if l.wide {
		return append(l.entries(contents), l.entries(questions)...)
	}
	return l.entries(l.pane)
}

func (l *Lesson) pressSide(key string) tea.Cmd {
	list := l.sideList()
	switch key {
	case "up":
		l.entry = max(0, l.entry-1)
	case "down":
		l.entry = max(0, min(len(list)-1, l.entry+1))
	case "home", "g":
		l.entry = 0
	case "end", "G":
		l.entry = max(0, len(list)-1)
	case "tab", "esc":
		l.pane = text
	case "enter", " ":
		if l.entry >= len(list) {
			return nil
		}
		e := list[l.entry]
		l.pane = text
		l.scroll.Top = max(0, e.line-1)
		l.scroll.Clamp(len(l.page.lines), l.height)
		l.focus = e.stop
		l.refocus()
		return l.recordHeading()
	}
	return nil
}
