// Package result shows a grading: every check with what was expected, what was seen, the record that shows it, and where to look
// next. A passed check is one line.
package result

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/labs/report"
	"haneul/lessons/render"
)

// Result is the screen.
type Result struct {
	env    *screen.Env
	grade  screen.Grade
	scroll widget.Scroll
	height int
	starts []int // first line of every check that did not pass
}

// New shows a grade.
func New(env *screen.Env, g screen.Grade) *Result { return &Result{env: env, grade: g} }

func (r *Result) Init() tea.Cmd { return nil }

func (r *Result) Title() string { return r.env.T("result.title") }

func (r *Result) Typing() bool { return false }

func (r *Result) Help() []screen.Key {
	t := r.env.T
	keys := []screen.Key{{Press: "↑↓", Does: t("key.scroll")}}
	if len(r.starts) > 1 {
		keys = append(keys, screen.Key{Press: "n", Does: t("key.next-failed")})
	}
	return append(keys, screen.Key{Press: "esc", Does: t("key.back")})
}

func (r *Result) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if w, ok := msg.(screen.Wheel); ok {
		r.scroll.Top = max(0, r.scroll.Top+w.Lines)
	}
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return r, nil
	}
	switch key := screen.Name(k); key {
	case "esc", "enter", "backspace":
		return r, screen.Close
	case "n", "tab":
		for _, at := range r.starts {
			if at > r.scroll.Top {
				r.scroll.Top = at
				break
			}
		}
	default:
		r.scroll.Move(key, r.height)
	}
	return r, nil
}

// measure is the widest a sentence is set.
const measure = 96

func (r *Result) View(width, height int) screen.Frame {
	r.height = height
	res := r.grade.In(r.env.Lang)
	inner := min(width, measure)
	lines := r.head(res, inner)
	if res.Left != "" { // first, for it needs doing something about
		lines = append(lines, render.Wrap(r.env.T("check.left", "detail", render.Printable(res.Left)), r.env.Theme.Warn, inner)...)
		lines = append(lines, "")
	}
	r.starts = nil
	for _, c := range res.Checks {
		if c.Status == report.Fail || c.Status == report.Error {
			r.starts = append(r.starts, len(lines))
		}
		lines = append(lines, r.check(c, inner)...)
	}
	return screen.Frame{Lines: r.scroll.Window(lines, height)}
}

// head says the score, in words, in points and as a bar.
func (r *Result) head(res *report.Result, width int) []string {
	t := r.env.Theme
	word, st := r.env.T("result.failed"), t.Bad
	switch res.Status {
	case report.Pass:
		word, st = r.env.T("result.passed"), t.Good
	case report.Error:
		word, st = r.env.T("result.error"), t.Warn
	}
	score := r.env.T("check.score", "score", res.Score, "max", res.MaxScore)
	passed := r.env.T("result.count", "n", res.Count(report.Pass), "all", len(res.Checks))
	return []string{
		widget.Ends(t, st.And(render.Bold).Paint(word), render.Bold.Paint(score), width),
		widget.Ends(t, widget.Bar(t, res.Score, res.MaxScore, min(30, width)), t.Dim.Paint(passed), width),
		"",
	}
}

func (r *Result) check(c report.Check, width int) []string {
	t := r.env.Theme
	sign, st := t.Glyphs.Dot, t.Dim
	switch c.Status {
	case report.Pass:
		sign, st = t.Glyphs.Check, t.Good
	case report.Fail:
		sign, st = t.Glyphs.Cross, t.Bad
	case report.Error:
		sign, st = "!", t.Warn
	}
	badge := st.Paint(sign + " [" + r.env.T("check."+string(c.Status)) + "]")
	points := t.Dim.Paint(fmt.Sprintf("%d/%d", c.Score, c.MaxScore))
	title := render.Wrap(c.Title, render.Bold, max(8, width-render.Width(badge)-render.Width(points)-3))
	out := []string{widget.Ends(t, badge+" "+title[0], points, width)}
	pad := strings.Repeat(" ", render.Width(badge)+1)
	for _, s := range title[1:] {
		out = append(out, t.Fit(pad+s, width))
	}
	if c.Status == report.Pass {
		return out
	}
	if c.Status == report.Blocked && len(c.Needs) > 0 && c.Message == "" {
		out = append(out, r.field("result.needs", []string{strings.Join(r.titles(c.Needs), ", ")}, width)...)
	}
	if c.Message != "" {
		out = append(out, "")
		for _, s := range r.env.Render.Markdown(c.Message, width-4) {
			out = append(out, strings.TrimRight("    "+s, " "))
		}
	}
	if c.Expected != nil {
		out = append(out, r.field("result.expected", []string{render.Printable(report.Show(c.Expected))}, width)...)
	}
	if c.Actual != nil {
		out = append(out, r.field("result.actual", []string{render.Printable(report.Show(c.Actual))}, width)...)
	}
	if len(c.Evidence) > 0 {
		out = append(out, r.field("result.evidence", r.records(c.Evidence), width)...)
	}
	if c.Hint != "" {
		out = append(out, r.hint(c.Hint, width)...)
	}
	return append(out, "")
}

func (r *Result) titles(ids []string) []string {
	var out []string
	for _, id := range ids {
		for _, c := range r.grade.In(r.env.Lang).Checks {
			if c.ID == id {
				out = append(out, c.Title)
			}
		}
	}
	return out
}

// field sets a label and its lines beside it.
func (r *Result) field(label string, lines []string, width int) []string {
	t := r.env.Theme
	name := r.env.T(label)
	w := 4 + max(8, render.Width(name)) + 2
	var out []string
	for _, s := range lines {
		for _, part := range t.Output(s, max(8, width-w)) {
			lead := strings.Repeat(" ", w)
			if len(out) == 0 {
				lead = render.Pad("    "+t.Dim.Paint(name), w)
			}
			out = append(out, t.Fit(lead+part, width))
		}
	}
	return out
}

func (r *Result) hint(s string, width int) []string {
	t := r.env.Theme
	bar := "    " + t.Warn.Paint(t.Glyphs.Bar) + " "
	out := []string{""}
	for _, line := range r.env.Render.Markdown(s, width-6) {
		out = append(out, bar+line)
	}
	return out
}

// records are evidence in the learner's own time.
func (r *Result) records(list []report.Evidence) []string {
	const most = 6
	var out []string
	for i, e := range list {
		if i == most {
			return append(out, r.env.T("result.more", "n", len(list)-most))
		}
		out = append(out, e.Line(r.env.Zone))
	}
	return out
}
