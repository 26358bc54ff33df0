package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/goccy/go-yaml"
)

// Lang is a language of the course.
type Lang string

const (
	KO Lang = "ko"
	EN Lang = "en"
)

// Langs lists the languages in the order they are shown.
var Langs = []Lang{KO, EN}

// Other is the language a switch leads to.
func (l Lang) Other() Lang {
	if l == KO {
		return EN
	}
	return KO
}

// Text is a sentence in both languages.
type Text struct {
	KO string `yaml:"ko"`
	EN string `yaml:"en"`
}

// In picks a language; any but Korean is English.
func (t Text) In(l Lang) string {
	if l == KO {
		return t.KO
	}
	return t.EN
}

// Course is the map of the course, in reading order.
type Course struct {
	Title   Text      `yaml:"title"`
	Modules []*Module `yaml:"modules"`

	fsys  fs.FS
	mu    sync.Mutex
	texts map[textKey]*LessonText
	quiz  map[string]*Quiz
	ui    map[Lang]*UI
}

type textKey struct {
	slug string
	lang Lang
}

// Module is a chapter: a few lessons on one subject. Number counts from 0.
type Module struct {
	Number  int       `yaml:"-"`
	Slug    string    `yaml:"slug"`
	Title   Text      `yaml:"title"`
	Lessons []*Lesson `yaml:"lessons"`
}

// Lesson is one text with its quiz and labs. A planned lesson has a row on the map and no folder yet.
type Lesson struct {
	Module  *Module `yaml:"-"`
	Slug    string  `yaml:"slug"`
	Title   Text    `yaml:"title"`
	Planned bool    `yaml:"planned"`
	Labs    []*Lab  `yaml:"labs"`
}

// Lab is a lab as the course map knows it; package labs knows the rest.
type Lab struct {
	Lesson  *Lesson `yaml:"-"`
	Slug    string  `yaml:"slug"`
	Title   Text    `yaml:"title"`
	Planned bool    `yaml:"planned"`
}

// Load reads course.yaml of a content folder (content.FS, or a directory an author is working in).
func Load(fsys fs.FS) (*Course, error) {
	b, err := fs.ReadFile(fsys, "course.yaml")
	if err != nil {
		return nil, fmt.Errorf("the course is unreadable: %w", err)
	}
	c := &Course{fsys: fsys, texts: map[textKey]*LessonText{}, quiz: map[string]*Quiz{}, ui: map[Lang]*UI{}}
	if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("course.yaml: %w", err)
	}
	for i, m := range c.Modules {
		if m == nil {
			return nil, errors.New("course.yaml: an empty module")
		}
		m.Number = i
		for _, l := range m.Lessons {
			if l == nil {
				return nil, fmt.Errorf("course.yaml: module %s has an empty lesson", m.Slug)
			}
			l.Module = m
			for _, lab := range l.Labs {
				lab.Lesson = l
			}
		}
	}
	return c, nil
}

// Lessons lists all lessons in order.
func (c *Course) Lessons() []*Lesson {
	var out []*Lesson
	for _, m := range c.Modules {
		out = append(out, m.Lessons...)
	}
	return out
}

// Labs lists all labs in order.
func (c *Course) Labs() []*Lab {
	var out []*Lab
	for _, l := range c.Lessons() {
		out = append(out, l.Labs...)
	}
	return out
}

// Lesson finds a lesson by slug; nil if there is none.
func (c *Course) Lesson(slug string) *Lesson {
	for _, l := range c.Lessons() {
		if l.Slug == slug {
			return l
		}
	}
	return nil
}

// Lab finds a lab by slug; nil if there is none.
func (c *Course) Lab(slug string) *Lab {
	for _, l := range c.Labs() {
		if l.Slug == slug {
			return l
		}
	}
	return nil
}

// Next is the first written lesson after l; nil at the end.
func (c *Course) Next(l *Lesson) *Lesson {
	seen := false
	for _, x := range c.Lessons() {
		if seen && !x.Planned {
			return x
		}
		seen = seen || x == l
	}
	return nil
}
