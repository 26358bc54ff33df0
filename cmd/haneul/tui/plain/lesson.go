package plain

import (
	"strconv"
	"strings"

	"haneul/lessons"
	"haneul/lessons/markdown"
	"haneul/lessons/render"
)

// lesson reads a lesson aloud, section by section, stopping for commands and questions.
func (a *app) lesson(l *lessons.Lesson) error {
	if l == nil || l.Planned {
		a.say(a.t("home.planned-long"))
		return nil
	}
	text, err := a.env.Course.Text(l.Slug, a.env.Lang)
	if err != nil {
		return err
	}
	quiz, err := a.env.Course.Quiz(l.Slug)
	if err != nil {
		return err
	}
	a.say("", "# "+text.Title, text.Summary)
	sections := split(text.Doc)
	for i, s := range sections {
		a.say("")
		words := func(k string) string { return a.t(k) }
		a.say(render.Plain(&markdown.Doc{Blocks: s.blocks}, words, func(string) []string { return nil })...)
		if err := a.questions(l, quiz, s.quizzes); err != nil {
			return err
		}
		heading := s.heading
		a.env.Progress.SetLesson(l.Slug, lessons.LessonRecord{Heading: heading, Percent: (i + 1) * 100 / len(sections), Read: i == len(sections)-1})
		if i < len(sections)-1 || len(s.tries) > 0 {
			if err := a.commands(l, s.tries); err != nil {
				return err
			}
		}
	}
	return nil
}

type section struct {
	heading string
	blocks  []markdown.Block
	tries   []*markdown.Try
	quizzes []string
}

// split cuts a text at its second-level headings.
func split(doc *markdown.Doc) []section {
	out := []section{{}}
	for _, b := range doc.Blocks {
		if h, ok := b.(*markdown.Heading); ok && h.Level <= 2 && len(out[len(out)-1].blocks) > 0 {
			out = append(out, section{})
		}
		s := &out[len(out)-1]
		s.blocks = append(s.blocks, b)
		switch b := b.(type) {
		case *markdown.Heading:
			if s.heading == "" {
				s.heading = b.ID
			}
		case *markdown.Try:
			s.tries = append(s.tries, b)
		case *markdown.Quiz:
			s.quizzes = append(s.quizzes, b.ID)
		}
	}
	return out
}

// commands runs what is asked for by number until the reader goes on.
func (a *app) commands(l *lessons.Lesson, tries []*markdown.Try) error {
	for {
		line, err := a.ask(a.t("plain.lesson"))
		if err != nil {
			return err
		}
		if line == "n" || line == "" || line == "ㅜ" {
			return nil
		}
		n, _ := strconv.Atoi(line)
		ran := false
		for _, t := range tries {
			if t.Number == n {
				ran = true
				code, err := a.env.Backend.Try(a.env.Context, l.Slug, t.Command, clean{a.out})
				a.ended(code, err)
			}
		}
		if !ran {
			a.say(a.t("plain.no-such"))
		}
	}
}

func (a *app) ended(code int, err error) {
	if err != nil {
		a.say(a.env.Sentence(err))
	} else if code != 0 {
		a.say(a.t("lesson.code", "code", code))
	}
}

func (a *app) questions(l *lessons.Lesson, quiz *lessons.Quiz, ids []string) error {
	for _, id := range ids {
		q := quiz.Question(id)
		if q == nil {
			continue
		}
		a.say("")
		a.say(render.PlainQuestion(q, a.env.Lang, func(k string) string { return a.t(k) })...)
		line, err := a.ask(a.t("plain.quiz"))
		if err != nil {
			return err
		}
		if line == "" {
			continue
		}
		answer := picked(q, line)
		right := q.Right(answer)
		a.env.Progress.SetAnswer(l.Slug, q.ID, answer, right)
		a.verdict(q, answer, right)
	}
	return nil
}

// picked turns "1 3" into option keys.
func picked(q *lessons.Question, line string) []string {
	if q.Kind == lessons.Number {
		return []string{line}
	}
	var out []string
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' }) {
		if n, err := strconv.Atoi(w); err == nil && n >= 1 && n <= len(q.Options) {
			out = append(out, q.Options[n-1].Key)
		}
	}
	return out
}

func (a *app) verdict(q *lessons.Question, answer []string, right bool) {
	word := "quiz.wrong"
	if right {
		word = "quiz.right"
	}
	a.say(a.t(word))
	if why := q.Why.In(a.env.Lang); why != "" {
		a.say(render.Strip(why))
	}
	for _, o := range q.Options {
		for _, key := range answer {
			if o.Key == key {
				a.say(render.Strip(o.Text.In(a.env.Lang)) + ": " + render.Strip(o.Why.In(a.env.Lang)))
			}
		}
	}
}
