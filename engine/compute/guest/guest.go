//go:build linux

package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"haneul/engine/compute/guest/eni"
	"haneul/engine/compute/guest/tool"
)

// Main runs the command that args[0] names, or if that is the program itself, args[1]. It returns the exit code.
func Main(args []string) int {
	if len(args) == 0 {
		return 127
	}
	name, login := strings.CutPrefix(filepath.Base(args[0]), "-") // a login shell is called -sh
	args = args[1:]
	if name == "guest" || name == "exe" || strings.HasPrefix(name, "haneul-guest") {
		if len(args) == 0 {
			fmt.Fprintln(os.Stderr, "usage: guest COMMAND [WORD…]")
			return 2
		}
		name, args = args[0], args[1:]
	}
	if slices.Contains(eni.Modes, name) {
		return eni.Main(name, args)
	}
	command := commands[name]
	if command == nil {
		fmt.Fprintf(os.Stderr, "%s: no such command\n", name)
		return 127
	}
	if login {
		args = append([]string{"-l"}, args...)
	}
	return tool.Run(command, name, args)
}
