package render

// across draws the layers as columns, or returns nil when they do not fit or their arrows would be mistaken for one another.
//
// Between two columns every box that points up or down gets a trunk of its own. A label stands on its arrow: beside the box it
// leaves if that box has one arrow, else beside the box it enters.
func (t *Theme) across(l *layout, width int) []string {
	height := 0
	for _, ids := range l.layers {
		height = max(height, 4*len(ids)-1)
	}
	x := 0
	gaps := make([]channel, len(l.layers))
	for i, ids := range l.layers {
		w := 0
		for _, id := range ids {
			w = max(w, Width(l.nodes[id].label)+4)
		}
		for j, id := range ids {
			n := &l.nodes[id]
			n.x, n.w = x, w
			n.y = (height-(4*len(ids)-1))/2 + 4*j + 1
		}
		x += w
		if i < len(l.layers)-1 {
			x += channelOf(l, ids, i, &gaps[i])
		}
	}
	if x > width {
		return nil
	}
	c := newCanvas(x, height)
	for _, n := range l.nodes {
		t.frame(c, n)
	}
	for i := range gaps {
		t.connect(c, l, &gaps[i])
	}
	if c.clash {
		return nil
	}
	return c.lines(t)
}

// channel is the room between two columns: labels beside the left boxes, trunks, labels beside the right boxes.
type channel struct {
	arrows      []int
	left, right int         // widths of the label parts
	trunk       map[int]int // box → its trunk, counted from the left
	trunks      int
}

// channelOf measures the channel to the right of a layer and returns its width. Rows of the next layer are not known yet, so a
// trunk is reserved for each box that has more than one arrow or is not alone.
func channelOf(l *layout, ids []int, i int, ch *channel) int {
	ch.trunk = map[int]int{}
	straight := len(ids) == len(l.layers[i+1])
	for _, id := range ids {
		n := l.nodes[id]
		for _, a := range n.outs {
			ch.arrows = append(ch.arrows, a)
			w := 0
			if l.next[a].label != "" {
				w = Width(l.next[a].label) + 2
			}
			if len(n.outs) == 1 {
				ch.left = max(ch.left, w)
			} else {
				ch.right = max(ch.right, w+1)
			}
			if _, ok := ch.trunk[id]; !ok && !(straight && len(n.outs) == 1) {
				ch.trunk[id] = ch.trunks
				if len(l.layers[i+1]) > 1 { // arrows to one and the same box share a trunk
					ch.trunks++
				}
			}
		}
	}
	if len(ch.trunk) > 0 {
		ch.trunks = max(1, ch.trunks)
	}
	return 3 + ch.left + 2*ch.trunks + ch.right + 1
}

// frame draws a box.
func (t *Theme) frame(c *canvas, n node) {
	g := t.Glyphs
	corner := []rune(g.round)
	for x := n.x + 1; x < n.x+n.w-1; x++ {
		c.put(x, n.y-1, g.line(left|right), t.Dim)
		c.put(x, n.y+1, g.line(left|right), t.Dim)
	}
	c.put(n.x, n.y-1, string(corner[0]), t.Dim)
	c.put(n.x+n.w-1, n.y-1, string(corner[1]), t.Dim)
	c.put(n.x+n.w-1, n.y+1, string(corner[2]), t.Dim)
	c.put(n.x, n.y+1, string(corner[3]), t.Dim)
	c.put(n.x, n.y, g.line(up|down), t.Dim)
	c.put(n.x+n.w-1, n.y, g.line(up|down), t.Dim)
	c.put(n.x+2+(n.w-4-Width(n.label))/2, n.y, n.label, "")
}

// connect draws the arrows of a channel: lines first, so that they join, then heads and labels on top.
func (t *Theme) connect(c *canvas, l *layout, ch *channel) {
	type label struct {
		x, y int
		s    string
	}
	var labels []label
	for _, id := range ch.arrows {
		a := l.next[id]
		from, to := l.nodes[a.from], l.nodes[a.to]
		x0, x1 := from.x+from.w, to.x-1
		mid := x0 + 1 + ch.left
		if k, ok := ch.trunk[a.from]; ok {
			mid += 2 * k
		}
		if from.y == to.y {
			c.run(x0, from.y, x1, from.y, a.from, a.to)
		} else {
			c.run(x0, from.y, mid, from.y, a.from, a.to)
			c.run(mid, from.y, mid, to.y, a.from, a.to)
			c.run(mid, to.y, x1, to.y, a.from, a.to)
		}
		c.at(x0, from.y).sides |= left // it comes out of the box
		if a.label == "" {
			continue
		}
		if len(from.outs) == 1 {
			labels = append(labels, label{x0 + 1, from.y, " " + a.label + " "})
		} else {
			labels = append(labels, label{x1 - Width(a.label) - 3, to.y, " " + a.label + " "})
		}
	}
	head := string([]rune(t.Glyphs.head)[0])
	for _, id := range ch.arrows {
		a := l.next[id]
		c.put(l.nodes[a.from].x+l.nodes[a.from].w-1, l.nodes[a.from].y, t.Glyphs.line(up|down|right), t.Dim)
		c.put(l.nodes[a.to].x-1, l.nodes[a.to].y, head, t.Accent)
	}
	for _, s := range labels {
		for x := s.x; x < s.x+Width(s.s); x++ {
			if k := c.at(x, s.y); k.text != "" || k.sides&(up|down) != 0 {
				c.clash = true // the label would hide a corner or another label
				return
			}
		}
		c.put(s.x, s.y, s.s, t.Dim)
	}
}
