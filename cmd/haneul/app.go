package main

import (
	"context"

	"github.com/spf13/pflag"

	"haneul/cmd/haneul/tui"
	"haneul/lessons"
)

func appFlags(f *pflag.FlagSet) {
	f.Bool("plain", false, "")
	f.Bool("ascii", false, "")
	f.Bool("contrast", false, "")
	f.Bool("still", false, "")
}

// openApp is haneul alone: the course in the terminal.
func openApp(ctx context.Context, s *session) error { return s.app(ctx, nil) }

// app opens the app at a place, nil for its home.
func (s *session) app(ctx context.Context, open any) error {
	s.say("home.title") // reads the course
	k, err := s.kit()
	if err != nil {
		return err
	}
	p := s.progress()
	if saved := p.Setting("lang"); saved != "" && !s.given("lang") {
		s.lang = lessons.Lang(saved)
	}
	b := newBackend(s, k)
	defer b.close()
	return tui.Run(ctx, tui.Terminal{In: s.Stdin, Out: s.Stdout, Environ: s.Environ}, tui.Options{
		Course: s.course, Progress: p, Backend: b, Lang: s.lang, Open: open, NoColor: s.getenv("NO_COLOR") != "",
		Plain: s.bool("plain"), ASCII: s.bool("ascii"), Contrast: s.bool("contrast"), Still: s.bool("still"),
	})
}
