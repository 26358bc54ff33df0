package lesson

import (
	"sort"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// layout is the text as lines, with where its headings and stops are.
type layout struct {
	lines    []string
	blocks   []int // first line of each block
	headings []heading
	stops    []stop
}

type heading struct {
	id    string
	title string
	level int
	line  int
}

// stop is something that enter acts on: a command, a question, or a way on. One of the three is set.
type stop struct {
	from, to int // lines
	out      int // of a command: the first line it printed
	try      *markdown.Try
	question *lessons.Question
	to_      any
}

// does is the key of the word for what enter does.
func (s stop) does() string {
	switch {
	case s.try != nil:
		return "key.run"
	case s.question != nil:
		return "key.answer"
	}
	return "key.open"
}

func (p *layout) stopAt(i int) stop {
	if i < 0 || i >= len(p.stops) {
		return stop{}
	}
	return p.stops[i]
}

// firstStop is the first stop at or below a line; the last one if there is none.
func (p *layout) firstStop(line int) int {
	return min(sort.Search(len(p.stops), func(i int) bool { return p.stops[i].from >= line }), len(p.stops)-1)
}

// headingAt is the id of the section a line is in, "" before the first.
func (p *layout) headingAt(line int) string {
	id := ""
	for _, h := range p.headings {
		if h.line > line+2 { // a heading at the very top has its blank lines above it cut off
			break
		}
		id = h.id
	}
	return id
}

// anchor is a place in the text that another width or language has too: a block, and how far into it.
type anchor struct {
	block int
	part  float64
}

// anchorAt is the anchor of a line; nil above the first block.
func (p *layout) anchorAt(line int) *anchor {
	i := sort.SearchInts(p.blocks, line+1) - 1
	if i < 0 {
		return nil
	}
	return &anchor{i, float64(line-p.blocks[i]) / float64(p.height(i))}
}

func (p *layout) height(block int) int {
	end := len(p.lines)
	if block+1 < len(p.blocks) {
		end = p.blocks[block+1]
	}
	return max(1, end-p.blocks[block])
}

// lineAt is where an anchor is in this layout.
func (p *layout) lineAt(a *anchor) int {
	if a == nil || len(p.blocks) == 0 {
		return 0
	}
	i := min(a.block, len(p.blocks)-1)
	return p.blocks[i] + int(a.part*float64(p.height(i)))
}

func (p *layout) lineOf(id string) int {
	for _, h := range p.headings {
		if h.id == id {
			return h.line
		}
	}
	return 0
}

// compose lays the lesson out, width cells wide.
func (l *Lesson) compose(width int) layout {
	var p layout
	add := func(gap int, lines ...string) {
		p.lines = append(p.lines, make([]string, gap)...)
		p.lines = append(p.lines, lines...)
	}
	add(0, l.head(width)...)
	for _, b := range l.env.Render.Blocks(l.text.Doc, width) {
		gap := max(1, b.Gap)
		at := len(p.lines) + gap
		p.blocks = append(p.blocks, at)
		switch b.Kind {
		case render.Heading:
			h := b.Source.(*markdown.Heading)
			p.headings = append(p.headings, heading{h.ID, markdown.Plain(h.Text), h.Level, at})
			add(gap, b.Lines...)
		case render.Try:
			t := b.Source.(*markdown.Try)
			add(gap, l.viewTry(t, b.Lines, l.focus == len(p.stops), width)...)
			p.stops = append(p.stops, stop{from: at, to: len(p.lines), out: at + len(b.Lines), try: t})
		case render.Quiz:
			if q := l.quiz.Question(b.ID); q != nil {
				add(gap, l.viewQuestion(q, l.focus == len(p.stops), width)...)
				p.stops = append(p.stops, stop{from: at, to: len(p.lines), question: q})
			}
		default:
			add(gap, b.Lines...)
		}
	}
	l.ways(&p, width)
	return p
}

// head stands above the text: title, summary, reading time.
func (l *Lesson) head(width int) []string {
	t := l.env.Theme
	out := render.Wrap(l.text.Title, t.Accent.And(render.Bold), width)
	out = append(out, l.env.Render.Inline(l.text.Summary, t.Dim, width)...)
	return append(out, t.Dim.Paint(l.env.T("home.minutes", "n", l.text.Minutes)))
}

// ways are the ways on at the end: the lesson's labs and the next lesson.
func (l *Lesson) ways(p *layout, width int) {
	t := l.env.Theme
	way := func(label, title string, to any) {
		mark := "  "
		st := render.Style("")
		if l.focus == len(p.stops) {
			mark, st = t.Accent.Paint(t.Glyphs.Pointer)+" ", t.Selected
		}
		p.stops = append(p.stops, stop{from: len(p.lines), to: len(p.lines) + 1, to_: to})
		p.lines = append(p.lines, t.Fit(mark+t.Dim.Paint(label)+"  "+st.Paint(title), width))
	}
	p.lines = append(p.lines, "", "", t.Dim.Paint(l.env.T("lesson.end")), "")
	for _, lab := range l.lesson.Labs {
		if !lab.Planned {
			way(l.env.T("home.lab"), lab.Title.In(l.env.Lang), screen.Lab{Slug: lab.Slug})
		}
	}
	if next := l.env.Course.Next(l.lesson); next != nil {
		way(l.env.T("lesson.next"), next.Title.In(l.env.Lang), screen.Lesson{Slug: next.Slug})
	}
	p.lines = append(p.lines, "")
}
