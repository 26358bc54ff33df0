package lesson

import (
	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
)

func (l *Lesson) typeFind(k tea.KeyPressMsg) {
	if l.find.Press(k) {
		l.find = nil
		return
	}
	if l.find.Open() && l.find.Search(l.page.lines, l.scroll.Top, 1) {
		l.showMatch()
	}
}

func (l *Lesson) nextMatch(back bool) {
	if l.find.Next(l.page.lines, back) {
		l.showMatch()
	}
}

func (l *Lesson) showMatch() {
	l.scroll.Show(max(0, l.find.Match-3), l.find.Match+3, l.height)
	l.scroll.Clamp(len(l.page.lines), l.height)
	l.refocus()
}

// viewFind draws the search's line under the text.
func (l *Lesson) viewFind(f *screen.Frame, width int) {
	l.find.Mark(f.Lines, l.scroll.Top)
	line, x := l.find.View(l.env.Theme, l.env.T("key.find"), l.env.T("find.count", "n", l.find.Count), width)
	f.Lines = append(f.Lines, line)
	if l.find.Open() {
		f.Cursor, f.X, f.Y = true, x, len(f.Lines)-1
	}
}
