package labs

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"haneul/content"
)

// drifted is the course with some changes: name in labs/fifo → old text, new text. "" as old text removes the file.
func drifted(t *testing.T, name, from, to string) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	for _, dir := range []string{"course.yaml", "labs/fifo"} {
		err := fs.WalkDir(content.FS, dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(content.FS, path)
			m[path] = &fstest.MapFile{Data: b}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	path := "labs/fifo/" + name
	if from == "" {
		delete(m, path)
		return m
	}
	old := string(m[path].Data)
	if !strings.Contains(old, from) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	m[path] = &fstest.MapFile{Data: []byte(strings.Replace(old, from, to, 1))}
	return m
}

// TestLintFindsDrift: each kind of drift an author may cause is named.
func TestLintFindsDrift(t *testing.T) {
	for _, c := range []struct{ file, from, to, want string }{
		{"lab.yaml", "minutes: 30", "minutes: 0", "minutes and lesson"},
		{"lab.yaml", "en: mail.fifo is a FIFO queue", `en: ""`, "both languages"},
		{"lab.yaml", "선입선출,", "줄,", "course.yaml has it"},
		{"lab.yaml", "send: {}", "ship: {}", "starter has no starter/ship"},
		{"lab.yaml", "  one-group: no-waiting\n", "", "does not say which check wrong/one-group"},
		{"lab.yaml", "id: once", "id: only-once", `"once", which is not a check`},
		{"lab.yaml", "seeds: 2", "sedes: 2", "unknown field"},
		{"lab.yaml", "seeds: 2", "seeds: 2\nneeds: [docker]", "graded live, once"},
		{"ko.md", "{#look}", "{#see}", "headings differ"},
		{"ko.md", "./send.sh lee", "./send.sh kim", "code blocks differ"},
		{"ko.md", "`deliver`와", "`carry`와", "code in the text differ"},
		{"ko.md", "summary:", "synopsis:", "no summary"},
		{"ko.md", "(번호 {notice})을", "", "places of check:once/arrived-again differ"},
		{"ko.md", "## check:once/same-words", "## check:once/same", "hints and outcomes differ"},
		{"en.md", "## hint:2", "## hint:5", "should be hint:2"},
		{"en.md", "> Think again", "Think again", "needs a sentence and, quoted"},
		{"check.star", `"same-words"`, `"same-text"`, "no sentence ## check:once/same-text"},
		{"check.star", "notice = notice, ", "", "has the place {notice}"},
		{"check.star", "def check_once", "def check_twice", "check.star has no function check_once"},
		{"check.star", "def check_once(t):", "def check_once(t:", "check.star:"},
		{"check.star", "def check_once", "def teardown(t):\n    pass\n\ndef check_once", "teardown, which is for live grading"},
		{"solution/apply.sh", "#!/bin/sh", "#!/bin/bash", "does not begin with #!/bin/sh"},
		{"wrong/one-group/apply.sh", "", "", "wrong/one-group/apply.sh is missing"},
		{"starter/send.sh", "\n", "\r\n", "line ends of Windows"},
	} {
		problems := strings.Join(Lint(drifted(t, c.file, c.from, c.to), "fifo"), "\n")
		if !strings.Contains(problems, c.want) {
			t.Errorf("%s: %q → %q: lint says %q, want %q", c.file, c.from, c.to, problems, c.want)
		}
	}
}
