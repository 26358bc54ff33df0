package awscli

import (
	"fmt"
	"reflect"
	"slices"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// skeleton answers --generate-cli-skeleton: a sample input, or a sample output after the input was checked. Nothing is
// sent.
func (r *runner) skeleton(c *command, kind string, in *ordered.Object) error {
	switch kind {
	case "input":
		fmt.Fprintln(r.Stdout, ordered.Skeleton(sampler{}.value(c.input, "", nil)))
		return nil
	case "output":
		if err := c.validate(in); err != nil {
			return err
		}
		out, _ := sampler{names: true}.value(shapeOf(c.op.Output()), "", nil).(*ordered.Object)
		return r.print(out)
	}
	return failf(exitUsage, "--generate-cli-skeleton %s is not part of the built-in CLI: use input or output.", kind)
}

// sampler makes sample values; with names, a string is its member's name.
type sampler struct{ names bool }

func (s sampler) value(sh shape, name string, above []reflect.Type) any {
	switch sh.kind {
	case codec.Struct:
		out := &ordered.Object{}
		if t := sh.plan.Type(); !slices.Contains(above, t) {
			for _, f := range sh.members() {
				out.Set(f.JSON, s.value(memberShape(f), f.JSON, append(above, t)))
			}
		}
		return out
	case codec.List:
		return []any{s.value(sh.elem(), "", above)}
	case codec.Map:
		return ordered.Obj("KeyName", s.value(sh.elem(), "", above))
	case codec.Int:
		return int64(0)
	case codec.Float:
		return 0.0
	case codec.Bool:
		return true
	case codec.Timestamp:
		return "1970-01-01T00:00:00"
	case codec.Bytes:
		return nil
	}
	if !s.names && len(sh.field.Enum) > 0 {
		return sh.field.Enum[0]
	}
	if !s.names {
		return ""
	}
	return name
}
