package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"haneul/labs/shell"
)

// ownShell is the learner's real one, after a line that says where they are. Ctrl-C is the shell's: it does not end us.
func (s *session) ownShell(dir string, place shell.Place, env []string) error {
	path := s.getenv("SHELL")
	switch {
	case runtime.GOOS == "windows":
		path = orWord(s.getenv("ComSpec"), "cmd.exe")
	case path == "":
		path = "/bin/sh"
	}
	args, more, err := s.startup(path, place, env)
	if err != nil {
		return err
	}
	s.hint("cli.shell.banner", "cloud", place.Cloud)
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = dir, append(env, more...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.Stdin, s.Stdout, s.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return code(exit.ExitCode())
	}
	return err
}

// startup makes a shell apply the lab's environment after the learner's own startup file, which may put another aws first
// on the PATH, or set credentials. Shells we do not know start as they are.
func (s *session) startup(path string, place shell.Place, env []string) (args, more []string, err error) {
	dir := filepath.Join(place.Dir, "startup")
	home := s.userHome()
	set := s.ours(env)
	switch strings.TrimSuffix(filepath.Base(path), ".exe") {
	case "bash":
		file := filepath.Join(dir, "bashrc")
		return []string{"--rcfile", file}, nil, writeStartup(file, sourced(filepath.Join(home, ".bashrc"))+set("sh"))
	case "zsh":
		own := orWord(s.getenv("ZDOTDIR"), home)
		text := "ZDOTDIR=" + quoted(own) + "\n" + sourced(filepath.Join(own, ".zshrc")) + set("sh")
		err := errors.Join(writeStartup(filepath.Join(dir, ".zshrc"), text), writeStartup(filepath.Join(dir, ".zshenv"), sourced(filepath.Join(own, ".zshenv"))))
		return nil, []string{"ZDOTDIR=" + dir}, err
	case "fish":
		file := filepath.Join(dir, "haneul.fish")
		return []string{"--init-command", "source '" + file + "'"}, nil, writeStartup(file, set("fish"))
	}
	return nil, nil, nil
}

// ours is the script that makes a shell's environment the lab's, whatever its startup file did.
func (s *session) ours(env []string) func(kind string) string {
	return func(kind string) string {
		forget := "for v in $(env | sed -n 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p'); do unset \"$v\"; done\n"
		if kind == "fish" {
			forget = "for v in (set -nx | string match 'AWS_*'); set -e $v; end\n"
		}
		lines := []string{unname[kind], forget}
		set, _ := changes(s.Environ, env)
		for _, kv := range set {
			lines = append(lines, envWriters[kind].set(kv[0], kv[1])+"\n")
		}
		return strings.Join(lines, "")
	}
}

// unname takes back the names of the lab's commands: an alias of the learner's own would win over the PATH.
var unname = map[string]string{
	"sh":   "unalias aws haneul clock check hint connect 2>/dev/null; unset -f aws haneul clock check hint connect 2>/dev/null\n",
	"fish": "functions --erase aws haneul clock check hint connect\n",
}

// sourced reads the learner's own startup file, if there is one.
func sourced(path string) string { return "[ -r " + quoted(path) + " ] && . " + quoted(path) + "\n" }

func quoted(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" }

func writeStartup(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}
