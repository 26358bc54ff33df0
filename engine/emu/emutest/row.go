package emutest

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// nobody is a principal without any permission.
var nobody = emu.Principal{
	ARN: "arn:aws:iam::111122223333:user/nobody", ID: "AIDANOBODYNOBODYNOBO", Account: "111122223333", Type: emu.User, Name: "nobody",
}

// row checks one operation on a cloud in which something has happened.
func (s *Suite) row(t *testing.T, service, name string) {
	r := s.start(7)
	defer r.Cloud.Close()
	ops := operations(r.Cloud, service)
	for range 30 {
		r.step(t, ops[r.Draw.IntN(len(ops))], nil)
	}
	op := r.Cloud.Operation(service, name)
	if !slices.Contains(s.Open, service+":"+name) {
		t.Run("denied", func(t *testing.T) { r.denied(t, op) })
	}
	t.Run("unknown parameter", func(t *testing.T) { unknown(t, op) })
	t.Run("wrong types", func(t *testing.T) { wrongTypes(t, op) })
	t.Run("bad input", func(t *testing.T) { r.badInput(t, op) })
	t.Run("secrets", func(t *testing.T) { r.secrets(t, op) })
	if slices.Contains(op.Service().Missing, name) {
		t.Error("it is also listed as missing")
	}
}

// denied calls as somebody without permission, with inputs that would otherwise be taken.
func (r *Run) denied(t *testing.T, op *emu.Operation) {
	for range 20 {
		in := r.Draw.Input(op)
		if refusal(op, in) != nil {
			continue
		}
		before := r.settled()
		res := r.call(op, in, nobody)
		r.clean(t, op.Name, res.Err)
		var e *emu.Error
		if !errors.As(res.Err, &e) || !strings.HasPrefix(e.Code, "AccessDenied") && !strings.Contains(e.Query(), "AccessDenied") {
			t.Errorf("nobody may call it with %s: %v", op.Input().AppendJSON(nil, in), res.Err)
		}
		if d := compare(before, r.Cloud.Digest()); d != "" {
			t.Errorf("a denied call changed %s", d)
		}
		if entry, ok := r.Cloud.Find(res.RequestID); !ok || entry.Code == "" {
			t.Errorf("the denial is not on record: %+v", entry)
		}
	}
}

// unknown sends a parameter that does not exist.
func unknown(t *testing.T, op *emu.Operation) {
	for name, decode := range map[string]func(any) ([]string, error){
		"JSON": func(in any) ([]string, error) { return op.Input().DecodeJSON([]byte(`{"NoSuchThing":{"A":[1]}}`), in) },
		"Query": func(in any) ([]string, error) {
			return op.Input().DecodeQuery("NoSuchThing.1.A=1", in, func(string) bool { return false })
		},
	} {
		got, err := decode(op.NewInput())
		if err != nil || len(got) == 0 || !strings.HasPrefix(got[0], "NoSuchThing") {
			t.Errorf("%s: a parameter that does not exist is reported as %v, %v", name, got, err)
		}
	}
}

// wrongTypes sends each parameter as something else than it is.
func wrongTypes(t *testing.T, op *emu.Operation) {
	for _, f := range op.Input().Fields() {
		wrong := `{"no":"scalar"}`
		if f.Kind == codec.Struct || f.Kind == codec.Map {
			wrong = `[1]`
		}
		_, err := op.Input().DecodeJSON(fmt.Appendf(nil, `{%q:%s}`, f.JSON, wrong), op.NewInput())
		var p *codec.Problem
		if !errors.As(err, &p) || !strings.HasPrefix(p.Path, f.Name) && !strings.HasPrefix(p.Path, f.JSON) {
			t.Errorf("%s as %s gives %v", f.Name, wrong, err)
		}
	}
}

// badInput calls with nothing, with one member too long or out of range, and with wild ones. Whatever the answer is, it is
// not our failure, and if it is an error nothing has changed.
func (r *Run) badInput(t *testing.T, op *emu.Operation) {
	r.try(t, op, op.NewInput())
	for _, f := range op.Input().Fields() {
		for _, spoil := range spoilers(&f) {
			in := r.Draw.Input(op)
			spoil(reflect.Indirect(settable(reflect.ValueOf(in).Elem().FieldByName(f.Name))))
			refused := refusal(op, in)
			if limited := f.Max != nil && len(f.Enum) == 0 && f.Kind != codec.List && f.Kind != codec.Map; limited && refused == nil {
				t.Errorf("%s beyond its limit of %d is taken", f.Name, *f.Max)
			}
			r.try(t, op, in)
		}
	}
}

// settable fills in a pointer.
func settable(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
	}
	return v
}

// spoilers put a member beyond what it may be.
func spoilers(f *codec.Field) []func(reflect.Value) {
	beyond := int64(300_000)
	if f.Max != nil {
		beyond = *f.Max + 1
	}
	switch f.Kind {
	case codec.String:
		return []func(reflect.Value){
			func(v reflect.Value) { v.SetString(strings.Repeat("x", int(min(beyond, 2_000_000)))) },
		}
	case codec.Int:
		return []func(reflect.Value){
			func(v reflect.Value) {
				if v.CanInt() && !v.OverflowInt(beyond) {
					v.SetInt(beyond)
				}
			},
		}
	}
	return nil
}

// try calls with an input that may be anything, if package wire would let it pass.
func (r *Run) try(t *testing.T, op *emu.Operation, in any) {
	t.Helper()
	text := op.Input().AppendJSON(nil, in)
	what := fmt.Sprintf("%s %.200s", op.Name, text)
	if err := refusal(op, in); err != nil {
		var e *emu.Error
		if !errors.As(err, &e) || e.Code == "" || e.HTTPStatus() != 400 {
			t.Errorf("%s: refused with %v, which is no AWS error for bad input", what, err)
		}
		return
	}
	before := r.settled()
	res := r.call(op, in, r.Cloud.RootPrincipal())
	r.clean(t, what, res.Err)
	if res.Err == nil {
		return
	}
	if d := compare(before, r.Cloud.Digest()); d != "" {
		t.Errorf("%s failed with %v and changed %s", what, res.Err, d)
	}
}

// secrets gives every secret parameter a value, and looks for it in the journal.
func (r *Run) secrets(t *testing.T, op *emu.Operation) {
	const secret = "Sup3r-s3cret-value!"
	for _, f := range op.Input().Fields() {
		if !f.Secret || f.Kind != codec.String {
			continue
		}
		in := r.Draw.Input(op)
		reflect.Indirect(settable(reflect.ValueOf(in).Elem().FieldByName(f.Name))).SetString(secret)
		res := r.call(op, in, r.Cloud.RootPrincipal())
		e, ok := r.Cloud.Find(res.RequestID)
		if !ok || bytes.Contains(e.Input, []byte(secret)) || strings.Contains(fmt.Sprintf("%+v", e), secret) {
			t.Errorf("%s comes out of the journal: %+v", f.Name, e)
		}
	}
}
