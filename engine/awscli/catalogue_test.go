package awscli_test

import (
	"fmt"
	"testing"

	"haneul/engine"
	"haneul/engine/awscli"
	"haneul/engine/codec"
)

func TestCatalogueDescribesEveryOperation(t *testing.T) {
	all := engine.Services()
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	b, err := awscli.Catalogue(all, names)
	if err != nil {
		t.Fatal(err)
	}
	read, err := awscli.ReadCatalogue(b)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d services, %d bytes", len(read), len(b))
	for i, s := range all {
		if len(read[i].Ops) != len(s.Ops) {
			t.Fatalf("%s has %d operations, want %d", s.Name, len(read[i].Ops), len(s.Ops))
		}
		for j, op := range s.Ops {
			for side, pair := range map[string][2]*codec.Plan{"input": {op.Input(), read[i].Ops[j].Input()}, "output": {op.Output(), read[i].Ops[j].Output()}} {
				if want, got := planText(pair[0]), planText(pair[1]); got != want {
					t.Errorf("%s %s %s:\ngot  %s\nwant %s", s.Name, op.Name, side, got, want)
				}
			}
		}
	}
}

func planText(p *codec.Plan) (out string) {
	for _, f := range p.Fields() {
		out += fmt.Sprintf("%s/%s/%s/%v/%v/%v ", f.Name, f.JSON, f.Query, f.Kind, f.Required, f.Enum)
		if f.Type != nil && f.Kind == codec.Struct {
			out += "(" + planText(f.Type) + ")"
		}
	}
	return out
}
