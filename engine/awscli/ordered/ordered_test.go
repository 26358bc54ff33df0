package ordered

import "testing"

func TestPythonSpelling(t *testing.T) {
	for text, want := range map[string]string{
		`{"b":1,"a":[true,null,"it's"]}`: `{'b': 1, 'a': [True, None, "it's"]}`,
		`1e16`:                           `1e+16`,
		`100.0`:                          `100.0`,
		`0.00001`:                        `1e-05`,
		`123456789012345678901234567890`: `123456789012345678901234567890`,
		`"한글\n\u0007"`:                   `'한글\n\x07'`,
	} {
		v, err := Parse(text)
		if err != nil || Repr(v) != want {
			t.Errorf("%s: %s, %v; want %s", text, Repr(v), err, want)
		}
	}
}

func TestJSON(t *testing.T) {
	v, err := Parse(`{"z":[],"a":{},"k":[1,{"한":"글\u2028<&>"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := "{\n    \"z\": [],\n    \"a\": {},\n    \"k\": [\n        1,\n        {\n            \"한\": \"글\u2028<&>\"\n        }\n    ]\n}"
	if got := JSON(v); got != want {
		t.Errorf("got %s", got)
	}
	if got := Compact("😀é"); got != `"\ud83d\ude00\u00e9"` {
		t.Errorf("got %s", got)
	}
}

// TestErrors holds the messages to Python 3.11's.
func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:             "Expecting value: line 1 column 1 (char 0)",
		`{"a":}`:       "Expecting value: line 1 column 6 (char 5)",
		`{a:1}`:        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
		`{"a":1,}`:     "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)",
		`{"a" 1}`:      "Expecting ':' delimiter: line 1 column 6 (char 5)",
		"[1\n2]":       "Expecting ',' delimiter: line 2 column 1 (char 3)",
		`1 2`:          "Extra data: line 1 column 3 (char 2)",
		`"a`:           "Unterminated string starting at: line 1 column 1 (char 0)",
		"\"a\tb\"":     "Invalid control character at: line 1 column 3 (char 2)",
		`"\x"`:         `Invalid \escape: line 1 column 2 (char 1)`,
		`["\u12"]`:     `Invalid \uXXXX escape: line 1 column 4 (char 3)`,
		`{"a":[1,2}`:   "Expecting ',' delimiter: line 1 column 10 (char 9)",
		`{"a":1 "b":2`: "Expecting ',' delimiter: line 1 column 8 (char 7)",
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
