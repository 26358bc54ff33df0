package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Quiz is the questions of a lesson, each shown where a quiz fence names it.
type Quiz struct {
	Questions []*Question `yaml:"questions"`
}

// Kind is how a question is answered.
type Kind string

const (
	Choice Kind = "choice" // one option
	Multi  Kind = "multi"  // any number of options, all of the right ones and no other
	Number Kind = "number" // a number typed in; Answer lists the accepted ones
)

// Question is one question. Why texts say why an option is right or wrong; a number question has one for the whole, Why.
type Question struct {
	ID      string   `yaml:"id"`
	Kind    Kind     `yaml:"kind"`
	Prompt  Text     `yaml:"prompt"`
	Options []Option `yaml:"options"`
	Answer  []string `yaml:"answer"`
	Unit    Text     `yaml:"unit"` // shown after the box of a number question
	Why     Text     `yaml:"why"`
}

// Option is one answer to choose.
type Option struct {
	Key  string `yaml:"key"`
	Text Text   `yaml:"text"`
	Why  Text   `yaml:"why"`
}

// Quiz reads the questions of a lesson, once. A lesson without quiz.yaml has none.
func (c *Course) Quiz(slug string) (*Quiz, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if q, ok := c.quiz[slug]; ok {
		return q, nil
	}
	q := &Quiz{}
	name := "lessons/" + slug + "/quiz.yaml"
	b, err := fs.ReadFile(c.fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		if err := yaml.UnmarshalWithOptions(b, q, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	c.quiz[slug] = q
	return q, nil
}

// Question finds a question by id; nil if there is none.
func (q *Quiz) Question(id string) *Question {
	for _, x := range q.Questions {
		if x.ID == id {
			return x
		}
	}
	return nil
}

// Right tells whether answer is correct: option keys in any order, or one number as typed (thousands separators allowed).
func (q *Question) Right(answer []string) bool {
	if q.Kind == Number {
		if len(answer) != 1 {
			return false
		}
		got, err := number(answer[0])
		return err == nil && slices.ContainsFunc(q.Answer, func(want string) bool {
			w, err := number(want)
			return err == nil && w == got
		})
	}
	a, b := slices.Clone(answer), slices.Clone(q.Answer)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

func number(s string) (float64, error) {
	return strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), 64)
}
