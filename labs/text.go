package labs

import (
	"regexp"
	"strings"

	"haneul/labs/report"
)

// LabText is ko.md or en.md: what a learner reads before, and the sentences for what may happen.
type LabText struct {
	Summary      string
	Instructions string             // markdown, up to the first hint or outcome
	Hints        []string           // of ## hint:1, ## hint:2, …
	Outcomes     map[string]Outcome // of ## check:ID/KEY, by "ID/KEY" or "*/KEY"
	Headings     []string           // ids of the instructions' headings, in order
	keys         []string           // hint:1, check:ID/KEY, … in order
}

// Outcome is what a check says when it does not pass: what was expected and seen, and what to look at next.
type Outcome struct {
	Message string
	Hint    string // the paragraphs quoted with >
}

// Outcome finds the sentence for a check's outcome: its own, or the one under ## check:*/KEY that all checks share.
func (t *LabText) Outcome(check, key string) (o Outcome, ok bool) {
	if o, ok = t.Outcomes[check+"/"+key]; !ok {
		o, ok = t.Outcomes["*/"+key]
	}
	return o, ok
}

var (
	headingID   = regexp.MustCompile(`\{#([a-z0-9-]+)\}\s*$`)
	placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)
)

// parseText splits a text at its second-level headings, code blocks left alone.
func parseText(md string) *LabText {
	t := &LabText{Outcomes: map[string]Outcome{}}
	md = t.frontMatter(strings.ReplaceAll(md, "\r\n", "\n"))
	var key string
	var part []string
	flush := func() {
		body := strings.TrimSpace(strings.Join(part, "\n"))
		part = nil
		switch id, isCheck := strings.CutPrefix(key, "check:"); {
		case isCheck:
			t.Outcomes[id] = parseOutcome(body)
		case key != "":
			t.Hints = append(t.Hints, body)
		default:
			t.Instructions = body
		}
	}
	fenced := false
	for line := range strings.SplitSeq(md, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		}
		if name, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			if name = strings.TrimSpace(name); strings.HasPrefix(name, "hint:") || strings.HasPrefix(name, "check:") {
				flush()
				key = name
				t.keys = append(t.keys, key)
				continue
			}
			if m := headingID.FindStringSubmatch(name); m != nil {
				t.Headings = append(t.Headings, m[1])
			}
		}
		part = append(part, line)
	}
	flush()
	return t
}

// frontMatter reads `summary` from the lines between --- and ---, and returns the rest.
func (t *LabText) frontMatter(md string) string {
	rest, ok := strings.CutPrefix(md, "---\n")
	head, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		return md
	}
	for line := range strings.SplitSeq(head, "\n") {
		if v, ok := strings.CutPrefix(line, "summary:"); ok {
			t.Summary = strings.TrimSpace(v)
		}
	}
	return body
}

func parseOutcome(body string) (o Outcome) {
	var message, hint []string
	for line := range strings.SplitSeq(body, "\n") {
		if quoted, ok := strings.CutPrefix(line, ">"); ok {
			hint = append(hint, strings.TrimSpace(quoted))
		} else {
			message = append(message, line)
		}
	}
	return Outcome{strings.TrimSpace(strings.Join(message, "\n")), strings.TrimSpace(strings.Join(hint, "\n"))}
}

// fill puts values into a sentence's {places}. Where a place begins its line, a value of several lines is indented like it.
func fill(sentence string, params map[string]any) string {
	lines := strings.Split(sentence, "\n")
	for i, line := range lines {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		lines[i] = placeholder.ReplaceAllStringFunc(line, func(p string) string {
			v, ok := params[p[1:len(p)-1]]
			if !ok {
				return p
			}
			return strings.ReplaceAll(report.Show(v), "\n", "\n"+indent)
		})
	}
	return strings.Join(lines, "\n")
}
