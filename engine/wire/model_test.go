package wire_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	//lint:ignore SA1019 the API models are data of this module; importing a small package of it keeps it in go.mod
	_ "github.com/aws/aws-sdk-go/aws/awserr"

	"haneul/engine/codec"
)

// An API model as aws-sdk-go has it: what the names and constraints of every shape really are.

type model struct {
	Metadata struct {
		APIVersion   string `json:"apiVersion"`
		JSONVersion  string `json:"jsonVersion"`
		TargetPrefix string `json:"targetPrefix"`
		XMLNamespace string `json:"xmlNamespace"`
	} `json:"metadata"`
	Operations map[string]struct{ Input, Output ref }
	Shapes     map[string]*shape
}

type ref struct {
	Shape        string
	LocationName string `json:"locationName"`
	Flattened    bool
}

type shape struct {
	Type       string
	Required   []string
	Members    map[string]ref
	Member     ref // of lists
	Key, Value ref // of maps
	Flattened  bool
	Min, Max   *json.Number
	Pattern    string
	Enum       []string
}

// models finds the models in the module cache; the module is in go.mod for these tests only.
func models(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go").Output()
	if err != nil || strings.TrimSpace(string(dir)) == "" {
		t.Fatalf("the API models are not in the module cache (go mod download github.com/aws/aws-sdk-go): %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "models", "apis")
}

func loadModel(t *testing.T, dir, version string) *model {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, version, "api-2.json"))
	if err != nil {
		t.Fatal(err)
	}
	m := &model{}
	if err := json.Unmarshal(b, m); err != nil {
		t.Fatal(err)
	}
	if filepath.Base(dir) == "sqs" {
		m.addQueryNames(t, "testdata/sqs-query.tsv")
	}
	return m
}

// addQueryNames puts back the Query names of a service whose model has none any more.
func (m *model) addQueryNames(t *testing.T, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		s := m.Shapes[c[0]]
		switch {
		case s == nil:
			t.Fatalf("%s: no shape %s", path, c[0])
		case c[1] == "[]":
			s.Member.LocationName = c[2]
		case c[1] == "{}":
			s.Key.LocationName, s.Value.LocationName = c[2], c[3]
		default:
			r, ok := s.Members[c[1]]
			if !ok {
				t.Fatalf("%s: no member %s.%s", path, c[0], c[1])
			}
			r.LocationName = c[2]
			s.Members[c[1]] = r
		}
	}
}

var kinds = map[string]codec.Kind{
	"string": codec.String, "character": codec.String, "boolean": codec.Bool, "integer": codec.Int, "long": codec.Int, "float": codec.Float,
	"double": codec.Float, "blob": codec.Bytes, "timestamp": codec.Timestamp, "list": codec.List, "map": codec.Map, "structure": codec.Struct,
}

// field is what codec would say of a member whose declaration follows the model.
func (m *model) field(owner *shape, name string) codec.Field {
	r := owner.Members[name]
	s := m.Shapes[r.Shape]
	f := codec.Field{JSON: name, Query: name, Kind: kinds[s.Type], Required: slices.Contains(owner.Required, name), Enum: s.Enum, Pattern: s.Pattern}
	if r.LocationName != "" {
		f.Query = r.LocationName
	}
	f.Item, f.Key, f.Value = "member", "key", "value"
	switch f.Kind {
	case codec.List:
		f.Flat = r.Flattened || s.Flattened
		if name := s.Member.LocationName; name != "" && f.Flat {
			f.Query = name
		} else if name != "" {
			f.Item = name
		}
		f.Enum, f.Pattern = m.Shapes[s.Member.Shape].Enum, m.Shapes[s.Member.Shape].Pattern
	case codec.Map:
		f.Flat = r.Flattened || s.Flattened
		if s.Key.LocationName != "" {
			f.Key = s.Key.LocationName
		}
		if s.Value.LocationName != "" {
			f.Value = s.Value.LocationName
		}
		f.Enum, f.Pattern = m.Shapes[s.Value.Shape].Enum, m.Shapes[s.Value.Shape].Pattern
	}
	f.Min, f.Max = whole(s.Min), whole(s.Max)
	return f
}

func whole(n *json.Number) *int64 {
	if n == nil {
		return nil
	}
	if i, err := n.Int64(); err == nil {
		return &i
	}
	return nil
}
