package main

import (
	"context"
	"net/url"
	"os"
	"strings"

	"haneul/cmd/haneul/daemon"
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
// one of ours (from haneul shell or haneul env): there the learner may have put on another user's keys of this cloud. A --cloud anywhere
// on the line is ours: aws has no such option.
func runAWS(ctx context.Context, s *session) error {
	args, cloud, err := takeCloud(s.args)
	if err != nil {
		return err
	}
	s.cloudChoice = cloud
	e, place, err := s.enginePlace(ctx)
	if err != nil {
		return err
	}
	env := shell.Environ(s.Environ, place)
	if s.inOurShell() && place.Cloud == s.getenv("HANEUL_CLOUD") {
		env = s.Environ
		place.Region = orWord(s.getenv("AWS_REGION"), place.Region)
	}
	a := shell.AWS{Place: place, Builtin: labs.BuiltinAWS, Issued: labs.Issued(e.Client(), place.Cloud)}
	return code(a.Run(ctx, shell.Call{
		Args: append([]string{"aws"}, args...), Dir: s.Dir, Env: env, Stdin: s.Stdin, Stdout: s.Stdout, Stderr: s.Stderr,
	}))
}

// takeCloud takes --cloud NAME out of the arguments of aws.
func takeCloud(args []string) (kept []string, cloud string, err error) {
	for i := 0; i < len(args); i++ {
		name, value, inline := strings.Cut(args[i], "=")
		switch {
		case name != "--cloud":
			kept = append(kept, args[i])
		case inline:
			cloud = value
		case i+1 == len(args):
			return nil, "", misuse("flag-without-value", "flag", "--cloud")
		default:
			i++
			cloud = args[i]
		}
	}
	return kept, cloud, nil
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

// runShim is what the aws in a lab's PATH calls. It finds the engine anew, which may have left since the shell was opened.
func runShim(ctx context.Context, s *session) error {
	if !shell.Ours(s.Environ) {
		return &failure{code: exitUnreachable, key: "cli.error.outside-lab"}
	}
	e, place, err := s.enginePlace(ctx)
	if err != nil {
		return err
	}
	a := shell.AWS{Place: place, Builtin: labs.BuiltinAWS, Issued: labs.Issued(e.Client(), place.Cloud)}
	return code(shell.RunShim(ctx, a, shell.Call{
		Args: append([]string{"aws"}, s.args...), Dir: s.Dir, Env: s.Environ, Stdin: s.Stdin, Stdout: s.Stdout, Stderr: s.Stderr,
	}))
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
	_, p, err := s.enginePlace(ctx)
	return p, err
}

func (s *session) enginePlace(ctx context.Context) (*daemon.Engine, shell.Place, error) {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return nil, shell.Place{}, err
	}
	var vars map[string]string
	k := s.labRecords()
	if a, err := k.Status(c.Name); err == nil && a.Active {
		vars = a.Env
	}
	p := k.Place(labs.Engine{Endpoint: e.Endpoint}, c, vars)
	return e, p, os.MkdirAll(p.Dir, 0o700)
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
