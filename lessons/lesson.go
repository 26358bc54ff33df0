package lessons

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"

	"haneul/lessons/markdown"
)

// LessonText is one lesson in one language.
type LessonText struct {
	Front
	Doc *markdown.Doc
}

// Front is the front matter of a lesson.
type Front struct {
	Title   string `yaml:"title"`
	Minutes int    `yaml:"minutes"` // how long reading takes, without the labs
	Summary string `yaml:"summary"`
}

// Text reads a lesson in a language, once.
func (c *Course) Text(slug string, lang Lang) (*LessonText, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := textKey{slug, lang}
	if t, ok := c.texts[key]; ok {
		return t, nil
	}
	b, err := fs.ReadFile(c.fsys, lessonFile(slug, lang))
	if err != nil {
		return nil, fmt.Errorf("lesson %s is not written in %s: %w", slug, lang, err)
	}
	t, err := parseLesson(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", lessonFile(slug, lang), err)
	}
	c.texts[key] = t
	return t, nil
}

func lessonFile(slug string, lang Lang) string { return "lessons/" + slug + "/" + string(lang) + ".md" }

func parseLesson(b []byte) (*LessonText, error) {
	front, body, line := splitFront(b)
	t := &LessonText{}
	if err := yaml.UnmarshalWithOptions(front, &t.Front, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("front matter: %w", err)
	}
	t.Doc = markdown.Parse(body, line)
	return t, nil
}

// splitFront cuts the yaml between two --- lines off a text. line is the number of body's first line.
func splitFront(b []byte) (front, body []byte, line int) {
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(b, []byte("---\n"))
	if !ok {
		return nil, b, 1
	}
	front, body, ok = bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, b, 1
	}
	return front, body, bytes.Count(front, []byte("\n")) + 4
}
