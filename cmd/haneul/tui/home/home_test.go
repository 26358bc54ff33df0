package home

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"haneul/cmd/haneul/tui/screen"
	"haneul/content"
	"haneul/lessons"
)

func TestNext(t *testing.T) {
	c, err := lessons.Load(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	var slugs []any
	for _, l := range c.Lessons() {
		if !l.Planned {
			slugs = append(slugs, l.Slug)
		}
	}
	if len(slugs) < 4 {
		t.Fatal("too few lessons to tell them apart")
	}
	const begun, read = `"%s": {"percent": 30, "at": "2026-01-0%dT00:00:00Z"}`, `"%s": {"percent": 100, "read": true, "at": "2026-01-0%dT00:00:00Z"}`
	for _, x := range []struct {
		name   string
		record []string
		want   any
	}{
		{"nothing begun", nil, slugs[0]},
		{"the first is read", []string{fmt.Sprintf(read, slugs[0], 1)}, slugs[1]},
		{"one begun", []string{fmt.Sprintf(begun, slugs[2], 1)}, slugs[2]},
		{"the later of two is opened last", []string{fmt.Sprintf(begun, slugs[1], 1), fmt.Sprintf(begun, slugs[3], 2)}, slugs[3]},
		{"the earlier of two is opened last", []string{fmt.Sprintf(begun, slugs[1], 2), fmt.Sprintf(begun, slugs[3], 1)}, slugs[1]},
		{"a read one is opened last", []string{fmt.Sprintf(begun, slugs[2], 1), fmt.Sprintf(read, slugs[3], 2)}, slugs[2]},
	} {
		path := filepath.Join(t.TempDir(), "progress.json")
		if err := os.WriteFile(path, []byte(`{"version": 1, "lessons": {`+strings.Join(x.record, ", ")+`}}`), 0o600); err != nil {
			t.Fatal(err)
		}
		env := &screen.Env{Course: c, Progress: lessons.OpenProgress(path)}
		if n := env.Progress.Notice(); n != nil {
			t.Fatal(n)
		}
		if got := Next(env); got.Slug != x.want {
			t.Errorf("%s: %s, want %s", x.name, got.Slug, x.want)
		}
	}
}
