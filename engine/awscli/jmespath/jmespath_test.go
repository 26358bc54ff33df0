package jmespath

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jmespath/go-jmespath" // the compliance suite is in its module

	"haneul/engine/awscli/ordered"
)

// TestCompliance runs the suite that comes with go-jmespath.
func TestCompliance(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/jmespath/go-jmespath").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "compliance", "*.json"))
	if len(files) < 10 {
		t.Fatalf("the compliance suite is not in %s", dir)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) { runSuite(t, f) })
	}
}

func runSuite(t *testing.T, file string) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var suites []struct {
		Given json.RawMessage
		Cases []struct {
			Expression string
			Result     json.RawMessage
			Error      string
		}
	}
	if err := json.Unmarshal(b, &suites); err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		given := parse(t, string(s.Given))
		for _, c := range s.Cases {
			got, err := search(c.Expression, given)
			switch {
			case c.Error != "" && err == nil:
				t.Errorf("%s: %s, want an error (%s)", c.Expression, ordered.Compact(got), c.Error)
			case c.Error == "" && err != nil:
				t.Errorf("%s: %v", c.Expression, err)
			case c.Error == "" && !ordered.Equal(got, parse(t, string(c.Result))):
				t.Errorf("%s: %s, want %s", c.Expression, ordered.Compact(got), c.Result)
			}
		}
	}
}

func search(expression string, v any) (any, error) {
	e, err := Compile(expression)
	if err != nil {
		return nil, err
	}
	return e.Search(v)
}

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := ordered.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// TestOrder is why this package exists.
func TestOrder(t *testing.T) {
	given := parse(t, `{"z": 1, "a": {"y": 2, "b": 3}, "m": [1, 2.5, "x"]}`)
	for expression, want := range map[string]string{
		"@":               `{"z":1,"a":{"y":2,"b":3},"m":[1,2.5,"x"]}`,
		"keys(@)":         `["z","a","m"]`,
		"a.*":             `[2,3]`,
		"values(a)":       `[2,3]`,
		"{q: z, c: a}":    `{"q":1,"c":{"y":2,"b":3}}`,
		"length(m)":       `3`,
		"sum([z, `1.5`])": `2.5`,
		"avg([z, z])":     `1.0`,
	} {
		got, err := search(expression, given)
		if err != nil || ordered.Compact(got) != want {
			t.Errorf("%s: %s, %v; want %s", expression, ordered.Compact(got), err, want)
		}
	}
}

// TestMessages holds the errors to the texts of Python's jmespath 1.0.
func TestMessages(t *testing.T) {
	for expression, want := range map[string]string{
		"a[":               "Invalid jmespath expression: Incomplete expression:\n\"a[\"\n   ^",
		"a b":              "Unexpected token: b: Parse error at column 2, token \"b\" (UNQUOTED_IDENTIFIER), for expression:\n\"a b\"\n   ^",
		"$":                "Bad jmespath expression: Unknown token $:\n$\n^",
		"'x":               "Bad jmespath expression: Unclosed ' delimiter:\n'x\n^",
		"nope(@)":          "Unknown function: nope()",
		"length(`1`)":      `In function length(), invalid type for value: 1, expected one of: ['string', 'array', 'object'], received: "number"`,
		"length(@, @)":     "Expected 1 argument for function length(), received 2",
		"sort(`[1,null]`)": `In function sort(), invalid type for value: None, expected one of: ['array-string', 'array-number'], received: "NoneType"`,
	} {
		if _, err := search(expression, nil); err == nil || err.Error() != want {
			t.Errorf("%s:\n%v\nwant\n%s", expression, err, want)
		}
	}
}
