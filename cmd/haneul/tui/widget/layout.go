package widget

import (
	"strings"

	"haneul/lessons/render"
)

// Scroll is a position in a list of lines.
type Scroll struct{ Top int }

// Window is the height lines that show, padded with empty ones; Top is brought into range first.
func (s *Scroll) Window(lines []string, height int) []string {
	s.Clamp(len(lines), height)
	out := make([]string, max(0, height))
	copy(out, lines[s.Top:])
	return out
}

// Clamp brings Top into range.
func (s *Scroll) Clamp(total, height int) { s.Top = max(0, min(s.Top, total-height)) }

// Show moves as little as needed to bring lines from to to (exclusive) into view; what is taller than the window shows its start.
func (s *Scroll) Show(from, to, height int) {
	if to > s.Top+height {
		s.Top = to - height
	}
	if from < s.Top {
		s.Top = from
	}
}

// Move handles the keys that scroll and tells whether key was one.
func (s *Scroll) Move(key string, height int) bool {
	page := max(1, height-2)
	switch key {
	case "up":
		s.Top--
	case "down":
		s.Top++
	case "pgup", "b", "ctrl+u":
		s.Top -= page
	case "pgdown", " ", "ctrl+d":
		s.Top += page
	case "home", "g":
		s.Top = 0
	case "end", "G":
		s.Top = 1 << 30
	default:
		return false
	}
	s.Top = max(0, s.Top)
	return true
}

// Columns sets blocks of lines side by side, each padded to its width, with gap cells between them.
func Columns(height, gap int, widths []int, cols ...[]string) []string {
	out := make([]string, height)
	for y := range out {
		var row strings.Builder
		for i, col := range cols {
			cell := ""
			if y < len(col) {
				cell = col[y]
			}
			if i < len(cols)-1 {
				cell = render.Pad(cell, widths[i]+gap)
			}
			row.WriteString(cell)
		}
		out[y] = strings.TrimRight(row.String(), " ")
	}
	return out
}

// Rule is a thin vertical line, height high, to stand between columns.
func Rule(t *render.Theme, height int) []string {
	out := make([]string, height)
	for i := range out {
		out[i] = t.Dim.Paint(t.Glyphs.Vertical())
	}
	return out
}

// Margin puts n blanks before every line that is not empty.
func Margin(lines []string, n int) []string {
	pad := strings.Repeat(" ", max(0, n))
	for i, l := range lines {
		if l != "" {
			lines[i] = pad + l
		}
	}
	return lines
}

// Tabs is a row of names with one of them current.
func Tabs(t *render.Theme, names []string, current, width int) string {
	var parts []string
	for i, n := range names {
		if i == current {
			parts = append(parts, t.Selected.And(render.Underline).Paint(n))
		} else {
			parts = append(parts, t.Dim.Paint(n))
		}
	}
	return t.Fit(strings.Join(parts, "   "), width)
}

// Bar is a progress bar: part of whole in width cells.
func Bar(t *render.Theme, part, whole, width int) string {
	n := 0
	if whole > 0 {
		n = min(width, part*width/whole)
		if part > 0 {
			n = max(1, n)
		}
	}
	return t.Accent.Paint(strings.Repeat(t.Glyphs.Full, n)) + t.Dim.Paint(strings.Repeat(t.Glyphs.Empty, width-n))
}

// Ends sets left and right at the two ends of a line; right gives way first.
func Ends(t *render.Theme, left, right string, width int) string {
	if right == "" {
		return t.Fit(left, width)
	}
	free := width - render.Width(left) - render.Width(right)
	if free < 1 {
		if left = t.Fit(left, width); width-render.Width(left)-2 < render.Width(right) {
			return left
		}
	}
	return left + strings.Repeat(" ", width-render.Width(left)-render.Width(right)) + right
}

// Clean makes a program's output safe to draw: no escape sequences, tabs as blanks, what a carriage return overwrote gone.
func Clean(s string) string {
	s = render.Printable(s)
	if !strings.Contains(s, "\r") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = strings.TrimRight(l, "\r")
		lines[i] = l[strings.LastIndexByte(l, '\r')+1:]
	}
	return strings.Join(lines, "\n")
}
