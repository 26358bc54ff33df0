package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Text writes what a learner reads in a terminal: for every check that did not pass, what was expected, what was seen,
// the record that shows it, and what to look at next.
func Text(w io.Writer, r *Result, s Sentences) error {
	for _, c := range r.Checks {
		if err := TextCheck(w, &c, s); err != nil {
			return err
		}
	}
	return TextEnd(w, r, s)
}

// TextCheck writes what [Text] says about one check.
func TextCheck(w io.Writer, c *Check, s Sentences) error {
	b := &strings.Builder{}
	fmt.Fprintf(b, "[%s] %s\n", s.Word("check."+string(c.Status)), c.Title)
	for _, p := range c.Paragraphs(s, time.Local) {
		fmt.Fprintf(b, "%s\n", indent(p))
	}
	if c.Status != Pass {
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// TextEnd writes what [Text] says after the checks: what a live grading left behind, and the score.
func TextEnd(w io.Writer, r *Result, s Sentences) error {
	b := &strings.Builder{}
	if r.Left != "" {
		fmt.Fprintf(b, "%s\n", s.Word("check.left", "detail", r.Left))
	}
	fmt.Fprintf(b, "%s\n", s.Word("check.score", "score", r.Score, "max", r.MaxScore))
	_, err := io.WriteString(w, b.String())
	return err
}

// Paragraphs are what is said about a check that did not pass, in order: what happened, expected and actual, the records,
// what to look at next. Times are in the given zone.
func (c *Check) Paragraphs(s Sentences, zone *time.Location) (ps []string) {
	if c.Message != "" {
		ps = append(ps, c.Message)
	}
	if c.Expected != nil || c.Actual != nil {
		ps = append(ps, s.Word("check.values", "expected", Show(c.Expected), "actual", Show(c.Actual)))
	}
	if len(c.Evidence) > 0 {
		lines := []string{s.Word("check.record")}
		for _, e := range c.Evidence {
			lines = append(lines, "  "+e.Line(zone))
		}
		ps = append(ps, strings.Join(lines, "\n"))
	}
	if c.Hint != "" {
		ps = append(ps, c.Hint)
	}
	return ps
}

// Show writes a check's value as a sentence wants it: a list with commas, nothing as a dash.
func Show(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case string:
		return v
	case float64: // a number that went through JSON
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		if len(v) == 0 {
			return "–"
		}
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = Show(v[i])
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if b, err := json.Marshal(v); err == nil {
			return string(b)
		}
	}
	return fmt.Sprint(v)
}

// Line is a record on one line: 12:03:11 sqs:ReceiveMessage orders MessageId=7f3a….
func (e Evidence) Line(zone *time.Location) string {
	words := []string{e.At.In(zone).Format(time.TimeOnly), e.Operation}
	if e.Resource != "" {
		words = append(words, e.Resource[strings.LastIndexAny(e.Resource, ":/")+1:])
	}
	for _, k := range slices.Sorted(maps.Keys(e.Notes)) {
		words = append(words, k+"="+e.Notes[k])
	}
	if e.Code != "" {
		words = append(words, "→ "+e.Code)
	}
	return strings.Join(words, " ")
}

// indent sets a paragraph in; its empty lines stay empty.
func indent(s string) string {
	s = "    " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n    ")
	return strings.ReplaceAll(s, "\n    \n", "\n\n")
}
