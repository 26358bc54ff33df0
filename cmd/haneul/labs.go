package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"haneul/content"
	"haneul/labs"
	"haneul/labs/shell"
	"haneul/lessons"
)

func labCommands() []command {
	return []command{
		{name: "labs", flags: jsonFlag, run: listLabs},
		{name: "lab"},
		{name: "lab start", args: "LAB", flags: jsonFlag, run: labStart},
		{name: "lab status", args: "[LAB]", flags: jsonFlag, run: labStatus},
		{name: "lab hint", args: "[LAB]", flags: jsonFlag, run: labHint},
		{name: "lab reset", args: "[LAB]", run: labReset},
		{name: "lab solve", args: "[LAB]", run: labSolve},
		{name: "lab stop", args: "[LAB]", run: labStop},
		{name: "check", args: "[LAB]", flags: checkFlags, run: runCheck},
		{name: labs.GradeCommand, run: runGrade, raw: true, hidden: true},
	}
}

// kit is what labs are done with. The program that the grader and the shims start is a copy of this one that stays.
func (s *session) kit() (*labs.Kit, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	program, err := h.Program()
	if err != nil { // a home that cannot be written to is no reason not to read
		if program, err = s.Executable(); err != nil {
			return nil, err
		}
	}
	k := s.labRecords()
	k.Version = s.version().Version + "+" + h.Build
	k.Executable = program
	k.Haneul = s.inShell
	k.Engine = func(ctx context.Context) (labs.Engine, error) {
		e, err := s.engine(ctx)
		if err != nil {
			return labs.Engine{}, err
		}
		return labs.Engine{Admin: e.Client(), Endpoint: e.Endpoint, Token: e.Token}, nil
	}
	return k, nil
}

// labRecords is a kit for looking things up: it starts nothing.
func (s *session) labRecords() *labs.Kit {
	return &labs.Kit{
		Content: content.FS, Home: s.paths.workspace, Data: s.paths.data, Course: "haneul", Environ: s.Environ,
	}
}

// inShell is the haneul command inside a lab's own shell.
func (s *session) inShell(ctx context.Context, c shell.Call) int {
	stdin, _ := c.Stdin.(*os.File)
	p := Program{
		Args: c.Args[1:], Environ: c.Env, Dir: c.Dir, Executable: s.Executable, Stdin: stdin, Stdout: c.Stdout, Stderr: c.Stderr,
	}
	return p.Run(ctx)
}

// labCloud is the cloud of the lab that was started last, "" if there is none.
func (s *session) labCloud() string {
	k := s.labRecords()
	slug := k.Current()
	if slug == "" {
		return ""
	}
	a, err := k.Status(slug)
	if err != nil {
		return ""
	}
	return a.Cloud
}

// labName is the lab a command is about: the one it names, or the one that was started last.
func (s *session) labName() (string, error) {
	k := s.labRecords()
	if len(s.args) == 0 {
		if slug := k.Current(); slug != "" {
			return slug, nil
		}
		return "", misuse("no-lab")
	}
	slugs, err := labs.Slugs(content.FS)
	if err != nil {
		return "", err
	}
	for _, slug := range slugs {
		if slug == s.args[0] {
			return slug, nil
		}
	}
	return "", misuse("no-such-lab", "lab", s.args[0], "labs", strings.Join(slugs, ", "))
}

// labError puts what can go wrong with a lab into the learner's words.
func (s *session) labError(slug string, err error) error {
	var damaged *labs.DamagedError
	var noRuntime *labs.NoRuntimeError
	switch {
	case errors.As(err, &noRuntime):
		return &failure{code: exitFailed, key: "cli.error.lab-needs-docker", pairs: []any{"lab", slug}, cause: noRuntime}
	case errors.Is(err, labs.ErrBusy):
		return fail("lab-busy", "lab", slug)
	case errors.Is(err, labs.ErrNotStarted):
		return fail("lab-not-started", "lab", slug)
	case errors.As(err, &damaged):
		if damaged.Mended {
			return fail("lab-mended", "path", damaged.Path)
		}
		return fail("lab-damaged", "path", damaged.Path)
	}
	return s.engineError(err)
}

// labRow is a lab in the list.
type labRow struct {
	Slug        string `json:"slug"`
	Title       string `json:"title"`
	Lesson      string `json:"lesson"`
	NeedsDocker bool   `json:"needs_docker"`
	Minutes     int    `json:"minutes"`
	Points      int    `json:"points"`
	Started     bool   `json:"started"`
	Passed      bool   `json:"passed"`
}

func listLabs(_ context.Context, s *session) error {
	k := s.labRecords()
	all, err := k.Labs()
	if err != nil {
		return err
	}
	rows := []labRow{}
	for _, l := range all {
		a, _ := k.Status(l.Slug) // a damaged record is no reason to hide the lab
		rows = append(rows, labRow{
			Slug: l.Slug, Title: l.Title.In(labs.Lang(s.lang)), Lesson: l.Lesson, NeedsDocker: l.NeedsDocker(),
			Minutes: l.Minutes, Points: l.Points(), Started: a.Active, Passed: a.Passed,
		})
	}
	return s.report(rows, func() {
		var lines [][]string
		for _, r := range rows {
			state := ""
			switch {
			case r.Passed:
				state = "[" + s.say("check.pass") + "]"
			case r.Started:
				state = "[" + s.say("cli.labs.started") + "]"
			}
			lines = append(lines, []string{r.Slug, r.Title, state})
		}
		s.table(lines)
	})
}

// runGrade is the process in which a lab's checks run.
func runGrade(ctx context.Context, s *session) error {
	return code(labs.GradeProcess(ctx, content.FS, s.Stdin, s.Stdout))
}

// workspace is the folder a shell of a cloud starts in: the lab's, or where the learner is.
func (s *session) workspace(cloud string) string {
	if a, err := s.labRecords().Status(cloud); err == nil && a.Active {
		return a.Dir
	}
	return s.Dir
}

// progress is what the learner has done.
func (s *session) progress() *lessons.Progress {
	return lessons.OpenProgress(filepath.Join(s.paths.data, "progress.json"))
}
