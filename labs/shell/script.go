package shell

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// shells are the interpreters whose scripts run in this process.
var shells = []string{"sh", "bash", "dash", "ash", "zsh"}

// byExtension names the interpreter of a script without a #! line, and of every script where #! means nothing.
var byExtension = map[string][]string{
	".sh": {"sh"}, ".bash": {"bash"}, ".py": {"python3"}, ".js": {"node"}, ".mjs": {"node"}, ".ts": {"node"},
	".rb": {"ruby"}, ".pl": {"perl"}, ".php": {"php"}, ".go": {"go", "run"},
}

// Interpreter is what runs a file: the program its #! line or its extension names. nil means that the file is a program
// itself.
func Interpreter(path string) []string {
	if argv := shebang(path); argv != nil {
		return argv
	}
	return byExtension[strings.ToLower(filepath.Ext(path))]
}

// IsScript reports whether a file is a shell script, which runs in this process.
func IsScript(path string) bool {
	argv := Interpreter(path)
	return len(argv) > 0 && slices.Contains(shells, strings.TrimSuffix(filepath.Base(argv[0]), ".exe"))
}

// shebang reads `#!/usr/bin/env python3` as python3 and `#!/bin/sh -e` as /bin/sh -e.
func shebang(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	line, _ := bufio.NewReaderSize(f, 256).ReadSlice('\n')
	rest, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "#!")
	argv := strings.Fields(rest)
	if !ok || len(argv) == 0 {
		return nil
	}
	if filepath.Base(argv[0]) == "env" {
		argv = argv[1:]
		for len(argv) > 0 && strings.HasPrefix(argv[0], "-") {
			argv = argv[1:]
		}
	}
	return argv
}

// argvOf is how to start a script that is no shell script.
func argvOf(path string, args []string) []string {
	if runtime.GOOS != "windows" && executable(path) && shebang(path) != nil {
		return append([]string{path}, args...)
	}
	argv := Interpreter(path)
	if runtime.GOOS == "windows" && len(argv) > 0 {
		argv = slices.Clone(argv)
		if argv[0] = filepath.Base(filepath.ToSlash(argv[0])); argv[0] == "python3" {
			argv[0] = "python" // what the installer for Windows calls it
		}
	}
	return append(append(slices.Clone(argv), path), args...)
}
