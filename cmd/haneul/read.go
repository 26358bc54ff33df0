package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
	"haneul/lessons/render"
)

func readingCommands() []command {
	return []command{{name: "read", args: "[LESSON]", flags: readFlags, run: runRead}}
}

func readFlags(f *pflag.FlagSet) {
	appFlags(f)
	jsonFlag(f)
}

// lessonRow is a lesson in the list.
type lessonRow struct {
	Slug    string   `json:"slug"`
	Title   string   `json:"title"`
	Module  string   `json:"module"`
	Planned bool     `json:"planned"`
	Labs    []string `json:"labs"`
}

// lessonReport is a lesson as text.
type lessonReport struct {
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Minutes int    `json:"minutes"`
	Summary string `json:"summary"`
	Text    string `json:"text"`
}

// runRead lists the lessons, or opens one: in the app on a terminal, as plain text elsewhere.
func runRead(ctx context.Context, s *session) error {
	format, err := s.format("text", "json")
	if err != nil {
		return err
	}
	s.say("home.title") // reads the course
	if len(s.args) == 0 {
		return s.listLessons()
	}
	l := s.course.Lesson(s.args[0])
	switch {
	case l == nil:
		return misuse("no-such-lesson", "lesson", s.args[0])
	case l.Planned:
		return fail("lesson-planned", "lesson", l.Title.In(s.lang))
	}
	if out, ok := s.Stdout.(*os.File); ok && format == "text" && !s.bool("plain") &&
		s.interactive() && term.IsTerminal(out.Fd()) && s.getenv("TERM") != "dumb" {
		return s.app(ctx, screen.Lesson{Slug: l.Slug})
	}
	return s.printLesson(l)
}

func (s *session) listLessons() error {
	rows := []lessonRow{}
	for _, l := range s.course.Lessons() {
		r := lessonRow{Slug: l.Slug, Title: l.Title.In(s.lang), Module: l.Module.Title.In(s.lang), Planned: l.Planned, Labs: []string{}}
		for _, lab := range l.Labs {
			if !lab.Planned {
				r.Labs = append(r.Labs, lab.Slug)
			}
		}
		rows = append(rows, r)
	}
	return s.report(rows, func() {
		module := ""
		for _, r := range rows {
			if r.Module != module {
				module = r.Module
				fmt.Fprintf(s.Stdout, "\n%s\n", module)
			}
			state := ""
			if r.Planned {
				state = " (" + s.say("home.planned") + ")"
			}
			fmt.Fprintf(s.Stdout, "  %-22s %s%s\n", r.Slug, r.Title, state)
		}
	})
}

func (s *session) printLesson(l *lessons.Lesson) error {
	text, err := s.course.Text(l.Slug, s.lang)
	if err != nil {
		return err
	}
	quiz, err := s.course.Quiz(l.Slug)
	if err != nil {
		return err
	}
	words := func(key string) string { return s.say(key) }
	lines := render.Plain(text.Doc, words, func(id string) []string {
		if q := quiz.Question(id); q != nil {
			return render.PlainQuestion(q, s.lang, words)
		}
		return nil
	})
	body := strings.Join(lines, "\n")
	return s.report(lessonReport{l.Slug, text.Title, text.Minutes, text.Summary, body}, func() {
		fmt.Fprintf(s.Stdout, "# %s\n\n%s\n", text.Title, body)
	})
}
