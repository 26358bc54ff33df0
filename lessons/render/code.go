package render

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/charmbracelet/x/ansi"
)

// code highlights text and sets it into lines; a line wider than width goes on after a continuation sign.
func (t *Theme) code(lang, text string, width int) []string {
	var out []string
	for _, line := range strings.Split(t.highlight(lang, strings.TrimRight(text, "\n ")), "\n") {
		out = append(out, t.Output(line, width)...)
	}
	return out
}

// command draws shell lines with a prompt at the first that is not a comment.
func (t *Theme) command(s string, width int) []string {
	var out []string
	for strings.HasPrefix(s, "#") {
		var note string
		note, s, _ = strings.Cut(s, "\n")
		out = append(out, indent(t.code("sh", note, width-4), "    ", "    ")...)
	}
	if s == "" {
		return out
	}
	return append(out, indent(t.code("sh", s, width-4), "  "+t.Accent.Paint("$")+" ", "    ")...)
}

// highlight paints code line by line. A language that Chroma does not know stays as it is.
func (t *Theme) highlight(lang, s string) string {
	if lang == "" || len(lang) > 20 { // Chroma takes a word it does not know for a file's name, and compares that with many patterns
		return s
	}
	lexer := lexers.Get(lang)
	if lexer == nil {
		return s
	}
	tokens, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, s)
	if err != nil {
		return s
	}
	var b strings.Builder
	for _, token := range tokens.Tokens() {
		st := t.token(token)
		for i, line := range strings.Split(token.Value, "\n") {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(st.Paint(line))
		}
	}
	return strings.TrimRight(b.String(), "\n") // some lexers end the last line
}

// token is the style of a piece of code. There are few, so that the eye finds what matters: options and names, values, and in bold
// the words of the language.
func (t *Theme) token(token chroma.Token) Style {
	switch kind, first := token.Type, (token.Value + " ")[0]; {
	case token.Value == "\\\n": // the command goes on in the next line
		return ""
	case kind.InCategory(chroma.Comment):
		return t.Comment
	case kind.InSubCategory(chroma.LiteralString), kind == chroma.NameVariable && first == '$':
		return t.String
	case kind == chroma.NameTag, kind == chroma.NameAttribute, kind == chroma.Text && first == '-': // -x, --long
		return t.Key
	case kind.InCategory(chroma.Keyword) && letter(first):
		return Bold
	}
	return ""
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// Output sets one line of a program's output, or of code, into lines of at most width cells without losing a blank; what does not
// fit goes on after a continuation sign.
func (t *Theme) Output(s string, width int) []string {
	var out []string
	sign, room := "", max(4, width)
	for Width(s) > room {
		plain := ansi.Strip(s)
		n := codeBreak(plain, room)
		out = append(out, trim(sign+ansi.Truncate(s, n, "")))
		if strings.HasPrefix(ansi.TruncateLeft(plain, n, ""), " ") { // the line's end stands for the blank
			n++
		}
		s = ansi.TruncateLeft(s, n, "")
		if sign == "" {
			sign, room = t.Dim.Paint(t.Glyphs.Continue)+" ", room-Width(t.Glyphs.Continue)-1
		}
	}
	return append(out, trim(sign+s))
}

// codeBreak is where to break a line that has more than width cells: after the last space of its second half, if any.
func codeBreak(s string, width int) int {
	head := ansi.Truncate(s, width, "")
	if i := Width(head[:strings.LastIndexByte(head, ' ')+1]); i > width/2 {
		return i
	}
	return Width(head)
}
