package lessons

import (
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"
)

// Term is a word the course explains.
type Term struct {
	Key    string `yaml:"key"`
	Term   Text   `yaml:"term"`
	Text   Text   `yaml:"text"`
	Lesson string `yaml:"lesson"` // where it is first explained; a slug
}

// Glossary reads the terms, in the file's order.
func (c *Course) Glossary() ([]Term, error) {
	b, err := fs.ReadFile(c.fsys, "glossary.yaml")
	if err != nil {
		return nil, err
	}
	var terms []Term
	if err := yaml.UnmarshalWithOptions(b, &terms, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("glossary.yaml: %w", err)
	}
	return terms, nil
}
