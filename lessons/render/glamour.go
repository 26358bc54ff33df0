package render

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"charm.land/glamour/v2/ansi"
	xansi "github.com/charmbracelet/x/ansi"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"haneul/lessons/markdown"
)

// config is the theme as Glamour reads it; base is the style of the text itself.
func (t *Theme) config(base Style) ansi.StyleConfig {
	code := primitive(base.And(t.Code))
	if t.QuoteCode {
		code.Prefix, code.Suffix = "`", "`"
	}
	block := func(st Style) ansi.StyleBlock { return ansi.StyleBlock{StylePrimitive: primitive(st)} }
	line := func(sides int) *string {
		s := t.Dim.Paint(t.Glyphs.line(sides))
		return &s
	}
	title := block(Bold.And(t.Accent))
	return ansi.StyleConfig{
		Text: primitive(base), Strong: primitive(Bold), Emph: primitive(Italic),
		Code: ansi.StyleBlock{StylePrimitive: code}, LinkText: primitive(t.Accent.And(Underline)),
		H1: title, H2: title, Heading: block(Bold),
		Table: ansi.StyleTable{
			RowSeparator: line(left | right), ColumnSeparator: line(up | down), CenterSeparator: line(up | down | left | right),
		},
	}
}

// primitive is a style in Glamour's words. It knows the parameters that themes use.
func primitive(st Style) (p ansi.StylePrimitive) {
	yes, f := true, strings.Split(string(st), ";")
	for i := 0; i < len(f); i++ {
		switch n, _ := strconv.Atoi(f[i]); {
		case n == 1:
			p.Bold = &yes
		case n == 3:
			p.Italic = &yes
		case n == 4:
			p.Underline = &yes
		case n == 7:
			p.Inverse = &yes
		case n == 38 && i+4 < len(f): // 38;2;red;green;blue
			var rgb [3]int
			for c := range rgb {
				rgb[c], _ = strconv.Atoi(f[i+2+c])
			}
			hex := fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2])
			p.Color, i = &hex, i+4
		case n >= 90 && n <= 97: // the terminal's own bright colours, 8 to 15
			c := strconv.Itoa(n - 82)
			p.Color = &c
		}
	}
	return p
}

// setting is what one Glamour renderer draws: text in a style at a width.
type setting struct {
	base  Style
	width int
}

// leaf is a block for Glamour to draw, with the source its nodes point into.
type leaf struct {
	ast.Node
	src []byte
}

// glamour draws a leaf width cells wide.
func (r *Renderer) glamour(l *leaf, base Style, width int) []string {
	s := setting{base, max(4, width)}
	g := r.glamours[s]
	if g == nil {
		g = renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(ansi.NewRenderer(ansi.Options{
			Styles: r.theme.config(base), WordWrap: s.width, PreserveNewLines: true, InlineTableLinks: true,
		}), 1)))
		r.glamours[s] = g
	}
	doc := ast.NewDocument()
	doc.AppendChild(doc, l.Node)
	var b bytes.Buffer
	if err := g.Render(&b, l.src, doc); err != nil { // a buffer takes everything; Glamour has no other reason
		return []string{err.Error()}
	}
	return lines(b.String())
}

// flow sets spans as a paragraph.
func (r *Renderer) flow(spans []markdown.Span, base Style, width int) []string {
	l := &leaf{Node: ast.NewParagraph()}
	l.add(l.Node, spans)
	return r.glamour(l, base, width)
}

func (r *Renderer) heading(h *markdown.Heading, width int) []string {
	l := &leaf{Node: ast.NewHeading(h.Level)}
	l.add(l.Node, h.Text)
	return r.glamour(l, "", width)
}

// add gives parent one node for each span.
func (l *leaf) add(parent ast.Node, spans []markdown.Span) {
	for _, s := range spans {
		into := parent
		within := func(n ast.Node) {
			into.AppendChild(into, n)
			into = n
		}
		content := guard.Replace(s.Text)
		if s.URL != "" {
			// Glamour writes the address behind the text of a link, which would part a noun from its particle. So the text
			// carries the hyperlink itself, and Glamour sees a link to the page's top, whose address it leaves out.
			link := ast.NewLink()
			link.Destination = []byte("#")
			within(link)
			content = xansi.SetHyperlink(strings.ReplaceAll(s.URL, "&", "&amp;")) + content + xansi.ResetHyperlink()
		}
		if s.Bold {
			within(ast.NewEmphasis(2))
		}
		if s.Italic {
			within(ast.NewEmphasis(1))
		}
		if s.Code {
			within(ast.NewCodeSpan())
		}
		l.src = append(l.src, content...)
		n := ast.NewTextSegment(text.NewSegment(len(l.src)-len(content), len(l.src)))
		n.SetHardLineBreak(s.Break)
		within(n)
	}
}

// Spans are plain text, but Glamour resolves escapes and entities, some of them twice, and its word wrap breaks after a hyphen,
// also between -- and the name of an option. Noncharacters, which Unicode keeps for such use and no Span holds, stand in.
var (
	guard   = strings.NewReplacer("&", "\uFDD0", `\`, "\uFDD1", "-", "\uFDD2")
	unguard = strings.NewReplacer("\uFDD0", "&", "\uFDD1", `\`, "\uFDD2", "-")
	padding = regexp.MustCompile(`(\x1b\[[\d;]*m| )+$`)
)

// lines takes what Glamour or its word wrap wrote apart: no blank lines around it, no blanks at the end of a line.
func lines(s string) []string {
	out := strings.Split(unguard.Replace(s), "\n")
	for i := range out {
		out[i] = trim(out[i])
	}
	for len(out) > 1 && out[0] == "" {
		out = out[1:]
	}
	for len(out) > 1 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// trim drops the blanks at the end of a line, styled ones too.
func trim(line string) string {
	return padding.ReplaceAllStringFunc(line, func(end string) string {
		if strings.Contains(end, "\x1b") && len(end) < len(line) {
			return "\x1b[m"
		}
		return ""
	})
}
