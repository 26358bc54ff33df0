package render

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// canvas is a grid of cells in which lines that meet join by themselves.
type canvas struct {
	w, h  int
	cells []cell
	clash bool // two arrows that have nothing to do with each other share a cell
}

type cell struct {
	sides    int
	text     string // wins over sides; "\x00" is the right half of a wide sign
	style    Style
	from, to int // the arrow that drew here, as box numbers + 1
}

func newCanvas(w, h int) *canvas { return &canvas{w: w, h: h, cells: make([]cell, w*h)} }

func (c *canvas) at(x, y int) *cell { return &c.cells[y*c.w+x] }

// put writes text, which must fit.
func (c *canvas) put(x, y int, s string, st Style) {
	for s != "" {
		g, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if g == "" || w == 0 || x+w > c.w {
			return
		}
		*c.at(x, y) = cell{text: g, style: st}
		for i := 1; i < w; i++ {
			*c.at(x+i, y) = cell{text: "\x00"}
		}
		s, x = s[len(g):], x+w
	}
}

// run draws a straight line for an arrow; two arrows may share cells when they leave or enter the same box.
func (c *canvas) run(x0, y0, x1, y1, from, to int) {
	step := func(x, y, sides int) {
		k := c.at(x, y)
		if k.from != 0 && k.from != from+1 && k.to != to+1 || k.text != "" {
			c.clash = true
		}
		k.from, k.to = from+1, to+1
		k.sides |= sides
	}
	if y0 == y1 {
		for x := x0; x <= x1; x++ {
			sides := left | right
			if x == x0 && x0 != x1 {
				sides = right
			} else if x == x1 && x0 != x1 {
				sides = left
			}
			step(x, y0, sides)
		}
		return
	}
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	for y := y0; y <= y1; y++ {
		sides := up | down
		if y == y0 {
			sides = down
		} else if y == y1 {
			sides = up
		}
		step(x0, y, sides)
	}
}

func (c *canvas) lines(t *Theme) []string {
	out := make([]string, c.h)
	for y := range out {
		var row strings.Builder
		run, style := "", Style("")
		for x := range c.w {
			k := c.at(x, y)
			s, st := k.text, k.style
			switch {
			case s == "\x00":
				continue
			case s == "" && k.sides != 0:
				s, st = t.Glyphs.line(k.sides), t.Dim
			case s == "":
				s, st = " ", style // a blank has no style of its own
			}
			if st != style {
				row.WriteString(style.Paint(run))
				run, style = "", st
			}
			run += s
		}
		row.WriteString(style.Paint(strings.TrimRight(run, " ")))
		out[y] = row.String()
	}
	return out
}
