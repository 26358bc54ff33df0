package render

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"haneul/lessons/markdown"
)

func drawn(t *testing.T, boxes, arrows string, width int) string {
	t.Helper()
	d := &markdown.Diagram{}
	for _, s := range strings.Fields(boxes) {
		id, label, _ := strings.Cut(s, "=")
		d.Boxes = append(d.Boxes, markdown.Box{ID: id, Label: strings.ReplaceAll(label, "_", " ")})
	}
	for _, s := range strings.Fields(arrows) {
		ends, label, _ := strings.Cut(s, ":")
		from, to, _ := strings.Cut(ends, ">")
		d.Arrows = append(d.Arrows, markdown.Arrow{From: from, To: to, Label: strings.ReplaceAll(label, "_", " ")})
	}
	lines := Mono().diagram(d, width)
	for i, l := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(l), " ")
		if Width(lines[i]) > width {
			t.Errorf("line %d is %d cells wide: %q", i, Width(lines[i]), lines[i])
		}
	}
	return strings.Join(lines, "\n")
}

func TestDiagrams(t *testing.T) {
	var all []string
	for _, c := range []struct {
		boxes, arrows string
		width         int
	}{
		{"p=주문_서버 q=대기열 w=작업자", "p>q:메시지 q>w:받기", 60},
		{"p=주문_서버 q=대기열 w=작업자", "p>q:메시지 q>w:받기", 30}, // too narrow: a stack
		{"p=주문_서버 q=대기열 w=작업자 d=배달_못한_편지", "p>q:메시지 q>w:받기 q>d:세_번_실패 d>q:재처리", 76},
		{"p=주문_서버 q=대기열 w=작업자 d=배달_못한_편지", "p>q:메시지 q>w:받기 q>d:세_번_실패 d>q:재처리", 30},
		{"a=A b=B c=C d=D", "a>d b>c", 40},           // crossing arrows could be mistaken: a list
		{"a=A b=B c=C d=D", "a>d:x b>d:y c>d:z", 40}, // a join
		{"a=A b=B c=C d=D", "d>a:x d>b:y d>c:z", 40}, // a fork
		{"a=A b=B c=C d=D", "a>b b>c c>a c>d", 40},   // a circle
		{"a=혼자", "a>a:자신", 20},
	} {
		all = append(all, drawn(t, c.boxes, c.arrows, c.width))
	}
	golden(t, "diagrams", strings.Join(all, "\n\n")+"\n")
}
