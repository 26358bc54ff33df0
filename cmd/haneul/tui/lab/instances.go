package lab

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/reach"
	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
	"haneul/lessons/render"
)

// Instances head the list of resources. One of them is chosen: keys of that pane act on it.

// watchMoving starts or stops the spinner of instances on their way to another state.
func (l *Lab) watchMoving() tea.Cmd {
	moving := screen.AnyMoving(l.sights)
	switch {
	case moving && !l.spin.Busy():
		return l.spin.Begin("", time.Now())
	case !moving:
		l.spin.End()
	}
	return nil
}

// chosen is the instance that keys act on, nil if there is none.
func (l *Lab) chosen() *admin.Sight {
	for _, s := range l.sights {
		if s.ID == l.picked {
			return s
		}
	}
	if len(l.sights) > 0 {
		return l.sights[0]
	}
	return nil
}

// pick moves the choice; it reports false if there is nothing to move to, so that the list may scroll.
func (l *Lab) pick(step int) bool {
	now := l.chosen()
	to := slices.Index(l.sights, now) + step
	if now == nil || to < 0 || to >= len(l.listed()) {
		return false
	}
	l.picked, l.showPicked = l.sights[to].ID, true
	return true
}

// endedShown is how many instances that have ended are listed.
const endedShown = 3

// listed are the instances in the list: all that live, and some that have ended.
func (l *Lab) listed() []*admin.Sight {
	for n, s := range l.sights {
		if reach.Ended(s) && n+endedShown < len(l.sights) {
			return l.sights[:n+endedShown]
		}
		if reach.Ended(s) {
			break
		}
	}
	return l.sights
}

// onInstance is what a key does to the chosen instance; nil if it does nothing.
func (l *Lab) onInstance(key string) tea.Cmd {
	s := l.chosen()
	if l.pane != things || s == nil {
		return nil
	}
	to := screen.Instance{Lab: l.lab.Slug, ID: s.ID}
	switch key {
	case "enter", "o":
	case "w":
		to.Tab = screen.ReachTab
	case "e":
		if s.State != "running" {
			return screen.Say(l.env.T("instance.not-running"), true)
		}
		to.Enter = true
	default:
		return nil
	}
	return screen.Open(to)
}

// instances are the lines of all instances; from and to are those of the chosen one.
func (l *Lab) instances(width int) (lines []string, from, to int) {
	t := l.env.Theme
	chosen := l.chosen()
	list := l.listed()
	for _, s := range list {
		mark := "  "
		if s == chosen {
			from = len(lines)
			if l.pane == things {
				mark = t.Accent.Paint(t.Glyphs.Pointer) + " "
			}
		}
		lines = append(lines, l.instance(s, mark, width)...)
		if s == chosen {
			to = len(lines)
		}
	}
	if n := len(l.sights) - len(list); n > 0 {
		lines = append(lines, t.Fit(t.Dim.Paint("  "+l.env.T("instance.more-ended", "n", n)), width))
	}
	return lines, from, to
}

// instance is one of them: its name and state, where it is, its disks, who may talk to it, and what is wrong with it.
func (l *Lab) instance(s *admin.Sight, mark string, width int) []string {
	t := l.env.Theme
	st := render.Bold
	if reach.Ended(s) {
		st = t.Dim
	}
	lines := []string{widget.Ends(t, mark+st.Paint(reach.Name(s))+" "+t.Dim.Paint(s.Type), l.env.State(s, &l.spin), width)}
	under := func(text string, st render.Style, most int) {
		if strings.TrimSpace(text) == "" {
			return
		}
		parts := render.Wrap(text, st, max(4, width-4))
		if len(parts) > most {
			parts = append(parts[:most-1], t.Fit(strings.Join(parts[most-1:], " "), width-4))
		}
		for _, p := range parts {
			lines = append(lines, t.Fit("    "+p, width))
		}
	}
	if !reach.Ended(s) {
		for _, p := range l.env.Flow(append([]string{s.Zone}, l.env.Addresses(s)...), width-4) {
			under(p, t.Dim, 1)
		}
		for _, d := range l.env.Disks(s) {
			under(d, t.Dim, 1)
		}
		callers := l.env.Flow(l.env.Callers(s, l.sights), width-4)
		for _, c := range callers[:min(2, len(callers))] {
			under(c, t.Dim, 1)
		}
		if n := len(callers) - 2; n > 0 {
			lines[len(lines)-1] = t.Fit(lines[len(lines)-1]+t.Dim.Paint(" "+t.Glyphs.Ellipsis), width)
		}
	}
	if s.State == "pending" && l.spin.Past() > slowBoot {
		under(l.env.T("instance.first"), t.Warn, 2)
	}
	under(render.Printable(s.Note), t.Warn, 2)
	under(screen.Why(s), t.Dim, 2)
	return lines
}

// slowBoot is after what time a boot deserves a word.
const slowBoot = 3 * time.Second

// ec2Thing is a volume that no instance has, or a security group; nil for what the instances' lines say already.
func (l *Lab) ec2Thing(r admin.Resource, isNew bool, width int) []string {
	t := l.env.Theme
	note := func(key string) string {
		for _, n := range r.State {
			if n.Key == key {
				return n.Value
			}
		}
		return ""
	}
	said := ""
	switch r.Kind {
	case "instance":
		return nil
	case "volume":
		if note("Instance") != "" {
			return nil
		}
		said = note("GiB") + " GiB " + t.Glyphs.Dot + " " + note("State")
	case "security-group":
		n := 0
		for _, s := range r.State {
			if s.Key == "Allows" {
				n++
			}
		}
		said = l.env.T("thing.rules", "n", n)
	}
	mark, st := l.newMark(isNew)
	return []string{widget.Ends(t, mark+st.Paint(r.Name)+" "+t.Dim.Paint(r.Kind), said, width)}
}
