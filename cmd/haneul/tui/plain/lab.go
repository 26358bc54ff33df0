package plain

import (
	"context"
	"io"
	"strings"

	"haneul/cmd/haneul/tui/reach"
	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/lessons"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// clean takes escape sequences out of a program's output.
type clean struct{ w io.Writer }

func (c clean) Write(p []byte) (int, error) {
	_, err := io.WriteString(c.w, render.Printable(string(p)))
	return len(p), err
}

// lab starts a lab if need be, reads the instructions and runs a prompt.
func (a *app) lab(l *lessons.Lab) error {
	if l == nil || l.Planned {
		a.say(a.t("home.planned-long"))
		return nil
	}
	if err := a.begin(l); err != nil {
		a.say(a.env.Sentence(err))
		return nil
	}
	for {
		line, err := a.ask(a.t("plain.lab"))
		if err != nil {
			return err
		}
		if err := a.labLine(l, line); err != nil {
			a.say(a.env.Sentence(err))
		}
	}
}

func (a *app) begin(l *lessons.Lab) error {
	info, err := a.env.Backend.Lab(a.env.Context, l.Slug, a.env.Lang)
	if err != nil {
		return err
	}
	if !info.Started {
		a.say(a.t("lab.doing-start"))
		if err := a.env.Backend.Start(a.env.Context, l.Slug); err != nil {
			return err
		}
	}
	return a.guide(l)
}

// labLine runs one line: the app's words, or a line of the lab's shell.
func (a *app) labLine(l *lessons.Lab, line string) error {
	ctx, b := a.env.Context, a.env.Backend
	done := func(err error, key string) error {
		if err == nil {
			a.say(a.t(key))
		}
		return err
	}
	switch line {
	case "":
		return nil
	case "resources":
		return a.resources(ctx, l)
	case "guide":
		return a.guide(l)
	case "check":
		return a.check(ctx, l)
	case "hint":
		return a.hint(l)
	case "reset":
		return done(b.Reset(ctx, l.Slug), "lab.done-reset")
	case "solve":
		return done(b.Solve(ctx, l.Slug, clean{a.out}), "lab.done-solve")
	}
	if id, ok := strings.CutPrefix(line, "output "); ok {
		return a.output(ctx, l, strings.TrimSpace(id))
	}
	if program, needs := screen.NeedsTerminal(line); needs { // here it would wait for keys for ever
		a.say(a.t("lab.needs-terminal", "program", program))
		return nil
	}
	code, err := b.Exec(ctx, l.Slug, line, clean{a.out})
	a.ended(code, err)
	return nil
}

func (a *app) hint(l *lessons.Lab) error {
	text, _, err := a.env.Backend.Hint(a.env.Context, l.Slug, a.env.Lang)
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(text) == "":
		a.say(a.t("lab.no-hint"))
	default:
		a.markdown(text)
	}
	return nil
}

func (a *app) markdown(text string) {
	a.say(render.Plain(markdown.Parse([]byte(text), 1), func(k string) string { return a.t(k) }, nil)...)
}

// guide reads the instructions in the language of the moment.
func (a *app) guide(l *lessons.Lab) error {
	info, err := a.env.Backend.Lab(a.env.Context, l.Slug, a.env.Lang)
	if err != nil {
		return err
	}
	a.say("", "# "+info.Title, a.t("lab.workspace", "path", a.env.Path(info.Workspace)), "")
	a.markdown(info.Text)
	a.say("", a.t("lab.checks"))
	for _, c := range info.Checks {
		a.say("- " + c.Title)
	}
	return nil
}

// resources lists what exists: of an instance also where it is, its disks and who may talk to it.
func (a *app) resources(ctx context.Context, l *lessons.Lab) error {
	list, err := a.env.Backend.Resources(ctx, screen.Place{Lab: l.Slug})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		a.say(a.t("lab.nothing"))
	}
	all := screen.Sights(list)
	for _, s := range all {
		a.say("", reach.Name(s)+" ("+s.ID+"): "+a.t("instance."+s.State))
		for _, fact := range append(append([]string{a.env.Facts(s)}, strings.Join(a.env.Addresses(s), ", ")), a.env.Disks(s)...) {
			if fact != "" {
				a.say("  " + fact)
			}
		}
		if why := screen.Why(s); why != "" {
			a.say("  " + why)
		}
		if !reach.Ended(s) {
			a.ways(s, all)
		}
	}
	for _, r := range list {
		if r.Sight == nil {
			a.say("- " + r.Service + " " + r.Kind + " " + widget.Clean(r.Name))
		}
	}
	return nil
}

func (a *app) ways(s *admin.Sight, all []*admin.Sight) {
	say := func(ways []reach.Way) {
		for _, w := range ways {
			who := a.env.Who(w)
			if w.Kind != reach.Range && w.Address != "" {
				who += " " + w.Address
			}
			a.say("    " + who + ": " + a.env.Ports(w.Ports))
		}
	}
	a.say("  " + a.t("reach.in"))
	say(reach.In(s, all))
	a.say("  " + a.t("reach.out"))
	if out := reach.Out(s, all); out != nil {
		say(out)
	} else {
		a.say("    " + a.t("reach.out-open"))
	}
}

// output prints what an instance has printed; it is named by its id or its name.
func (a *app) output(ctx context.Context, l *lessons.Lab, id string) error {
	place := screen.Place{Lab: l.Slug}
	list, err := a.env.Backend.Resources(ctx, place)
	if err != nil {
		return err
	}
	for _, s := range screen.Sights(list) {
		if s.Name == id {
			id = s.ID
			break
		}
	}
	text, err := a.env.Backend.Output(ctx, place, id)
	if err == nil {
		a.say(strings.TrimRight(widget.Clean(text), "\n"))
	}
	return err
}

// check grades and writes what `haneul check` writes, each verdict as it is known.
func (a *app) check(ctx context.Context, l *lessons.Lab) error {
	info, err := a.env.Backend.Lab(ctx, l.Slug, a.env.Lang)
	if err != nil {
		return err
	}
	a.say(a.t("lab.doing-check"))
	if info.Live {
		a.say(a.t("lab.live-check"))
	}
	told := &report.Teller{W: a.out, Words: info.Words}
	for _, c := range info.Checks {
		told.Checks = append(told.Checks, c.ID)
	}
	g, err := a.env.Backend.Check(ctx, l.Slug, told.Step)
	if err != nil {
		return err
	}
	r := g.Result
	a.env.Progress.SetLab(l.Slug, r.Score, r.MaxScore, r.ExitCode() == 0)
	return told.End(r)
}
