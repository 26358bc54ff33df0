package lessons

import (
	"testing"

	"haneul/content"
)

func load(t testing.TB) *Course {
	t.Helper()
	c, err := Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCurriculum counts the rows of the course: a planned lesson or lab may not be forgotten.
func TestCurriculum(t *testing.T) {
	c := load(t)
	if m, l, labs := len(c.Modules), len(c.Lessons()), len(c.Labs()); m != 11 || l != 37 || labs != 40 {
		t.Errorf("%d modules, %d lessons, %d labs; want 11, 37, 40", m, l, labs)
	}
}

// TestContent is what an author runs as `haneul author lint`.
func TestContent(t *testing.T) {
	for _, p := range Lint(content.FS) {
		t.Error("content/" + p.String())
	}
}

func TestRight(t *testing.T) {
	for _, c := range []struct {
		kind         Kind
		want, answer []string
		right        bool
	}{
		{Choice, []string{"a"}, []string{"a"}, true},
		{Choice, []string{"a"}, []string{"b"}, false},
		{Choice, []string{"a"}, nil, false},
		{Multi, []string{"a", "c"}, []string{"c", "a"}, true},
		{Multi, []string{"a", "c"}, []string{"a"}, false},
		{Multi, []string{"a", "c"}, []string{"a", "b", "c"}, false},
		{Number, []string{"1209600"}, []string{" 1,209,600 "}, true},
		{Number, []string{"0.4"}, []string{".40"}, true},
		{Number, []string{"3", "4"}, []string{"4"}, true},
		{Number, []string{"3"}, []string{"three"}, false},
	} {
		q := &Question{Kind: c.kind, Answer: c.want}
		if q.Right(c.answer) != c.right {
			t.Errorf("%s %v answered %v: want right=%v", c.kind, c.want, c.answer, c.right)
		}
	}
}

func TestWords(t *testing.T) {
	u := &UI{words: map[string]string{"lab.score": "{score}점 / {max}점"}}
	if got := u.T("lab.score", "score", 3, "max", 4); got != "3점 / 4점" {
		t.Error(got)
	}
	if got := u.T("no.such"); got != "no.such" {
		t.Error(got)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

func BenchmarkUI(b *testing.B) {
	for b.Loop() {
		load(b).UI(KO)
	}
}
