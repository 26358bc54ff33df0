package lab

import (
	"context"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

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

func (l *Lab) nextPoll() tea.Cmd {
	m := poll{l.lab.Slug, l.polls}
	return tea.Tick(interval, func(time.Time) tea.Msg { return m })
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
func (l *Lab) onFound(m found) {
	if m.slug != l.lab.Slug || m.err != nil {
		return
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
}

// fresh is how long a new resource stays marked.
const fresh = 6 * time.Second

// things lists the resources of the lab's cloud.
func (l *Lab) things(width, height int) []string {
	head := l.title(things, "lab.things", "", width)
	height -= len(head)
	l.heights[things] = height
	return append(head, l.scrolls[things].Window(l.thingLines(width), height)...)
}

func (l *Lab) thingLines(width int) []string {
	t := l.env.Theme
	switch {
	case !l.started():
		return render.Wrap(l.env.T("lab.not-started"), t.Dim, width)
	case len(l.resources) == 0:
		return render.Wrap(l.env.T("lab.nothing"), t.Dim, width)
	}
	var lines []string
	now, service := time.Now(), ""
	for _, r := range l.resources {
		if r.Service != service {
			service = r.Service
			lines = append(lines, t.Dim.Paint(strings.ToUpper(service)))
		}
		lines = append(lines, l.thing(r, now.Sub(l.since[r.ARN]) < fresh, width)...)
	}
	return lines
}

// thing is a resource: its name and its counts on one line, zeros after the first left out; what is not a count under it.
func (l *Lab) thing(r admin.Resource, isNew bool, width int) []string {
	t := l.env.Theme
	mark, st := "  ", render.Style("")
	if isNew {
		mark, st = t.Accent.Paint("+ "), t.Accent
	}
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
