package lesson

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons/render"
)

// find is a search in the text. While the line is edited it has the keys; afterwards n and N go from match to match.
type find struct {
	edit  widget.Editor
	done  bool
	match int // line of the current match; -1 none
	count int
}

func (f *find) open() bool { return f != nil && !f.done }

func (l *Lesson) typeFind(k tea.KeyPressMsg) {
	switch k.String() {
	case "esc", "ctrl+c":
		l.find = nil
		return
	case "enter":
		l.find.done = true
		if l.find.edit.Text() == "" || l.find.count == 0 {
			l.find = nil
		}
		return
	}
	l.find.edit.Press(k)
	l.search(l.scroll.Top, 1)
}

func (l *Lesson) nextMatch(back bool) {
	if back {
		l.search(l.find.match-1, -1)
	} else {
		l.search(l.find.match+1, 1)
	}
}

// search goes to the first match from a line on, around the end if need be.
func (l *Lesson) search(from, step int) {
	f := l.find
	f.match, f.count = -1, 0
	want := strings.ToLower(f.edit.Text())
	if want == "" {
		return
	}
	n := len(l.page.lines)
	for i := range n {
		line := ((from+step*i)%n + n) % n
		if strings.Contains(strings.ToLower(ansi.Strip(l.page.lines[line])), want) {
			f.count++
			if f.match < 0 {
				f.match = line
			}
		}
	}
	if f.match >= 0 {
		l.scroll.Show(max(0, f.match-3), f.match+3, l.height)
		l.scroll.Clamp(n, l.height)
		l.refocus()
	}
}

// mark shows the match in reverse.
func (f *find) mark(line string) string {
	plain := ansi.Strip(line)
	want := strings.ToLower(f.edit.Text())
	i := strings.Index(strings.ToLower(plain), want)
	if i < 0 || want == "" || len(strings.ToLower(plain)) != len(plain) {
		return line
	}
	x, w := render.Width(plain[:i]), render.Width(plain[i:i+len(want)])
	return ansi.Truncate(line, x, "") + render.Reverse.Paint(plain[i:i+len(want)]) + ansi.TruncateLeft(line, x+w, "")
}
