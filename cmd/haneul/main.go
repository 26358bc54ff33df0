// Command haneul is a course on the cloud and a small cloud to do it on. Run it without arguments for the app, or with
// --help for its commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(start()) }

// start makes the program of this process: the only place that looks at the process itself.
func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := &Program{
		Args: os.Args[1:], Environ: os.Environ(), Executable: os.Executable,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	p.Dir, _ = os.Getwd()
	return p.Run(ctx)
}
