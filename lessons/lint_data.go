package lessons

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// quiz checks quiz.yaml of a lesson against the quiz fences of its text.
func (l *linter) quiz(slug string, placed []string) {
	file := "lessons/" + slug + "/quiz.yaml"
	src, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		if len(placed) > 0 {
			l.add(file, 0, "is missing, and the text asks %s", strings.Join(placed, ", "))
		}
		return
	}
	var q Quiz
	if err := yaml.UnmarshalWithOptions(src, &q, yaml.Strict()); err != nil {
		l.yaml(file, err)
		return
	}
	seen := map[string]bool{}
	for _, x := range q.Questions {
		line := lineOf(src, "id: "+x.ID)
		if seen[x.ID] {
			l.add(file, line, "question %s appears twice", x.ID)
		}
		seen[x.ID] = true
		if n := count(placed, x.ID); n != 1 {
			l.add(file, line, "question %s is asked %d times in the text", x.ID, n)
		}
		l.question(file, line, x)
	}
	for _, id := range placed {
		if !seen[id] {
			l.add(file, 0, "the text asks %s, which is not here", id)
		}
	}
}

func count(list []string, s string) (n int) {
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

func (l *linter) question(file string, line int, q *Question) {
	l.both(file, line, "prompt of "+q.ID, q.Prompt)
	if len(q.Answer) == 0 {
		l.add(file, line, "%s has no answer", q.ID)
	}
	if q.Kind == Number {
		l.both(file, line, "why of "+q.ID, q.Why)
		for _, a := range q.Answer {
			if _, err := number(a); err != nil {
				l.add(file, line, "%s: answer %q is not a number", q.ID, a)
			}
		}
		return
	}
	if q.Kind != Choice && q.Kind != Multi {
		l.add(file, line, "%s: kind %q is not choice, multi or number", q.ID, q.Kind)
	}
	if q.Kind == Choice && len(q.Answer) > 1 {
		l.add(file, line, "%s: a choice has one answer", q.ID)
	}
	var keys []string
	for _, o := range q.Options {
		if o.Key == "" || slices.Contains(keys, o.Key) {
			l.add(file, line, "%s: option key %q is empty or repeated", q.ID, o.Key)
		}
		keys = append(keys, o.Key)
		l.both(file, line, q.ID+" option "+o.Key, o.Text)
		l.both(file, line, q.ID+" why of option "+o.Key, o.Why)
	}
	if len(keys) < 2 {
		l.add(file, line, "%s needs at least two options", q.ID)
	}
	for _, a := range q.Answer {
		if !slices.Contains(keys, a) {
			l.add(file, line, "%s: answer %q is no option", q.ID, a)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// ui holds the two catalogues to the same keys and placeholders.
func (l *linter) ui() {
	var words [2]map[string]string
	var src [2][]byte
	for i, lang := range Langs {
		src[i] = l.read(uiFile(lang))
		if err := yaml.Unmarshal(src[i], &words[i]); err != nil {
			l.yaml(uiFile(lang), err)
			return
		}
	}
	for i, lang := range Langs {
		other := 1 - i
		for key, s := range words[i] {
			line := lineOf(src[i], "\n"+key+":") + 1
			t, ok := words[other][key]
			switch {
			case !ok:
				l.add(uiFile(lang), line, "%s is not in %s", key, uiFile(lang.Other()))
			case strings.TrimSpace(s) == "":
				l.add(uiFile(lang), line, "%s is empty", key)
			case i == 0 && !slices.Equal(placeholders(s), placeholders(t)):
				l.add(uiFile(lang), line, "%s has placeholders %v, %s has %v", key, placeholders(s), uiFile(lang.Other()), placeholders(t))
			}
		}
	}
}

// placeholders lists the {names} of s, sorted, each once.
func placeholders(s string) []string {
	p := placeholder.FindAllString(s, -1)
	slices.Sort(p)
	return slices.Compact(p)
}

func (l *linter) glossary(c *Course) {
	const file = "glossary.yaml"
	src := l.read(file)
	terms, err := c.Glossary()
	if err != nil {
		l.yaml(file, err)
		return
	}
	seen := map[string]bool{}
	for _, t := range terms {
		line := lineOf(src, "key: "+t.Key)
		if seen[t.Key] {
			l.add(file, line, "term %s appears twice", t.Key)
		}
		seen[t.Key] = true
		l.both(file, line, "term "+t.Key, t.Term)
		l.both(file, line, "text of "+t.Key, t.Text)
		if c.Lesson(t.Lesson) == nil {
			l.add(file, line, "term %s: no lesson %q", t.Key, t.Lesson)
		}
	}
}
