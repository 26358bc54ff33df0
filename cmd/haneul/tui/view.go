package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons"
	"haneul/lessons/render"
)

// View draws the frame around the top screen: a line above, a line below, and air where there is room.
func (a *App) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = "haneul"
	if a.look.mouse { // only when asked for: a terminal that reports its mouse no longer selects text with it
		v.MouseMode = tea.MouseModeCellMotion
	}
	if a.width <= 0 || a.height <= 0 {
		return v
	}
	lines, cursor := a.frame(a.width, a.height)
	v.Content = strings.Join(lines, "\n")
	v.Cursor = cursor
	return v
}

func (a *App) frame(width, height int) ([]string, *tea.Cursor) {
	t := a.env.Theme
	margin, air := 0, 0
	if width >= 60 {
		margin = 2
	}
	if height >= 12 {
		air = 1
	}
	inner := width - 2*margin
	body := max(1, height-2-2*air)
	f := a.top().View(inner, body)
	lines := make([]string, 0, height)
	lines = append(lines, a.header(inner))
	lines = append(lines, make([]string, air)...)
	for i := range body {
		s := ""
		if i < len(f.Lines) {
			s = t.Fit(f.Lines[i], inner)
		}
		lines = append(lines, s)
	}
	lines = append(lines, make([]string, air)...)
	foot, at := a.footer(inner)
	lines = widget.Margin(append(lines, foot), margin)
	if len(lines) > height {
		lines = append(lines[:max(0, height-1)], lines[len(lines)-1])[:height]
	}
	switch {
	case at >= 0:
		return lines, bar(margin+at, len(lines)-1, width, height)
	case f.Cursor:
		return lines, bar(margin+f.X, 1+air+f.Y, width, height)
	}
	return lines, nil
}

func bar(x, y, width, height int) *tea.Cursor {
	if x >= width || y >= height {
		return nil
	}
	c := tea.NewCursor(x, y)
	c.Shape, c.Blink = tea.CursorBar, false
	return c
}

// header is the breadcrumbs, and on the right what holds everywhere: clock, faults, language, help.
func (a *App) header(width int) string {
	t := a.env.Theme
	lang := "KO" + t.Dim.Paint("|EN")
	if a.env.Lang == lessons.EN {
		lang = t.Dim.Paint("KO|") + "EN"
	}
	right := []string{lang}
	if width >= 40 {
		right = append(right, t.Dim.Paint("?"+a.env.T("help.title")))
	}
	if s := a.clock.view(a); s != "" {
		right = append([]string{s}, right...)
	}
	end := strings.Join(right, "  ")
	return widget.Ends(t, a.crumbs(width-render.Width(end)-2), end, width)
}

// crumbs is the way here; where it does not fit, the first steps give way.
func (a *App) crumbs(width int) string {
	t := a.env.Theme
	sep := t.Dim.Paint(" " + t.Glyphs.Crumb + " ")
	for first := range a.stack {
		var parts []string
		if first > 0 {
			parts = append(parts, t.Dim.Paint(t.Glyphs.Ellipsis))
		}
		for i, s := range a.stack[first:] {
			name := s.Title()
			if first+i == len(a.stack)-1 {
				parts = append(parts, render.Bold.Paint(name))
			} else {
				parts = append(parts, t.Dim.Paint(name))
			}
		}
		line := strings.Join(parts, sep)
		if render.Width(line) <= width || first == len(a.stack)-1 {
			return t.Fit(line, max(4, width))
		}
	}
	return ""
}

// footer is the `:` line, or what was said, or the keys. at is the cursor's cell in it, -1 for none.
func (a *App) footer(width int) (line string, at int) {
	t := a.env.Theme
	switch {
	case a.line != nil:
		text, x := a.line.View(max(1, width-2))
		if text == "" {
			text = t.Dim.Paint(t.Fit(a.env.T("command.help"), width-2))
		}
		return t.Fit(t.Accent.Paint(":")+text, width), 1 + x
	case a.said.Text != "":
		st := t.Accent
		if a.said.Bad {
			st = t.Bad
		}
		return t.Fit(st.Paint(strings.Join(strings.Fields(a.said.Text), " ")), width), -1
	}
	keys := a.top().Help()
	if len(a.stack) == 1 && !a.top().Typing() {
		keys = append(keys, screen.Key{Press: "L", Does: a.env.T("key.lang")}, screen.Key{Press: "q", Does: a.env.T("key.quit")})
	} else if !a.top().Typing() {
		keys = append(keys, screen.Key{Press: "esc", Does: a.env.T("key.back")})
	}
	return a.keys(keys, width), -1
}

// keys sets as many keys as fit.
func (a *App) keys(keys []screen.Key, width int) string {
	t := a.env.Theme
	line, seen := "", map[string]bool{}
	for _, k := range keys {
		if seen[k.Press] {
			continue
		}
		seen[k.Press] = true
		part := t.Accent.Paint(a.sign(k.Press)) + " " + t.Dim.Paint(k.Does)
		if line != "" {
			part = "   " + part
		}
		if render.Width(line)+render.Width(part) > width {
			break
		}
		line += part
	}
	return line
}

// sign writes a key for the terminal at hand.
func (a *App) sign(press string) string {
	if !a.look.ascii {
		return press
	}
	return strings.NewReplacer("⏎", "enter", "↑↓", "up/down", "⇥", "tab", "←", "left", "→", "right").Replace(press)
}
