package render

import (
	"fmt"
	"strings"

	"haneul/lessons/markdown"
)

// Plain writes a document for a screen reader, a pipe or a dumb terminal: one paragraph a line, numbers instead of drawings, no
// boxes, no escape sequences. question draws a quiz question as lines; nil leaves quizzes out.
func Plain(doc *markdown.Doc, words Words, question func(id string) []string) []string {
	p := &plain{words: words, question: question}
	return p.blocks(doc.Blocks, false)
}

type plain struct {
	words    Words
	question func(id string) []string
}

func (p *plain) blocks(list []markdown.Block, tight bool) []string {
	var out []string
	for _, b := range list {
		lines := p.block(b)
		if len(lines) == 0 {
			continue
		}
		if len(out) > 0 && !tight {
			out = append(out, "")
		}
		out = append(out, lines...)
	}
	return out
}

func (p *plain) block(b markdown.Block) []string {
	switch b := b.(type) {
	case *markdown.Heading:
		return []string{strings.Repeat("#", b.Level) + " " + p.text(b.Text)}
	case *markdown.Paragraph:
		return strings.Split(p.text(b.Text), "\n")
	case *markdown.List:
		var out []string
		for i, item := range b.Items {
			mark := "- "
			if b.Ordered {
				mark = fmt.Sprintf("%d. ", b.Start+i)
			}
			out = append(out, indent(p.blocks(item, true), mark, strings.Repeat(" ", len(mark)))...)
		}
		return out
	case *markdown.Quote:
		lines := p.blocks(b.Blocks, true)
		if b.Kind != "" && len(lines) > 0 {
			lines[0] = p.words("note."+b.Kind) + ": " + lines[0]
		}
		return lines
	case *markdown.Code:
		return indent(strings.Split(b.Text, "\n"), "    ", "    ")
	case *markdown.Try:
		return indent(strings.Split(b.Command, "\n"), fmt.Sprintf("[%d] $ ", b.Number), "      ")
	case *markdown.Quiz:
		if p.question != nil {
			return p.question(b.ID)
		}
	case *markdown.ThenNow:
		return []string{
			p.words("then-now.then") + " " + b.Doc + ": " + p.text(markdown.Inline(b.Claim)),
			p.words("then-now.now") + " (" + b.AsOf + "): " + p.text(markdown.Inline(b.Now)),
			p.words("then-now.source") + ": " + b.Source,
		}
	case *markdown.Diagram:
		return p.diagram(b)
	case *markdown.Table:
		return p.table(b)
	case *markdown.HTML:
		return strings.Split(b.Text, "\n")
	case *markdown.Broken:
		return strings.Split(b.Text, "\n")
	}
	return nil
}

// text writes spans with code in backticks and addresses in brackets; nothing else of their style can be heard.
func (p *plain) text(spans []markdown.Span) string {
	var s strings.Builder
	for i, sp := range spans {
		switch {
		case sp.Break:
			s.WriteByte('\n')
		case sp.Code:
			s.WriteString("`" + sp.Text + "`")
		default:
			s.WriteString(sp.Text)
		}
		if sp.URL != "" && sp.URL != sp.Text && (i+1 == len(spans) || spans[i+1].URL != sp.URL) {
			s.WriteString(" <" + sp.URL + ">")
		}
	}
	return strings.TrimSpace(s.String())
}

// diagram says each arrow as a line.
func (p *plain) diagram(d *markdown.Diagram) []string {
	label, drawn := map[string]string{}, map[string]bool{}
	for _, b := range d.Boxes {
		label[b.ID] = oneLine(b.Label)
	}
	var out []string
	for _, a := range d.Arrows {
		s := label[a.From] + " -> " + label[a.To]
		if a.Label != "" {
			s += ": " + oneLine(a.Label)
		}
		out = append(out, s)
		drawn[a.From], drawn[a.To] = true, true
	}
	for _, b := range d.Boxes {
		if !drawn[b.ID] {
			out = append(out, label[b.ID])
		}
	}
	return indent(out, "- ", "- ")
}

// table says each row with the names of its columns, so that no column has to be counted.
func (p *plain) table(b *markdown.Table) []string {
	var out []string
	for _, row := range b.Rows {
		s := ""
		for c, cell := range row {
			if c > 0 {
				s += "; "
			}
			if c < len(b.Head) {
				if name := p.text(b.Head[c]); name != "" {
					s += name + ": "
				}
				s += p.text(cell)
			}
		}
		out = append(out, strings.ReplaceAll(s, "\n", " "))
	}
	return indent(out, "- ", "- ")
}
