package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// ShimCommand is the hidden command of haneul that the shim calls.
const ShimCommand = "__aws-shim"

// shims are the commands of a lab's shell that a learner's own shell finds on its PATH, and what they call haneul with.
var shims = map[string]string{
	"aws": ShimCommand, "haneul": "", "clock": "clock", "check": "check", "hint": "lab hint", "connect": "connect",
}

// WriteShim puts an `aws` into the place's folder that calls haneul, and haneul, clock, check, hint and connect beside it. It returns
// the folder for the PATH. exe is the haneul program. They are written anew when it has moved: a program built by `go
// run` is somewhere else each time.
func WriteShim(p Place, exe string) (string, error) {
	bin := p.bin()
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return "", err
	}
	for name, words := range shims {
		script := "#!/bin/sh\nexec '" + strings.ReplaceAll(exe, "'", `'\''`) + "' " + words + " \"$@\"\n"
		if runtime.GOOS == "windows" {
			name, script = name+".cmd", "@\""+exe+"\" "+words+" %*\r\n"
		}
		if err := writeScript(filepath.Join(bin, name), script); err != nil {
			return "", err
		}
	}
	return bin, nil
}

// writeScript replaces a script in one step: somebody may be running it.
func writeScript(path, script string) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == script {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".shim")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(script)
	if err = errors.Join(err, tmp.Chmod(0o755), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Ours reports whether an environment was made by [Environ].
func Ours(env []string) bool {
	return Lookup(env, "HANEUL_CLOUD") != "" && Lookup(env, "AWS_ENDPOINT_URL") != "" && Lookup(env, "AWS_CONFIG_FILE") != ""
}

// RunShim is the hidden command: it runs the real CLI, or the built-in one, in the environment of the call.
// HANEUL_AWS=builtin asks the built-in one first.
func RunShim(ctx context.Context, a AWS, c Call) int {
	if region := Lookup(c.Env, "AWS_REGION"); region != "" { // the learner may have moved to another one
		a.Place.Region = region
	}
	env := Environ(c.Env, a.Place)
	a.Real = func(ctx context.Context) string { return CachedReal(ctx, env) }
	a.BuiltinFirst = Lookup(c.Env, "HANEUL_AWS") == "builtin"
	return a.Run(ctx, c)
}

// CachedReal is [FindReal], remembered beside our config file as long as the PATH stays the same.
func CachedReal(ctx context.Context, env []string) string {
	file := filepath.Join(filepath.Dir(Lookup(env, "AWS_CONFIG_FILE")), "real-aws")
	path := pathOf(env)
	if b, err := os.ReadFile(file); err == nil {
		if known, real, ok := strings.Cut(strings.TrimSuffix(string(b), "\n"), "\n"); ok && known == path && (real == "" || executable(real)) {
			return real
		}
	}
	real := FindReal(ctx, env)
	// Remembering is a convenience: where it fails, the next call looks again.
	_ = os.WriteFile(file, []byte(path+"\n"+real+"\n"), 0o600)
	return real
}

func isShim(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head)
	return bytes.Contains(head[:n], []byte(ShimCommand))
}
