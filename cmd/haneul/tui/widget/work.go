package widget

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/lessons/render"
)

// Work is something under way. It shows nothing for the first second, then a spinner and the seconds; with reduced motion only
// the seconds.
type Work struct {
	Label string
	since time.Time
	now   time.Time
	id    int
}

// Tick drives a Work; the screen passes it to On.
type Tick struct {
	of *Work
	id int
	at time.Time
}

// Begin starts the clock; the command keeps it going.
func (w *Work) Begin(label string, now time.Time) tea.Cmd {
	w.id++
	w.Label, w.since, w.now = label, now, now
	return w.tick()
}

// End stops it.
func (w *Work) End() { w.since = time.Time{} }

// Busy tells whether something is under way.
func (w *Work) Busy() bool { return !w.since.IsZero() }

func (w *Work) tick() tea.Cmd {
	id := w.id
	return tea.Tick(120*time.Millisecond, func(t time.Time) tea.Msg { return Tick{w, id, t} })
}

// On handles a Tick.
func (w *Work) On(t Tick) tea.Cmd {
	if !w.Busy() || t.of != w || t.id != w.id {
		return nil
	}
	w.now = t.at
	return w.tick()
}

// View is the line to show: empty within the first second.
func (w *Work) View(t *render.Theme, still bool) string {
	past := w.now.Sub(w.since)
	if !w.Busy() || past < time.Second {
		return ""
	}
	sign := ""
	if !still {
		sign = t.Accent.Paint(w.Sign(t, still)) + " "
	}
	return sign + w.Label + " " + t.Dim.Paint(fmt.Sprintf("%ds", int(past.Seconds())))
}

// Sign is a spinner's frame of the moment; with reduced motion, or at rest, a sign that stands still.
func (w *Work) Sign(t *render.Theme, still bool) string {
	if still || !w.Busy() {
		return t.Glyphs.Half
	}
	frames := t.Glyphs.Spinner
	return frames[int(w.now.Sub(w.since)/(120*time.Millisecond))%len(frames)]
}

// Past is how long it has been under way.
func (w *Work) Past() time.Duration {
	if !w.Busy() {
		return 0
	}
	return w.now.Sub(w.since)
}
