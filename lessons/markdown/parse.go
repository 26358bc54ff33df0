package markdown

import (
	"bytes"
	"sort"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// shared is built on first use: a command that reads no lesson does not pay for it. Parsing with it is safe from many goroutines.
var shared = sync.OnceValue(func() parser.Parser {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(
			parser.WithHeadingAttribute(),
			parser.WithInlineParsers(util.Prioritized(emphasis{}, 450)), // before goldmark's own, at 500
		),
	).Parser()
})

// Parse reads src. It never fails: what cannot be read becomes a Broken block. firstLine is the line number of src's first
// line in its file (1 unless front matter was cut off). Control characters other than newline and tab are dropped.
func Parse(src []byte, firstLine int) *Doc {
	src = clean(src)
	b := &builder{src: src, first: firstLine}
	for i, c := range src {
		if c == '\n' {
			b.newlines = append(b.newlines, i)
		}
	}
	return &Doc{Blocks: b.children(shared().Parse(text.NewReader(src)))}
}

// clean makes text safe to send to a terminal: valid UTF-8, no escape sequences, tabs as spaces.
func clean(src []byte) []byte {
	src = bytes.ToValidUTF8(src, []byte("\uFFFD"))
	return bytes.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0: // C0, DEL, C1
			return -1
		case r >= 0xfdd0 && r <= 0xfdef: // noncharacters, which a renderer may use as signs of its own
			return -1
		case r == 0x2028, r == 0x2029, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // separators, direction overrides
			return -1
		}
		return r
	}, src)
}

type builder struct {
	src      []byte
	first    int
	newlines []int
	tries    int
}

// line turns a byte offset into a line number of the file.
func (b *builder) line(offset int) at {
	return at(b.first + sort.SearchInts(b.newlines, offset))
}

func (b *builder) children(parent ast.Node) []Block {
	var out []Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if blk := b.block(n); blk != nil {
			out = append(out, blk)
		}
	}
	return out
}

func (b *builder) block(n ast.Node) Block {
	pos := b.line(max(0, n.Pos()))
	switch n := n.(type) {
	case *ast.Heading:
		h := &Heading{at: pos, Level: n.Level, Text: b.inline(n)}
		if id, ok := n.AttributeString("id"); ok {
			if s, ok := id.([]byte); ok {
				h.ID = string(s)
			}
		}
		return h
	case *ast.Paragraph, *ast.TextBlock:
		return &Paragraph{at: pos, Text: b.inline(n)}
	case *ast.List:
		l := &List{at: pos, Ordered: n.IsOrdered(), Tight: n.IsTight, Start: n.Start}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			l.Items = append(l.Items, b.children(c))
		}
		return l
	case *ast.Blockquote:
		return b.quote(pos, n)
	case *ast.FencedCodeBlock:
		return b.fence(n)
	case *ast.CodeBlock:
		return &Code{at: pos, Text: b.lines(n), Indented: true}
	case *east.Table:
		return b.table(pos, n)
	case *ast.ThematicBreak:
		return &Rule{at: pos}
	case *ast.HTMLBlock:
		return &HTML{at: pos, Text: b.lines(n)}
	}
	return nil // link reference definitions draw nothing
}

func (b *builder) lines(n ast.Node) string {
	var s strings.Builder
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		s.Write(seg.Value(b.src))
	}
	return strings.TrimRight(s.String(), "\n")
}

func (b *builder) table(pos at, n *east.Table) Block {
	t := &Table{at: pos}
	for _, a := range n.Alignments {
		switch a {
		case east.AlignCenter:
			t.Align = append(t.Align, Center)
		case east.AlignRight:
			t.Align = append(t.Align, Right)
		default:
			t.Align = append(t.Align, Left)
		}
	}
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var row [][]Span
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			row = append(row, b.inline(c))
		}
		if _, head := r.(*east.TableHeader); head {
			t.Head = row
		} else {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// callouts are the alert names GitHub knows, folded into the three the course draws.
var callouts = map[string]string{"[!NOTE]": "note", "[!TIP]": "tip", "[!WARNING]": "warning", "[!IMPORTANT]": "warning", "[!CAUTION]": "warning"}

func (b *builder) quote(pos at, n *ast.Blockquote) Block {
	q := &Quote{at: pos, Blocks: b.children(n)}
	if len(q.Blocks) == 0 {
		return q
	}
	p, ok := q.Blocks[0].(*Paragraph)
	if !ok || n.FirstChild().Lines().Len() == 0 {
		return q
	}
	seg := n.FirstChild().Lines().At(0)
	kind, ok := callouts[strings.TrimSpace(string(seg.Value(b.src)))]
	if !ok {
		return q
	}
	q.Kind = kind
	if p.Text = afterFirstLine(p.Text); len(p.Text) == 0 {
		q.Blocks = q.Blocks[1:]
	}
	return q
}

// afterFirstLine drops the [!NOTE] line: the spans before the first soft break, which inline has made a span of its own.
func afterFirstLine(spans []Span) []Span {
	for i, s := range spans {
		if s == softBreak || s.Break {
			return spans[i+1:]
		}
	}
	return nil
}
