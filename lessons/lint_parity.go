package lessons

import (
	"fmt"
	"regexp"
	"strings"

	"haneul/lessons/markdown"
)

// trait is something both languages of a text must have, in the same order.
type trait struct {
	line int
	what string // shown to the author
	key  string // compared
}

// parity reports the first place where the two languages of a text part: headings and fences in order, links as a set.
func (l *linter) parity(koFile, enFile string, ko, en *markdown.Doc) {
	a, aLinks := traits(ko)
	b, bLinks := traits(en)
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			l.add(koFile, 0, "%s:%d has %s, which is missing here", enFile, b[i].line, b[i].what)
		case i >= len(b):
			l.add(enFile, 0, "%s:%d has %s, which is missing here", koFile, a[i].line, a[i].what)
		case a[i].key != b[i].key:
			l.add(enFile, b[i].line, "%s differs from %s at %s:%d", b[i].what, a[i].what, koFile, a[i].line)
		default:
			continue
		}
		break // what follows would all be shifted
	}
	for u, line := range aLinks {
		if bLinks[u] == 0 {
			l.add(enFile, 0, "the link at %s:%d is missing here: %s", koFile, line, u)
		}
	}
	for u, line := range bLinks {
		if aLinks[u] == 0 {
			l.add(koFile, 0, "the link at %s:%d is missing here: %s", enFile, line, u)
		}
	}
}

var (
	comment  = regexp.MustCompile(`(?m)^\s*#.*\n?|\s+# .*$`)
	language = regexp.MustCompile(`/(ko_kr|ko|en_us|en)/`)
)

func traits(doc *markdown.Doc) (list []trait, links map[string]int) {
	links = map[string]int{}
	add := func(b markdown.Block, what, key string) {
		list = append(list, trait{b.Line(), what, what + "\x00" + key})
	}
	markdown.Walk(doc.Blocks, func(b markdown.Block) {
		switch b := b.(type) {
		case *markdown.Heading:
			add(b, fmt.Sprintf("heading %s {#%s}", strings.Repeat("#", b.Level), b.ID), "")
		case *markdown.Try:
			add(b, "a try fence", comment.ReplaceAllString(b.Command, ""))
		case *markdown.Quiz:
			add(b, "quiz "+b.ID, "")
		case *markdown.Code:
			code := b.Text
			if b.Lang == "text" || b.Lang == "console" {
				code = "" // output and drawings may be translated
			}
			add(b, "a "+b.Lang+" fence", comment.ReplaceAllString(code, ""))
		case *markdown.ThenNow:
			add(b, "a then-now box", b.Doc+" "+b.AsOf+" "+language.ReplaceAllString(b.Source, "/"))
		case *markdown.Diagram:
			key := ""
			for _, x := range b.Boxes {
				key += x.ID + " "
			}
			for _, x := range b.Arrows {
				key += x.From + ">" + x.To + " "
			}
			add(b, "a diagram", key)
		case *markdown.Table:
			add(b, fmt.Sprintf("a table of %d columns and %d rows", len(b.Head), len(b.Rows)), "")
		}
		for _, s := range markdown.Spans(b) {
			if s.URL != "" {
				links[language.ReplaceAllString(s.URL, "/")] = b.Line()
			}
		}
	})
	return list, links
}
