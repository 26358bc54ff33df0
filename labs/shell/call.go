package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// Call is one command as it is run.
type Call struct {
	Args   []string // the command's name first
	Dir    string
	Env    []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
}

// Command is a command that runs in this process. It returns its exit code.
type Command func(ctx context.Context, c Call) int

// exitCode turns a program's end into an exit code as shells do.
func exitCode(err error, stderr io.Writer) int {
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return 0
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode()
	case errors.As(err, &exit):
		return 130 // ended by a signal
	}
	fmt.Fprintln(stderr, err)
	return 127
}
