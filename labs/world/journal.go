package world

import (
	"encoding/json"
	"fmt"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
	"haneul/labs/report"
)

// entry is a journal entry for Starlark: e.at, e.op, e.service, e.arn, e.code, e.message, e.request_id, e.principal,
// e.input, e.notes.
type entry struct {
	e admin.Entry
	// The note it was found by. A receive may bury nine messages; as evidence it names the one that was asked for.
	key, named string
}

func (*entry) Type() string          { return "entry" }
func (*entry) Freeze()               {}
func (*entry) Truth() starlark.Bool  { return true }
func (*entry) Hash() (uint32, error) { return 0, fmt.Errorf("a journal entry cannot be a key") }

func (x *entry) String() string {
	ev := x.evidence()
	return ev.Line(time.UTC)
}

func (*entry) AttrNames() []string {
	return []string{"arn", "at", "code", "input", "message", "notes", "op", "principal", "request_id", "seq", "service"}
}

func (x *entry) Attr(name string) (starlark.Value, error) {
	e := &x.e
	switch name {
	case "at":
		return starlark.String(e.At.UTC().Format(time.RFC3339)), nil
	case "op":
		return starlark.String(e.Operation), nil
	case "service":
		return starlark.String(e.Service), nil
	case "arn":
		return starlark.String(e.ARN), nil
	case "code":
		return starlark.String(e.Code), nil
	case "message":
		return starlark.String(e.Message), nil
	case "request_id":
		return starlark.String(e.RequestID), nil
	case "principal":
		return starlark.String(e.Principal), nil
	case "seq":
		return starlark.MakeUint64(e.Seq), nil
	case "input":
		if len(e.Input) == 0 {
			return &answer{}, nil
		}
		return parse(e.Input)
	case "notes":
		a := &answer{values: map[string]starlark.Value{}}
		for _, n := range e.Notes {
			if _, twice := a.values[n.Key]; !twice {
				a.keys = append(a.keys, n.Key)
				a.values[n.Key] = starlark.String(n.Value)
			}
		}
		return a, nil
	}
	return nil, nil
}

func (x *entry) evidence() report.Evidence {
	ev := report.Evidence{At: x.e.At, Operation: x.e.Service + ":" + x.e.Operation, Resource: x.e.ARN, RequestID: x.e.RequestID, Code: x.e.Code}
	for _, n := range x.e.Notes {
		if ev.Notes == nil {
			ev.Notes = map[string]string{}
		}
		if x.named != "" && n.Key == x.key {
			n.Value = x.named
		}
		ev.Notes[n.Key] = n.Value
	}
	return ev
}

func (w *World) journalModule() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{"find": builtin("find", w.find)})
}

// find is t.journal.find(op=…, service=…, arn=…, code=…, **match): the entries of this seed so far, oldest first. Any other
// name must equal a note or a member of the input.
func (w *World) find(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) > 0 {
		return nil, fmt.Errorf("find takes named arguments only")
	}
	entries, err := w.Admin.Journal(contextOf(th), w.Cloud.Name, w.seen+1, 0)
	if err != nil {
		return nil, err
	}
	var found []starlark.Value
	for _, e := range entries {
		if matches(e, kwargs) {
			x := &entry{e: e}
			for _, kv := range kwargs {
				if k, v := string(kv[0].(starlark.String)), fmt.Sprint(fromStarlark(kv[1])); noted(e, k, v) {
					x.key, x.named = k, v
				}
			}
			found = append(found, x)
		}
	}
	return starlark.NewList(found), nil
}

func matches(e admin.Entry, kwargs []starlark.Tuple) bool {
	var input map[string]any
	for _, kv := range kwargs {
		name, want := string(kv[0].(starlark.String)), fmt.Sprint(fromStarlark(kv[1]))
		switch name {
		case "op":
			if e.Operation != want {
				return false
			}
		case "service":
			if e.Service != want {
				return false
			}
		case "arn":
			if e.ARN != want {
				return false
			}
		case "code":
			if e.Code != want {
				return false
			}
		default:
			if input == nil {
				_ = json.Unmarshal(e.Input, &input) // an entry without input matches by its notes only
			}
			if !noted(e, name, want) && (input[name] == nil || fmt.Sprint(input[name]) != want) {
				return false
			}
		}
	}
	return true
}

func noted(e admin.Entry, key, value string) bool {
	for _, n := range e.Notes {
		if n.Key == key && n.Value == value {
			return true
		}
	}
	return false
}
