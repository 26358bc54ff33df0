package lessons

import (
	"strings"
	"testing"
	"testing/fstest"
)

// good is the smallest course without a problem; the tests below break it in one place each.
func good() map[string]string {
	text := func(title, para string) string {
		return "---\ntitle: " + title + "\nminutes: 5\nsummary: " + para + "\n---\n\n## " + title + " {#intro}\n\n" + para +
			" [AWS](https://docs.aws.amazon.com/en/x)\n\n```try\naws sqs list-queues # " + title + "\n```\n\n```quiz id=q1\n```\n\n" +
			"```then-now\nclaim: " + para + "\nnow: " + para + "\nsource: https://example.com/\nas_of: 2026-11-01\ndoc: S1\n```\n\n" +
			"```diagram\nboxes: [{id: a, label: " + para + "}]\narrows: []\n```\n"
	}
	return map[string]string{
		"course.yaml": "title: {ko: 하늘, en: haneul}\nmodules:\n  - slug: m\n    title: {ko: 장, en: m}\n    lessons:\n" +
			"      - slug: one\n        title: {ko: 하나, en: one}\n        labs:\n          - {slug: lab, title: {ko: 실습, en: lab}}\n" +
			"      - slug: two\n        title: {ko: 둘, en: two}\n        planned: true\n",
		"lessons/one/ko.md": text("하나", "한글"),
		"lessons/one/en.md": text("One", "English"),
		"lessons/one/quiz.yaml": "questions:\n  - id: q1\n    kind: choice\n    prompt: {ko: 물음, en: q}\n    options:\n" +
			"      - {key: a, text: {ko: 가, en: a}, why: {ko: 까닭, en: why}}\n      - {key: b, text: {ko: 나, en: b}, why: {ko: 까닭, en: why}}\n    answer: [a]\n",
		"labs/lab/ko.md": "## 안내\n", "labs/lab/en.md": "## Guide\n",
		"ui.ko.yaml": "a.b: \"안녕 {name}\"\n", "ui.en.yaml": "a.b: \"hello {name}\"\n",
		"glossary.yaml": "- {key: q, term: {ko: 대기열, en: queue}, text: {ko: 글, en: text}, lesson: one}\n",
	}
}

func lint(files map[string]string) []string {
	fsys := fstest.MapFS{}
	for name, s := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(s)}
	}
	var out []string
	for _, p := range Lint(fsys) {
		out = append(out, p.String())
	}
	return out
}

func TestLintAcceptsTheGood(t *testing.T) {
	if p := lint(good()); len(p) > 0 {
		t.Error(strings.Join(p, "\n"))
	}
}

func TestLintFinds(t *testing.T) {
	const ko, en, quiz = "lessons/one/ko.md", "lessons/one/en.md", "lessons/one/quiz.yaml"
	for name, c := range map[string]struct{ file, old, new, want string }{
		"unknown key":         {"course.yaml", "planned:", "planed:", "course.yaml:12: unknown field"},
		"duplicate lesson":    {"course.yaml", "slug: two", "slug: one", "lesson one appears twice"},
		"title in one":        {"course.yaml", "{ko: 둘, en: two}", "{ko: 둘}", "course.yaml:10: lesson two title: nothing in en"},
		"planned but there":   {"course.yaml", "        labs:\n", "        planned: true\n        labs:\n", "lessons/one exists: remove planned"},
		"written but missing": {"course.yaml", "        planned: true\n", "", "lessons/two does not exist"},
		"stranger":            {"lessons/three/ko.md", "", "x", "lessons/three: is not in course.yaml"},
		"front matter":        {ko, "minutes: 5\n", "", "ko.md:1: front matter needs"},
		"front matter typo":   {ko, "minutes:", "minuts:", "ko.md:2"},
		"heading without id":  {ko, " {#intro}", "", "ko.md:7: a heading needs an id"},
		"korean id":           {ko, "{#intro}", "{#소개}", "ko.md:7"},
		"other id":            {en, "{#intro}", "{#start}", "en.md:7: heading ## {#start} differs from heading ## {#intro} at lessons/one/ko.md:7"},
		"level":               {ko, "## 하나", "#### 하나", "ko.md:7: heading level 4"},
		"unnamed fence":       {ko, "```try", "```", "a fence must name its language"},
		"other command":       {en, "list-queues", "list-queue", "en.md:11: a try fence differs"},
		"missing fence":       {en, "```try\naws sqs list-queues # One\n```\n", "", "differs from a try fence at lessons/one/ko.md:11"},
		"quiz not asked":      {quiz, "", "  - {id: q2, kind: number, prompt: {ko: ㄱ, en: b}, answer: ['3'], why: {ko: ㄱ, en: b}}\n", "question q2 is asked 0 times"},
		"quiz unknown":        {ko, "quiz id=q1", "quiz id=q9", "the text asks q9"},
		"quiz without id":     {ko, "quiz id=q1", "quiz", "a quiz fence needs id=NAME"},
		"answer is no option": {quiz, "answer: [a]", "answer: [z]", "quiz.yaml:2: q1: answer \"z\" is no option"},
		"two right choices":   {quiz, "answer: [a]", "answer: [a, b]", "a choice has one answer"},
		"no why":              {quiz, "{ko: 나, en: b}, why: {ko: 까닭, en: why}", "{ko: 나, en: b}", "q1 why of option b: nothing in ko"},
		"kind":                {quiz, "kind: choice", "kind: guess", "is not choice, multi or number"},
		"link":                {en, "/en/x", "/en/y", "link"},
		"wide table":          {ko, "```quiz", "|a|b|c|d|\n|-|-|-|-|\n\n```quiz", "at most 3 columns"},
		"html":                {ko, "```quiz", "<details>\n</details>\n\n```quiz", "HTML is not drawn"},
		"br":                  {ko, "한글 [", "한글<br>[", "ko.md:9: HTML cannot be drawn"},
		"footnote":            {ko, "한글 [", "한글[^1] [", "footnotes cannot be drawn"},
		"underscores":         {ko, "한글 [", "__한글__ [", "`__` cannot be drawn"},
		"then-now date":       {ko, "2026-11-01", "어제", "as_of must be a date"},
		"then-now source":     {ko, "https://example.com/", "somewhere", "source must be an https address"},
		"diagram arrow":       {ko, "arrows: []", "arrows: [{from: a, to: z, label: x}]", "arrow a → z names no box"},
		"diagram yaml":        {ko, "boxes: [", "boxes: {", "diagram: "},
		"ui key":              {"ui.en.yaml", "a.b:", "a.c:", "a.b is not in ui.en.yaml"},
		"ui placeholder":      {"ui.en.yaml", "{name}", "{nome}", "a.b has placeholders [{name}]"},
		"glossary lesson":     {"glossary.yaml", "lesson: one", "lesson: nine", "glossary.yaml:1: term q: no lesson \"nine\""},
		"lab fence":           {"labs/lab/ko.md", "## 안내\n", "```\nx\n```\n", "labs/lab/ko.md:1: a fence must name"},
		"unreadable":          {"course.yaml", "title: {ko", "title: {{ko", "course.yaml:"},
	} {
		files := good()
		if c.old == "" {
			files[c.file] += c.new
		} else {
			files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		}
		if got := strings.Join(lint(files), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, got)
		}
	}
}
