package markdown

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// softBreak is a line end inside a paragraph. Korean separates words by spaces, so it reads as one.
var softBreak = Span{Text: " "}

// inline flattens the inline nodes of a block into styled runs.
func (b *builder) inline(n ast.Node) []Span {
	var out []Span
	b.spans(n, Span{}, &out)
	return out
}

func (b *builder) spans(parent ast.Node, style Span, out *[]Span) {
	add := func(s string, st Span) {
		if s != "" {
			st.Text = s
			*out = append(*out, st)
		}
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		st := style
		switch n := n.(type) {
		case *ast.Text:
			add(unescape(n.Segment.Value(b.src)), st)
			if n.HardLineBreak() {
				*out = append(*out, Span{Break: true})
			} else if n.SoftLineBreak() {
				*out = append(*out, softBreak)
			}
		case *ast.String:
			add(string(n.Value), st)
		case *ast.CodeSpan:
			st.Code = true
			add(b.raw(n), st)
		case *ast.Emphasis:
			if n.Level == 2 {
				st.Bold = true
			} else {
				st.Italic = true
			}
			b.spans(n, st, out)
		case *ast.Link:
			st.URL = address(n.Destination)
			b.spans(n, st, out)
		case *ast.AutoLink:
			st.URL = address(n.URL(b.src))
			add(string(n.Label(b.src)), st)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				seg := n.Segments.At(i)
				add(string(seg.Value(b.src)), st)
			}
		default: // an image shows its alternative text
			b.spans(n, st, out)
		}
	}
}

// raw is the text of a code span, where line ends count as spaces.
func (b *builder) raw(n ast.Node) string {
	var s strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			s.Write(t.Segment.Value(b.src))
		}
	}
	return strings.ReplaceAll(s.String(), "\n", " ")
}

// unescape resolves backslash escapes and entities, which goldmark leaves to its renderers. An entity may name a control
// character, so the result is cleaned again.
func unescape(seg []byte) string {
	v := util.UnescapePunctuations(seg)
	v = util.ResolveNumericReferences(v)
	v = util.ResolveEntityNames(v)
	return strings.ReplaceAll(string(clean(v)), "\n", " ")
}

// address keeps an address inside the bytes a terminal's hyperlink sequence may carry: the rest is percent-encoded.
func address(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		if c > ' ' && c < 0x7f {
			s.WriteByte(c)
		} else {
			fmt.Fprintf(&s, "%%%02X", c)
		}
	}
	return s.String()
}

// Inline reads one paragraph's worth of markdown, such as a value in a fence's data.
func Inline(s string) []Span {
	var out []Span
	for _, b := range Parse([]byte(s), 1).Blocks {
		if len(out) > 0 {
			out = append(out, Span{Break: true})
		}
		out = append(out, Spans(b)...)
	}
	return out
}
