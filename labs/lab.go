package labs

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Lang is a language of the course: ko or en.
type Lang string

// Langs are the languages every lab is written in.
var Langs = []Lang{"ko", "en"}

// Text is a phrase in both languages.
type Text struct {
	KO string `yaml:"ko" json:"ko"`
	EN string `yaml:"en" json:"en"`
}

// In picks a language; any but Korean is English.
func (t Text) In(l Lang) string {
	if l == "ko" {
		return t.KO
	}
	return t.EN
}

// Lab is one folder of content/labs, read and held to the format in doc.go.
type Lab struct {
	Slug      string             `yaml:"-"`
	Title     Text               `yaml:"title"`
	Lesson    string             `yaml:"lesson"`
	Minutes   int                `yaml:"minutes"`
	Needs     []string           `yaml:"needs"`     // docker
	Seeds     int                `yaml:"seeds"`     // branches a grading runs on; 2 unless said; 1 with instances, live
	Workers   map[string]Program `yaml:"workers"`   // the learner's programs the grader runs
	Protected []string           `yaml:"protected"` // patterns of files the grader brings itself
	Checks    []Check            `yaml:"checks"`
	Wrong     map[string]string  `yaml:"wrong"` // wrong/<mistake> → the check that must catch it

	SHA256 string `yaml:"-"` // of the folder
	FS     fs.FS  `yaml:"-"` // the folder
	texts  map[Lang]*LabText
}

// Program is a script of the learner's in the workspace.
type Program struct {
	Argv []string          `yaml:"argv"` // the script's name, with or without extension, then its arguments
	Env  map[string]string `yaml:"env"`
}

// Check is one graded requirement. Its code is check_<id> in check.star, with _ for -.
type Check struct {
	ID     string   `yaml:"id"`
	Title  Text     `yaml:"title"`
	Points int      `yaml:"points"`
	Needs  []string `yaml:"needs"` // checks that come first; this one is blocked if they do not pass
}

// Func is the check's function in check.star.
func (c *Check) Func() string { return "check_" + strings.ReplaceAll(c.ID, "-", "_") }

// Check finds a check by id; nil if there is none.
func (l *Lab) Check(id string) *Check {
	for i := range l.Checks {
		if l.Checks[i].ID == id {
			return &l.Checks[i]
		}
	}
	return nil
}

// NeedsDocker reports whether the lab has instances or containers. Then it is graded live.
func (l *Lab) NeedsDocker() bool { return slices.Contains(l.Needs, "docker") }

// Points is what the lab is worth.
func (l *Lab) Points() (sum int) {
	for _, c := range l.Checks {
		sum += c.Points
	}
	return sum
}

// Mistakes lists the folders under wrong/.
func (l *Lab) Mistakes() []string { return slices.Sorted(maps.Keys(l.Wrong)) }

// Text is what a learner reads, in one language.
func (l *Lab) Text(lang Lang) *LabText {
	if t := l.texts[lang]; t != nil {
		return t
	}
	return l.texts["en"]
}
