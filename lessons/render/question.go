package render

import (
	"fmt"
	"slices"
	"strings"

	"haneul/lessons"
)

// Question is a quiz question as it stands: what is picked, and whether it was answered.
type Question struct {
	*lessons.Question
	Lang     lessons.Lang
	Cursor   int      // the option the reader is on; -1 when the question has no focus
	Picked   []string // option keys, or the number as typed
	Answered bool     // Picked was handed in: say whether it is right, and why
}

// Question draws a question, its options and, once answered, the verdict with the reason.
func (r *Renderer) Question(q Question, width int) []string {
	t := r.theme
	width = max(MinWidth, width)
	title := t.Accent.And(Bold).Paint(r.words("quiz.title"))
	if q.Kind == lessons.Multi {
		title += " " + t.Dim.Paint(r.words("quiz.multi"))
	}
	out := append([]string{title}, r.Inline(q.Prompt.In(q.Lang), "", width-2)...)
	if q.Kind == lessons.Number {
		out = append(out, "", r.words("quiz.answer")+" "+t.Selected.Paint(strings.Join(q.Picked, ""))+r.caret(q)+" "+q.Unit.In(q.Lang))
	} else {
		out = append(out, "")
		for i, o := range q.Options {
			out = append(out, r.option(q, i, o, width-2)...)
		}
	}
	if q.Answered {
		out = append(out, "")
		out = append(out, r.verdict(q, width-2)...)
	}
	bar := t.Accent.Paint(t.Glyphs.Bar) + " "
	if q.Cursor < 0 {
		bar = t.Dim.Paint(t.Glyphs.Bar) + " "
	}
	return r.fit(indent(out, bar, bar), width)
}

func (r *Renderer) caret(q Question) string {
	if q.Cursor < 0 || q.Answered {
		return ""
	}
	return Reverse.Paint(" ")
}

func (r *Renderer) option(q Question, i int, o lessons.Option, width int) []string {
	t := r.theme
	mark := "( ) "
	if q.Kind == lessons.Multi {
		mark = "[ ] "
	}
	if slices.Contains(q.Picked, o.Key) {
		mark = mark[:1] + "x" + mark[2:]
	}
	point, st := "  ", Style("")
	if i == q.Cursor && !q.Answered {
		point, st = t.Glyphs.Pointer+" ", t.Selected
		mark = st.Paint(mark[:3]) + " "
	}
	w := Width(point) + 4
	return indent(r.Inline(o.Text.In(q.Lang), st, width-w), t.Accent.Paint(point)+mark, strings.Repeat(" ", w))
}

// verdict says right or wrong in a word, then the reasons: of what was picked, and of a right answer that was missed.
func (r *Renderer) verdict(q Question, width int) []string {
	t := r.theme
	sign, st, word := t.Glyphs.Cross, t.Bad, r.words("quiz.wrong")
	if q.Right(q.Picked) {
		sign, st, word = t.Glyphs.Check, t.Good, r.words("quiz.right")
	}
	out := []string{st.And(Bold).Paint(sign + " " + word)}
	if q.Kind == lessons.Number {
		return append(out, r.Inline(q.Why.In(q.Lang), "", width)...)
	}
	for _, o := range q.Options {
		picked, right := slices.Contains(q.Picked, o.Key), slices.Contains(q.Answer, o.Key)
		if !picked && !(right && q.Kind == lessons.Multi) {
			continue
		}
		sign = t.Bad.Paint(t.Glyphs.Cross)
		if right {
			sign = t.Good.Paint(t.Glyphs.Check)
		}
		lines := r.Inline("**"+o.Text.In(q.Lang)+"**: "+o.Why.In(q.Lang), "", width-2)
		out = append(out, indent(lines, sign+" ", "  ")...)
	}
	return out
}

// PlainQuestion writes a question with numbered options.
func PlainQuestion(q *lessons.Question, lang lessons.Lang, words Words) []string {
	out := []string{words("quiz.title") + ": " + Strip(q.Prompt.In(lang))}
	for i, o := range q.Options {
		out = append(out, fmt.Sprintf("  %d. %s", i+1, Strip(o.Text.In(lang))))
	}
	return out
}
