package main

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"haneul/content"
	"haneul/engine"
	"haneul/engine/compute/docker"
	"haneul/labs"
	"haneul/lessons"
)

func authorCommands() []command {
	return []command{
		{name: "author"},
		{name: "author lint", args: "[DIR]", flags: jsonFlag, run: authorLint},
		{name: "author test", args: "[LAB]", flags: authorTestFlags, run: authorTest},
	}
}

func authorTestFlags(f *pflag.FlagSet) {
	f.String("content", "", "DIR")
	jsonFlag(f)
}

// lintReport is what the lint found.
type lintReport struct {
	Problems []problem `json:"problems"`
}

type problem struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Text string `json:"text"`
}

// authorLint checks a content folder, or the one that is built in.
func authorLint(_ context.Context, s *session) error {
	fsys, _, err := s.content(s.arg(0))
	if err != nil {
		return err
	}
	r := lintReport{Problems: []problem{}}
	for _, p := range lessons.Lint(fsys) {
		r.Problems = append(r.Problems, problem{p.File, p.Line, p.Text})
	}
	slugs, err := labs.Slugs(fsys)
	if err != nil {
		return err
	}
	for _, slug := range slugs {
		for _, text := range labs.Lint(fsys, slug) {
			r.Problems = append(r.Problems, problem{File: "labs/" + slug, Text: text})
		}
	}
	err = s.report(r, func() {
		for _, p := range r.Problems {
			fmt.Fprintln(s.Stdout, lessons.Problem{File: p.File, Line: p.Line, Text: p.Text})
		}
		if len(r.Problems) == 0 {
			s.tell("cli.author.clean")
		}
	})
	if err == nil && len(r.Problems) > 0 {
		err = exitCode(exitFailed)
	}
	return err
}

// content is a content folder an author works in, or the built-in one.
func (s *session) content(dir string) (fsys fs.FS, abs string, err error) {
	if dir == "" {
		return content.FS, "", nil
	}
	abs = s.resolve(dir)
	fsys, err = labs.Pack(abs)
	return fsys, abs, err
}

func (s *session) arg(i int) string {
	if i < len(s.args) {
		return s.args[i]
	}
	return ""
}

// proofReport is what author test found of one lab.
type proofReport struct {
	Lab      string   `json:"lab"`
	Problems []string `json:"problems"`
}

// authorTest does each lab with its solution and its wrong answers, in an engine and folders of its own.
func authorTest(ctx context.Context, s *session) error {
	fsys, dir, err := s.content(s.str("content"))
	if err != nil {
		return err
	}
	slugs, err := labs.Slugs(fsys)
	if err != nil {
		return err
	}
	if name := s.arg(0); name != "" {
		if !slices.Contains(slugs, name) {
			return misuse("no-such-lab", "lab", name, "labs", strings.Join(slugs, ", "))
		}
		slugs = []string{name}
	}
	k, err := s.kit()
	if err != nil {
		return err
	}
	k.Content, k.ContentDir, k.Private = fsys, dir, s.privateMachines
	reports := []proofReport{}
	failed := false
	for _, slug := range slugs {
		problems, err := k.Prove(ctx, slug, s.proving(slug))
		if err != nil {
			return err
		}
		failed = failed || len(problems) > 0
		reports = append(reports, proofReport{slug, append([]string{}, problems...)})
	}
	err = s.report(reports, func() {
		for _, r := range reports {
			for _, p := range r.Problems {
				fmt.Fprintf(s.Stdout, "%s: %s\n", r.Lab, p)
			}
			if len(r.Problems) == 0 {
				s.tell("cli.author.holds", "lab", r.Lab)
			}
		}
	})
	if err == nil && failed {
		err = exitCode(exitFailed)
	}
	return err
}

// privateMachines is an engine in this process with machines of its own, on the learner's Docker.
func (s *session) privateMachines() (labs.Engine, func(), error) {
	var host *engine.Host
	r := docker.New(docker.Options{
		Owner: fmt.Sprintf("proof%x", rand.Uint32()), Cache: s.paths.cache, Getenv: s.getenv, Warm: -1,
		Cloud: func(_ docker.Origin, c net.Conn) { host.Answer(c) },
	})
	host, err := engine.Open(engine.HostOptions{Token: labs.PrivateToken, Runtime: r})
	if err != nil {
		r.Close()
		return labs.Engine{}, nil, err
	}
	e, leave, err := labs.Serve(host)
	if err != nil {
		r.Close()
		return labs.Engine{}, nil, err
	}
	return e, func() {
		leave()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.SweepAll(ctx); err != nil {
			fmt.Fprintln(s.Stderr, err)
		}
		r.Close()
	}, nil
}

// proving says on standard error what is being done with a lab: it takes a while.
func (s *session) proving(slug string) func(string) {
	return func(step string) { fmt.Fprintf(s.Stderr, "%s: %s\n", slug, step) }
}
