package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"haneul/content"
	"haneul/lessons"
)

// session is a command while it runs: the program, its flags, its language, and what is looked up on first use.
type session struct {
	*Program
	flags  *pflag.FlagSet
	args   []string
	lang   lessons.Lang
	paths  paths
	course *lessons.Course

	cloudChoice string // the cloud to use instead of --cloud; "" for none
}

func newSession(p *Program) *session {
	s := &session{Program: p}
	s.lang = s.language()
	s.paths = findPaths(p.getenv)
	return s
}

func (p *Program) getenv(name string) string {
	for i := len(p.Environ) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(p.Environ[i], "="); ok && k == name {
			return v
		}
	}
	return ""
}

// flagSet has the flags every command knows and the command's own.
func (s *session) flagSet(c command) *pflag.FlagSet {
	f := pflag.NewFlagSet("haneul", pflag.ContinueOnError)
	f.SetOutput(discard{})
	f.BoolP("help", "h", false, "")
	f.String("lang", "", "ko|en")
	f.String("cloud", "", "NAME")
	if c.flags != nil {
		c.flags(f)
	}
	return f
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (s *session) str(name string) string { v, _ := s.flags.GetString(name); return v }
func (s *session) bool(name string) bool  { v, _ := s.flags.GetBool(name); return v }
func (s *session) given(name string) bool { return s.flags.Changed(name) }

// language is --lang, or else what the environment says.
func (s *session) language() lessons.Lang {
	asked := ""
	if s.flags != nil {
		asked = s.str("lang")
	}
	for _, v := range []string{asked, s.getenv("HANEUL_LANG"), s.getenv("LC_ALL"), s.getenv("LC_MESSAGES"), s.getenv("LANG"), systemLanguage()} {
		if v == "" {
			continue
		}
		if strings.HasPrefix(strings.ToLower(v), "ko") {
			return lessons.KO
		}
		return lessons.EN
	}
	return lessons.EN
}

// say is a sentence of the interface in the session's language.
func (s *session) say(key string, pairs ...any) string {
	if s.course == nil {
		c, err := lessons.Load(content.FS)
		if err != nil {
			return key
		}
		s.course = c
	}
	return s.course.T(s.lang, key, pairs...)
}

// tell prints a sentence.
func (s *session) tell(key string, pairs ...any) { fmt.Fprintln(s.Stdout, s.say(key, pairs...)) }

// hint prints a sentence that is not part of the result.
func (s *session) hint(key string, pairs ...any) { fmt.Fprintln(s.Stderr, s.say(key, pairs...)) }

// formatFlag adds --format with the formats a command has; the first is the default.
func formatFlag(f *pflag.FlagSet, formats ...string) {
	f.String("format", formats[0], strings.Join(formats, "|"))
}

// format is the chosen one of the formats.
func (s *session) format(formats ...string) (string, error) {
	v := s.str("format")
	for _, f := range formats {
		if f == v {
			return v, nil
		}
	}
	return "", misuse("bad-format", "format", v, "formats", strings.Join(formats, ", "))
}

// report prints v as JSON if --format json was given, and calls text otherwise.
func (s *session) report(v any, text func()) error {
	format, err := s.format("text", "json")
	if err != nil {
		return err
	}
	if format == "text" {
		text()
		return nil
	}
	return s.printJSON(v)
}

func (s *session) printJSON(v any) error {
	e := json.NewEncoder(s.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func jsonFlag(f *pflag.FlagSet) { formatFlag(f, "text", "json") }
