package lessons

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// Problem is one thing wrong with the content. Line is 0 when it concerns the whole file.
type Problem struct {
	File string
	Line int
	Text string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Lint checks a content folder and returns everything wrong with it, in the order of files and lines.
func Lint(fsys fs.FS) []Problem {
	l := &linter{fsys: fsys}
	c, err := Load(fsys)
	if err != nil {
		l.yaml("course.yaml", err)
		return l.problems
	}
	l.course(c)
	for _, lesson := range c.Lessons() {
		if !lesson.Planned {
			l.lesson(lesson.Slug)
		}
	}
	l.labTexts()
	l.ui()
	l.glossary(c)
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		if d := strings.Compare(a.File, b.File); d != 0 {
			return d
		}
		return a.Line - b.Line
	})
	return l.problems
}

type linter struct {
	fsys     fs.FS
	problems []Problem
}

func (l *linter) add(file string, line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{file, line, fmt.Sprintf(format, args...)})
}

// yaml reports a YAML error at the line its token names.
func (l *linter) yaml(file string, err error) {
	var at interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		l.add(file, at.GetToken().Position.Line, "%s", at.GetMessage())
		return
	}
	l.add(file, 0, "%s", firstLine(err.Error()))
}

func firstLine(s string) string { s, _, _ = strings.Cut(s, "\n"); return s }

func (l *linter) read(file string) []byte {
	b, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.add(file, 0, "is missing")
	}
	return b
}

// lineOf finds the first line of b that contains s; 0 if none does.
func lineOf(b []byte, s string) int {
	i := bytes.Index(b, []byte(s))
	if i < 0 {
		return 0
	}
	return bytes.Count(b[:i], []byte("\n")) + 1
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (l *linter) course(c *Course) {
	const file = "course.yaml"
	src, _ := fs.ReadFile(l.fsys, file)
	row := func(kind, slug string, title Text, seen map[string]bool) {
		line := lineOf(src, "slug: "+slug)
		if !slugForm.MatchString(slug) {
			l.add(file, line, "%s slug %q: use lower-case words joined by hyphens", kind, slug)
		}
		if seen[slug] {
			l.add(file, line, "%s %s appears twice", kind, slug)
		}
		seen[slug] = true
		l.both(file, line, kind+" "+slug+" title", title)
	}
	modules, lessons, labs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, m := range c.Modules {
		row("module", m.Slug, m.Title, modules)
		for _, x := range m.Lessons {
			row("lesson", x.Slug, x.Title, lessons)
			l.planned(file, lineOf(src, "slug: "+x.Slug), "lessons/"+x.Slug, x.Planned)
			for _, lab := range x.Labs {
				row("lab", lab.Slug, lab.Title, labs)
				l.planned(file, lineOf(src, "{slug: "+lab.Slug), "labs/"+lab.Slug, lab.Planned)
			}
		}
	}
	l.strangers("lessons", lessons)
	l.strangers("labs", labs)
}

// planned holds the planned mark to what is on disk.
func (l *linter) planned(file string, line int, dir string, planned bool) {
	_, err := fs.Stat(l.fsys, dir)
	switch {
	case planned && err == nil:
		l.add(file, line, "%s exists: remove planned", dir)
	case !planned && err != nil:
		l.add(file, line, "%s does not exist: write it or mark it planned", dir)
	}
}

// strangers reports folders the course does not list.
func (l *linter) strangers(dir string, known map[string]bool) {
	entries, _ := fs.ReadDir(l.fsys, dir)
	for _, e := range entries {
		if e.IsDir() && !known[e.Name()] {
			l.add(path.Join(dir, e.Name()), 0, "is not in course.yaml")
		}
	}
}

func (l *linter) both(file string, line int, what string, t Text) {
	for _, lang := range Langs {
		if strings.TrimSpace(t.In(lang)) == "" {
			l.add(file, line, "%s: nothing in %s", what, lang)
		}
	}
}
