package tui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/engine/admin"
)

// clock is what the header says of a cloud: how far its clock is ahead, and what goes wrong there on purpose.
type clock struct {
	place  screen.Place
	ahead  time.Duration
	frozen bool
	faults []admin.Fault
}

type clockRead struct {
	place  screen.Place
	clock  admin.Clock
	faults []admin.Fault
	wall   time.Time
	err    error
}

// readClock asks a cloud for its clock and faults.
func (a *App) readClock(p screen.Place) tea.Cmd {
	backend, ctx := a.env.Backend, a.env.Context
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		c, err := backend.Clock(ctx, p)
		if err != nil {
			return clockRead{place: p, err: err}
		}
		wall := time.Now()
		faults, err := backend.Faults(ctx, p)
		return clockRead{p, c, faults, wall, err}
	}
}

// readClockOfTop reads the clock of the cloud on screen, if something has been done there: opening a lesson starts no engine.
func (a *App) readClockOfTop() tea.Cmd {
	if p, ok := a.place(); ok && a.alive[p] {
		return a.readClock(p)
	}
	return nil
}

// place is the cloud the top screen shows; a page or a result shows that of the screen under it.
func (a *App) place() (screen.Place, bool) {
	for i := len(a.stack) - 1; i >= 0; i-- {
		if c, ok := a.stack[i].(screen.Clouded); ok {
			return c.Place(), true
		}
	}
	return screen.Place{}, false
}

func (a *App) onClock(m clockRead) {
	if p, ok := a.place(); !ok || p != m.place {
		return
	}
	a.clock = clock{place: m.place}
	if m.err == nil {
		a.clock.ahead = m.clock.Now.Sub(m.wall).Round(time.Second)
		a.clock.frozen, a.clock.faults = m.clock.Frozen, m.faults
	}
}

// view is the header's part; empty when there is nothing to say.
func (c clock) view(a *App) string {
	if p, ok := a.place(); !ok || p != c.place {
		return ""
	}
	t := a.env.Theme
	var parts []string
	switch {
	case c.frozen:
		parts = append(parts, t.Warn.Paint(a.env.T("clock.frozen")))
	case c.ahead >= 2*time.Second:
		parts = append(parts, t.Accent.Paint(a.env.T("clock.ahead", "span", a.span(c.ahead))))
	}
	if n := len(c.faults); n > 0 {
		parts = append(parts, t.Warn.Paint(a.env.T("fault.count", "n", n)))
	}
	return strings.Join(parts, "  ")
}

// span says a duration in its two largest units.
func (a *App) span(d time.Duration) string {
	var parts []string
	for _, u := range []struct {
		key string
		d   time.Duration
	}{{"unit.day", 24 * time.Hour}, {"unit.hour", time.Hour}, {"unit.minute", time.Minute}, {"unit.second", time.Second}} {
		if n := d / u.d; n > 0 && len(parts) < 2 {
			parts = append(parts, a.env.T(u.key, "n", int64(n)))
			d -= n * u.d
		}
	}
	return strings.Join(parts, " ")
}
