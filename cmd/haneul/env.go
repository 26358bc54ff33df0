package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func envFlags(f *pflag.FlagSet) {
	f.String("shell", "", "sh|fish|powershell|cmd")
	jsonFlag(f)
}

// runEnv prints what makes a shell a shell of the session's cloud, for: eval "$(haneul env)".
func runEnv(ctx context.Context, s *session) error {
	kind := s.str("shell")
	if kind == "" {
		kind = s.guessShell()
	}
	write, ok := envWriters[kind]
	if !ok {
		return misuse("bad-flag-value", "flag", "--shell", "value", kind)
	}
	place, err := s.place(ctx)
	if err != nil {
		return err
	}
	env, err := s.withShim(place)
	if err != nil {
		return err
	}
	set, unset := changes(s.Environ, env)
	return s.report(map[string]any{"set": toMap(set), "unset": unset}, func() {
		for _, name := range unset {
			fmt.Fprintln(s.Stdout, write.unset(name))
		}
		for _, kv := range set {
			fmt.Fprintln(s.Stdout, write.set(kv[0], kv[1]))
		}
		if kind == "sh" {
			s.hint("cli.env.eval")
		}
	})
}

// changes are the variables that differ between two environments, sorted by name.
func changes(from, to []string) (set [][2]string, unset []string) {
	before, after := map[string]string{}, map[string]string{}
	for m, list := range map[*map[string]string][]string{&before: from, &after: to} {
		for _, kv := range list {
			if k, v, ok := strings.Cut(kv, "="); ok && k != "" {
				(*m)[k] = v
			}
		}
	}
	for k, v := range after {
		if old, ok := before[k]; !ok || old != v {
			set = append(set, [2]string{k, v})
		}
	}
	for k := range before {
		if _, ok := after[k]; !ok {
			unset = append(unset, k)
		}
	}
	slices.SortFunc(set, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	slices.Sort(unset)
	return set, unset
}

func toMap(pairs [][2]string) map[string]string {
	m := map[string]string{}
	for _, p := range pairs {
		m[p[0]] = p[1]
	}
	return m
}

// envWriter spells assignments for a kind of shell.
type envWriter struct {
	set   func(name, value string) string
	unset func(name string) string
}

var envWriters = map[string]envWriter{
	"sh": {
		func(n, v string) string { return "export " + n + "=" + quoted(v) },
		func(n string) string { return "unset " + n },
	},
	"fish": {
		func(n, v string) string {
			return "set -gx " + n + " '" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(v) + "'"
		},
		func(n string) string { return "set -e " + n },
	},
	"powershell": {
		func(n, v string) string { return "$env:" + n + " = '" + strings.ReplaceAll(v, "'", "''") + "'" },
		func(n string) string { return "Remove-Item -ErrorAction Ignore Env:" + n },
	},
	"cmd": {
		func(n, v string) string { return `set "` + n + "=" + v + `"` },
		func(n string) string { return "set " + n + "=" },
	},
}

func (s *session) guessShell() string {
	switch {
	case filepath.Base(s.getenv("SHELL")) == "fish":
		return "fish"
	case runtime.GOOS == "windows" && s.getenv("SHELL") == "":
		return "powershell"
	}
	return "sh"
}
