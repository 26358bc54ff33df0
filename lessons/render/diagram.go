package render

import (
	"strings"

	"haneul/lessons/markdown"
)

// diagram draws boxes in layers from left to right when that fits, a chain from top to bottom when it does not, and a list of
// arrows when neither can be read. Arrows that skip a layer or go back are listed under the drawing.
func (t *Theme) diagram(d *markdown.Diagram, width int) []string {
	l := layer(d)
	if len(l.nodes) == 0 {
		return nil
	}
	if lines := t.across(l, width); lines != nil {
		return append(lines, t.extra(l, width)...)
	}
	if l.chain() {
		return t.stack(l, width)
	}
	return t.arrows(l, width)
}

type node struct {
	label         string
	layer, y      int // y is the row of its middle
	x, w          int
	outs          []int // arrows to the next layer
	ins           int   // arrows from the layer before
	allIn, allOut int
}

type arrow struct {
	from, to int
	label    string
}

type layout struct {
	nodes  []node
	next   []arrow // to the following layer
	others []arrow // skipping a layer, going back, or to itself
	layers [][]int
}

// layer gives each box a column: one more than the furthest box that points at it, arrows that close a circle aside.
func layer(d *markdown.Diagram) *layout {
	l := &layout{}
	index := map[string]int{}
	for _, b := range d.Boxes {
		if _, twice := index[b.ID]; !twice {
			index[b.ID] = len(l.nodes)
			l.nodes = append(l.nodes, node{label: oneLine(b.Label)})
		}
	}
	var all []arrow
	for _, a := range d.Arrows {
		from, ok1 := index[a.From]
		to, ok2 := index[a.To]
		if ok1 && ok2 {
			all = append(all, arrow{from, to, oneLine(a.Label)})
			l.nodes[from].allOut++
			l.nodes[to].allIn++
		}
	}
	back := backArrows(len(l.nodes), all)
	for range l.nodes { // the longest path has at most this many steps
		for i, a := range all {
			if !back[i] {
				l.nodes[a.to].layer = max(l.nodes[a.to].layer, l.nodes[a.from].layer+1)
			}
		}
	}
	for i, n := range l.nodes {
		for len(l.layers) <= n.layer {
			l.layers = append(l.layers, nil)
		}
		l.layers[n.layer] = append(l.layers[n.layer], i)
	}
	for _, a := range all {
		if l.nodes[a.to].layer != l.nodes[a.from].layer+1 {
			l.others = append(l.others, a)
			continue
		}
		l.nodes[a.from].outs = append(l.nodes[a.from].outs, len(l.next))
		l.nodes[a.to].ins++
		l.next = append(l.next, a)
	}
	return l
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(markdown.Plain(markdown.Inline(s))), " ")
}

// backArrows marks the arrows that a walk in the order of the boxes finds closing a circle.
func backArrows(nodes int, all []arrow) []bool {
	back := make([]bool, len(all))
	state := make([]int, nodes) // 0 not seen, 1 on the path, 2 done
	var visit func(int)
	visit = func(n int) {
		state[n] = 1
		for i, a := range all {
			if a.from != n {
				continue
			}
			if state[a.to] == 1 {
				back[i] = true
			} else if state[a.to] == 0 {
				visit(a.to)
			}
		}
		state[n] = 2
	}
	for n := range nodes {
		if state[n] == 0 {
			visit(n)
		}
	}
	return back
}

// chain tells whether the boxes follow each other in one line.
func (l *layout) chain() bool {
	for _, n := range l.nodes {
		if n.allIn > 1 || n.allOut > 1 {
			return false
		}
	}
	return len(l.others) == 0 && len(l.layers) == len(l.nodes)
}

// stack draws a chain from top to bottom.
func (t *Theme) stack(l *layout, width int) []string {
	w := 0
	for _, n := range l.nodes {
		w = max(w, Width(n.label)+4)
	}
	w = min(max(w, 8), width)
	bar, head := t.Dim.Paint(t.Glyphs.line(up|down)), t.Accent.Paint(string([]rune(t.Glyphs.head)[1]))
	var out []string
	for i, ids := range l.layers {
		n := l.nodes[ids[0]]
		if i > 0 {
			label := ""
			if into := l.next[l.nodes[l.layers[i-1][0]].outs[0]]; into.label != "" {
				label = " " + into.label
			}
			out = append(out, t.Fit("   "+bar+label, width), "   "+head)
		}
		out = append(out, t.Box([]Section{{"", Wrap(n.label, "", w-4)}}, "", t.Dim, w)...)
	}
	return out
}

// arrows lists every box with what it points at.
func (t *Theme) arrows(l *layout, width int) []string {
	all := append(append([]arrow{}, l.next...), l.others...)
	var out []string
	for i, n := range l.nodes {
		out = append(out, Wrap(n.label, Bold, width)...)
		for _, a := range all {
			if a.from == i {
				out = append(out, indent(Wrap(t.say(a.label, l.nodes[a.to].label), "", width-4), "  "+t.Accent.Paint(string([]rune(t.Glyphs.head)[0]))+" ", "    ")...)
			}
		}
	}
	return out
}

func (t *Theme) say(label, to string) string {
	if label == "" {
		return to
	}
	return label + " " + t.Glyphs.Arrow + " " + to
}

// extra says the arrows that across left out.
func (t *Theme) extra(l *layout, width int) []string {
	var out []string
	for _, a := range l.others {
		s := l.nodes[a.from].label + " " + t.Glyphs.Arrow + " "
		if a.label != "" {
			s += a.label + " " + t.Glyphs.Arrow + " "
		}
		out = append(out, Wrap(s+l.nodes[a.to].label, t.Dim, width)...)
	}
	return out
}
