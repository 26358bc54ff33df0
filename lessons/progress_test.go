package lessons

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestProgressIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "progress.json")
	p := OpenProgress(path)
	p.SetLesson("why-queues", LessonRecord{Heading: "hidden", Percent: 40})
	p.SetAnswer("why-queues", "q1", []string{"a", "c"}, true)
	p.SetLab("fifo", 3, 4, false)
	p.SetSetting("lang", "en")
	p.SetLesson("why-queues", LessonRecord{Heading: "intro", Percent: 10, Read: true})
	if p.Notice() != nil {
		t.Fatal(p.Notice())
	}
	q := OpenProgress(path)
	if l := q.Lesson("why-queues"); l.Heading != "intro" || l.Percent != 40 || !l.Read {
		t.Errorf("%+v", l)
	}
	if a, ok := q.Answer("why-queues", "q1"); !ok || !a.Right || len(a.Answer) != 2 {
		t.Errorf("%+v", a)
	}
	if l := q.Lab("fifo"); l.Score != 3 || l.Max != 4 || l.Passed {
		t.Errorf("%+v", l)
	}
	if q.Setting("lang") != "en" {
		t.Error(q.Setting("lang"))
	}
	if left, _ := filepath.Glob(path + ".new-*"); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestProgressOfTwoProcesses(t *testing.T) {
	if path := os.Getenv("HANEUL_TEST_PROGRESS"); path != "" { // the other process
		p := OpenProgress(path)
		for _, slug := range strings.Fields("a b c d e f g h") {
			p.SetLab(slug, 1, 1, true)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "progress.json")
	p := OpenProgress(path)
	var other sync.WaitGroup
	other.Go(func() {
		cmd := exec.Command(os.Args[0], "-test.run=TestProgressOfTwoProcesses")
		cmd.Env = append(os.Environ(), "HANEUL_TEST_PROGRESS="+path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	for _, slug := range strings.Fields("s t u v w x y z") {
		p.SetLesson(slug, LessonRecord{Read: true})
	}
	other.Wait()
	q := OpenProgress(path)
	if len(q.data.Labs) != 8 || len(q.data.Lessons) != 8 {
		t.Errorf("%d labs and %d lessons survived, want 8 and 8", len(q.data.Labs), len(q.data.Lessons))
	}
}

func TestPassedStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.json")
	a, b := OpenProgress(path), OpenProgress(path)
	a.SetLab("fifo", 4, 4, true)
	b.SetLab("fifo", 1, 4, false)
	if l := OpenProgress(path).Lab("fifo"); !l.Passed || l.Score != 1 {
		t.Errorf("%+v", l)
	}
}

func TestCorruptProgressIsKeptAside(t *testing.T) {
	for _, bad := range []string{"{\"lessons\": {", "\x00\x00\x00", "", `{"version": 9}`, `{"lessons": []}`} {
		path := filepath.Join(t.TempDir(), "progress.json")
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		p := OpenProgress(path)
		n := p.Notice()
		if n == nil || n.Key != "progress.corrupt" {
			t.Fatalf("%q: notice %+v", bad, n)
		}
		if kept, err := os.ReadFile(n.Path); err != nil || string(kept) != bad {
			t.Errorf("%q: kept %q, %v", bad, kept, err)
		}
		p.SetLesson("a", LessonRecord{Read: true})
		if !OpenProgress(path).Lesson("a").Read {
			t.Errorf("%q: the new file does not work", bad)
		}
	}
}

func TestProgressWithoutAHome(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := OpenProgress(filepath.Join(file, "progress.json")) // below a file nothing can be made, even by root
	p.SetLesson("a", LessonRecord{Read: true})
	if !p.Lesson("a").Read {
		t.Error("not remembered")
	}
	if n := p.Notice(); n == nil || n.Key != "progress.unsaved" {
		t.Errorf("notice %+v", n)
	}
}
