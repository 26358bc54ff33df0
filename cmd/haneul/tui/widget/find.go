package widget

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"haneul/lessons/render"
)

// Find is a search in lines of text. While its line is edited it has the keys; afterwards n and N go from match to match.
type Find struct {
	Edit  Editor
	Match int // line of the current match; -1 none
	Count int // lines that match
	done  bool
}

// Open reports whether the search has the keys; a nil search has not.
func (f *Find) Open() bool { return f != nil && !f.done }

// Press handles a key of an open search. over says that the search is to be forgotten.
func (f *Find) Press(k tea.KeyPressMsg) (over bool) {
	switch k.String() {
	case "esc", "ctrl+c":
		return true
	case "enter":
		f.done = true
		return f.Edit.Text() == "" || f.Count == 0
	}
	f.Edit.Press(k)
	return false
}

// Search goes to the first match from a line on, around the end if need be, and reports whether there is one.
func (f *Find) Search(lines []string, from, step int) bool {
	f.Match, f.Count = -1, 0
	want := strings.ToLower(f.Edit.Text())
	n := len(lines)
	for i := 0; i < n && want != ""; i++ {
		line := ((from+step*i)%n + n) % n
		if strings.Contains(strings.ToLower(ansi.Strip(lines[line])), want) {
			f.Count++
			if f.Match < 0 {
				f.Match = line
			}
		}
	}
	return f.Match >= 0
}

// Next goes to the next match, or back to the one before.
func (f *Find) Next(lines []string, back bool) bool {
	if back {
		return f.Search(lines, f.Match-1, -1)
	}
	return f.Search(lines, f.Match+1, 1)
}

// Mark shows the match in reverse. shown are the lines in view, of which the first is line top.
func (f *Find) Mark(shown []string, top int) {
	if at := f.Match - top; f.Match >= 0 && at >= 0 && at < len(shown) {
		shown[at] = f.reverse(shown[at])
	}
}

func (f *Find) reverse(line string) string {
	plain := ansi.Strip(line)
	want := strings.ToLower(f.Edit.Text())
	i := strings.Index(strings.ToLower(plain), want)
	if i < 0 || want == "" || len(strings.ToLower(plain)) != len(plain) {
		return line
	}
	x, w := render.Width(plain[:i]), render.Width(plain[i:i+len(want)])
	return ansi.Truncate(line, x, "") + render.Reverse.Paint(plain[i:i+len(want)]) + ansi.TruncateLeft(line, x+w, "")
}

// View is the search's line: a label, what is looked for, and state after it; x is the cursor's cell.
func (f *Find) View(t *render.Theme, label, state string, width int) (line string, x int) {
	label += " "
	if f.Edit.Text() == "" {
		state = ""
	} else {
		state = "  " + state
	}
	text, x := f.Edit.View(max(1, width-render.Width(label)-render.Width(state)-1))
	return t.Fit(t.Accent.Paint(label)+text+t.Dim.Paint(state), width), render.Width(label) + x
}
