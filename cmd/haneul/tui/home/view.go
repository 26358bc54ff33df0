package home

import (
	"fmt"
	"strings"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons"
	"haneul/lessons/render"
)

// View draws the map.
func (h *Home) View(width, height int) screen.Frame {
	if h.find != nil {
		return h.viewFind(width, height)
	}
	head := h.banner(width, height)
	body := height - len(head)
	switch {
	case width >= Wide:
		left := min(46, width*2/5)
		right := min(72, width-left-5)
		cols := widget.Columns(body, 2, []int{left, 1, right}, h.modules(left, body), widget.Rule(h.env.Theme, body), h.lessons(right, body))
		return screen.Frame{Lines: append(head, cols...)}
	case h.inside && h.rows[h.module].module != nil:
		return screen.Frame{Lines: append(head, h.lessons(width, body)...)}
	}
	return screen.Frame{Lines: append(head, h.modules(width, body)...)}
}

// banner is the name of the course; a low terminal has no room for it.
func (h *Home) banner(width, height int) []string {
	if height < 16 {
		return nil
	}
	t := h.env.Theme
	name := t.Accent.And(render.Bold).Paint(h.env.Course.Title.In(h.env.Lang))
	line := name + "  " + t.Dim.Paint(h.env.T("home.motto"))
	return []string{"", t.Fit(line, width), ""}
}

func (h *Home) modules(width, height int) []string {
	var lines []string
	from, to := 0, 1
	for i, r := range h.rows {
		if i == h.module {
			from = len(lines)
		}
		switch {
		case r.lab != nil:
			lines = append(lines, h.offerLab(r.lab, i, width))
		case r.next != nil:
			lines = append(lines, h.offer(r.next, i, width))
		default:
			lines = append(lines, h.moduleRow(r.module, i, width))
		}
		if r.module == nil && i+1 < len(h.rows) && h.rows[i+1].module != nil && height > len(h.rows) {
			lines = append(lines, "")
		}
		if i == h.module {
			to = len(lines)
		}
	}
	h.list.Show(from, to, height)
	return h.list.Window(lines, height)
}

// point marks the chosen row; when the keys are in the other list it only stays visible.
func (h *Home) point(chosen, active bool) (string, render.Style) {
	t := h.env.Theme
	switch {
	case chosen && active:
		return t.Accent.Paint(t.Glyphs.Pointer) + " ", t.Selected
	case chosen:
		return t.Dim.Paint(t.Glyphs.Pointer) + " ", render.Bold
	}
	return "  ", ""
}

// offerLab is the row to go on with a lab.
func (h *Home) offerLab(l *lessons.Lab, i, width int) string {
	t := h.env.Theme
	mark, st := h.point(i == h.module, !h.inside)
	right := ""
	if p := h.env.Progress.Lab(l.Slug); p.Max > 0 {
		right = t.Dim.Paint(fmt.Sprintf("%d/%d", p.Score, p.Max))
	}
	return widget.Ends(t, mark+t.Accent.Paint(h.env.T("home.continue"))+"  "+t.Dim.Paint(h.env.T("home.lab"))+" "+st.Paint(l.Title.In(h.env.Lang)), right, width)
}

// offer is the row to go on with the next lesson.
func (h *Home) offer(l *lessons.Lesson, i, width int) string {
	t := h.env.Theme
	mark, st := h.point(i == h.module, !h.inside)
	word := h.env.T("home.begin")
	right := ""
	if p := h.env.Progress.Lesson(l.Slug).Percent; p > 0 {
		word, right = h.env.T("home.continue"), t.Dim.Paint(fmt.Sprintf("%d%%", p))
	}
	return widget.Ends(t, mark+t.Accent.Paint(word)+"  "+st.Paint(l.Title.In(h.env.Lang)), right, width)
}

func (h *Home) moduleRow(m *lessons.Module, i, width int) string {
	t := h.env.Theme
	mark, st := h.point(i == h.module, !h.inside)
	done, written, all := h.count(m)
	title := fmt.Sprintf("%2d  ", m.Number) + m.Title.In(h.env.Lang)
	var right string
	switch {
	case written == 0:
		right = t.Dim.Paint(h.env.T("home.planned"))
		if i != h.module {
			st = t.Dim
		}
	case width < 44:
		right = t.Dim.Paint(fmt.Sprintf("%d/%d", done, all))
	default:
		sign := " "
		if done == all {
			sign = t.Good.Paint(t.Glyphs.Check)
		}
		right = widget.Bar(t, done, all, 10) + t.Dim.Paint(fmt.Sprintf("  %2d/%-2d", done, all)) + sign
	}
	return widget.Ends(t, mark+st.Paint(title), right, width)
}

// count is how many lessons and labs of a module are done, written, and there in all.
func (h *Home) count(m *lessons.Module) (done, written, all int) {
	for _, i := range itemsOf(m.Lessons) {
		all++
		planned, ok := i.lesson.Planned, h.env.Progress.Lesson(i.lesson.Slug).Read
		if i.lab != nil {
			planned, ok = i.lab.Planned, h.env.Progress.Lab(i.lab.Slug).Passed
		}
		if !planned {
			written++
		}
		if ok {
			done++
		}
	}
	return done, written, all
}

func (h *Home) lessons(width, height int) []string {
	t := h.env.Theme
	r := h.rows[h.module]
	switch {
	case r.lab != nil:
		return h.summary(r.lab.Lesson, width, height)
	case r.next != nil:
		return h.summary(r.next, width, height)
	}
	lines := []string{t.Fit(render.Bold.Paint(r.module.Title.In(h.env.Lang)), width), ""}
	from, to := 0, 1
	for n, i := range h.items() {
		if i.lab == nil && n > 0 && height > 2*len(h.items()) {
			lines = append(lines, "")
		}
		if n == h.item {
			from = len(lines)
		}
		lines = append(lines, h.itemRow(i, h.inside && n == h.item, width))
		if n == h.item {
			to = len(lines)
		}
	}
	if h.inside {
		h.side.Show(from, to, height)
		if h.item == 0 {
			h.side.Top = 0
		}
	}
	return h.side.Window(lines, height)
}

// summary stands beside an offer: what the lesson, or the lesson of the lab, is about.
func (h *Home) summary(l *lessons.Lesson, width, height int) []string {
	t := h.env.Theme
	lines := []string{render.Bold.Paint(l.Title.In(h.env.Lang)), t.Dim.Paint(l.Module.Title.In(h.env.Lang)), ""}
	if text, err := h.env.Course.Text(l.Slug, h.env.Lang); err == nil {
		lines = append(lines, h.env.Render.Inline(text.Summary, "", width)...)
		lines = append(lines, "", t.Dim.Paint(h.env.T("home.minutes", "n", text.Minutes)))
	}
	if len(l.Labs) > 0 {
		lines = append(lines, "")
		for _, lab := range l.Labs {
			lines = append(lines, h.itemRow(item{l, lab}, false, width))
		}
	}
	for i := range lines {
		lines[i] = t.Fit(lines[i], width)
	}
	var s widget.Scroll
	return s.Window(lines, height)
}

// itemRow is a lesson, or a lab indented under it, with how far it is.
func (h *Home) itemRow(i item, chosen bool, width int) string {
	t, g := h.env.Theme, h.env.Theme.Glyphs
	mark, st := h.point(chosen, true)
	sign, state, title := g.Open, "", ""
	planned := i.lesson.Planned
	switch {
	case i.lab == nil:
		title = i.lesson.Title.In(h.env.Lang)
		p := h.env.Progress.Lesson(i.lesson.Slug)
		switch {
		case p.Read:
			sign, state = t.Good.Paint(g.Check), h.env.T("home.read")
		case p.Percent > 0:
			sign, state = t.Accent.Paint(g.Half), fmt.Sprintf("%d%%", p.Percent)
		}
	default:
		planned = i.lab.Planned
		mark += "    "
		title = t.Dim.Paint(h.env.T("home.lab")+" ") + st.Paint(i.lab.Title.In(h.env.Lang))
		p := h.env.Progress.Lab(i.lab.Slug)
		switch {
		case p.Passed:
			sign, state = t.Good.Paint(g.Check), h.env.T("check.pass")
		case p.Max > 0:
			sign, state = t.Accent.Paint(g.Half), fmt.Sprintf("%d/%d", p.Score, p.Max)
		}
	}
	if planned {
		sign, state = t.Dim.Paint(g.Dot), h.env.T("home.planned")
		if st == "" {
			st = t.Dim
		}
	}
	if i.lab == nil || planned {
		plain := title
		if i.lab != nil {
			plain = h.env.T("home.lab") + " " + i.lab.Title.In(h.env.Lang)
		}
		title = st.Paint(plain)
	}
	return widget.Ends(t, mark+sign+" "+title, t.Dim.Paint(state), width)
}

func (h *Home) viewFind(width, height int) screen.Frame {
	t := h.env.Theme
	label := h.env.T("key.find") + " "
	text, x := h.find.View(max(1, width-render.Width(label)-1))
	lines := []string{t.Accent.Paint(label) + text, ""}
	from := 0
	for n, i := range h.matches() {
		if n == h.found {
			from = len(lines)
		}
		row := h.itemRow(i, n == h.found, width)
		if i.lab != nil {
			row = strings.Replace(row, "    ", "", 1)
		}
		lines = append(lines, row)
	}
	if len(lines) == 2 {
		lines = append(lines, t.Dim.Paint(h.env.T("find.none")))
	}
	var s widget.Scroll
	s.Show(from-2, from-1, height-2)
	return screen.Frame{
		Lines: append(lines[:2:2], s.Window(lines[2:], height-2)...), Cursor: true, X: render.Width(label) + x, Y: 0,
	}
}
