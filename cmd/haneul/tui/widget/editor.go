package widget

import (
	"regexp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"haneul/lessons/render"
)

// Editor is one line of text being typed, with the keys of a shell and a history. It counts graphemes, not runes: a Hangul
// syllable is one step of the cursor and two cells wide, also when its jamo arrive apart.
type Editor struct {
	cells   []string // grapheme clusters
	at      int
	history []string
	back    int    // how far into the history; 0 is the line being typed
	draft   string // that line, while the history is shown
	killed  string

	searching bool   // in the history, backwards
	query     string // what the line has to contain
}

// Text is the line.
func (e *Editor) Text() string { return strings.Join(e.cells, "") }

// Before is the part of the line left of the cursor.
func (e *Editor) Before() string { return strings.Join(e.cells[:e.at], "") }

// Set replaces the line and puts the cursor at its end.
func (e *Editor) Set(s string) {
	e.cells = clusters(s)
	e.at = len(e.cells)
}

// Take returns the line, remembers it in the history and empties the editor.
func (e *Editor) Take() string {
	s := e.Text()
	if strings.TrimSpace(s) != "" && (len(e.history) == 0 || e.history[len(e.history)-1] != s) {
		e.history = append(e.history, s)
	}
	e.back = 0
	e.Set("")
	return s
}

// continued is the end of a line that goes on in the next one, as a shell writes it.
var continued = regexp.MustCompile(`[ \t]*\\\r?[\n\r][ \t]*`)

// Insert puts text at the cursor. Line ends become spaces, other control characters are dropped.
func (e *Editor) Insert(s string) {
	s = continued.ReplaceAllLiteralString(s, " ")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, s)
	after := strings.Join(e.cells[e.at:], "")
	before := e.Before() + s
	e.cells = clusters(before + after) // a combining jamo may join what stands before it
	e.at = len(clusters(before))
}

func clusters(s string) []string {
	var out []string
	for s != "" {
		g, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if g == "" {
			break
		}
		out = append(out, g)
		s = s[len(g):]
	}
	return out
}

// Press handles a key and tells whether it was one of the editor's.
func (e *Editor) Press(k tea.KeyPressMsg) bool {
	if e.searching {
		return e.pressSearch(k)
	}
	switch k.String() {
	case "ctrl+r":
		if e.back == 0 {
			e.draft = e.Text()
		}
		e.searching, e.query = true, ""
	case "left", "ctrl+b":
		e.at = max(0, e.at-1)
	case "right", "ctrl+f":
		e.at = min(len(e.cells), e.at+1)
	case "home", "ctrl+a":
		e.at = 0
	case "end", "ctrl+e":
		e.at = len(e.cells)
	case "alt+left", "ctrl+left", "alt+b":
		e.at = e.word(-1)
	case "alt+right", "ctrl+right", "alt+f":
		e.at = e.word(1)
	case "backspace", "ctrl+h":
		e.cut(e.at-1, e.at)
	case "delete":
		e.cut(e.at, e.at+1)
	case "ctrl+w", "alt+backspace":
		e.kill(e.word(-1), e.at)
	case "ctrl+u":
		e.kill(0, e.at)
	case "ctrl+k":
		e.kill(e.at, len(e.cells))
	case "ctrl+y":
		e.Insert(e.killed)
	case "up", "ctrl+p":
		e.recall(1)
	case "down", "ctrl+n":
		e.recall(-1)
	default:
		if k.Text == "" || k.Mod&(tea.ModCtrl|tea.ModAlt) != 0 {
			return false
		}
		e.Insert(k.Text)
	}
	return true
}

// word is where a step of one word leads: -1 back to a word's start, 1 on to its end.
func (e *Editor) word(step int) int {
	i := e.at
	in := func(j int) bool { return j >= 0 && j < len(e.cells) }
	look := func() int {
		if step < 0 {
			return i - 1
		}
		return i
	}
	for in(look()) && e.cells[look()] == " " {
		i += step
	}
	for in(look()) && e.cells[look()] != " " {
		i += step
	}
	return i
}

func (e *Editor) kill(from, to int) {
	if from < to {
		e.killed = strings.Join(e.cells[from:to], "")
		e.cut(from, to)
	}
}

func (e *Editor) cut(from, to int) {
	if from < 0 || to > len(e.cells) {
		return
	}
	e.cells = slices.Delete(e.cells, from, to)
	e.at = from
}

func (e *Editor) recall(step int) {
	to := e.back + step
	if to < 0 || to > len(e.history) {
		return
	}
	if e.back == 0 {
		e.draft = e.Text()
	}
	e.back = to
	if to == 0 {
		e.Set(e.draft)
	} else {
		e.Set(e.history[len(e.history)-to])
	}
}

// Searching reports whether a search in the history has the keys. The line is its newest match then.
func (e *Editor) Searching() bool { return e.searching }

// Query is what is searched for.
func (e *Editor) Query() string { return e.query }

// pressSearch handles a key of the search: letters narrow it, ctrl+r goes further back, esc gives the line back that was being
// typed. Any other key takes the match and, unless it is enter, which is left to whoever runs lines, acts on it.
func (e *Editor) pressSearch(k tea.KeyPressMsg) bool {
	switch key := k.String(); {
	case key == "ctrl+r":
		e.seek(e.back + 1)
	case key == "esc" || key == "ctrl+c":
		e.searching, e.back = false, 0
		e.Set(e.draft)
	case key == "enter":
		e.searching = false
		return false
	case key == "backspace":
		cells := clusters(e.query)
		e.query = strings.Join(cells[:max(0, len(cells)-1)], "")
		e.seek(1)
	case k.Text != "" && k.Mod&(tea.ModCtrl|tea.ModAlt) == 0:
		e.query += k.Text
		e.seek(max(1, e.back))
	default:
		e.searching = false
		return e.Press(k)
	}
	return true
}

// seek goes to the newest line of the history, from the nth newest on, that contains the query. Without one the line stays.
func (e *Editor) seek(n int) {
	for ; n <= len(e.history) && e.query != ""; n++ {
		if s := e.history[len(e.history)-n]; strings.Contains(s, e.query) {
			e.back = n
			e.Set(s)
			return
		}
	}
}

// cut marks a line whose start is out of view, as readline does. It is ASCII: it means the same in every terminal.
const cut = "<"

// View is the part of the line that fits width cells around the cursor, and the cell the cursor is in.
func (e *Editor) View(width int) (text string, x int) {
	width = max(1, width)
	first, x := e.before(width)
	if first > 0 && width > 3 { // the mark, a syllable and the cursor
		first, x = e.before(width - len(cut))
		text, x = cut, x+len(cut)
	}
	last, used := e.at, x
	for last < len(e.cells) && used+render.Width(e.cells[last]) <= width {
		used += render.Width(e.cells[last])
		last++
	}
	return text + strings.Join(e.cells[first:last], ""), x
}

// before is where to begin so that the cursor is in view, also behind the last character, and how many cells that is before it.
func (e *Editor) before(width int) (first, x int) {
	first = e.at
	for first > 0 && x+render.Width(e.cells[first-1]) < width {
		first--
		x += render.Width(e.cells[first])
	}
	return first, x
}
