package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/charmbracelet/x/term"

	"haneul/labs"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// startReport is what lab start answers.
type startReport struct {
	Lab       string            `json:"lab"`
	Cloud     string            `json:"cloud"`
	Workspace string            `json:"workspace"`
	Endpoint  string            `json:"endpoint"`
	Env       map[string]string `json:"env"`
}

func labStart(ctx context.Context, s *session) error {
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
		return err
	}
	done := func() {}
	if l.NeedsDocker() {
		done = s.waiting("lab.first-time")
	}
	a, err := k.Start(ctx, slug)
	done()
	if err != nil {
		return s.labError(slug, err)
	}
	return s.report(startReport{slug, a.Cloud, a.Dir, a.Endpoint, a.Env}, func() {
		s.markdown(l.Text(labs.Lang(s.lang)).Instructions)
		fmt.Fprintln(s.Stdout)
		s.tell("cli.lab.started", "dir", a.Dir, "lab", slug)
	})
}

// waiting says what takes so long, and on a terminal for how long already, unless done is called within a second.
func (s *session) waiting(key string) (done func()) {
	text, end, ended := s.say(key), make(chan struct{}), make(chan struct{})
	f, ok := s.Stderr.(*os.File)
	terminal := ok && term.IsTerminal(f.Fd())
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-end:
				if n > 1 && terminal {
					fmt.Fprint(f, "\r\033[K")
				}
				return
			case <-tick.C:
				switch {
				case terminal:
					fmt.Fprintf(f, "\r%s %d s ", text, n)
				case n == 1:
					fmt.Fprintln(s.Stderr, text)
				}
			}
		}
	}()
	return func() {
		close(end)
		<-ended
	}
}

// markdown prints a lab's text without any drawing.
func (s *session) markdown(text string) {
	doc := markdown.Parse([]byte(text), 1)
	for _, line := range render.Plain(doc, func(key string) string { return s.say(key) }, nil) {
		fmt.Fprintln(s.Stdout, line)
	}
}

func labStatus(_ context.Context, s *session) error {
	slug, err := s.labName()
	if err != nil {
		return err
	}
	k := s.labRecords()
	l, err := k.Lab(slug)
	if err != nil {
		return err
	}
	a, err := k.Status(slug)
	if err != nil {
		return s.labError(slug, err)
	}
	return s.report(a, func() {
		state := s.say("cli.lab.not-running")
		if a.Active {
			state = s.say("cli.lab.running")
		}
		rows := [][2]string{{s.label("lab"), slug}, {s.label("state"), state}}
		if a.Active {
			rows = append(rows, [2]string{s.label("cloud"), a.Cloud}, [2]string{s.label("workspace"), a.Dir}, [2]string{s.label("since"), a.Started.Local().Format("2006-01-02 15:04")})
		}
		if l.NeedsDocker() {
			rows = append(rows, [2]string{s.label("grading"), s.say("cli.lab.live")})
		}
		if a.Last != nil {
			rows = append(rows, [2]string{s.label("last-check"), fmt.Sprintf("%s, %d/%d", s.say("check."+string(a.Last.Status)), a.Last.Score, a.Last.MaxScore)})
		}
		s.rows(rows)
	})
}

func labHint(_ context.Context, s *session) error {
	slug, err := s.labName()
	if err != nil {
		return err
	}
	text, left, err := s.labRecords().Hint(slug, labs.Lang(s.lang))
	if err != nil {
		return s.labError(slug, err)
	}
	return s.report(map[string]any{"lab": slug, "hint": text, "left": left}, func() {
		if text == "" {
			s.tell("lab.no-hint")
			return
		}
		s.markdown(text)
		s.hint("cli.lab.hints-left", "left", left)
	})
}

func labReset(ctx context.Context, s *session) error {
	return s.onLab(ctx, func(k *labs.Kit, slug string) error {
		a, err := k.Reset(ctx, slug)
		if err == nil {
			s.tell("cli.lab.reset", "lab", slug, "dir", a.Dir)
		}
		return err
	})
}

func labSolve(ctx context.Context, s *session) error {
	return s.onLab(ctx, func(k *labs.Kit, slug string) error {
		err := k.Solve(ctx, slug, s.Stderr)
		if err == nil {
			s.tell("cli.lab.solved", "lab", slug)
		}
		return err
	})
}

func labStop(ctx context.Context, s *session) error {
	return s.onLab(ctx, func(k *labs.Kit, slug string) error {
		err := k.Stop(ctx, slug)
		if err == nil {
			s.tell("cli.lab.stopped", "lab", slug, "dir", filepath.Join(s.paths.workspace, slug))
		}
		return err
	})
}

// onLab does something with the lab a command is about.
func (s *session) onLab(_ context.Context, do func(*labs.Kit, string) error) error {
	slug, err := s.labName()
	if err != nil {
		return err
	}
	k, err := s.kit()
	if err != nil {
		return err
	}
	return s.labError(slug, do(k, slug))
}
