//go:build linux

package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"haneul/engine/compute/guest/tool"
)

// backgroundFlag marks a shell that runs `cmd &`.
const backgroundFlag = 'B'

// job is a `cmd &`.
type job struct {
	pid    int
	text   string
	done   chan struct{}
	status int // when done
}

func (r *session) lastJob() *job {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.jobs) == 0 {
		return nil
	}
	return r.jobs[len(r.jobs)-1]
}

// exec runs what is neither builtin nor function.
func (r *session) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	switch args[0] {
	case cmdBackground:
		return r.spawn(hc, args[1:])
	case cmdWait:
		return r.wait(ctx, hc, args[1:])
	case cmdExec:
		return r.replace(hc, args[1:])
	case cmdUmask:
		return umask(hc, args[1:])
	case cmdJobs:
		return r.list(hc)
	case cmdNothing:
		return nil
	case cmdKill:
		args = r.killed(args)
	}
	path, err := r.find(hc, args[0])
	if err != nil {
		return err
	}
	cmd := r.command(hc, path, args)
	if err := start(cmd); err != nil {
		if !errors.Is(err, syscall.ENOEXEC) {
			return r.cannot(hc, args[0], err)
		}
		cmd = r.command(hc, self, append([]string{"sh", path}, args[1:]...)) // a script without #!
		if err := start(cmd); err != nil {
			return r.cannot(hc, args[0], err)
		}
	}
	return exited(cmd.Wait(), cmd.ProcessState)
}

// self is the guest's program, which is also sh.
const self = "/proc/self/exe"

func (r *session) command(hc interp.HandlerContext, path string, args []string) *exec.Cmd {
	// Not bound to the context: at a terminal the system interrupts the command, and it may know what to do about it.
	cmd := exec.Command(path)
	cmd.Args, cmd.Env, cmd.Dir = args, exported(hc.Env), hc.Dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = hc.Stdin, hc.Stdout, hc.Stderr
	cmd.WaitDelay = time.Second // a `cmd &` that keeps $(…) open does not block it for ever
	return cmd
}

// start tries again while somebody still has the file open for writing.
func start(cmd *exec.Cmd) error {
	for delay := time.Millisecond; ; delay *= 2 {
		err := cmd.Start()
		if !errors.Is(err, syscall.ETXTBSY) || delay > 300*time.Millisecond {
			return err
		}
		time.Sleep(delay)
		again := exec.Command(cmd.Path)
		again.Args, again.Env, again.Dir = cmd.Args, cmd.Env, cmd.Dir
		again.Stdin, again.Stdout, again.Stderr, again.WaitDelay = cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay
		*cmd = *again
	}
}

func (r *session) find(hc interp.HandlerContext, name string) (string, error) {
	path, err := interp.LookPathDir(hc.Dir, hc.Env, name)
	if err == nil {
		return path, nil
	}
	if !strings.Contains(name, "/") {
		fmt.Fprintf(hc.Stderr, "%s: %s: command not found\n", r.call.Name, name)
		return "", interp.ExitStatus(127)
	}
	if !strings.HasPrefix(name, "/") {
		name = hc.Dir + "/" + name
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case info.IsDir():
		err = syscall.EISDIR
	default:
		err = syscall.EACCES
	}
	return "", r.cannot(hc, name, err)
}

func (r *session) cannot(hc interp.HandlerContext, name string, err error) error {
	fmt.Fprintf(hc.Stderr, "%s: %s: %s\n", r.call.Name, name, tool.Reason(err))
	if errors.Is(err, os.ErrNotExist) {
		return interp.ExitStatus(127)
	}
	return interp.ExitStatus(126)
}

// exited turns the end of a process into a status: 128 and the signal's number for one that was killed.
func exited(err error, state *os.ProcessState) error {
	if state == nil {
		return err
	}
	ws, _ := state.Sys().(syscall.WaitStatus)
	switch {
	case ws.Signaled():
		return interp.ExitStatus(128 + uint8(ws.Signal()))
	case ws.ExitStatus() != 0:
		return interp.ExitStatus(uint8(ws.ExitStatus()))
	}
	return nil
}

func exported(env expand.Environ) (list []string) {
	env.Each(func(name string, v expand.Variable) bool {
		if v.Exported && v.Kind == expand.String {
			list = append(list, name+"="+v.String())
		}
		return true
	})
	return list
}

// spawn starts a shell of its own for a statement: args are its number and the positional parameters.
func (r *session) spawn(hc interp.HandlerContext, args []string) error {
	number, _ := strconv.Atoi(args[0])
	r.mu.Lock()
	text := r.texts[number]
	var prelude strings.Builder
	for _, f := range r.functions {
		prelude.WriteString(f + "\n")
	}
	r.mu.Unlock()
	declare(&prelude, hc.Env)
	options := append([]string{r.call.Name, "-" + string(backgroundFlag)}, r.start.options...)
	cmd := r.command(hc, self, append(append(options, "-c", prelude.String()+text, r.start.name), args[1:]...))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: r.start.interactive} // ^C at the terminal is not for it
	if r.start.interactive || hc.Stdin == nil {
		cmd.Stdin = nil
	}
	if err := start(cmd); err != nil {
		return r.cannot(hc, "&", err)
	}
	j := &job{pid: cmd.Process.Pid, text: text, done: make(chan struct{})}
	r.mu.Lock()
	r.jobs = append(r.jobs, j)
	n := len(r.jobs)
	r.mu.Unlock()
	if r.start.interactive {
		fmt.Fprintf(hc.Stderr, "[%d] %d\n", n, j.pid)
	}
	go func() {
		err := exited(cmd.Wait(), cmd.ProcessState)
		var s interp.ExitStatus
		if errors.As(err, &s) {
			j.status = int(s)
		}
		close(j.done)
	}()
	return nil
}

// declare writes assignments of the variables that the environment does not carry.
func declare(b *strings.Builder, env expand.Environ) {
	env.Each(func(name string, v expand.Variable) bool {
		switch {
		case name == "!", v.ReadOnly, !v.Set, v.Exported && v.Kind == expand.String, name == "IFS", name == "UID", name == "EUID", name == "GID":
		case v.Kind == expand.String:
			fmt.Fprintf(b, "%s=%s\n", name, quoted(v.Str))
		case v.Kind == expand.Indexed:
			b.WriteString(name + "=(")
			for _, s := range v.List {
				b.WriteString(" " + quoted(s))
			}
			b.WriteString(" )\n")
		case v.Kind == expand.Associative:
			b.WriteString("declare -A " + name + "=(")
			for key, s := range v.Map {
				b.WriteString(" [" + quoted(key) + "]=" + quoted(s))
			}
			b.WriteString(" )\n")
		}
		return true
	})
}

func quoted(s string) string {
	q, err := syntax.Quote(s, syntax.LangBash)
	if err != nil { // it has a NUL
		return "''"
	}
	return q
}

// wait is the builtin: for all, or for some by number.
func (r *session) wait(ctx context.Context, hc interp.HandlerContext, args []string) error {
	r.mu.Lock()
	jobs := append([]*job(nil), r.jobs...)
	r.mu.Unlock()
	if len(args) == 0 {
		for _, j := range jobs {
			select {
			case <-j.done:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	status := 0
	for _, arg := range args {
		found := false
		for i, j := range jobs {
			if strconv.Itoa(j.pid) != arg && "%"+strconv.Itoa(i+1) != arg {
				continue
			}
			found = true
			select {
			case <-j.done:
				status = j.status
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if !found {
			fmt.Fprintf(hc.Stderr, "%s: wait: pid %s is not a child of this shell\n", r.call.Name, arg)
			status = 127
		}
	}
	if status != 0 {
		return interp.ExitStatus(uint8(status))
	}
	return nil
}

func (r *session) list(hc interp.HandlerContext) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, j := range r.jobs {
		state := "Running"
		select {
		case <-j.done:
			state = "Done"
		default:
		}
		fmt.Fprintf(hc.Stdout, "[%d]  %-22s %s &\n", i+1, state, j.text)
	}
	return nil
}

// replace is exec: the command takes this process, with the redirections in force.
func (r *session) replace(hc interp.HandlerContext, args []string) error {
	path, err := r.find(hc, args[0])
	if err != nil {
		return err
	}
	if err := os.Chdir(hc.Dir); err != nil {
		return r.cannot(hc, hc.Dir, err)
	}
	for fd, stream := range []any{hc.Stdin, hc.Stdout, hc.Stderr} {
		if err := place(stream, fd); err != nil {
			return r.cannot(hc, args[0], err)
		}
	}
	err = syscall.Exec(path, args, exported(hc.Env))
	if errors.Is(err, syscall.ENOEXEC) {
		err = syscall.Exec(self, append([]string{"sh", path}, args[1:]...), exported(hc.Env))
	}
	return r.cannot(hc, args[0], err)
}

func place(stream any, fd int) error {
	f, ok := stream.(*os.File)
	if stream == nil || ok && f == nil || stream == io.Discard {
		null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		f, ok = null, true
	}
	if !ok {
		return errors.New("not a file")
	}
	if int(f.Fd()) == fd {
		return nil
	}
	return unix.Dup3(int(f.Fd()), fd, 0)
}

// killed makes the shell's %1 the number that the program kill knows.
func (r *session) killed(args []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{"kill"}
	for _, a := range args[1:] {
		for i, j := range r.jobs {
			if a == "%"+strconv.Itoa(i+1) {
				a = strconv.Itoa(j.pid)
			}
		}
		out = append(out, a)
	}
	return out
}

func umask(hc interp.HandlerContext, args []string) error {
	if len(args) == 0 {
		old := syscall.Umask(0)
		syscall.Umask(old)
		fmt.Fprintf(hc.Stdout, "%04o\n", old)
		return nil
	}
	n, err := strconv.ParseUint(args[0], 8, 9)
	if err != nil {
		fmt.Fprintf(hc.Stderr, "umask: %s: an octal number is wanted\n", args[0])
		return interp.ExitStatus(1)
	}
	syscall.Umask(int(n))
	return nil
}
