package screen

import (
	"slices"
	"strings"

	"haneul/cmd/haneul/tui/reach"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
	"haneul/lessons/render"
)

// Sights are the instances among resources: those that live first, both in the order of the cloud. Their names are safe to draw.
func Sights(list []admin.Resource) (all []*admin.Sight) {
	for _, ended := range []bool{false, true} {
		for _, r := range list {
			if r.Sight == nil || reach.Ended(r.Sight) != ended {
				continue
			}
			s := *r.Sight
			s.Name = oneLine(s.Name)
			s.Disks = slices.Clone(s.Disks)
			for i := range s.Disks {
				s.Disks[i].Name = oneLine(s.Disks[i].Name)
			}
			all = append(all, &s)
		}
	}
	return all
}

// oneLine is a tag's value as something to draw.
func oneLine(s string) string { return strings.Join(strings.Fields(render.Printable(s)), " ") }

// Moving reports whether an instance is on its way to another state.
func Moving(s *admin.Sight) bool {
	return s.State == "pending" || s.State == "stopping" || s.State == "shutting-down"
}

// AnyMoving reports whether one of them is.
func AnyMoving(all []*admin.Sight) bool {
	for _, s := range all {
		if Moving(s) {
			return true
		}
	}
	return false
}

// State is an instance's state as a sign and a word; spin turns while it moves.
func (e *Env) State(s *admin.Sight, spin *widget.Work) string {
	t := e.Theme
	sign, st := t.Glyphs.Open, t.Dim
	switch {
	case Moving(s):
		sign, st = spin.Sign(t, e.Still), t.Warn
	case s.State == "running":
		sign, st = t.Glyphs.Bullet, t.Good
	case s.State == "terminated":
		sign = t.Glyphs.Cross
	}
	return st.Paint(sign + " " + e.T("instance."+s.State))
}

// Facts is where an instance is and what it is, on one line.
func (e *Env) Facts(s *admin.Sight) string {
	parts := []string{s.Type, s.Zone}
	if s.Spot {
		parts = append(parts, e.T("instance.spot"))
	}
	return strings.Join(parts, " "+e.Theme.Glyphs.Dot+" ")
}

// Addresses are an instance's, the public one after the private one.
func (e *Env) Addresses(s *admin.Sight) []string {
	switch {
	case s.PrivateIP == "":
		return nil
	case s.PublicIP == "":
		return []string{s.PrivateIP, e.T("instance.no-public")}
	}
	return []string{s.PrivateIP, s.PublicIP}
}

// Why is why an instance is in its state, in AWS's words without AWS's code: "Client.UserInitiatedShutdown: User initiated
// shutdown" says it twice.
func Why(s *admin.Sight) string {
	why := oneLine(s.Reason)
	if code, text, ok := strings.Cut(why, ": "); ok && !strings.Contains(code, " ") {
		return text
	}
	return why
}

// Disks are an instance's volumes and where they are.
func (e *Env) Disks(s *admin.Sight) (lines []string) {
	for _, d := range s.Disks {
		name := d.ID
		if d.Name != "" {
			name = d.Name
		}
		line := d.Path + " " + e.Theme.Glyphs.Dot + " " + name + " " + e.T("instance.gib", "n", d.Size)
		if d.State != "attached" {
			line += " " + e.T("instance."+d.State)
		}
		lines = append(lines, line)
	}
	return lines
}

// Who is the other end of a way.
func (e *Env) Who(w reach.Way) string {
	switch w.Kind {
	case reach.Internet:
		return e.T("reach.internet")
	case reach.You:
		return e.T("reach.you")
	case reach.Peer:
		return e.short(w.Name)
	}
	return w.Address
}

// short is a name, or the beginning of an id, enough to tell it from others.
func (e *Env) short(name string) string {
	if strings.HasPrefix(name, "i-") && len(name) == len("i-0123456789abcdef0") {
		return name[:10] + e.Theme.Glyphs.Ellipsis
	}
	return name
}

// Ports are what a way lets through, in words.
func (e *Env) Ports(p reach.Ports) string { return p.Text(e.T("reach.all"), e.T("reach.none")) }

// Callers says in short who may talk to an instance: those who may do no more than anybody are left out.
func (e *Env) Callers(s *admin.Sight, all []*admin.Sight) (parts []string) {
	anybody := ""
	for _, w := range reach.In(s, all) {
		said := e.Ports(w.Ports)
		if w.Kind == reach.Internet {
			anybody = said
		}
		if len(w.Ports) > 0 && (w.Kind == reach.Internet || said != anybody) {
			parts = append(parts, e.Who(w)+" "+e.Theme.Glyphs.Arrow+" "+said)
		}
	}
	if len(parts) == 0 {
		return []string{e.T("reach.nobody")}
	}
	return parts
}

// Flow sets parts on lines with dots between them; a line ends between two parts where it can.
func (e *Env) Flow(parts []string, width int) (lines []string) {
	t := e.Theme
	dot := " " + t.Glyphs.Dot + " "
	for _, p := range parts {
		if n := len(lines) - 1; n >= 0 && render.Width(lines[n]+dot+p) <= width {
			lines[n] += dot + p
			continue
		}
		lines = append(lines, t.Fit(p, width))
	}
	return lines
}

// Reach is the table of who may talk to an instance, and where it may call.
func (e *Env) Reach(s *admin.Sight, all []*admin.Sight, width int) (lines []string) {
	t := e.Theme
	head := func(key string) { lines = append(lines, render.Bold.Paint(t.Fit(e.T(key), width))) }
	head("reach.in")
	if s.PublicIP == "" {
		lines = append(lines, render.Wrap(e.T("reach.no-public"), t.Dim, width)...)
	}
	lines = append(lines, e.ways(reach.In(s, all), width)...)
	lines = append(lines, render.Wrap(e.T("reach.rest"), t.Dim, width)...)
	lines = append(lines, "")
	head("reach.out")
	if out := reach.Out(s, all); out == nil {
		lines = append(lines, t.Fit("  "+e.T("reach.out-open"), width))
	} else {
		lines = append(lines, e.ways(out, width)...)
	}
	if len(s.Groups) > 0 {
		lines = append(lines, "")
		head("reach.groups")
		for _, g := range s.Groups {
			lines = append(lines, t.Fit("  "+g.Value+" "+t.Dim.Paint(g.Key), width))
		}
	}
	return lines
}

// ways sets a row for everybody: who, where from, and the ports; a cross and a word for those who are kept out.
func (e *Env) ways(ways []reach.Way, width int) (lines []string) {
	t := e.Theme
	label := func(w reach.Way) string {
		if w.Address == "" || w.Kind == reach.Range {
			return e.Who(w)
		}
		return e.Who(w) + " " + t.Dim.Paint(w.Address)
	}
	at := 0
	for _, w := range ways {
		at = max(at, render.Width(label(w)))
	}
	at = max(4, min(at, width-18))
	for _, w := range ways {
		sign, st := t.Glyphs.Arrow, t.Good
		if len(w.Ports) == 0 {
			sign, st = t.Glyphs.Cross, t.Dim
		}
		lead := render.Pad("  "+t.Fit(label(w), at), at+2) + " " + st.Paint(sign) + " "
		for i, part := range render.Wrap(e.Ports(w.Ports), "", max(4, width-render.Width(lead))) {
			if i > 0 {
				lead = strings.Repeat(" ", render.Width(lead))
			} else if len(w.Ports) == 0 {
				part = t.Dim.Paint(part)
			}
			lines = append(lines, t.Fit(lead+part, width))
		}
	}
	return lines
}
