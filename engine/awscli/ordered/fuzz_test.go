package ordered

import "testing"

// FuzzParse: what is read can be written and read again, and stays the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,null,"\u0041\ud83d\ude00"]}`, `[[[[`, `"\x"`, `-0`, `1e400`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		Repr(v)
		again, err := Parse(JSON(v))
		if err != nil {
			if JSON(v) == "" {
				t.Error("nothing written")
			}
			return // NaN and Infinity are written as Python does
		}
		if JSON(again) != JSON(v) {
			t.Errorf("%s became %s", JSON(v), JSON(again))
		}
	})
}
