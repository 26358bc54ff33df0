package jmespath

import (
	"testing"

	"haneul/engine/awscli/ordered"
)

// FuzzSearch: no expression brings the program down.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"a[?b=='c'].d | [0]", "sort_by(a,&b)[::-1]", "{x: a.*, y: !b}", "a[-1:0:-1]", "`[1,2]`", "max_by(@,&@)", "&a", "to_string(&a)", "[&a, @]"} {
		f.Add(s)
	}
	data, err := ordered.Parse(`{"a":[{"b":"c","d":1},{"b":2}],"b":{"x":null},"n":-1.5,"s":"한"}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Compile(text)
		if err != nil {
			return
		}
		if v, err := e.Search(data); err == nil {
			ordered.JSON(v)
			ordered.Repr(v)
		}
	})
}
