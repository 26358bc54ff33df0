package lab

import (
	"fmt"
	"slices"
	"strings"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/labs/report"
	"haneul/lessons/render"
)

// View draws the lab.
func (l *Lab) View(width, height int) screen.Frame {
	t := l.env.Theme
	if l.info == nil {
		if l.err != nil {
			return screen.Frame{Lines: render.Wrap(l.env.Sentence(l.err), t.Bad, width)}
		}
		return screen.Frame{}
	}
	status := l.status(width)
	height = max(1, height-len(status))
	l.wide = width >= Wide && height >= 14
	var f screen.Frame
	switch {
	case l.wide && width >= Broad:
		f = l.broad(width, height)
	case l.wide:
		f = l.twoColumns(width, height)
	default:
		f = l.tabs(width, height)
	}
	f.Lines = append(f.Lines, status...)
	return f
}

// status is the line at the bottom: what is under way, or the question to answer.
func (l *Lab) status(width int) []string {
	t := l.env.Theme
	switch {
	case l.confirm != "":
		return []string{t.Fit(t.Warn.Paint(l.env.T("lab.confirm-"+l.confirm)), width)}
	case l.job != nil:
		if s := l.work.View(t, l.env.Still); s != "" {
			lines := []string{t.Fit(s, width)}
			if a := l.aside(); a != "" {
				lines = append(lines, render.Wrap(a, t.Dim, width)...)
			}
			return lines
		}
	}
	return nil
}

func (l *Lab) broad(width, height int) screen.Frame {
	left := min(64, width*3/10)
	right := min(44, width/4)
	mid := width - left - right - 10
	third := l.things(right, height-l.checksHeight()-1)
	third = append(third, "")
	third = append(third, l.checks(right, l.checksHeight())...)
	body, x, y, ok := l.console_(mid, height)
	rule := widget.Rule(l.env.Theme, height)
	f := screen.Frame{
		Lines:  widget.Columns(height, 2, []int{left, 1, mid, 1, right}, l.guide(left, height), rule, body, rule, third),
		Cursor: ok, X: left + 5 + x, Y: y,
	}
	l.findCursor(&f, 0, 0)
	return f
}

func (l *Lab) twoColumns(width, height int) screen.Frame {
	left := width * 2 / 5
	right := width - left - 5
	low := min(l.checksHeight(), height/3)
	lines, _, _ := l.thingLines(right)
	share := height / 3
	if len(l.sights) > 0 {
		share = height / 2
	}
	things := min(max(5, len(lines)+2), share)
	one := append(l.guide(left, height-low-1), "")
	one = append(one, l.checks(left, low)...)
	body, x, y, ok := l.console_(right, height-things-1)
	two := append(body, "")
	two = append(two, l.things(right, things)...)
	f := screen.Frame{
		Lines:  widget.Columns(height, 2, []int{left, 1, right}, one, widget.Rule(l.env.Theme, height), two),
		Cursor: ok, X: left + 5 + x, Y: y,
	}
	l.findCursor(&f, 0, 0)
	return f
}

func (l *Lab) tabs(width, height int) screen.Frame {
	var head []string
	if height >= 8 {
		names := []string{l.env.T("lab.guide"), l.env.T("lab.console"), l.env.T("lab.things"), l.env.T("lab.checks")}
		head = []string{widget.Tabs(l.env.Theme, names, int(l.pane), width), ""}
	}
	height -= len(head)
	f := screen.Frame{}
	switch l.pane {
	case guide:
		f.Lines = l.guide(width, height)
		l.findCursor(&f, 0, 0)
	case console:
		f.Lines, f.X, f.Y, f.Cursor = l.console_(width, height)
	case things:
		f.Lines = l.things(width, height)
	case checks:
		f.Lines = l.checks(width, height)
	}
	f.Y += len(head)
	f.Lines = append(head, f.Lines...)
	return f
}

// title stands over a pane where several are in view; the one with the keys is lit.
func (l *Lab) title(p pane, key, extra string, width int) []string {
	if !l.wide {
		return nil
	}
	t := l.env.Theme
	st := t.Dim
	if l.pane == p {
		st = t.Selected
	}
	return []string{widget.Ends(t, st.Paint(l.env.T(key)), t.Dim.Paint(extra), width), ""}
}

// guide is the instructions, with the hints asked for at the end.
func (l *Lab) guide(width, height int) []string {
	t := l.env.Theme
	head := l.title(guide, "lab.guide", l.env.T("home.minutes", "n", l.info.Minutes), width)
	height -= len(head)
	var lines []string
	for _, s := range strings.Split(l.trouble, "\n") {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, render.Wrap(t.Glyphs.Cross+" "+s, t.Bad, width)...)
		}
	}
	switch {
	case l.trouble != "":
		lines = append(lines, "")
	case l.info.Docker && !l.started():
		lines = append(lines, render.Wrap(l.env.T("lab.docker"), t.Warn, width)...)
	}
	if !l.started() {
		lines = append(lines, t.Accent.Paint(t.Glyphs.Enter+" "+l.env.T("key.start")), "")
	} else if l.info.Workspace != "" {
		lines = append(lines, render.Wrap(l.env.T("lab.workspace", "path", l.env.Path(l.info.Workspace)), t.Dim, width)...)
		lines = append(lines, "")
	}
	lines = append(lines, l.env.Render.Lines(l.doc, width)...)
	for i, h := range l.hints {
		at := len(lines) + 1
		lines = append(lines, "", t.Warn.And(render.Bold).Paint(l.env.T("lab.hint", "n", i+1)))
		lines = append(lines, l.env.Render.Lines(h, width)...)
		if l.jumpHint && i == len(l.hints)-1 {
			l.scrolls[guide].Top = at
			l.jumpHint = false
		}
	}
	if len(l.hints) > 0 && l.hintsLeft == 0 {
		lines = append(lines, "", t.Dim.Paint(l.env.T("lab.no-hint")))
	}
	if l.find != nil {
		height--
	}
	l.heights[guide], l.guideLines = height, lines
	shown := l.scrolls[guide].Window(lines, height)
	if l.find != nil {
		l.find.Mark(shown, l.scrolls[guide].Top)
		line, x := l.find.View(t, l.env.T("key.find"), l.env.T("find.count", "n", l.find.Count), width)
		shown = append(shown, line)
		l.findAt = [2]int{x, len(head) + len(shown) - 1}
	}
	return append(head, shown...)
}

// findCursor puts the cursor into the search's line, for a guide whose top left cell is x, y.
func (l *Lab) findCursor(f *screen.Frame, x, y int) {
	if l.find.Open() {
		f.Cursor, f.X, f.Y = true, x+l.findAt[0], y+l.findAt[1]
	}
}

func (l *Lab) console_(width, height int) (lines []string, x, y int, ok bool) {
	head := l.title(console, "lab.console", "", width)
	if !l.started() {
		lines = append(head, l.env.Theme.Dim.Paint(l.env.T("lab.not-started")))
		return append(lines, make([]string, max(0, height-len(lines)))...), 0, 0, false
	}
	l.heights[console] = height - len(head)
	lines, x, y, ok = l.viewConsole(width, height-len(head))
	lines = append(head, lines...)
	return append(lines, make([]string, max(0, height-len(lines)))...), x, y + len(head), ok
}

func (l *Lab) checksHeight() int { return len(l.info.Checks) + 2 }

// grading tells whether checks are being run.
func (l *Lab) grading() bool { return l.job != nil && l.jobKind == "check" }

// checks lists what is asked for, with the last verdicts; of a grading under way, those that are known.
func (l *Lab) checks(width, height int) []string {
	t := l.env.Theme
	extra := ""
	if l.grade != nil && !l.grading() {
		extra = l.env.T("check.score", "score", l.grade.Result.Score, "max", l.grade.Result.MaxScore)
	}
	head := l.title(checks, "lab.checks", extra, width)
	height -= len(head)
	var lines []string
	for _, c := range l.info.Checks {
		lines = append(lines, indentWrap(t, l.verdict(c.ID), c.Title, width)...)
	}
	if !l.wide && !l.grading() {
		hint := l.env.T("lab.press-check")
		if extra != "" {
			hint = extra
		}
		lines = append(lines, "", t.Dim.Paint(hint))
	}
	l.heights[checks] = height
	return append(head, l.scrolls[checks].Window(lines, height)...)
}

func indentWrap(t *render.Theme, mark, s string, width int) []string {
	n := render.Width(mark)
	out := render.Wrap(s, "", max(4, width-n))
	for i := range out {
		if i == 0 {
			out[i] = mark + out[i]
		} else {
			out[i] = strings.Repeat(" ", n) + out[i]
		}
		out[i] = t.Fit(out[i], width)
	}
	return out
}

// verdict is the last one on a check as a sign and, where it matters, a word.
func (l *Lab) verdict(id string) string {
	t := l.env.Theme
	sign, st := t.Glyphs.Dot, t.Dim
	s := l.standing(id)
	switch s {
	case "":
		return t.Dim.Paint(t.Glyphs.Open) + " "
	case report.Pass:
		sign, st = t.Glyphs.Check, t.Good
	case report.Fail:
		sign, st = t.Glyphs.Cross, t.Bad
	case report.Error:
		sign, st = "!", t.Warn
	}
	return st.Paint(fmt.Sprintf("%s %s", sign, l.env.T("check."+string(s)))) + " "
}

// standing is how a check stands: in the grading under way, else in the last one; "" if nobody knows.
func (l *Lab) standing(id string) report.Status {
	if l.grading() {
		return l.known[id]
	}
	if l.grade == nil {
		return ""
	}
	i := slices.IndexFunc(l.grade.Result.Checks, func(c report.Check) bool { return c.ID == id })
	if i < 0 {
		return ""
	}
	return l.grade.Result.Checks[i].Status
}
