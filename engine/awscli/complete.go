package awscli

import (
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// Complete lists what could follow words on a command line, the word aws left out: services, then operations, then the
// operation's options that are not there yet.
func Complete(services []*emu.Service, words []string) (out []string) {
	var plain []string
	for i := 0; i < len(words); i++ {
		if !strings.HasPrefix(words[i], "-") {
			plain = append(plain, words[i])
		}
		if len(plain) == 2 {
			break
		}
	}
	for _, s := range services {
		if len(s.Wire) == 0 {
			continue
		}
		if len(plain) == 0 {
			out = append(out, s.Name)
			continue
		}
		if s.Name != plain[0] {
			continue
		}
		for _, op := range s.Ops {
			switch {
			case len(plain) == 1:
				out = append(out, KebabCase(op.Name))
			case KebabCase(op.Name) == plain[1]:
				return unusedOptions(newCommand(s, op), words)
			}
		}
	}
	return out
}

func unusedOptions(c *command, words []string) (out []string) {
	used := map[string]bool{}
	for _, w := range words {
		name, _, _ := strings.Cut(w, "=")
		used[name] = true
	}
	names := []string{"query", "output"}
	for _, p := range c.params {
		names = append(names, p.name)
		if p.Kind == codec.Bool {
			names = append(names, "no-"+p.name)
		}
	}
	for _, n := range names {
		if !used["--"+n] {
			out = append(out, "--"+n)
		}
	}
	return out
}
