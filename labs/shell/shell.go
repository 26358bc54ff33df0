package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// Config says where and how a shell runs.
type Config struct {
	Dir      string             // where it starts, absolute
	Env      []string           // from Environ
	Commands map[string]Command // run in this process, before anything on the PATH
	Stdin    *os.File           // nil for none
	Stdout   io.Writer
	Stderr   io.Writer

	// Confined keeps it inside Dir and Also, and gives every program it starts a process group of its own. Started is
	// told of each such group, so that somebody else can end it.
	Confined bool
	Also     []string
	Closed   bool // run no program at all, only Commands and shell scripts
	Started  func(pid int)
}

// Shell runs commands one after another and remembers variables and the folder it is in. It is not safe for concurrent
// use.
type Shell struct {
	config  Config
	confine *confinement
	runner  *interp.Runner
	parser  *syntax.Parser
}

// New opens a shell. Close it afterwards.
func New(c Config) (*Shell, error) {
	s := &Shell{config: c, parser: syntax.NewParser(syntax.Variant(syntax.LangBash))}
	if c.Confined {
		var err error
		if s.confine, err = confine(append([]string{c.Dir}, c.Also...)...); err != nil {
			return nil, err
		}
	}
	var err error
	s.runner, err = s.runnerFor(c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr)
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close lets go of the folders.
func (s *Shell) Close() {
	if s.confine != nil {
		s.confine.Close()
	}
}

func (s *Shell) runnerFor(dir string, env []string, in io.Reader, out, errs io.Writer) (*interp.Runner, error) {
	options := []interp.RunnerOption{
		interp.Dir(dir),
		interp.Env(expand.ListEnviron(env...)),
		interp.StdIO(in, out, errs),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return s.exec }),
	}
	if s.confine != nil {
		options = append(options, s.confine.options()...)
	}
	return interp.New(options...)
}

// Line runs what was typed at a prompt, with its output going to out and errs, and returns the exit code.
func (s *Shell) Line(ctx context.Context, line string, out, errs io.Writer) int {
	prog, err := s.parser.Parse(strings.NewReader(line), "")
	if err != nil {
		fmt.Fprintln(errs, err)
		return 2
	}
	if err := interp.StdIO(s.config.Stdin, out, errs)(s.runner); err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	return status(ctx, s.runner.Run(ctx, prog), errs)
}

// Exited reports whether the last line was an exit.
func (s *Shell) Exited() bool { return s.runner.Exited() }

// Dir is the folder the shell is in.
func (s *Shell) Dir() string { return s.runner.Dir }

// Script runs a file of the workspace with arguments, as `./file args…` would.
func (s *Shell) Script(ctx context.Context, path string, args ...string) int {
	c := s.config
	var in io.Reader
	if c.Stdin != nil {
		in = c.Stdin
	}
	return s.start(ctx, path, Call{Args: append([]string{path}, args...), Dir: c.Dir, Env: c.Env, Stdin: in, Stdout: c.Stdout, Stderr: c.Stderr})
}

// status turns the interpreter's end into an exit code.
func status(ctx context.Context, err error, errs io.Writer) int {
	if err == nil {
		return 0
	}
	var exit interp.ExitStatus
	if errors.As(err, &exit) {
		return int(exit)
	}
	if ctx.Err() != nil {
		return 130
	}
	fmt.Fprintln(errs, err)
	return 1
}

// exec runs a command that is neither a function nor one of the shell's own.
func (s *Shell) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	c := Call{Args: args, Dir: hc.Dir, Env: exported(hc.Env), Stdin: hc.Stdin, Stdout: hc.Stdout, Stderr: hc.Stderr}
	code := s.run(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if code == 0 {
		return nil
	}
	return interp.ExitStatus(code)
}

// exported are the variables a program sees.
func exported(env expand.Environ) (lines []string) {
	env.Each(func(name string, v expand.Variable) bool {
		if v.Exported && v.IsSet() {
			lines = append(lines, name+"="+v.String())
		}
		return true
	})
	return lines
}

func (s *Shell) run(ctx context.Context, c Call) int {
	name := c.Args[0]
	if command := s.config.Commands[name]; command != nil {
		return command(ctx, c)
	}
	if isShellName(name) {
		return s.subshell(ctx, c)
	}
	path, err := find(c, name)
	if command := s.fallback(name); err != nil && command != nil {
		return command(ctx, c)
	}
	if err != nil {
		fmt.Fprintf(c.Stderr, "%s: command not found\n", name)
		return 127
	}
	return s.start(ctx, path, c)
}

// find looks a command up: a path as it is, a name on the PATH. A path needs no executable bit if it is a script.
func find(c Call, name string) (string, error) {
	if strings.ContainsAny(name, `/\`) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(c.Dir, name)
		}
		info, err := os.Stat(name)
		if err == nil && info.IsDir() {
			err = errors.New("is a directory")
		}
		if err == nil && (executable(name) || Interpreter(name) != nil) {
			return name, nil
		}
		if err == nil {
			err = os.ErrPermission
		}
		return "", err
	}
	return interp.LookPathDir(c.Dir, expand.ListEnviron(c.Env...), name)
}

// start runs a file: a shell script in this process, anything else as a program.
func (s *Shell) start(ctx context.Context, path string, c Call) int {
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Dir, path)
	}
	if IsScript(path) && (s.confine == nil || s.inside(path)) {
		return s.source(ctx, path, c)
	}
	if s.config.Closed {
		fmt.Fprintf(c.Stderr, "%s: only aws and shell scripts run here\n", c.Args[0])
		return 126
	}
	argv := argvOf(path, c.Args[1:])
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	if !filepath.IsAbs(argv[0]) {
		full, err := interp.LookPathDir(c.Dir, expand.ListEnviron(c.Env...), argv[0])
		if err != nil {
			fmt.Fprintf(c.Stderr, "%s needs %s, which is not installed.\n", filepath.Base(path), argv[0])
			return 127
		}
		cmd.Path, cmd.Err = full, nil
	}
	cmd.Dir, cmd.Env = c.Dir, c.Env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	if !s.config.Confined {
		return exitCode(cmd.Run(), c.Stderr)
	}
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return exitCode(err, c.Stderr)
	}
	if s.config.Started != nil {
		s.config.Started(cmd.Process.Pid)
	}
	err := cmd.Wait()
	KillGroup(cmd.Process.Pid)
	return exitCode(err, c.Stderr)
}

func (s *Shell) inside(path string) bool {
	_, _, err := s.confine.within("open", s.config.Dir, path)
	return err == nil
}
