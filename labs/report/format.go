package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Format writes a result. The result has its sentences already; s gives the words around them.
type Format func(w io.Writer, r *Result, s Sentences) error

// Formats are the export formats by the name a learner types.
func Formats() map[string]Format {
	return map[string]Format{
		"text":  Text,
		"json":  JSON,
		"junit": JUnit,
	}
}

// FormatNames lists them.
func FormatNames() []string { return slices.Sorted(maps.Keys(Formats())) }

// Write exports a result in one language.
func Write(w io.Writer, format string, r *Result, s Sentences) error {
	f := Formats()[format]
	if f == nil {
		return fmt.Errorf("there is no format %q; there are %v", format, FormatNames())
	}
	return f(w, r.In(s), s)
}

// JSON writes result.json.
func JSON(w io.Writer, r *Result, _ Sentences) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
