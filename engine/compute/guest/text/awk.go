package text

import (
	"errors"
	"os"
	"strings"

	"github.com/benhoyt/goawk/interp"
	"github.com/benhoyt/goawk/lexer"
	"github.com/benhoyt/goawk/parser"

	"haneul/engine/compute/guest/tool"
)

// Awk is awk [-F SEPARATOR] [-v NAME=VALUE]… [-f FILE]… [PROGRAM] [FILE…].
func Awk(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+F:v:f:", "field-separator=F", "assign=v", "file=f")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	var source strings.Builder
	for _, name := range o.All('f') {
		b, err := os.ReadFile(name)
		if err != nil {
			return c.Fail(2, "cannot open %s (%s)", name, tool.Reason(err))
		}
		source.Write(append(b, '\n'))
	}
	if !o.Has('f') {
		if len(o.Args) == 0 {
			return c.Fail(2, "usage: awk [-F SEPARATOR] [-v NAME=VALUE] PROGRAM [FILE…]")
		}
		source.WriteString(o.Args[0])
		o.Args = o.Args[1:]
	}
	program, err := parser.ParseProgram([]byte(source.String()), nil)
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	var vars []string
	for _, v := range o.All('v') {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return c.Fail(2, "-v: ‘%s’ is not NAME=VALUE", v)
		}
		value, err := lexer.Unescape(value)
		if err != nil {
			return c.Fail(2, "-v: %v", err)
		}
		vars = append(vars, name, value)
	}
	if f := o.Str('F', ""); o.Has('F') {
		if f == "t" {
			f = "\t"
		}
		if f, err = lexer.Unescape(f); err != nil {
			return c.Fail(2, "-F: %v", err)
		}
		vars = append(vars, "FS", f)
	}
	code, err := interp.ExecProgram(program, &interp.Config{
		Argv0: "awk", Args: o.Args, Vars: vars, Stdin: c.Stdin, Output: c.Out, Error: c.Stderr,
	})
	if err != nil {
		var typed *interp.Error
		if errors.As(err, &typed) {
			return c.Fail(2, "%s", typed.Error())
		}
		return c.Fail(2, "%v", err)
	}
	return code
}
