package main

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"haneul/labs/shell"
)

func shellFlags(f *pflag.FlagSet) {
	f.StringP("command", "c", "", "LINE")
	f.Bool("builtin", false, "")
}

// runShell opens the learner's own shell in the lab's folder with the lab's environment. A line, a file, or what comes in
// without a terminal is run by the shell that comes with haneul: the same on every system.
func runShell(ctx context.Context, s *session) error {
	place, err := s.place(ctx)
	if err != nil {
		return err
	}
	env, err := s.withShim(place)
	if err != nil {
		return err
	}
	dir := s.workspace(place.Cloud)
	terminal := s.interactive()
	if terminal && len(s.args) == 0 && !s.given("command") && !s.bool("builtin") {
		return s.ownShell(dir, place, env)
	}
	k, err := s.kit()
	if err != nil {
		return err
	}
	e, err := k.Engine(ctx)
	if err != nil {
		return err
	}
	sh, err := k.Shell(e, place, s.lab(place.Cloud), dir, s.getenv("HANEUL_AWS") == "builtin")
	if err != nil {
		return err
	}
	defer sh.Close()
	switch {
	case s.given("command"):
		return code(sh.Line(ctx, s.str("command"), s.Stdout, s.Stderr))
	case len(s.args) > 0:
		b, err := os.ReadFile(s.resolve(s.args[0]))
		if err != nil {
			return err
		}
		return code(sh.Line(ctx, string(b), s.Stdout, s.Stderr))
	}
	return code(s.prompt(ctx, sh, terminal))
}

// lab is the slug of the lab whose cloud this is, "" if it is no lab's.
func (s *session) lab(cloud string) string {
	if a, err := s.labRecords().Status(cloud); err == nil && a.Active {
		return a.Lab
	}
	return ""
}

// prompt reads lines until the end or an exit.
func (s *session) prompt(ctx context.Context, sh *shell.Shell, ask bool) int {
	lines := bufio.NewScanner(s.Stdin)
	last := 0
	for {
		if ask {
			fmt.Fprint(s.Stderr, "haneul$ ")
		}
		if !lines.Scan() || ctx.Err() != nil {
			return last
		}
		last = sh.Line(ctx, lines.Text(), s.Stdout, s.Stderr)
		if sh.Exited() {
			return last
		}
	}
}
