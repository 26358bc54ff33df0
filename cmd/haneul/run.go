package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Program is one run of haneul. Everything it knows of the process it runs in is here, so that a test can boot one.
type Program struct {
	Args           []string // without the program's name
	Environ        []string
	Dir            string
	Executable     func() (string, error)
	Stdin          *os.File
	Stdout, Stderr io.Writer
}

// Exit codes. haneul check has its own (labs/report); haneul aws those of the AWS CLI.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitStopped = 130 // by Ctrl-C
)

// command is one row of the table of commands.
type command struct {
	name   string                                // "lab start"
	args   string                                // what follows, e.g. "LAB" or "[LESSON]"
	flags  func(*pflag.FlagSet)                  // nil for none of its own
	run    func(context.Context, *session) error // nil for a group, which shows its help
	raw    bool                                  // everything after the name is the command's own: aws
	hidden bool                                  // for machines: not in the help
	many   bool                                  // takes any number of arguments
}

// commands is the table, in the order of the help. The empty name is haneul alone.
func commands() []command {
	return slices.Concat(
		[]command{{name: "", run: openApp, flags: appFlags}},
		readingCommands(), labCommands(), clientCommands(), instanceCommands(), cloudCommands(), timeCommands(), journalCommands(),
		machineCommands(), authorCommands(),
	)
}

// Run runs the command and returns its exit code.
func (p *Program) Run(ctx context.Context) int {
	s := newSession(p)
	err := s.dispatch(ctx)
	var quit exitCode
	var wrong *failure
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &quit):
		return int(quit)
	case ctx.Err() != nil:
		return exitStopped
	case errors.As(err, &wrong):
		fmt.Fprintln(p.Stderr, "haneul: "+s.sentence(wrong))
		return wrong.code
	case engineLost(err):
		fmt.Fprintln(p.Stderr, "haneul: "+s.say("cli.error.engine-lost"))
		return exitFailed
	}
	fmt.Fprintln(p.Stderr, "haneul: "+err.Error())
	return exitFailed
}

// exitCode is an error of a command that has said everything already.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// failure is an error in the learner's language: a key of ui.*.yaml and what fills it.
type failure struct {
	code  int
	key   string
	pairs []any
	cause error
}

func (f *failure) Error() string { return f.key }
func (f *failure) Unwrap() error { return f.cause }

// fail makes a failure whose sentence is cli.error.KEY, with name, value pairs.
func fail(key string, pairs ...any) error {
	return &failure{code: exitFailed, key: "cli.error." + key, pairs: pairs}
}

// misuse is a failure of the caller's: exit code 2.
func misuse(key string, pairs ...any) error {
	return &failure{code: exitUsage, key: "cli.error." + key, pairs: pairs}
}

// sentence is the failure in words, with the cause behind it if there is one.
func (s *session) sentence(f *failure) string {
	text := s.say(f.key, f.pairs...)
	if f.cause != nil {
		text += "\n  " + f.cause.Error()
	}
	return text
}

// dispatch finds the command and runs it with its flags read.
func (s *session) dispatch(ctx context.Context) error {
	table := commands()
	before, rest, err := s.globals()
	if err != nil {
		return s.badFlag(err, command{})
	}
	c, args, ok := find(table, rest)
	if !ok {
		return s.unknown(table, rest)
	}
	if c.raw {
		if s.bool("help") { // before the name: what follows it is the command's own
			s.help(table, c)
			return nil
		}
		s.args = args
		return c.run(ctx, s)
	}
	s.flags = s.flagSet(c)
	err = s.flags.Parse(append(slices.Clone(before), args...))
	if s.lang = s.language(); err != nil && !errors.Is(err, pflag.ErrHelp) {
		return s.badFlag(err, c)
	}
	s.args = s.flags.Args()
	if s.bool("help") || c.run == nil && len(s.args) == 0 {
		s.help(table, c)
		return nil
	}
	if err := checkArgs(c, s.args); err != nil {
		return s.withUsage(err, c)
	}
	return c.run(ctx, s)
}

// globals reads the flags before the command's name and finds the session's language in them. The word help in the command's
// place stands for --help.
func (s *session) globals() (before, rest []string, err error) {
	words := s.Args
	for {
		s.flags = s.flagSet(command{flags: appFlags}) // without a command they are the app's
		s.flags.SetInterspersed(false)
		err = s.flags.Parse(words)
		if s.lang = s.language(); err != nil && !errors.Is(err, pflag.ErrHelp) {
			return nil, nil, err
		}
		rest = s.flags.Args()
		before = words[:len(words)-len(rest)]
		if len(rest) == 0 || rest[0] != "help" {
			return before, rest, nil
		}
		words = slices.Concat(before, []string{"--help"}, rest[1:])
	}
}

// find picks the command with the longest name that the words begin with.
func find(table []command, words []string) (c command, args []string, ok bool) {
	best := -1
	for i, row := range table {
		name := strings.Fields(row.name)
		if len(words) >= len(name) && slices.Equal(words[:len(name)], name) && (best < 0 || len(name) > len(strings.Fields(table[best].name))) {
			best = i
		}
	}
	c = table[best]
	args = words[len(strings.Fields(c.name)):]
	if c.run == nil && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return c, args, false
	}
	if c.name == "" && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return c, args, false
	}
	return c, args, true
}

// checkArgs holds the number of arguments to what the command's line of usage says.
func checkArgs(c command, args []string) error {
	var need, most int
	for _, word := range strings.Fields(c.args) {
		most++
		if !strings.HasPrefix(word, "[") {
			need++
		}
	}
	switch {
	case len(args) < need:
		return misuse("missing-argument", "argument", strings.Fields(c.args)[len(args)])
	case len(args) > most && !c.many:
		return misuse("extra-argument", "argument", args[most])
	}
	return nil
}
