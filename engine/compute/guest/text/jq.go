package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/itchyny/gojq"

	"haneul/engine/compute/guest/tool"
)

// Jq is jq [-rcnseSaj] [--tab] [--arg NAME VALUE] [--argjson NAME JSON] [-f FILE] FILTER [FILE…].
func Jq(c *tool.Call) int {
	j := &jq{c: c, indent: "  "}
	args, code := j.options(c.Args)
	if code != 0 {
		return code
	}
	o, err := tool.Parse(args, "rcnseSjaCMRf:T", "raw-output=r", "compact-output=c", "null-input=n", "slurp=s", "exit-status=e",
		"sort-keys=S", "join-output=j", "ascii-output=a", "raw-input=R", "from-file=f", "tab=T", "monochrome-output=M", "color-output=C")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if o.Has('T') {
		j.indent = "\t"
	}
	if o.Has('c') {
		j.indent = ""
	}
	j.o = o
	filter := "."
	switch {
	case o.Has('f'):
		b, err := os.ReadFile(o.Str('f', ""))
		if err != nil {
			return c.Fail(2, "Could not open %s: %s", o.Str('f', ""), tool.Reason(err))
		}
		filter = string(b)
	case len(o.Args) > 0:
		filter, o.Args = o.Args[0], o.Args[1:]
	}
	query, err := gojq.Parse(filter)
	if err != nil {
		return c.Fail(3, "error: %v\njq: 1 compile error", err)
	}
	j.code, err = gojq.Compile(query, gojq.WithVariables(j.names), gojq.WithEnvironLoader(os.Environ))
	if err != nil {
		return c.Fail(3, "error: %v\njq: 1 compile error", err)
	}
	return j.run()
}

type jq struct {
	c      *tool.Call
	o      *tool.Options
	code   *gojq.Code
	names  []string
	values []any
	indent string
	last   any
	any    bool
	status int
}

// options takes out --arg and --argjson, which have two values.
func (j *jq) options(args []string) (rest []string, code int) {
	for i := 0; i < len(args); i++ {
		if args[i] != "--arg" && args[i] != "--argjson" {
			rest = append(rest, args[i])
			continue
		}
		if i+2 >= len(args) {
			return nil, j.c.Fail(2, "%s takes two parameters", args[i])
		}
		var value any = args[i+2]
		if args[i] == "--argjson" {
			if err := json.Unmarshal([]byte(args[i+2]), &value); err != nil {
				return nil, j.c.Fail(2, "Invalid JSON text passed to --argjson")
			}
		}
		j.names, j.values = append(j.names, "$"+args[i+1]), append(j.values, value)
		i += 2
	}
	return rest, 0
}

func (j *jq) run() int {
	if j.o.Has('n') {
		j.apply(nil)
		return j.result()
	}
	var all []any
	code := j.c.EachFile(j.o.Args, func(_ string, r io.Reader) error {
		if j.o.Has('R') {
			b, err := io.ReadAll(r)
			if j.o.Has('s') {
				all = append(all, string(b))
				return err
			}
			for line := range strings.Lines(string(b)) {
				j.apply(strings.TrimSuffix(line, "\n"))
			}
			return err
		}
		d := json.NewDecoder(r)
		d.UseNumber()
		for {
			var v any
			err := d.Decode(&v)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				j.status = 2
				j.c.Warn("error (at <stdin>): %v", err)
				return nil
			}
			if j.o.Has('s') {
				all = append(all, v)
			} else {
				j.apply(v)
			}
		}
	})
	if j.o.Has('s') && j.status == 0 {
		if j.o.Has('R') {
			j.apply(strings.Join(strs(all), ""))
		} else {
			if all == nil {
				all = []any{}
			}
			j.apply(all)
		}
	}
	if code != 0 {
		return 2
	}
	return j.result()
}

func strs(vs []any) (out []string) {
	for _, v := range vs {
		out = append(out, v.(string))
	}
	return out
}

func (j *jq) result() int {
	if j.status == 0 && j.o.Has('e') {
		switch {
		case !j.any:
			return 4
		case j.last == nil || j.last == false:
			return 1
		}
	}
	return j.status
}

// apply runs the filter on one input and prints what comes out.
func (j *jq) apply(v any) {
	it := j.code.Run(numbers(v), j.values...)
	for {
		out, ok := it.Next()
		if !ok {
			return
		}
		if err, ok := out.(error); ok {
			var halt *gojq.HaltError
			if errors.As(err, &halt) {
				j.status = halt.ExitCode()
				return
			}
			j.status = 5
			j.c.Warn("error (at <stdin>): %v", err)
			return
		}
		j.last, j.any = out, true
		j.print(out)
	}
}

// numbers turns json.Number into what gojq computes with.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

func (j *jq) print(v any) {
	end := "\n"
	if j.o.Has('j') {
		end = ""
	}
	if s, ok := v.(string); ok && (j.o.Has('r') || j.o.Has('j')) {
		fmt.Fprint(j.c.Out, s, end)
		return
	}
	b, err := gojq.Marshal(v)
	if err != nil {
		j.c.Warn("error: %v", err)
		return
	}
	if j.indent != "" {
		var pretty bytes.Buffer
		if json.Indent(&pretty, b, "", j.indent) == nil {
			b = pretty.Bytes()
		}
	}
	fmt.Fprintf(j.c.Out, "%s%s", b, end)
}
