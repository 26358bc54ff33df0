package tui

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"haneul/content"
	"haneul/lessons"
)

// multi is the small course with its choice made one of any number of options.
func multi(t *testing.T) *lessons.Course {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/course")); err != nil {
		t.Fatal(err)
	}
	for _, ui := range []string{"ui.ko.yaml", "ui.en.yaml"} {
		b, err := fs.ReadFile(content.FS, ui)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ui), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	quiz := filepath.Join(dir, "lessons", "queues", "quiz.yaml")
	b, err := os.ReadFile(quiz)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(b, []byte("kind: choice"), []byte("kind: multi"), 1)
	if bytes.Equal(b, changed) {
		t.Fatal("no choice to change")
	}
	if err := os.WriteFile(quiz, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := lessons.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestNothingPicked: an answer that is handed in empty is not marked, and what is missing is said.
func TestNothingPicked(t *testing.T) {
	for lang, words := range map[lessons.Lang][2]string{
		lessons.KO: {"스페이스나 숫자로 먼저 고르십시오.", "답을 먼저 숫자로 적으십시오."},
		lessons.EN: {"Pick with space or a number first.", "Type a number first."},
	} {
		f := &fake{}
		o := options(t, f, lang)
		o.Course = multi(t)
		f.course = o.Course
		d := drive(t, o, 80, 40).keys("enter", "tab", "enter", "enter")
		d.sees(words[0])
		if a, ok := o.Progress.Answer("queues", "again"); ok {
			t.Errorf("marked: %+v", a)
		}
		d.keys("2", "enter")
		if a, ok := o.Progress.Answer("queues", "again"); !ok || !a.Right {
			t.Errorf("%+v", a)
		}
		d.keys("esc", "tab", "enter", "enter")
		d.sees(words[1])
		if a, ok := o.Progress.Answer("queues", "seconds"); ok {
			t.Errorf("marked: %+v", a)
		}
	}
}
