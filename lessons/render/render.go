package render

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/renderer"

	"haneul/lessons/markdown"
)

// Kind tells a reader which blocks it can do something with.
type Kind int

const (
	Text    Kind = iota
	Heading      // ID is the heading's id
	Try          // Number counts the try fences of the text from 1
	Quiz         // ID is the question's; Lines is empty, the reader draws it
)

// Block is a drawn block: Gap blank lines, then Lines.
type Block struct {
	Kind   Kind
	ID     string
	Number int
	Gap    int
	Lines  []string
	Source markdown.Block
}

// Words finds a word of the interface by key.
type Words func(key string) string

// Renderer draws with one theme in one language. It keeps what it drew last, so that scrolling costs nothing.
type Renderer struct {
	theme    *Theme
	words    Words
	cache    []cached
	glamours map[setting]renderer.Renderer
}

type cached struct {
	doc    *markdown.Doc
	width  int
	blocks []Block
}

// New makes a renderer.
func New(theme *Theme, words Words) *Renderer {
	return &Renderer{theme: theme, words: words, glamours: map[setting]renderer.Renderer{}}
}

// MinWidth is the narrowest column text is set in; a narrower terminal cuts lines instead.
const MinWidth = 16

// Blocks draws a document width cells wide. The result is shared and must not be changed.
func (r *Renderer) Blocks(doc *markdown.Doc, width int) []Block {
	for i, c := range r.cache {
		if c.doc == doc && c.width == width {
			return r.cache[i].blocks
		}
	}
	var blocks []Block
	for i, b := range doc.Blocks {
		d := Block{Gap: 1, Lines: r.block(b, max(MinWidth, width)), Source: b}
		switch b := b.(type) {
		case *markdown.Heading:
			d.Kind, d.ID = Heading, b.ID
			if b.Level <= 2 {
				d.Gap = 2
			}
		case *markdown.Try:
			d.Kind, d.Number = Try, b.Number
		case *markdown.Quiz:
			d.Kind, d.ID = Quiz, b.ID
		}
		if i == 0 {
			d.Gap = 0
		}
		if width < MinWidth {
			for j := range d.Lines {
				d.Lines[j] = r.theme.Fit(d.Lines[j], width)
			}
		}
		blocks = append(blocks, d)
	}
	const keep = 8 // the lessons and labs one goes back and forth between, at two widths
	if len(r.cache) == keep {
		r.cache = r.cache[1:]
	}
	r.cache = append(r.cache, cached{doc, width, blocks})
	return blocks
}

// Lines draws a whole document; quiz blocks leave nothing.
func (r *Renderer) Lines(doc *markdown.Doc, width int) []string {
	var out []string
	for _, b := range r.Blocks(doc, width) {
		if len(b.Lines) == 0 {
			continue
		}
		out = append(out, make([]string, b.Gap)...)
		out = append(out, b.Lines...)
	}
	return out
}

// Markdown draws a short text, such as a check's feedback, without keeping it.
func (r *Renderer) Markdown(s string, width int) []string {
	return r.blocks(markdown.Parse([]byte(s), 1).Blocks, max(4, width), false)
}

func (r *Renderer) block(b markdown.Block, width int) []string {
	t := r.theme
	switch b := b.(type) {
	case *markdown.Heading:
		return r.heading(b, width)
	case *markdown.Paragraph:
		return r.flow(b.Text, "", width)
	case *markdown.List:
		return r.list(b, width)
	case *markdown.Quote:
		return r.quote(b, width)
	case *markdown.Code:
		return indent(t.code(b.Lang, b.Text, width-2), "  ", "  ")
	case *markdown.Try:
		return t.command(b.Command, width)
	case *markdown.ThenNow:
		return r.thenNow(b, width)
	case *markdown.Diagram:
		return t.diagram(b, width)
	case *markdown.Table:
		return r.fit(r.table(b, width), width)
	case *markdown.Rule:
		return []string{t.Dim.Paint(strings.Repeat(t.Glyphs.Empty, width))}
	case *markdown.HTML:
		return Wrap(b.Text, t.Dim, width)
	case *markdown.Broken:
		return indent(t.code("", b.Text, width-2), "  ", "  ")
	}
	return nil
}

// blocks draws what is inside a list item or a quote: blank lines between, unless tight.
func (r *Renderer) blocks(list []markdown.Block, width int, tight bool) []string {
	var out []string
	for i, b := range list {
		if i > 0 && !tight {
			out = append(out, "")
		}
		out = append(out, r.block(b, width)...)
	}
	return out
}

func (r *Renderer) list(l *markdown.List, width int) []string {
	var out []string
	last := strconv.Itoa(l.Start + len(l.Items) - 1)
	for i, item := range l.Items {
		mark := r.theme.Dim.Paint(r.theme.Glyphs.Bullet) + " "
		if l.Ordered { // numbers are set right, so that 9. and 10. line up
			n := strconv.Itoa(l.Start + i)
			mark = strings.Repeat(" ", max(0, len(last)-len(n))) + r.theme.Dim.Paint(n+".") + " "
		}
		w := Width(mark)
		if i > 0 && !l.Tight {
			out = append(out, "")
		}
		inner := max(4, width-w)
		lines := r.blocks(item, inner, l.Tight)
		if len(lines) == 0 {
			lines = []string{""}
		}
		out = append(out, r.fit(indent(lines, mark, strings.Repeat(" ", w)), width)...)
	}
	return out
}

func (r *Renderer) quote(q *markdown.Quote, width int) []string {
	t := r.theme
	st, title := t.Dim, ""
	switch q.Kind {
	case "note":
		st, title = t.Accent, r.words("note.note")
	case "tip":
		st, title = t.Good, r.words("note.tip")
	case "warning":
		st, title = t.Warn, r.words("note.warning")
	}
	lines := r.blocks(q.Blocks, max(4, width-2), false)
	if title != "" {
		lines = append([]string{st.And(Bold).Paint(title)}, lines...)
	}
	bar := st.Paint(t.Glyphs.Bar) + " "
	return r.fit(indent(lines, bar, bar), width)
}

// fit cuts lines that deep nesting pushed past the edge.
func (r *Renderer) fit(lines []string, width int) []string {
	for i, l := range lines {
		lines[i] = r.theme.Fit(l, width)
	}
	return lines
}

// indent puts first before the first line and rest before the others, leaving no blanks at the end of an empty one.
func indent(lines []string, first, rest string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		p := rest
		if i == 0 {
			p = first
		}
		if l == "" {
			p = strings.TrimRight(p, " ")
		}
		out[i] = p + l
	}
	return out
}

// Inline sets a sentence of markdown, such as a check's feedback.
func (r *Renderer) Inline(s string, st Style, width int) []string {
	return r.flow(markdown.Inline(s), st, width)
}

// Strip is a sentence of markdown as plain text, code in backticks.
func Strip(s string) string { return (&plain{}).text(markdown.Inline(s)) }
