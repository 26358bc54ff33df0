package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"
)

// helpKey is where a command's sentences are: cli.help.lab-start, with .more for the long one.
func helpKey(c command) string {
	if c.name == "" {
		return "cli.help.app"
	}
	return "cli.help." + strings.ReplaceAll(c.name, " ", "-")
}

func (c command) usage() string {
	return strings.TrimSpace(strings.Join(strings.Fields("haneul "+c.name+" "+c.args), " "))
}

// help prints a command's help; that of haneul itself and of a group lists the commands below.
func (s *session) help(table []command, c command) {
	fmt.Fprintf(s.Stdout, "%s\n\n  %s\n", s.say(helpKey(c)), c.usage())
	if more := helpKey(c) + ".more"; s.has(more) {
		fmt.Fprintf(s.Stdout, "\n%s\n", strings.TrimSpace(s.say(more)))
	}
	s.listCommands(table, c)
	s.listFlags(c)
}

func (s *session) has(key string) bool {
	s.say(key)
	return s.course != nil && s.course.UI(s.lang).Has(key)
}

func (s *session) listCommands(table []command, above command) {
	var rows [][2]string
	for _, c := range table {
		below := c.name != "" && (above.name == "" || strings.HasPrefix(c.name, above.name+" "))
		if below && !c.hidden && c.run != nil {
			rows = append(rows, [2]string{strings.TrimSpace(c.name + " " + c.args), s.say(helpKey(c))})
		}
	}
	s.columns("cli.help.commands", rows)
}

func (s *session) listFlags(c command) {
	var rows [][2]string
	s.flagSet(c).VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if f.Usage != "" {
			name += " " + f.Usage
		}
		key := "cli.flag." + strings.TrimPrefix(helpKey(c), "cli.help.") + "." + f.Name
		if !s.has(key) {
			key = "cli.flag." + f.Name
		}
		rows = append(rows, [2]string{name, s.say(key)})
	})
	s.columns("cli.help.flags", rows)
}

// columns prints rows under a heading, the second column aligned; Korean takes two cells a syllable.
func (s *session) columns(heading string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	width := 0
	for _, r := range rows {
		width = max(width, ansi.StringWidth(r[0]))
	}
	fmt.Fprintf(s.Stdout, "\n%s\n\n", s.say(heading))
	for _, r := range rows {
		fmt.Fprintf(s.Stdout, "  %s%s  %s\n", r[0], strings.Repeat(" ", width-ansi.StringWidth(r[0])), r[1])
	}
}

// badFlag turns pflag's complaint into one in the learner's language.
func (s *session) badFlag(err error, c command) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return s.withUsage(misuse("unknown-flag", "flag", flagWord(unknown.GetSpecifiedName())), c)
	case errors.As(err, &missing):
		return s.withUsage(misuse("flag-without-value", "flag", flagWord(missing.GetSpecifiedName())), c)
	case errors.As(err, &value):
		return s.withUsage(misuse("bad-flag-value", "flag", "--"+value.GetFlag().Name, "value", value.GetValue()), c)
	}
	return s.withUsage(&failure{code: exitUsage, key: "cli.error.bad-usage", cause: err}, c)
}

func flagWord(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// withUsage says what was wrong and how the command is called, and leaves with the code for misuse.
func (s *session) withUsage(err error, c command) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	fmt.Fprintf(s.Stderr, "haneul: %s\n\n  %s\n\n%s\n", s.sentence(f), c.usage(),
		s.say("cli.help.see", "command", strings.TrimSpace("haneul "+c.name)+" --help"))
	return exitCode(f.code)
}

// unknown answers a command that does not exist with those that look like it.
func (s *session) unknown(table []command, words []string) error {
	word := strings.Join(words[:min(len(words), 2)], " ")
	like := ""
	for _, c := range table {
		if c.hidden || c.name == "" {
			continue
		}
		if strings.HasPrefix(c.name, words[0]) || near(c.name, words[0]) {
			like = "haneul " + c.name
			break
		}
	}
	if len(words) == 1 {
		word = words[0]
	}
	if like == "" {
		like = "haneul --help"
	}
	return misuse("unknown-command", "command", word, "like", like)
}

// near tells whether two words differ by one letter, or by two neighbours swapped.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) < 3 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
