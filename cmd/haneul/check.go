package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"

	"haneul/labs"
	"haneul/labs/report"
)

// The exit codes of haneul check.
const (
	exitCheckFailed = 1
	exitGrader      = 3
)

func checkFlags(f *pflag.FlagSet) { formatFlag(f, "text", "json", "junit") }

// runCheck grades a lab. It leaves with 0 if every check passed, 1 if one did not, 2 for wrong usage and 3 if the grader
// itself had trouble.
func runCheck(ctx context.Context, s *session) error {
	format, err := s.format("text", "json", "junit")
	if err != nil {
		return err
	}
	slug, err := s.labName()
	if err != nil {
		return err
	}
	k, err := s.kit()
	if err != nil {
		return err
	}
	l, err := k.Lab(slug)
	if err != nil {
		return graderFailed(err)
	}
	if a, err := k.Status(slug); err == nil && a.Active && l.NeedsDocker() {
		s.hint("cli.check.live")
	}
	words := l.Sentences(labs.Lang(s.lang), s.say)
	g := s.gradingOf(l, words, format)
	r, err := k.Check(ctx, slug, g.step)
	g.clear()
	var left *labs.LeftError
	if errors.As(err, &left) {
		s.hint("check.left", "detail", left.Left)
	}
	if errors.Is(err, labs.ErrNotStarted) {
		return misuse("lab-not-started", "lab", slug)
	}
	if err != nil {
		return graderFailed(s.labError(slug, err))
	}
	s.progress().SetLab(slug, r.Score, r.MaxScore, r.Status == report.Pass)
	if g.teller != nil {
		err = g.teller.End(r)
	} else {
		err = report.Write(s.Stdout, format, r, words)
	}
	if err != nil {
		return err
	}
	switch r.Status {
	case report.Pass:
		return nil
	case report.Error:
		return exitCode(exitGrader)
	}
	return exitCode(exitCheckFailed)
}

// graderFailed gives trouble of the grader's own its exit code.
func graderFailed(err error) error {
	var f *failure
	if errors.As(err, &f) {
		f.code = exitGrader
		return f
	}
	return &failure{code: exitGrader, key: "cli.error.grader", cause: err}
}

// grading shows a grading while it lasts: each verdict as it is known, if people read it, and on a terminal how far it is and
// which check is under way.
type grading struct {
	*session
	lab    *labs.Lab
	teller *report.Teller // nil for a format that is written at once
	bar    *os.File       // nil without a terminal
}

func (s *session) gradingOf(l *labs.Lab, words report.Sentences, format string) *grading {
	g := &grading{session: s, lab: l}
	if format == "text" {
		g.teller = &report.Teller{W: s.Stdout, Words: words}
		for _, c := range l.Checks {
			g.teller.Checks = append(g.teller.Checks, c.ID)
		}
	}
	if f, ok := s.Stderr.(*os.File); ok && term.IsTerminal(f.Fd()) {
		g.bar = f
	}
	g.step(report.Step{Total: l.Seeds * len(l.Checks)})
	return g
}

func (g *grading) step(st report.Step) {
	g.clear()
	if g.teller != nil {
		g.teller.Step(st)
	}
	if g.bar == nil {
		return
	}
	at := fmt.Sprintf("%s %d/%d", g.say("cli.check.progress"), st.Done, st.Total)
	switch all := g.lab.Checks; {
	case st.Done < st.Total:
		at += " " + all[st.Done%len(all)].Title.In(labs.Lang(g.lang))
	case g.lab.NeedsDocker():
		at += " " + g.say("lab.putting-back")
	}
	if width, _, err := term.GetSize(g.bar.Fd()); err == nil && width > 2 { // a line that wraps could not be taken away
		at = ansi.Truncate(at, width-2, "")
	}
	fmt.Fprint(g.bar, at+" ")
}

// clear takes the line about the progress away.
func (g *grading) clear() {
	if g.bar != nil {
		fmt.Fprint(g.bar, "\r\033[K")
	}
}
