package render

import (
	"slices"
	"strings"
	"unicode"

	xansi "github.com/charmbracelet/x/ansi"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"haneul/lessons/markdown"
)

var alignments = map[markdown.Align]east.Alignment{
	markdown.Left: east.AlignLeft, markdown.Center: east.AlignCenter, markdown.Right: east.AlignRight,
}

// table has Glamour draw a table no wider than it needs. Where cells have to wrap, a blank line parts the rows. Where a column
// would be narrower than its name, which Glamour cuts off, or than a word, the rows are listed instead, each value after the name
// of its column.
func (r *Renderer) table(b *markdown.Table, width int) []string {
	need := r.natural(b)
	tall := need > width
	t := &leaf{Node: east.NewTable()}
	t.Node.(*east.Table).Alignments = make([]east.Alignment, len(b.Head))
	for c, a := range b.Align {
		t.Node.(*east.Table).Alignments[c] = alignments[a]
	}
	head := east.NewTableHeader(east.NewTableRow(nil))
	t.cells(head, b.Head, true)
	for i, cells := range b.Rows {
		if i > 0 && tall {
			t.cells(east.NewTableRow(nil), make([][]markdown.Span, len(b.Head)), false)
		}
		t.cells(east.NewTableRow(nil), cells, false)
	}
	if tall { // Glamour forgets the lines between columns when it asks whether a table fits, and would cut the last cells
		need = min(width, need-len(b.Head))
	}
	out := r.glamour(t, "", need)
	if tall && !r.whole(b, out) {
		return r.records(b, width)
	}
	return out
}

// whole tells whether a drawn table has every word in one piece.
func (r *Renderer) whole(b *markdown.Table, drawn []string) bool {
	var all strings.Builder
	for _, row := range append([][][]markdown.Span{b.Head}, b.Rows...) {
		for _, cell := range row {
			all.WriteString(r.shown(cell) + " ")
		}
	}
	lines := r.theme.Glyphs.box
	sorted := func(s string) []string {
		words := strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(lines, c) })
		slices.Sort(words)
		return words
	}
	return slices.Equal(sorted(all.String()), sorted(xansi.Strip(strings.Join(drawn, "\n"))))
}

// cells adds a row to a table; the names of its columns are bold.
func (l *leaf) cells(row ast.Node, cells [][]markdown.Span, bold bool) {
	l.AppendChild(l.Node, row)
	for _, spans := range cells {
		cell := east.NewTableCell()
		row.AppendChild(row, cell)
		for _, s := range spans {
			s.Bold = s.Bold || bold
			l.add(cell, []markdown.Span{s})
		}
	}
}

// natural is the width of a table in which nothing wraps: a blank on both sides of a cell, a line between two.
func (r *Renderer) natural(b *markdown.Table) int {
	total := len(b.Head) - 1
	for c := range b.Head {
		w := Width(r.shown(b.Head[c]))
		for _, row := range b.Rows {
			if c < len(row) {
				w = max(w, Width(r.shown(row[c])))
			}
		}
		total += w + 2
	}
	return total
}

// shown is the text of spans as a line shows it.
func (r *Renderer) shown(spans []markdown.Span) string {
	var s strings.Builder
	for _, sp := range spans {
		if sp.Code && r.theme.QuoteCode {
			sp.Text = "`" + sp.Text + "`"
		}
		s.WriteString(sp.Text)
	}
	return s.String()
}

// records lists the rows of a table.
func (r *Renderer) records(b *markdown.Table, width int) []string {
	list := &markdown.List{Tight: true}
	for _, row := range b.Rows {
		var item []markdown.Block
		for c, cell := range row {
			text := cell
			if name := markdown.Plain(b.Head[c]); name != "" {
				text = append([]markdown.Span{{Text: name + ": ", Bold: true}}, cell...)
			}
			item = append(item, &markdown.Paragraph{Text: text})
		}
		list.Items = append(list.Items, item)
	}
	return r.list(list, width)
}
