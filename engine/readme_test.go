package engine_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"haneul/engine"
)

// TestReadmeCoverage holds the README's table to the tables of operations. UPDATE=1 rewrites it.
func TestReadmeCoverage(t *testing.T) {
	const path, begin, end = "../README.md", "<!-- coverage: a test compares this table with the code -->\n", "<!-- /coverage -->"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(b), begin)
	table, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("the README has lost its marks %q … %q", begin, end)
	}
	want := coverageTable()
	if table == want {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("the README says\n%s\nthe code says\n%s\nRun UPDATE=1 go test ./engine -run Readme", table, want)
	}
	if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

func coverageTable() string {
	var b strings.Builder
	b.WriteString("\n| service | protocols | operations |\n|---|---|---|\n")
	for _, s := range engine.Services() {
		if len(s.Wire) == 0 {
			continue
		}
		var protocols []string
		for _, p := range s.Wire {
			protocols = append(protocols, strings.TrimSpace(string(p.Kind)+" "+p.Version))
		}
		n := fmt.Sprintf("%d of %d", len(s.Ops), len(s.Ops)+len(s.Missing))
		if len(s.Missing) == 0 {
			n = fmt.Sprintf("all %d", len(s.Ops))
		}
		fmt.Fprintf(&b, "| %s (`%s`) | %s | %s |\n", s.Title, s.Name, strings.Join(protocols, ", "), n)
	}
	b.WriteString("\n")
	return b.String()
}
