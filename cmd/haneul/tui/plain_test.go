package tui

import (
	"bytes"
	"strings"
	"testing"

	"haneul/lessons"
)

// plainly runs the app without a terminal on typed lines.
func plainly(t *testing.T, o Options, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Run(t.Context(), Terminal{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &out}, o); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.ContainsAny(s, "\x1b\r│─▸") {
		t.Errorf("drawn in plain mode:\n%s", s)
	}
	return out.String()
}

func TestPlain(t *testing.T) {
	for _, lang := range lessons.Langs {
		o := options(t, &fake{}, lang)
		// messages → lesson: run command 1, next section, answer both questions, back; then the lab
		got := plainly(t, o, "2", "1", "1", "n", "2", "30", "n", "2", "echo 안녕", "fail", "check", "hint", "b", "q")
		golden(t, "plain-"+string(lang), got)
		if a, _ := o.Progress.Answer("queues", "again"); !a.Right {
			t.Errorf("%s: %+v", lang, a)
		}
		if p := o.Progress.Lesson("queues"); !p.Read {
			t.Errorf("%s: %+v", lang, p)
		}
	}
}

func TestPlainInstances(t *testing.T) {
	for _, lang := range lessons.Langs {
		got := plainly(t, along(t, "instance", lang), "resources", "output web", "vi worker.sh", "q")
		golden(t, "plain-instances-"+string(lang), got)
	}
}

func TestPlainEndsWithItsInput(t *testing.T) {
	if got := plainly(t, options(t, &fake{}, lessons.EN)); !strings.Contains(got, "Queues and streams") {
		t.Error(got)
	}
}
