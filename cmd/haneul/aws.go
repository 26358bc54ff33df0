package main

import (
	"context"
	"net/url"
	"os"
	"strings"

	"haneul/labs"
	"haneul/labs/shell"
)

func clientCommands() []command {
	return []command{
		{name: "aws", args: "…", run: runAWS, raw: true},
		{name: "shell", args: "[FILE]", flags: shellFlags, run: runShell},
		{name: "env", flags: envFlags, run: runEnv},
		{name: shell.ShimCommand, run: runShim, raw: true, hidden: true},
	}
}

// runAWS is the built-in aws on the session's cloud. Whoever it acts as is the cloud's root, unless the environment is
// one of ours (from haneul shell or haneul env): there the learner may have put on another user's keys.
func runAWS(ctx context.Context, s *session) error {
	place, err := s.place(ctx)
	if err != nil {
		return err
	}
	environ := s.Environ
	if s.inOurShell() {
		for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
			if s.getenv(name) == "" {
				environ = append(environ[:len(environ):len(environ)], name+"=")
			}
		}
		environ = append(environ[:len(environ):len(environ)], "AWS_ENDPOINT_URL="+place.Endpoint)
	} else {
		environ = shell.Environ(environ, place)
	}
	return code(labs.BuiltinAWS(ctx, shell.Call{
		Args: append([]string{"aws"}, s.args...), Dir: s.Dir, Env: environ, Stdin: s.Stdin, Stdout: s.Stdout, Stderr: s.Stderr,
	}))
}

// inOurShell tells whether the environment was made by haneul shell or haneul env. A learner's own AWS settings are never
// read.
func (s *session) inOurShell() bool {
	u, err := url.Parse(s.getenv("AWS_ENDPOINT_URL"))
	if err != nil || s.getenv("HANEUL_CLOUD") == "" {
		return false
	}
	host := u.Hostname()
	return host == "localhost" || strings.HasPrefix(host, "127.")
}

// runShim is what the aws in a lab's PATH calls.
func runShim(ctx context.Context, s *session) error {
	return code(shell.RunShim(ctx, labs.BuiltinAWS, s.args, s.Stdin, s.Stdout, s.Stderr))
}

// code turns an exit code into a command's result.
func code(n int) error {
	if n == 0 {
		return nil
	}
	return exitCode(n)
}

// place is the session's cloud as the shells of a lab see it.
func (s *session) place(ctx context.Context) (shell.Place, error) {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return shell.Place{}, err
	}
	var vars map[string]string
	k := s.labRecords()
	if a, err := k.Status(c.Name); err == nil && a.Active {
		vars = a.Env
	}
	p := k.Place(labs.Engine{Endpoint: e.Endpoint}, c, vars)
	return p, os.MkdirAll(p.Dir, 0o700)
}

// withShim writes the place's own aws and returns the environment in which it is found.
func (s *session) withShim(p shell.Place) ([]string, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	program, err := h.Program()
	if err != nil {
		return nil, s.engineError(err)
	}
	if _, err := shell.WriteShim(p, program); err != nil {
		return nil, s.engineError(err)
	}
	return shell.Environ(s.Environ, p), nil
}
