//go:build linux

package procs

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"haneul/engine/compute/guest/tool"
)

// duration reads 1.5, 10s, 2m, 1h, 1d.
func duration(s string) (time.Duration, bool) {
	unit := time.Second
	if s != "" {
		if u, ok := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[s[len(s)-1]]; ok {
			unit, s = u, s[:len(s)-1]
		}
	}
	if s == "infinity" || s == "inf" {
		return 1<<63 - 1, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return time.Duration(f * float64(unit)), err == nil && f >= 0
}

// Sleep is sleep NUMBER[smhd]….
func Sleep(c *tool.Call) int {
	if len(c.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	var total time.Duration
	for _, a := range c.Args {
		d, ok := duration(a)
		if !ok {
			return c.Fail(1, "invalid time interval ‘%s’", a)
		}
		total += d
	}
	time.Sleep(total)
	return 0
}

// replace gives this process to another program.
func replace(c *tool.Call, args []string) int {
	path, err := exec.LookPath(args[0])
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return c.Fail(127, "‘%s’: No such file or directory", args[0])
		}
		return c.Fail(126, "‘%s’: %s", args[0], tool.Reason(err))
	}
	c.Out.Flush()
	err = syscall.Exec(path, args, os.Environ())
	if errors.Is(err, syscall.ENOEXEC) {
		err = syscall.Exec("/proc/self/exe", append([]string{"sh", path}, args[1:]...), os.Environ())
	}
	return c.Fail(126, "‘%s’: %s", args[0], tool.Reason(err))
}

// Env is env [-i] [-u NAME] [NAME=VALUE]… [COMMAND…]; printenv prints.
func Env(c *tool.Call) int {
	if c.Name == "printenv" && len(c.Args) > 0 {
		code := 0
		for _, n := range c.Args {
			if v, ok := os.LookupEnv(n); ok {
				c.Printf("%s\n", v)
			} else {
				code = 1
			}
		}
		return code
	}
	args := c.Args
	if len(args) > 0 && strings.HasPrefix(args[0], "-S") { // #!/usr/bin/env -S sh -e
		args = append(strings.Fields(strings.TrimPrefix(args[0], "-S")), args[1:]...)
	}
	o, err := tool.Parse(args, "+iu:", "ignore-environment=i", "unset=u")
	if err != nil {
		return c.Fail(125, "%v", err)
	}
	if o.Has('i') || len(o.Args) > 0 && o.Args[0] == "-" {
		os.Clearenv()
	}
	for _, n := range o.All('u') {
		os.Unsetenv(n)
	}
	for len(o.Args) > 0 {
		name, value, ok := strings.Cut(o.Args[0], "=")
		if !ok {
			if name == "-" {
				o.Args = o.Args[1:]
				continue
			}
			return replace(c, o.Args)
		}
		os.Setenv(name, value)
		o.Args = o.Args[1:]
	}
	for _, e := range os.Environ() {
		c.Printf("%s\n", e)
	}
	return 0
}

// Nohup is nohup COMMAND…; setsid COMMAND… is like it, in a session of its own.
func Nohup(c *tool.Call) int {
	if len(c.Args) == 0 {
		return c.Fail(125, "missing operand")
	}
	if c.Name == "setsid" {
		if _, err := syscall.Setsid(); err != nil {
			cmd := exec.Command(c.Args[0], c.Args[1:]...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = os.Stdin, os.Stdout, os.Stderr, &syscall.SysProcAttr{Setsid: true}
			if err := cmd.Start(); err != nil {
				return c.Fail(127, "%s: %s", c.Args[0], tool.Reason(err))
			}
			return 0
		}
		return replace(c, c.Args)
	}
	signal.Ignore(syscall.SIGHUP)
	if _, err := unix.IoctlGetTermios(1, unix.TCGETS); err == nil {
		f, err := os.OpenFile("nohup.out", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return c.Fail(125, "failed to open 'nohup.out': %s", tool.Reason(err))
		}
		c.Warn("ignoring input and appending output to 'nohup.out'")
		_ = unix.Dup3(int(f.Fd()), 1, 0)
		_ = unix.Dup3(int(f.Fd()), 2, 0)
	}
	return replace(c, c.Args)
}

// Sudo is sudo COMMAND…, for habits and scripts: root needs none, and nobody else is given it.
func Sudo(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+EHniS")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if o.Has('i') && len(o.Args) == 0 {
		o.Args = []string{"sh", "-l"}
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "name a command")
	}
	if os.Getuid() != 0 {
		return c.Fail(1, "a process cannot get more rights here: log in as root")
	}
	return replace(c, o.Args)
}

// Timeout is timeout [-k DURATION] [-s SIGNAL] [--preserve-status] DURATION COMMAND….
func Timeout(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+k:s:pfv", "kill-after=k", "signal=s", "preserve-status=p", "foreground=f")
	if err != nil {
		return c.Fail(125, "%v", err)
	}
	if len(o.Args) < 2 {
		return c.Fail(125, "missing operand")
	}
	limit, ok := duration(o.Args[0])
	sig, ok2 := signalOf(o.Str('s', "TERM"))
	if !ok || !ok2 {
		return c.Fail(125, "invalid time interval ‘%s’", o.Args[0])
	}
	cmd := exec.Command(o.Args[1], o.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			return c.Fail(127, "failed to run command ‘%s’: No such file or directory", o.Args[1])
		}
		return c.Fail(126, "failed to run command ‘%s’: %s", o.Args[1], tool.Reason(err))
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	passed := make(chan os.Signal, 1)
	signal.Notify(passed, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	var alarm, last <-chan time.Time
	if limit > 0 {
		alarm = time.After(limit)
	}
	expired, killed := false, false
	for {
		select {
		case <-done:
			ws, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
			switch {
			case expired && !o.Has('p') && !killed && !(sig == syscall.SIGKILL):
				return 124
			case ws.Signaled():
				return 128 + int(ws.Signal())
			}
			return ws.ExitStatus()
		case <-alarm:
			expired = true
			_ = cmd.Process.Signal(sig)
			if k, ok := duration(o.Str('k', "")); o.Has('k') && ok {
				last = time.After(k)
			}
		case <-last:
			killed = true
			_ = cmd.Process.Kill()
		case s := <-passed:
			_ = cmd.Process.Signal(s)
		}
	}
}

// Which is which [-a] NAME….
func Which(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "a")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	code := 0
	for _, name := range o.Args {
		found := false
		for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
			path := filepath.Join(dir, name)
			if strings.Contains(name, "/") {
				path = name
			}
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				c.Printf("%s\n", path)
				if found = true; !o.Has('a') || path == name {
					break
				}
			}
		}
		if !found {
			code = 1
		}
	}
	return code
}

func signalOf(s string) (syscall.Signal, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return syscall.Signal(n), n >= 0 && n < 65
	}
	name := strings.ToUpper(s)
	if !strings.HasPrefix(name, "SIG") {
		name = "SIG" + name
	}
	n := unix.SignalNum(name)
	return n, n != 0
}

// Kill is kill [-SIGNAL | -s SIGNAL] PID…, kill -l. pkill, killall and pgrep go by name.
func Kill(c *tool.Call) int {
	args := c.Args
	sig := syscall.SIGTERM
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0] != "--" {
		word := args[0][1:]
		args = args[1:]
		if word == "l" || word == "L" {
			for n := syscall.Signal(1); n < 32; n++ {
				c.Printf("%2d) %s\n", n, unix.SignalName(n))
			}
			return 0
		}
		if word == "s" || word == "n" {
			if len(args) == 0 {
				return c.Fail(1, "option requires an argument -- 's'")
			}
			word, args = args[0], args[1:]
		}
		var ok bool
		if sig, ok = signalOf(word); !ok {
			return c.Fail(1, "%s: invalid signal specification", word)
		}
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return c.Fail(2, "usage: kill [-SIGNAL] PID…")
	}
	code := 0
	for _, a := range args {
		pid, err := strconv.Atoi(a)
		if err != nil {
			code = c.Fail(1, "%s: arguments must be process or job IDs", a)
			continue
		}
		if err := syscall.Kill(pid, sig); err != nil {
			code = c.Fail(1, "(%d) - %s", pid, tool.Reason(err))
		}
	}
	return code
}

// Pgrep is pgrep, pkill and killall [-SIGNAL] [-f] [-x] NAME.
func Pgrep(c *tool.Call) int {
	sig := syscall.SIGTERM
	var rest []string
	for _, a := range c.Args {
		if s, ok := signalOf(strings.TrimPrefix(a, "-")); c.Name != "pgrep" && len(a) > 1 && a[0] == '-' && ok {
			sig = s
			continue
		}
		rest = append(rest, a)
	}
	o, err := tool.Parse(rest, "fxalnoc")
	if err != nil || len(o.Args) == 0 {
		return c.Fail(2, "no matching criteria specified")
	}
	var found []process
	for _, p := range processes() {
		text := p.comm
		if o.Has('f') {
			text = p.args
		}
		match := func(name string) bool {
			if o.Has('x') || c.Name == "killall" {
				return text == name
			}
			return strings.Contains(text, name)
		}
		if p.pid != os.Getpid() && p.state != "Z" && slices.ContainsFunc(o.Args, match) {
			found = append(found, p)
		}
	}
	for _, p := range found {
		switch {
		case c.Name != "pgrep":
			_ = syscall.Kill(p.pid, sig)
		case o.Has('a'):
			c.Printf("%d %s\n", p.pid, p.args)
		case o.Has('l'):
			c.Printf("%d %s\n", p.pid, p.comm)
		default:
			c.Printf("%d\n", p.pid)
		}
	}
	if len(found) == 0 {
		if c.Name == "killall" {
			c.Warn("%s: no process found", o.Args[0])
		}
		return 1
	}
	return 0
}

// Flock is flock [-nsx] [-w SECONDS] FILE COMMAND… or -c TEXT: a lock for scripts that run at once.
func Flock(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+nsxew:c:", "nonblock=n", "shared=s", "exclusive=x", "timeout=w", "command=c")
	if err != nil {
		return c.Fail(64, "%v", err)
	}
	if len(o.Args) == 0 {
		return c.Fail(64, "usage: flock [-n] FILE COMMAND…")
	}
	command := o.Args[1:]
	if len(command) > 1 && command[0] == "-c" {
		command = []string{"/bin/sh", "-c", command[1]}
	}
	if len(command) == 0 {
		return c.Fail(64, "usage: flock [-n] FILE COMMAND…")
	}
	f, err := os.OpenFile(o.Args[0], os.O_RDONLY|os.O_CREATE, 0o666)
	if err != nil {
		return c.Fail(66, "cannot open lock file %s: %s", o.Args[0], tool.Reason(err))
	}
	how := syscall.LOCK_EX
	if o.Has('s') {
		how = syscall.LOCK_SH
	}
	limit := time.Duration(1<<63 - 1)
	if o.Has('n') {
		limit = 0
	}
	if o.Has('w') {
		limit, _ = duration(o.Str('w', ""))
	}
	for started, wait := time.Now(), time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if time.Since(started) >= limit {
			return 1
		}
		time.Sleep(wait)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		return c.Fail(69, "%s: %s", command[0], tool.Reason(err))
	}
	return 0
}

// Dmesg is dmesg: an instance has no kernel log of its own; what it has is the console's.
func Dmesg(c *tool.Call) int {
	b, err := os.ReadFile("/var/log/cloud-init-output.log")
	if err != nil {
		return c.Fail(1, "read kernel buffer failed: Operation not permitted")
	}
	c.Out.Write(b)
	return 0
}

// Clear empties the screen.
func Clear(c *tool.Call) int {
	c.Printf("\x1b[H\x1b[2J\x1b[3J")
	return 0
}
