package labs

import (
	"strings"

	"haneul/labs/report"
)

// Words is a word of the interface in one language, its {name} places filled from name, value pairs.
type Words func(key string, pairs ...any) string

// Sentences says a lab's results in one language. word gives what belongs to the interface and not to the lab.
func (l *Lab) Sentences(lang Lang, word Words) report.Sentences {
	return sentences{l, lang, word}
}

type sentences struct {
	lab  *Lab
	lang Lang
	word Words
}

func (s sentences) Word(key string, pairs ...any) string { return s.word(key, pairs...) }

func (s sentences) Title(id string) string {
	if c := s.lab.Check(id); c != nil {
		return c.Title.In(s.lang)
	}
	return id
}

func (s sentences) Outcome(c *report.Check) (message, hint string) {
	switch c.Status {
	case report.Fail:
		o, ok := s.lab.Text(s.lang).Outcome(c.ID, c.Outcome)
		if !ok { // what a program must not do in any lab
			o = Outcome{s.word("worker." + c.Outcome), s.word("worker." + c.Outcome + ".hint")}
		}
		return fill(o.Message, c.Params), fill(o.Hint, c.Params)
	case report.Blocked:
		var titles []string
		for _, id := range c.Needs {
			titles = append(titles, s.Title(id))
		}
		return s.word("check.blocked-by", "needs", strings.Join(titles, ", ")), ""
	case report.Error:
		return s.word("grader."+c.Outcome, "detail", report.Show(c.Params["detail"])), s.word("grader.costs-nothing")
	}
	return "", ""
}
