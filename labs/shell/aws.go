package shell

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// usage is the exit code of an AWS CLI 2 that does not understand its arguments.
const usage = 252

// confused reports whether an aws did not know the command. Version 1 leaves with 2, which may mean anything.
func confused(code int, stderr []byte) bool {
	return code == usage || code == 2 && bytes.Contains(stderr, []byte("nvalid choice"))
}

// AWS is the `aws` command of a lab: the learner's real CLI or the built-in one.
type AWS struct {
	Place Place
	// Issued reports whether an access key is one of the place's cloud. With such a key the learner may call as somebody else;
	// any other is the learner's own business and never used. nil knows the place's key only.
	Issued func(ctx context.Context, accessKeyID string) bool
	// Builtin is the one that comes with haneul.
	Builtin Command
	// Real finds the path of the real CLI, "" if there is none; nil means none. See [CachedReal].
	Real func(context.Context) string
	// BuiltinFirst asks the built-in one first. Graders do: it answers in a millisecond, and the same everywhere.
	BuiltinFirst bool
}

// Run runs one aws command and returns its exit code. Whatever AWS_ variables the caller set on the way are dropped, but for
// keys of the place's own cloud; who meant to call with others is told.
func (a AWS) Run(ctx context.Context, c Call) int {
	keys := a.keys(ctx, c)
	c.Env = with(Environ(c.Env, a.Place), keys...)
	builtin := func(c Call) int { return a.Builtin(ctx, c) }
	if a.BuiltinFirst {
		return either(c, builtin, func(c Call) int {
			if path := a.real(ctx); path != "" {
				return runReal(ctx, path, c)
			}
			return usage
		}, "")
	}
	path := a.real(ctx)
	if path == "" {
		return builtin(c)
	}
	return either(c, func(c Call) int { return runReal(ctx, path, c) }, builtin,
		"haneul: this aws does not know the command; the built-in one ran it.\n")
}

// keys are the variables of another key of the cloud that the caller has put on, nil for none.
func (a AWS) keys(ctx context.Context, c Call) (vars []string) {
	id := Lookup(c.Env, "AWS_ACCESS_KEY_ID")
	if id == "" || id == a.Place.AccessKeyID {
		return nil
	}
	if a.Issued == nil || !a.Issued(ctx, id) {
		fmt.Fprintln(c.Stderr, "haneul: AWS_ACCESS_KEY_ID is ignored: it is no key of this cloud. aws calls with the lab's own key.")
		return nil
	}
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		if v := Lookup(c.Env, name); v != "" || name != "AWS_SESSION_TOKEN" {
			vars = append(vars, name+"="+v)
		}
	}
	return vars
}

func (a AWS) real(ctx context.Context) string {
	if a.Real == nil {
		return ""
	}
	return a.Real(ctx)
}

// either runs first, and second if first does not know the command and second does. What the first had to say about
// its usage is held back until then.
func either(c Call, first, second func(Call) int, note string) int {
	quiet := c
	stderr := &bytes.Buffer{}
	quiet.Stderr = stderr
	code := first(quiet)
	if !confused(code, stderr.Bytes()) {
		c.Stderr.Write(stderr.Bytes())
		return code
	}
	again := c
	out, errs := &bytes.Buffer{}, &bytes.Buffer{}
	again.Stdout, again.Stderr = out, errs
	if code := second(again); !confused(code, errs.Bytes()) {
		io.WriteString(c.Stderr, note)
		c.Stdout.Write(out.Bytes())
		c.Stderr.Write(errs.Bytes())
		return code
	}
	c.Stderr.Write(stderr.Bytes())
	return code
}

// runReal runs the real CLI with our endpoint: as an option, because versions before 2.13 ignore AWS_ENDPOINT_URL.
func runReal(ctx context.Context, path string, c Call) int {
	args, removed := withoutEndpoint(c.Args[1:])
	if removed != "" {
		fmt.Fprintf(c.Stderr, "haneul: --endpoint-url %s is ignored; a lab's aws reaches the lab's cloud only.\n", removed)
	}
	cmd := exec.CommandContext(ctx, path, append(args, "--endpoint-url", Lookup(c.Env, "AWS_ENDPOINT_URL"))...)
	cmd.Dir, cmd.Env = c.Dir, realEnv(c.Env)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	return exitCode(cmd.Run(), c.Stderr)
}

// withoutEndpoint takes the learner's own --endpoint-url out: the last one would win, and it is ours.
func withoutEndpoint(args []string) (kept []string, removed string) {
	for i := 0; i < len(args); i++ {
		switch name, value, inline := strings.Cut(args[i], "="); {
		case name != "--endpoint-url":
			kept = append(kept, args[i])
		case inline:
			removed = value
		case i+1 < len(args):
			i++
			removed = args[i]
		}
	}
	return kept, removed
}

// realEnv moves the real CLI's home to a folder of ours: it would read ~/.aws/cli/alias and ~/.aws/models too. What
// Python itself needs from the learner's home keeps pointing there.
func realEnv(env []string) []string {
	home := Lookup(env, "HOME")
	ours := filepath.Dir(Lookup(env, "AWS_CONFIG_FILE"))
	moved := with(env, "HOME="+ours)
	if runtime.GOOS == "windows" {
		return with(env, "USERPROFILE="+ours)
	}
	for name, dir := range map[string]string{"PYTHONUSERBASE": ".local", "PYENV_ROOT": ".pyenv"} {
		if Lookup(env, name) == "" && home != "" {
			moved = with(moved, name+"="+filepath.Join(home, dir))
		}
	}
	return moved
}

// FindReal finds the learner's own AWS CLI in an environment: the first `aws` on the PATH that is not a shim of ours
// and that works with our settings. It starts the CLI once, which takes up to a second.
func FindReal(ctx context.Context, env []string) string {
	for _, dir := range filepath.SplitList(pathOf(env)) {
		path := filepath.Join(dir, "aws")
		if runtime.GOOS == "windows" {
			path += ".exe"
		}
		if !filepath.IsAbs(path) || !executable(path) || isShim(path) {
			continue
		}
		cmd := exec.CommandContext(ctx, path, "--version")
		cmd.Env = realEnv(env)
		if out, err := cmd.CombinedOutput(); err == nil && bytes.Contains(out, []byte("aws-cli/")) {
			return path
		}
	}
	return ""
}

func pathOf(env []string) string {
	for _, kv := range env {
		if k, v, _ := strings.Cut(kv, "="); strings.EqualFold(k, "PATH") {
			return v
		}
	}
	return ""
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0)
}
