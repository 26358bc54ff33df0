package render

import (
	"os/exec"
	"strings"
	"testing"
)

// TestOnlyTheReaderIsHeavy keeps Glamour and Chroma, whose initialisers take some 20 ms, to this package and what draws with it:
// the engine, the labs and a lint of the course do without.
func TestOnlyTheReaderIsHeavy(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "haneul/engine", "haneul/labs", "haneul/lessons", "haneul/lessons/markdown").Output()
	if err != nil {
		t.Skip("no go command:", err)
	}
	for _, dep := range strings.Fields(string(out)) {
		for _, heavy := range []string{"chroma", "glamour", "bluemonday"} {
			if strings.Contains(dep, heavy) {
				t.Errorf("%s is imported", dep)
			}
		}
	}
}
