package main

import (
	"context"
	"errors"
	"fmt"
	"os"

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
	r, err := k.Check(ctx, slug, s.progressBar())
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
	words := l.Sentences(labs.Lang(s.lang), s.say)
	if err := report.Write(s.Stdout, format, r, words); err != nil {
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

// progressBar shows on a terminal how far a grading is; elsewhere nothing.
func (s *session) progressBar() func(done, total int) {
	f, ok := s.Stderr.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(f, "\r%s %d/%d ", s.say("cli.check.progress"), done, total)
		if done == total {
			fmt.Fprint(f, "\r\033[K")
		}
	}
}
