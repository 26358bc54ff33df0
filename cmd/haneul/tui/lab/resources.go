package lab

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
	"haneul/lessons/render"
)

// interval is how often the resources are read while the lab is on screen.
const interval = 1500 * time.Millisecond

func (l *Lab) startPolling() tea.Cmd {
	if !l.started() {
		return nil
	}
	l.polls++
	return tea.Batch(l.look(), l.nextPoll())
}

// movingInterval is how often while an instance is on its way to another state.
const movingInterval = 400 * time.Millisecond

func (l *Lab) nextPoll() tea.Cmd {
	m, wait := poll{l.lab.Slug, l.polls}, interval
	if screen.AnyMoving(l.sights) {
		wait = movingInterval
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return m })
}

func (l *Lab) onPoll(m poll) tea.Cmd {
	if m.slug != l.lab.Slug || m.n != l.polls || !l.shown || !l.started() {
		return nil
	}
	return tea.Batch(l.look(), l.nextPoll())
}

// look reads the resources.
func (l *Lab) look() tea.Cmd {
	if !l.started() {
		return nil
	}
	backend, ctx, place := l.env.Backend, l.env.Context, l.Place()
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		list, err := backend.Resources(ctx, place)
		return found{place.Lab, list, err}
	}
}

// onFound keeps the old picture when the engine did not answer.
func (l *Lab) onFound(m found) tea.Cmd {
	if m.slug != l.lab.Slug || m.err != nil {
		return nil
	}
	now := time.Now()
	first := l.resources == nil
	seen := map[string]time.Time{}
	for _, r := range m.list {
		at, ok := l.since[r.ARN]
		if !ok && !first {
			at = now
		}
		seen[r.ARN] = at
	}
	l.resources, l.since = m.list, seen
	if l.resources == nil {
		l.resources = []admin.Resource{}
	}
	l.sights = screen.Sights(l.resources)
	return l.watchMoving()
}

// fresh is how long a new resource stays marked.
const fresh = 6 * time.Second

// things lists the resources of the lab's cloud.
func (l *Lab) things(width, height int) []string {
	head := l.title(things, "lab.things", "", width)
	height -= len(head)
	l.heights[things] = height
	lines, from, to := l.thingLines(width)
	if l.showPicked {
		l.scrolls[things].Show(from, to, height)
		l.showPicked = false
	}
	return append(head, l.scrolls[things].Window(lines, height)...)
}

// thingLines are the resources, EC2's first; from and to are the lines of the chosen instance.
func (l *Lab) thingLines(width int) (lines []string, from, to int) {
	t := l.env.Theme
	switch {
	case !l.started():
		return render.Wrap(l.env.T("lab.not-started"), t.Dim, width), 0, 0
	case len(l.resources) == 0:
		return render.Wrap(l.env.T("lab.nothing"), t.Dim, width), 0, 0
	}
	now := time.Now()
	isNew := func(r admin.Resource) bool { return now.Sub(l.since[r.ARN]) < fresh }
	head := func(service string) { lines = append(lines, t.Dim.Paint(strings.ToUpper(service))) }
	for _, r := range l.resources {
		if r.Service != "ec2" {
			continue
		}
		if len(lines) == 0 {
			head(r.Service)
			all, begin, end := l.instances(width)
			from, to = begin+len(lines), end+len(lines)
			lines = append(lines, all...)
		}
		lines = append(lines, l.ec2Thing(r, isNew(r), width)...)
	}
	service := ""
	for _, r := range l.resources {
		if r.Service == "ec2" {
			continue
		}
		if r.Service != service {
			service = r.Service
			head(service)
		}
		lines = append(lines, l.thing(r, isNew(r), width)...)
	}
	return lines, from, to
}

// newMark is what stands before a resource: a new one is marked.
func (l *Lab) newMark(isNew bool) (mark string, st render.Style) {
	if t := l.env.Theme; isNew {
		return t.Accent.Paint("+ "), t.Accent
	}
	return "  ", ""
}

// thing is a resource: its name and its counts on one line, zeros after the first left out; what is not a count under it.
func (l *Lab) thing(r admin.Resource, isNew bool, width int) []string {
	t := l.env.Theme
	mark, st := l.newMark(isNew)
	var counts, rest []string
	for i, n := range r.State {
		said := l.word(n.Key) + " " + n.Value
		_, err := strconv.Atoi(n.Value)
		switch {
		case err != nil || len(rest) > 0:
			rest = append(rest, said)
		case i == 0 || n.Value != "0":
			counts = append(counts, said)
		}
	}
	sep := t.Dim.Paint(" " + t.Glyphs.Dot + " ")
	out := []string{widget.Ends(t, mark+st.Paint(r.Name)+" "+t.Dim.Paint(r.Kind), strings.Join(counts, sep), width)}
	if len(rest) > 0 {
		out = append(out, t.Fit("    "+t.Dim.Paint(strings.Join(rest, " "+t.Glyphs.Dot+" ")), width))
	}
	return out
}

// word is a state's name in the interface's language, if it has one.
func (l *Lab) word(key string) string {
	name := "thing." + strings.ReplaceAll(key, " ", "-")
	if ui := l.env.Course.UI(l.env.Lang); ui.Has(name) {
		return ui.T(name)
	}
	return key
}
