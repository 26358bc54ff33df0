package plain

import (
	"context"
	"io"
	"strings"

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

// check grades and writes what `haneul check` writes.
func (a *app) check(ctx context.Context, l *lessons.Lab) error {
	a.say(a.t("lab.doing-check"))
	g, err := a.env.Backend.Check(ctx, l.Slug, func(int, int) {})
	if err != nil {
		return err
	}
	r := g.Result
	a.env.Progress.SetLab(l.Slug, r.Score, r.MaxScore, r.ExitCode() == 0)
	return report.Text(a.out, g.In(a.env.Lang), g.Words[a.env.Lang])
}
