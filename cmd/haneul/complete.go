package main

import (
	"os"
	"path/filepath"
	"strings"

	"haneul/engine"
	"haneul/engine/awscli"
)

// completions are the words that the last word of a line could become.
func completions(line, dir string) []string {
	words := strings.Fields(line)
	last := ""
	if len(words) > 0 && !strings.HasSuffix(line, " ") {
		last, words = words[len(words)-1], words[:len(words)-1]
	}
	var choices []string
	switch {
	case len(words) == 0:
		choices = []string{"aws", "check", "clock", "connect", "hint", "haneul"}
	case words[0] == "clock" && len(words) == 1:
		choices = []string{"advance", "freeze", "resume"}
	case words[0] == "aws":
		choices = awscli.Complete(engine.Services(), words[1:])
	}
	var out []string
	for _, c := range choices {
		if strings.HasPrefix(c, last) {
			out = append(out, c)
		}
	}
	if len(words) > 0 {
		out = append(out, files(dir, last)...)
	}
	return out
}

// files completes a path, also behind file:// and fileb://.
func files(dir, word string) (out []string) {
	prefix := ""
	for _, p := range []string{"file://", "fileb://"} {
		if rest, ok := strings.CutPrefix(word, p); ok {
			prefix, word = p, rest
		}
	}
	folder, name := filepath.Split(word)
	at := folder
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, folder)
	}
	entries, _ := os.ReadDir(at)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), name) || name == "" && strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := prefix + folder + e.Name()
		if e.IsDir() {
			path += "/"
		}
		out = append(out, path)
	}
	return out
}
