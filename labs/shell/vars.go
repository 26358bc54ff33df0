package shell

import (
	"slices"

	"mvdan.cc/sh/v3/expand"
)

// own are variables that every shell sets for itself.
var own = map[string]bool{"IFS": true, "OPTIND": true, "PWD": true, "OLDPWD": true, "UID": true, "EUID": true, "GID": true}

// Vars are the strings that the lines so far have left in variables, exported or not, as NAME=value in order of name. Whoever
// runs a line of this shell somewhere else gives them to it.
func (s *Shell) Vars() (vars []string) {
	for name, v := range s.runner.Vars {
		if v.IsSet() && v.Kind == expand.String && !own[name] {
			vars = append(vars, name+"="+v.Str)
		}
	}
	slices.Sort(vars)
	return vars
}
