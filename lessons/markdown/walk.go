package markdown

// Walk calls f for every block, outer before inner, in reading order.
func Walk(blocks []Block, f func(Block)) {
	for _, b := range blocks {
		f(b)
		switch b := b.(type) {
		case *List:
			for _, item := range b.Items {
				Walk(item, f)
			}
		case *Quote:
			Walk(b.Blocks, f)
		}
	}
}

// Spans lists the text runs a block holds itself, not those of blocks inside it.
func Spans(b Block) []Span {
	switch b := b.(type) {
	case *Heading:
		return b.Text
	case *Paragraph:
		return b.Text
	case *Table:
		var out []Span
		for _, cell := range b.Head {
			out = append(out, cell...)
		}
		for _, row := range b.Rows {
			for _, cell := range row {
				out = append(out, cell...)
			}
		}
		return out
	}
	return nil
}

// Plain is the text of spans without their style.
func Plain(spans []Span) string {
	s := ""
	for _, sp := range spans {
		if sp.Break {
			s += " "
		}
		s += sp.Text
	}
	return s
}
