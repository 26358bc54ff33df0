package main

import (
	"bufio"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"
)

func yesFlag(f *pflag.FlagSet) { f.BoolP("yes", "y", false, "") }

// confirm asks before something that cannot be undone. Without a terminal nobody can answer: --yes is needed.
func (s *session) confirm(key string, pairs ...any) error {
	if s.bool("yes") {
		return nil
	}
	if !s.interactive() {
		return misuse("needs-yes")
	}
	fmt.Fprint(s.Stderr, s.say(key, pairs...)+" "+s.say("cli.ask")+" ")
	line, _ := bufio.NewReader(s.Stdin).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "예", "ㅛ", "네":
		return nil
	}
	return fail("not-confirmed")
}

// interactive tells whether somebody can be asked.
func (s *session) interactive() bool { return s.Stdin != nil && term.IsTerminal(s.Stdin.Fd()) }

// resolve makes a path of the command line absolute.
func (s *session) resolve(path string) string {
	if filepath.IsAbs(path) || s.Dir == "" {
		return path
	}
	return filepath.Join(s.Dir, path)
}
