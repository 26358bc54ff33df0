package lesson

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
	"haneul/lessons/render"
)

// answer is a question as it stands.
type answer struct {
	q        *lessons.Question
	cursor   int
	picked   []string
	answered bool
}

// answerOf is the state of a question; the first time, the last answer that was recorded.
func (l *Lesson) answerOf(q *lessons.Question) *answer {
	a := l.answers[q.ID]
	if a == nil {
		a = &answer{q: q}
		if old, ok := l.env.Progress.Answer(l.lesson.Slug, q.ID); ok {
			a.picked, a.answered = slices.Clone(old.Answer), true
		}
		l.answers[q.ID] = a
	}
	a.q = q
	return a
}

func (l *Lesson) viewQuestion(q *lessons.Question, focused bool, width int) []string {
	a := l.answerOf(q)
	v := render.Question{Question: q, Lang: l.env.Lang, Cursor: -1, Picked: a.picked, Answered: a.answered}
	if l.active == a {
		v.Cursor = a.cursor
	}
	lines := l.env.Render.Question(v, width)
	t := l.env.Theme
	switch {
	case l.active == a:
	case focused:
		lines[0] = t.Accent.Paint(t.Glyphs.Pointer) + " " + l.env.Theme.Accent.And(render.Bold).Paint(l.env.T("quiz.title")) + t.Dim.Paint("   "+t.Glyphs.Enter+" "+l.env.T("key.answer"))
		lines[0] = t.Fit(lines[0], width)
	}
	return lines
}

func (a *answer) paste(s string) {
	if a.q.Kind == lessons.Number && !a.answered {
		a.typed(s)
	}
}

// typed adds what may stand in a number.
func (a *answer) typed(s string) {
	old := strings.Join(a.picked, "")
	for _, r := range s {
		if (r >= '0' && r <= '9' || r == '.' || r == ',' || r == '-') && len(old) < 20 {
			old += string(r)
		}
	}
	a.picked = []string{old}
}

func (l *Lesson) pressQuiz(k tea.KeyPressMsg) tea.Cmd {
	a, key := l.active, screen.Name(k)
	switch {
	case key == "esc":
		l.active = nil
	case a.answered:
		switch key {
		case "enter":
			a.answered, a.picked = false, nil
		case "tab":
			l.active = nil
			l.step(1)
		default:
			if l.scroll.Move(key, l.height) {
				l.active = nil
				l.scroll.Clamp(len(l.page.lines), l.height)
				l.refocus()
			}
		}
	case key == "enter":
		return l.handIn(a)
	case a.q.Kind == lessons.Number:
		if key == "backspace" {
			if s := strings.Join(a.picked, ""); s != "" {
				a.picked = []string{s[:len(s)-1]}
			}
		} else {
			a.typed(k.Text)
		}
	case key == "up":
		a.cursor = max(0, a.cursor-1)
	case key == "down":
		a.cursor = min(len(a.q.Options)-1, a.cursor+1)
	case key == " ":
		a.toggle(a.cursor)
	case len(key) == 1 && key[0] >= '1' && int(key[0]-'1') < len(a.q.Options):
		a.cursor = int(key[0] - '1')
		a.toggle(a.cursor)
	}
	return nil
}

// toggle picks an option; of a choice only one stays picked.
func (a *answer) toggle(i int) {
	key := a.q.Options[i].Key
	at := slices.Index(a.picked, key)
	switch {
	case a.q.Kind == lessons.Choice:
		a.picked = []string{key}
	case at >= 0:
		a.picked = slices.Delete(a.picked, at, at+1)
	default:
		a.picked = append(a.picked, key)
	}
}

// handIn marks the question. A choice answered without picking takes the option under the cursor.
func (l *Lesson) handIn(a *answer) tea.Cmd {
	if a.q.Kind == lessons.Choice {
		a.picked = []string{a.q.Options[a.cursor].Key}
	}
	if strings.Join(a.picked, "") == "" {
		key := "quiz.none-picked"
		if a.q.Kind == lessons.Number {
			key = "quiz.none-typed"
		}
		return screen.Say(l.env.T(key), false)
	}
	a.answered = true
	l.page = l.compose(l.width)
	if s := l.page.stopAt(l.focus); s.question == a.q {
		l.show(s.from, s.to)
	}
	slug, id, picked, right := l.lesson.Slug, a.q.ID, slices.Clone(a.picked), a.q.Right(a.picked)
	return l.env.Save(func(p *lessons.Progress) { p.SetAnswer(slug, id, picked, right) })
}
