package lessons

import (
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"haneul/lessons/markdown"
)

// languages are the words an ordinary fence may carry.
var languages = []string{"sh", "console", "json", "yaml", "text", "python", "go", "js", "sql", "http", "ini", "dockerfile"}

// lesson checks one lesson: each text, the two against each other, and its quiz.
func (l *linter) lesson(slug string) {
	var docs [2]*markdown.Doc
	var quizzes [2][]string
	for i, lang := range Langs {
		file := lessonFile(slug, lang)
		src := l.read(file)
		if src == nil {
			continue
		}
		t, err := parseLesson(src)
		if err != nil {
			l.yaml(file, err)
			continue
		}
		if t.Title == "" || t.Summary == "" || t.Minutes <= 0 {
			l.add(file, 1, "front matter needs title, minutes and summary")
		}
		docs[i] = t.Doc
		l.text(file, t.Doc, src)
		quizzes[i] = l.headings(file, t.Doc)
	}
	if docs[0] != nil && docs[1] != nil {
		l.parity(lessonFile(slug, KO), lessonFile(slug, EN), docs[0], docs[1])
	}
	l.quiz(slug, quizzes[0])
}

// labTexts holds the markdown of labs to the same syntax; what its headings mean is package labs' business.
func (l *linter) labTexts() {
	files, _ := fs.Glob(l.fsys, "labs/*/*.md")
	for _, file := range files {
		src := l.read(file)
		_, body, line := splitFront(src)
		l.text(file, markdown.Parse(body, line), src)
	}
}

var (
	footnote  = regexp.MustCompile(`\[\^[^\]]+\]`)
	underline = regexp.MustCompile(`(^|[^\w])__[^\s_]`)
	htmlTag   = regexp.MustCompile(`</?(details|summary|br|b|i|em|strong|p|div|span|img|a|kbd|sub|sup)\b[^>]*>`)
)

// text checks the syntax of one file: nothing a terminal cannot draw.
func (l *linter) text(file string, doc *markdown.Doc, src []byte) {
	markdown.Walk(doc.Blocks, func(b markdown.Block) {
		switch b := b.(type) {
		case *markdown.Code:
			if !b.Indented && !slices.Contains(languages, b.Lang) {
				l.add(file, b.Line(), "a fence must name its language, one of %s; found %q", strings.Join(languages, " "), b.Lang)
			}
		case *markdown.Table:
			if len(b.Head) > 3 {
				l.add(file, b.Line(), "a table has at most 3 columns; this one has %d", len(b.Head))
			}
		case *markdown.HTML:
			l.add(file, b.Line(), "HTML is not drawn in a terminal")
		case *markdown.Broken:
			l.add(file, b.Line(), "%s: %s", b.Kind, firstLine(b.Reason))
		case *markdown.ThenNow:
			l.thenNow(file, b)
		case *markdown.Diagram:
			l.diagram(file, b)
		case *markdown.Try:
			if strings.TrimSpace(b.Command) == "" {
				l.add(file, b.Line(), "try: no command")
			}
		}
	})
	inFence := false
	for i, s := range strings.Split(string(src), "\n") {
		if strings.HasPrefix(strings.TrimSpace(s), "```") {
			inFence = !inFence
		}
		if inFence {
			continue
		}
		s = inlineCode.ReplaceAllString(s, "``")
		for what, re := range map[string]*regexp.Regexp{"footnotes": footnote, "`__`": underline, "HTML": htmlTag} {
			if re.MatchString(s) {
				l.add(file, i+1, "%s cannot be drawn in a terminal", what)
			}
		}
	}
}

var inlineCode = regexp.MustCompile("`[^`]*`")

func (l *linter) thenNow(file string, t *markdown.ThenNow) {
	if t.Claim == "" || t.Now == "" {
		l.add(file, t.Line(), "then-now: needs claim and now")
	}
	if u, err := url.Parse(t.Source); err != nil || u.Scheme != "https" {
		l.add(file, t.Line(), "then-now: source must be an https address")
	}
	if _, err := time.Parse("2006-01-02", t.AsOf); err != nil {
		l.add(file, t.Line(), "then-now: as_of must be a date like 2026-11-01")
	}
	if !slices.Contains([]string{"S0", "S1", "S2", "S3", "S4"}, t.Doc) {
		l.add(file, t.Line(), "then-now: doc is S0 to S4")
	}
}

func (l *linter) diagram(file string, d *markdown.Diagram) {
	ids := map[string]bool{}
	for _, b := range d.Boxes {
		if b.ID == "" || b.Label == "" || ids[b.ID] {
			l.add(file, d.Line(), "diagram: box %q needs a label and an id of its own", b.ID)
		}
		ids[b.ID] = true
	}
	for _, a := range d.Arrows {
		if !ids[a.From] || !ids[a.To] {
			l.add(file, d.Line(), "diagram: arrow %s → %s names no box", a.From, a.To)
		}
	}
}

// headings checks ids and levels, and returns the quiz ids of the text in order.
func (l *linter) headings(file string, doc *markdown.Doc) (quizzes []string) {
	seen, level := map[string]bool{}, 1
	markdown.Walk(doc.Blocks, func(b markdown.Block) {
		switch b := b.(type) {
		case *markdown.Heading:
			switch {
			case b.ID == "":
				l.add(file, b.Line(), "a heading needs an id: ## … {#id}")
			case !slugForm.MatchString(b.ID):
				l.add(file, b.Line(), "heading id %q: use lower-case words joined by hyphens", b.ID)
			case seen[b.ID]:
				l.add(file, b.Line(), "heading id %q appears twice", b.ID)
			}
			seen[b.ID] = true
			if b.Level == 1 || b.Level > level+1 {
				l.add(file, b.Line(), "heading level %d follows level %d: the title is in the front matter, sections start at ##", b.Level, level)
			}
			level = b.Level
		case *markdown.Quiz:
			quizzes = append(quizzes, b.ID)
		}
	})
	return quizzes
}
