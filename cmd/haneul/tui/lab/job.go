package lab

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
)

// start, reset and solve change the lab; check grades it. One at a time.
func (l *Lab) begin(kind string) tea.Cmd {
	if l.job != nil || l.info == nil {
		return nil
	}
	backend, slug := l.env.Backend, l.lab.Slug
	work := map[string]func(ctx context.Context, s *screen.Stream) (any, error){
		"start": func(ctx context.Context, s *screen.Stream) (any, error) { return nil, backend.Start(ctx, slug) },
		"reset": func(ctx context.Context, s *screen.Stream) (any, error) { return nil, backend.Reset(ctx, slug) },
		"solve": func(ctx context.Context, s *screen.Stream) (any, error) { return nil, backend.Solve(ctx, slug, s) },
		"check": func(ctx context.Context, s *screen.Stream) (any, error) {
			return backend.Check(ctx, slug, func(done, total int) { fmt.Fprintf(s, "%d %d\n", done, total) })
		},
	}[kind]
	stream, first := screen.Run(l.env.Context, func(ctx context.Context, s *screen.Stream) (int, any, error) {
		v, err := work(ctx, s)
		return 0, v, err
	})
	l.job, l.jobKind, l.done, l.total = stream, kind, 0, 0
	return tea.Batch(first, l.work.Begin(l.env.T("lab.doing-"+kind), time.Now()))
}

func (l *Lab) onOutput(m screen.Output) tea.Cmd {
	switch m.From {
	case l.console.stream:
		l.console.print(m.Text)
	case l.job:
		if l.jobKind != "check" {
			l.console.print(m.Text)
			break
		}
		lines := strings.Split(strings.TrimSpace(m.Text), "\n")
		fmt.Sscanf(lines[len(lines)-1], "%d %d", &l.done, &l.total)
		if l.total > 0 {
			l.work.Label = l.env.T("lab.doing-check") + fmt.Sprintf(" %d/%d", l.done, l.total)
		}
	default:
		return nil
	}
	return m.From.Next
}

func (l *Lab) onEnded(m screen.Ended) tea.Cmd {
	switch m.From {
	case l.console.stream:
		return l.lineEnded(m)
	case l.job:
		l.job = nil
		l.work.End()
		if m.Err != nil {
			return screen.Say(l.env.Sentence(m.Err), true)
		}
		if g, ok := m.Value.(screen.Grade); ok {
			return l.graded(g)
		}
		place := l.Place()
		moved := func() tea.Msg { return screen.ClockMoved{Place: place} }
		if l.jobKind == "reset" {
			l.resources, l.since, l.grade = nil, map[string]time.Time{}, nil
		}
		return tea.Batch(l.load(), moved, screen.Say(l.env.T("lab.done-"+l.jobKind), false))
	}
	return nil
}

// graded records the grade and shows it.
func (l *Lab) graded(g screen.Grade) tea.Cmd {
	l.grade = &g
	slug, r := l.lab.Slug, g.Result
	save := l.env.Save(func(p *lessons.Progress) { p.SetLab(slug, r.Score, r.MaxScore, r.ExitCode() == 0) })
	return tea.Batch(save, screen.Open(screen.Result{Grade: g}))
}
