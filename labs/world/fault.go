package world

import (
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
)

func (w *World) faultModule() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"add":   builtin("add", w.addFault),
		"clear": builtin("clear", w.clearFaults),
	})
}

// addFault is t.fault.add(kind=…, …). It returns the fault's id.
func (w *World) addFault(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var f admin.Fault
	var latency string
	var rate starlark.Value = starlark.Float(0)
	if err := starlark.UnpackArgs("add", args, kwargs, "kind", &f.Kind, "service?", &f.Service, "operation?", &f.Operation,
		"arn?", &f.ARN, "zone?", &f.Zone, "code?", &f.Code, "message?", &f.Message, "latency?", &latency, "count?", &f.Count, "rate?", &rate); err != nil {
		return nil, err
	}
	f.Rate, _ = starlark.AsFloat(rate)
	if latency != "" {
		d, err := admin.ParseDuration(latency)
		if err != nil {
			return nil, err
		}
		f.LatencyMS = d.Milliseconds()
	}
	added, err := w.Admin.AddFault(contextOf(th), w.Cloud.Name, f)
	return starlark.String(added.ID), err
}

// clearFaults is t.fault.clear(id): one fault, or all of them.
func (w *World) clearFaults(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var id string
	if err := starlark.UnpackPositionalArgs("clear", args, kwargs, 0, &id); err != nil {
		return nil, err
	}
	return starlark.None, w.Admin.ClearFaults(contextOf(th), w.Cloud.Name, id)
}
