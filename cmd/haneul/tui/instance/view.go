package instance

import (
	"strings"

	"haneul/cmd/haneul/tui/reach"
	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons/render"
)

// Wide is from where on the output stands beside who may talk to the instance.
const Wide = 100

// View draws the instance.
func (i *Instance) View(width, height int) screen.Frame {
	t := i.env.Theme
	if i.sight == nil {
		switch {
		case i.err != nil:
			return screen.Frame{Lines: render.Wrap(i.env.Sentence(i.err), t.Bad, width)}
		case i.gone:
			return screen.Frame{Lines: render.Wrap(i.env.T("instance.gone"), t.Dim, width)}
		}
		return screen.Frame{}
	}
	head := append(i.noticeLines(width, height/2), i.head(width)...)
	if len(head) > height-4 {
		head = head[:max(0, height-4)]
	}
	head = append(head, "")
	height = max(1, height-len(head))
	var body []string
	if width >= Wide {
		left := min(56, width*2/5)
		right := width - left - 5
		who := append(i.title(screen.ReachTab, "instance.reach", left), i.who(left, height-2)...)
		out := append(i.title(screen.OutputTab, "instance.output", right), i.printed(right, height-2)...)
		body = widget.Columns(height, 2, []int{left, 1, right}, who, widget.Rule(t, height), out)
	} else {
		if height >= 6 {
			names := []string{i.env.T("instance.output"), i.env.T("instance.reach")}
			body = []string{widget.Tabs(t, names, int(i.tab), width), ""}
		}
		if i.tab == screen.ReachTab {
			body = append(body, i.who(width, height-len(body))...)
		} else {
			body = append(body, i.printed(width, height-len(body))...)
		}
	}
	return screen.Frame{Lines: append(head, body...)}
}

func (i *Instance) title(tab screen.InstanceTab, key string, width int) []string {
	st := i.env.Theme.Dim
	if i.tab == tab {
		st = i.env.Theme.Selected
	}
	return []string{i.env.Theme.Fit(st.Paint(i.env.T(key)), width), ""}
}

// noticeLines say why a login did not come about, as the program said it.
func (i *Instance) noticeLines(width, most int) []string {
	if i.notice == "" {
		return nil
	}
	t := i.env.Theme
	var lines []string
	for _, l := range strings.Split(widget.Clean(i.notice), "\n") {
		for _, s := range t.Output(l, max(4, width-2)) {
			lines = append(lines, t.Fit(t.Bad.Paint(t.Glyphs.Bar)+" "+s, width))
		}
	}
	if most = max(1, most); len(lines) > most {
		lines = lines[:most]
	}
	return append(lines, "")
}

// head is what the instance is: its name and state, and a line for each kind of fact.
func (i *Instance) head(width int) []string {
	t, s := i.env.Theme, i.sight
	name := render.Bold.Paint(reach.Name(s))
	if s.Name != "" {
		name += " " + t.Dim.Paint(s.ID)
	}
	state := i.env.State(s, &i.work)
	if i.gone {
		state = t.Dim.Paint(i.env.T("instance.forgotten"))
	}
	lines := []string{widget.Ends(t, name, state, width)}
	fact := func(s string, st render.Style) {
		if s != "" {
			lines = append(lines, t.Fit(st.Paint(s), width))
		}
	}
	fact(i.env.Facts(s), t.Dim)
	for _, l := range i.env.Flow(i.env.Addresses(s), width) {
		fact(l, t.Dim)
	}
	for _, d := range i.env.Disks(s) {
		fact(d, t.Dim)
	}
	fact(render.Printable(s.Note), t.Warn)
	fact(screen.Why(s), t.Warn)
	return lines
}

// who is the table of who may talk to the instance.
func (i *Instance) who(width, height int) []string {
	t := i.env.Theme
	lines := []string{}
	if reach.Ended(i.sight) || i.gone {
		lines = render.Wrap(i.env.T("reach.ended"), t.Dim, width)
	} else {
		if i.sight.State != "running" {
			lines = append(render.Wrap(i.env.T("reach.not-running"), t.Warn, width), "")
		}
		lines = append(lines, i.env.Reach(i.sight, i.all, width)...)
	}
	i.heights[screen.ReachTab] = height
	return i.scrolls[screen.ReachTab].Window(lines, height)
}

// printed is what the instance has printed, at its end unless it was scrolled back.
func (i *Instance) printed(width, height int) []string {
	t := i.env.Theme
	i.heights[screen.OutputTab] = height
	s := &i.scrolls[screen.OutputTab]
	if strings.TrimSpace(i.output) == "" {
		key := "instance.silent"
		if i.sight.State == "pending" {
			key = "instance.booting"
		}
		return s.Window(render.Wrap(i.env.T(key), t.Dim, width), height)
	}
	var lines []string
	for _, l := range strings.Split(strings.TrimRight(widget.Clean(i.output), "\n"), "\n") {
		lines = append(lines, t.Output(l, width)...)
	}
	i.lines = len(lines)
	if !i.free {
		s.Top = len(lines)
	}
	return s.Window(lines, height)
}
