package render

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Width is the number of cells s takes, escape sequences not counted.
func Width(s string) int { return ansi.StringWidth(s) }

// Wrap sets plain text in one style, in lines of at most width cells: broken at spaces, and inside a word only when it is wider
// than a line.
func Wrap(s string, st Style, width int) []string {
	return lines(lipgloss.Wrap(st.Paint(guard.Replace(s)), max(1, width), ""))
}

// Fit cuts s to width cells, ending it with an ellipsis where something is lost.
func (t *Theme) Fit(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	return ansi.Truncate(s, max(0, width), t.Glyphs.Ellipsis)
}

// Pad fills s with blanks up to width cells.
func Pad(s string, width int) string {
	if n := width - Width(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// Printable makes a program's output safe to draw: valid UTF-8 without escape sequences and control characters, tabs as blanks up
// to the next eighth cell. Newlines and carriage returns stay.
func Printable(s string) string {
	s = strings.ToValidUTF8(ansi.Strip(s), "\uFFFD")
	var b strings.Builder
	start := 0 // of the line, in b
	for _, r := range s {
		switch {
		case r == '\n', r == '\r':
			b.WriteRune(r)
			start = b.Len()
		case r == '\t':
			b.WriteString(strings.Repeat(" ", 8-Width(b.String()[start:])%8))
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
