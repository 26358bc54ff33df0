package lab

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/labs/report"
	"haneul/lessons"
	"haneul/lessons/render"
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
			return backend.Check(ctx, slug, func(st report.Step) {
				line := fmt.Sprint(st.Done, st.Total)
				if st.Check != nil {
					line += " " + st.Check.ID + " " + string(st.Check.Status)
				}
				fmt.Fprintln(s, line)
			})
		},
	}[kind]
	stream, first := screen.Run(l.env.Context, func(ctx context.Context, s *screen.Stream) (int, any, error) {
		v, err := work(ctx, s)
		return 0, v, err
	})
	l.job, l.jobKind, l.done, l.total, l.trouble = stream, kind, 0, 0, ""
	switch kind {
	case "start":
		l.pane = guide
	case "check":
		l.known, l.left = map[string]report.Status{}, l.pane
		if !l.wide { // where the verdicts appear
			l.pane = checks
		}
	}
	return tea.Batch(first, l.work.Begin(l.doing(), time.Now()))
}

// doing says what the job is at: of a grading, how many checks are done and which one is next.
func (l *Lab) doing() string {
	said := l.env.T("lab.doing-" + l.jobKind)
	n := len(l.info.Checks)
	if l.jobKind != "check" || n == 0 {
		return said
	}
	if l.total > 0 {
		said += fmt.Sprintf(" %d/%d", l.done, l.total)
	}
	if l.total > 0 && l.done == l.total && l.info.Live {
		return said + " " + l.env.Theme.Glyphs.Dot + " " + l.env.T("lab.putting-back")
	}
	if l.done < l.total || l.total == 0 {
		said += " " + l.env.Theme.Glyphs.Dot + " " + l.info.Checks[l.done%n].Title
	}
	return said
}

// aside is a second line under what the job is at: what takes long, and what not to do meanwhile.
func (l *Lab) aside() string {
	switch {
	case l.jobKind == "check" && l.info.Live:
		return l.env.T("lab.live-check")
	case l.info.Docker && l.jobKind != "check":
		return l.env.T("lab.first-time")
	}
	return ""
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
		for line := range strings.Lines(m.Text) {
			var id, status string
			if n, _ := fmt.Sscan(line, &l.done, &l.total, &id, &status); n == 4 {
				l.known[id] = report.Status(status)
			}
		}
		l.work.Label = l.doing()
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
		if l.jobKind == "check" && !l.wide && l.pane == checks {
			l.pane = l.left
		}
		switch {
		case errors.Is(m.Err, context.Canceled) && l.jobKind == "check" && l.info.Live: // it ends only when things are put back
			return screen.Say(l.env.T("lab.check-called-off"), false)
		case errors.Is(m.Err, context.Canceled):
			return screen.Say(l.env.T("lab.called-off"), false)
		case m.Err != nil:
			return l.failed(m.Err)
		}
		if g, ok := m.Value.(screen.Grade); ok {
			return l.graded(g)
		}
		place := l.Place()
		moved := func() tea.Msg { return screen.ClockMoved{Place: place} }
		if l.jobKind == "reset" {
			l.resources, l.since, l.grade = nil, map[string]time.Time{}, nil
		}
		// It is said when it shows: keys pressed at once belong to the lab as it now is.
		return tea.Batch(moved, tea.Sequence(l.load(), screen.Say(l.env.T("lab.done-"+l.jobKind), false)))
	}
	return nil
}

// failed says why a job did not come about: a short word in the bottom line, a longer one above the guide.
func (l *Lab) failed(err error) tea.Cmd {
	said := l.env.Sentence(err)
	if l.started() && !strings.Contains(said, "\n") && render.Width(said) <= 76 {
		return screen.Say(said, true)
	}
	l.trouble, l.pane, l.scrolls[guide].Top = said, guide, 0
	return nil
}

// graded records the grade and shows it, unless a line is being typed: that would go on in the result's page.
func (l *Lab) graded(g screen.Grade) tea.Cmd {
	l.grade = &g
	slug, r := l.lab.Slug, g.Result
	save := l.env.Save(func(p *lessons.Progress) { p.SetLab(slug, r.Score, r.MaxScore, r.ExitCode() == 0) })
	if l.pane == console && l.console.edit.Text() != "" {
		return tea.Batch(save, screen.Say(l.env.T("check.score", "score", r.Score, "max", r.MaxScore), false))
	}
	return tea.Batch(save, screen.Open(screen.Result{Grade: g}))
}
