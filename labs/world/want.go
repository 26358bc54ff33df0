package world

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/labs/report"
)

// unmet ends a check that did not see what it wanted.
type unmet struct{ check report.Check }

func (u *unmet) Error() string { return "outcome " + u.check.Outcome }

// want is t.want(ok, key, expected=…, found=…, evidence=[…], **params).
func (w *World) want(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var ok starlark.Value
	var key string
	if err := starlark.UnpackPositionalArgs("want", args, nil, 2, &ok, &key); err != nil {
		return nil, err
	}
	if ok.Truth() {
		return starlark.None, nil
	}
	c := report.Check{Status: report.Fail, Outcome: key, Params: map[string]any{}}
	for _, kv := range kwargs {
		switch name := string(kv[0].(starlark.String)); name {
		case "evidence":
			var err error
			if c.Evidence, err = evidence(kv[1]); err != nil {
				return nil, err
			}
		case "expected":
			c.Expected = fromStarlark(kv[1])
			c.Params[name] = c.Expected
		case "found":
			c.Actual = fromStarlark(kv[1])
			c.Params[name] = c.Actual
		default:
			c.Params[name] = fromStarlark(kv[1])
		}
	}
	return nil, &unmet{c}
}

// maxEvidence is how many records a learner reads.
const maxEvidence = 5

func evidence(v starlark.Value) (list []report.Evidence, err error) {
	it := starlark.Iterate(v)
	if it == nil {
		return nil, fmt.Errorf("want: evidence is a list of journal entries, not %s", v.Type())
	}
	defer it.Done()
	var entries []*entry
	var x starlark.Value
	for it.Next(&x) {
		e, ok := x.(*entry)
		if !ok {
			return nil, fmt.Errorf("want: evidence holds %s, not a journal entry", x.Type())
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b *entry) int { return cmp.Compare(a.e.Seq, b.e.Seq) })
	for _, e := range entries[:min(len(entries), maxEvidence)] {
		list = append(list, e.evidence())
	}
	return list, nil
}

// attempt is t.attempt(f, **arguments): a call that may be refused.
func (w *World) attempt(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return nil, errors.New("attempt: name the operation first: t.attempt(t.aws.sqs.get_queue_url, QueueName = …)")
	}
	v, err := starlark.Call(th, args[0], args[1:], kwargs)
	var r *Refused
	if err != nil && !errors.As(err, &r) {
		return nil, err
	}
	d := starlark.StringDict{"ok": starlark.Bool(err == nil), "value": v, "code": starlark.String(""), "message": starlark.String("")}
	if err != nil {
		d["value"], d["code"], d["message"] = absent{}, starlark.String(r.Code), starlark.String(r.Message)
	}
	return starlarkstruct.FromStringDict(starlarkstruct.Default, d), nil
}
