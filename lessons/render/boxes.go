package render

import (
	"strings"

	"haneul/lessons/markdown"
)

// boxRune is a line sign by the sides it leaves to.
func (g Glyphs) line(sides int) string { return string([]rune(g.box)[sides]) }

const (
	up = 1 << iota
	down
	left
	right
)

// Section is a titled part of a box.
type Section struct {
	Title string
	Lines []string
}

// Box draws sections in one rounded frame, width cells wide; an empty title leaves the rule plain.
func (t *Theme) Box(sections []Section, foot string, frame Style, width int) []string {
	g, inner := t.Glyphs, width-4
	corner := []rune(g.round)
	h := g.line(left | right)
	rule := func(l, title, r string) string {
		s := l + h
		if title != "" {
			title = t.Fit(title, inner-2)
			return frame.Paint(s+" ") + title + frame.Paint(" "+strings.Repeat(h, max(0, width-4-Width(title)-1))+r)
		}
		return frame.Paint(s + strings.Repeat(h, max(0, width-3)) + r)
	}
	var out []string
	for i, s := range sections {
		l, r := string(corner[0]), string(corner[1])
		if i > 0 {
			l, r = g.line(up|down|right), g.line(up|down|left)
		}
		out = append(out, rule(l, s.Title, r))
		bar := frame.Paint(g.line(up | down))
		for _, line := range s.Lines {
			out = append(out, bar+" "+Pad(t.Fit(line, inner), inner)+" "+bar)
		}
	}
	return append(out, rule(string(corner[3]), foot, string(corner[2])))
}

// thenNow draws what the document says above what is true today, with the source at the foot.
func (r *Renderer) thenNow(n *markdown.ThenNow, width int) []string {
	t, inner := r.theme, width-4
	source := strings.TrimPrefix(n.Source, "https://")
	now := r.Inline(n.Now, "", inner)
	foot := ""
	if Width(source) <= inner-2 {
		foot = t.Dim.Paint(source)
	} else {
		now = append(now, Wrap(source, t.Dim, inner)...)
	}
	return t.Box([]Section{
		{t.Dim.Paint(strings.TrimSpace(r.words("then-now.then") + " " + n.Doc)), r.Inline(n.Claim, "", inner)},
		{t.Accent.Paint(strings.TrimSpace(r.words("then-now.now") + " " + t.Glyphs.Dot + " " + n.AsOf)), now},
	}, foot, t.Dim, width)
}
