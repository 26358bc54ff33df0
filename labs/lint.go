package labs

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"go.starlark.net/syntax"
)

// Lint reads a lab as its author and lists what is missing or does not agree: texts against each other, the checks of
// lab.yaml against check.star, outcomes against sentences, wrong answers against folders. It runs nothing; [Kit.Prove]
// does.
func Lint(content fs.FS, name string) (problems []string) {
	l, err := Load(content, name)
	if err != nil {
		return []string{err.Error()}
	}
	n := &linter{lab: l}
	n.facts()
	n.course(content)
	n.folders()
	n.languages()
	n.checks()
	return n.problems
}

type linter struct {
	lab      *Lab
	problems []string
}

func (n *linter) problem(format string, args ...any) {
	n.problems = append(n.problems, "labs/"+n.lab.Slug+": "+fmt.Sprintf(format, args...))
}

// facts are those of lab.yaml.
func (n *linter) facts() {
	l := n.lab
	texts := map[string]Text{"title": l.Title}
	for _, c := range l.Checks {
		texts["title of check "+c.ID] = c.Title
	}
	for what, t := range texts {
		if t.KO == "" || t.EN == "" {
			n.problem("lab.yaml: the %s needs both languages", what)
		}
	}
	if l.Minutes <= 0 || l.Lesson == "" {
		n.problem("lab.yaml: minutes and lesson are missing")
	}
	if l.Points() == 0 {
		n.problem("lab.yaml: no check gives points")
	}
	for _, need := range l.Needs {
		if need != "docker" {
			n.problem("lab.yaml: needs: %s is not known; docker is", need)
		}
	}
}

// course compares lab.yaml with the course's map, which names labs too.
func (n *linter) course(content fs.FS) {
	var course struct {
		Modules []struct {
			Lessons []struct {
				Slug string
				Labs []struct {
					Slug  string
					Title Text
				}
			}
		}
	}
	b, err := fs.ReadFile(content, "course.yaml")
	if err == nil {
		err = yaml.Unmarshal(b, &course)
	}
	if err != nil {
		n.problem("course.yaml: %v", err)
	}
	for _, m := range course.Modules {
		for _, lesson := range m.Lessons {
			for _, lab := range lesson.Labs {
				if lab.Slug != n.lab.Slug {
					continue
				}
				if lab.Title != n.lab.Title || lesson.Slug != n.lab.Lesson {
					n.problem("course.yaml has it under %s as %q, %q", lesson.Slug, lab.Title.KO, lab.Title.EN)
				}
				return
			}
		}
	}
	n.problem("course.yaml does not name it")
}

// folders are starter, solution and wrong.
func (n *linter) folders() {
	script := func(name string) {
		b, err := readFile(n.lab.FS, name)
		switch {
		case err != nil:
			n.problem("%s is missing", name)
		case !strings.HasPrefix(string(b), "#!/bin/sh\n"):
			n.problem("%s does not begin with #!/bin/sh", name)
		}
	}
	script("solution/apply.sh")
	for _, m := range n.lab.Mistakes() {
		script("wrong/" + m + "/apply.sh")
	}
	entries, _ := fs.ReadDir(n.lab.FS, "wrong") // no folder: no entries
	for _, e := range entries {
		if _, named := n.lab.Wrong[e.Name()]; !named {
			n.problem("lab.yaml does not say which check wrong/%s fails", e.Name())
		}
	}
	for name := range n.lab.Workers {
		stem := path.Join("starter", n.lab.Workers[name].Argv[0])
		found, _ := fs.Glob(n.lab.FS, stem+"*") // the pattern is ours
		if len(found) == 0 {
			n.problem("worker %s: the starter has no %s", name, stem)
		}
	}
	_ = fs.WalkDir(n.lab.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if b, readErr := readFile(n.lab.FS, name); err == nil && !d.IsDir() && readErr == nil && strings.Contains(string(b), "\r") {
			n.problem("%s has line ends of Windows", name)
		}
		return nil
	})
}

var (
	fence    = regexp.MustCompile("(?ms)^```(.*?)^```")
	codeSpan = regexp.MustCompile("`[^`\n]+`")
)

// languages must say the same things.
func (n *linter) languages() {
	ko, en := n.lab.Text("ko"), n.lab.Text("en")
	n.same("headings", ko.Headings, en.Headings)
	n.same("hints and outcomes", ko.keys, en.keys)
	n.same("code blocks", fence.FindAllString(ko.Instructions, -1), fence.FindAllString(en.Instructions, -1))
	n.same("code in the text", sorted(codeSpan.FindAllString(ko.Instructions, -1)), sorted(codeSpan.FindAllString(en.Instructions, -1)))
	for key, o := range ko.Outcomes {
		other, ok := en.Outcomes[key]
		if !ok {
			continue // said above
		}
		n.same("places of check:"+key, places(o), places(other))
		for lang, o := range map[string]Outcome{"ko": o, "en": other} {
			if o.Message == "" || o.Hint == "" {
				n.problem("%s.md: check:%s needs a sentence and, quoted with >, what to look at next", lang, key)
			}
		}
	}
	for _, lang := range Langs {
		t := n.lab.Text(lang)
		if t.Summary == "" {
			n.problem("%s.md: no summary between --- and ---", lang)
		}
		if len(t.Hints) == 0 {
			n.problem("%s.md: no ## hint:1", lang)
		}
		for i, key := range slices.DeleteFunc(slices.Clone(t.keys), func(k string) bool { return !strings.HasPrefix(k, "hint:") }) {
			if key != fmt.Sprintf("hint:%d", i+1) {
				n.problem("%s.md: %s should be hint:%d", lang, key, i+1)
			}
		}
	}
}

func (n *linter) same(what string, ko, en []string) {
	for i := range max(len(ko), len(en)) {
		k, e := at(ko, i), at(en, i)
		if k != e {
			n.problem("the %s differ: ko.md has %q where en.md has %q", what, k, e)
			return
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func sorted(list []string) []string { slices.Sort(list); return slices.Compact(list) }

func places(o Outcome) []string { return sorted(placeholder.FindAllString(o.Message+o.Hint, -1)) }

// checks compares lab.yaml, check.star and the sentences.
func (n *linter) checks() {
	source, err := readFile(n.lab.FS, "check.star")
	if err != nil {
		n.problem("%v", err)
		return
	}
	file, err := (&syntax.FileOptions{Set: true}).Parse("check.star", source, 0)
	if err != nil {
		n.problem("%v", err)
		return
	}
	given := map[string][]string{} // outcome → names of its values
	for _, s := range file.Stmts {
		def, ok := s.(*syntax.DefStmt)
		if !ok {
			continue
		}
		if def.Name.Name == "teardown" && !n.lab.NeedsDocker() {
			n.problem("check.star has teardown, which is for live grading: needs: [docker]")
		}
		name, isCheck := strings.CutPrefix(def.Name.Name, "check_")
		if !isCheck {
			n.wants("*", def, given) // a helper's outcomes may be any check's
			continue
		}
		id := strings.ReplaceAll(name, "_", "-")
		if n.lab.Check(id) == nil {
			n.problem("check.star has %s, but lab.yaml no check %s", def.Name.Name, id)
		}
		given[id] = nil
		n.wants(id, def, given)
	}
	for _, c := range n.lab.Checks {
		if _, ok := given[c.ID]; !ok {
			n.problem("check.star has no function %s", c.Func())
		}
	}
	for key, o := range n.lab.Text("ko").Outcomes {
		names, ok := given[key]
		if !ok {
			n.problem("nothing in check.star ends with the outcome %s", key)
			continue
		}
		for _, p := range places(o) {
			if !slices.Contains(names, p[1:len(p)-1]) {
				n.problem("the sentence check:%s has the place %s, but check.star gives it no such value", key, p)
			}
		}
	}
}

// wants collects the outcomes of one check function: the calls of t.want with a literal key.
func (n *linter) wants(id string, def *syntax.DefStmt, given map[string][]string) {
	syntax.Walk(def, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok {
			return true
		}
		dot, ok := call.Fn.(*syntax.DotExpr)
		if !ok || dot.Name.Name != "want" || len(call.Args) < 2 {
			return true
		}
		lit, ok := call.Args[1].(*syntax.Literal)
		if !ok {
			n.problem("check.star:%d: write the outcome as a literal, so that its sentence can be found", call.Lparen.Line)
			return true
		}
		key, _ := lit.Value.(string)
		if given[id+"/"+key] == nil {
			given[id+"/"+key] = []string{}
		}
		for _, arg := range call.Args[2:] {
			if b, ok := arg.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
				given[id+"/"+key] = append(given[id+"/"+key], b.X.(*syntax.Ident).Name)
			}
		}
		if _, ok := n.lab.Text("ko").Outcome(id, key); !ok {
			n.problem("check.star:%d: no sentence ## check:%s/%s", call.Lparen.Line, id, key)
		}
		return true
	})
}
