package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

var allP = PlanOf(reflect.TypeFor[all]())

func TestDecodeJSONProblems(t *testing.T) {
	for body, want := range map[string]string{
		`{"S":5}`:                               "S: NUMBER_VALUE can not be converted to a String",
		`{"S":true}`:                            "S: TRUE_VALUE can not be converted to a String",
		`{"S":{}}`:                              "S: Start of structure or map found where not expected",
		`{"S":[]}`:                              "S: Start of list found where not expected",
		`{"I":"5"}`:                             "I: STRING_VALUE can not be converted to an Integer",
		`{"I":5.5}`:                             "I: not a whole number between the bounds of its type",
		`{"I32":2147483648}`:                    "I32: not a whole number between the bounds of its type",
		`{"U32":-1}`:                            "U32: not a whole number between the bounds of its type",
		`{"I64":9223372036854775808}`:           "I64: not a whole number between the bounds of its type",
		`{"F":1e999}`:                           "F: a number out of range",
		`{"F":01}`:                              "F: a malformed number",
		`{"B":"true"}`:                          "B: STRING_VALUE can not be converted to a Boolean",
		`{"X":"!"}`:                             "X: not valid Base64",
		`{"T":"noon"}`:                          "T: STRING_VALUE can not be converted to a Timestamp",
		`{"T":1e300}`:                           `T: not a timestamp: "1e300"`,
		`{"L":"x"}`:                             "L: STRING_VALUE found where a list is expected",
		`{"L":["a",5]}`:                         "L.2: NUMBER_VALUE can not be converted to a String",
		`{"L":[null]}`:                          "L.1: null is not an element of a list",
		`{"M":{"k":null}}`:                      "M.k: null is not a value of a map",
		`{"ML":{"k":{"N":"x"}}}`:                "ML.k.N: STRING_VALUE can not be converted to an Integer",
		`{"LL":[{},{"Kids":[{"N":[]}]}]}`:       "LL.2.Kids.1.N: Start of list found where not expected",
		`{"S":"` + "\xff" + `"}`:                "S: a string that is not valid UTF-8",
		`{"S":"\n` + "\xff" + `"}`:              "S: a string that is not valid UTF-8",
		`{"S":"\ud800"}`:                        `S: a malformed \u escape in a string`,
		`{"S":"\ud800\u0041"}`:                  `S: a malformed \u escape in a string`,
		`{"S":"\x"}`:                            "S: an unknown escape in a string",
		"{\"S\":\"\n\"}":                        "S: a control character in a string",
		`{"S":"a`:                               "S: a string without an end",
		`{"S":`:                                 "S: unexpected end of the document",
		`{"S":"a"`:                              "unexpected end of the document",
		`{"S":"a",}`:                            "a value is missing after a comma",
		`{"S" "a"}`:                             "a colon is missing",
		`{S:"a"}`:                               "a member's name is missing",
		`{} {}`:                                 "more follows the end of the document",
		`[]`:                                    "START_ARRAY found where a structure or map is expected",
		`null`:                                  "NULL_VALUE found where a structure or map is expected",
		`{"Nope":` + strings.Repeat("[", 1<<20): "nested more than 64 levels deep",
		strings.Repeat(`{"PL":{"Kids":[`, 1) + strings.Repeat(`{"Kids":[`, 1<<16): "",
	} {
		var v all
		_, err := allP.DecodeJSON([]byte(body), &v)
		if want == "" {
			if err == nil || !strings.HasSuffix(err.Error(), "levels deep") {
				t.Errorf("%.40s: %.80v", body, err)
			}
		} else if err == nil || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", body, err, want)
		}
	}
}

func TestDecodeJSONLenience(t *testing.T) {
	var v all
	unknown, err := allP.DecodeJSON([]byte(` { "I" : 5.0, "I64":1e3, "T":1763631222.1234, "PL":{"Nope":[1,{"a":"\""}],"Name":"x"}, "L":["a"], "L":["b"],
		"S":null, "Other":{"x":[true,false,null,-1.5e+3]}, "M":{"\u00e9\ud83d\ude00":"\/"} } `), &v)
	want := all{I: 5, I64: 1000, T: 1763631222123 * millisecond, PL: &leaf{Name: "x"}, L: []string{"b"}, M: map[string]string{"é😀": "/"}}
	if err != nil || !reflect.DeepEqual(v, want) || !reflect.DeepEqual(unknown, []string{"PL.Nope", "Other"}) {
		t.Errorf("%v %v %+v", err, unknown, v)
	}
	for _, empty := range []string{"", " \n", "{}"} {
		if _, err := allP.DecodeJSON([]byte(empty), &v); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestRedacted(t *testing.T) {
	type key struct {
		Id     string
		Secret string  `is:"secret"`
		Token  *string `is:"secret"`
		Inner  []leaf
	}
	p := PlanOf(reflect.TypeFor[key]())
	v := key{Id: "a", Secret: "s", Inner: []leaf{{Name: "b"}}}
	if got := string(p.AppendRedacted(nil, &v)); got != `{"Id":"a","Secret":"***","Inner":[{"Name":"b"}]}` {
		t.Error(got)
	}
}

// encoding/json agrees with what we write, and on what we accept.
func FuzzDecodeJSON(f *testing.F) {
	v := full()
	f.Add(allP.AppendJSON(nil, &v))
	f.Add([]byte(`{"L":["a",null],"S":"\ud83d\ude00","F":-1.5e3,"Nope":{"a":[1,true]},"T":1.5}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var v, again all
		if _, err := allP.DecodeJSON(b, &v); err != nil {
			return
		}
		if len(bytes.TrimSpace(b)) > 0 && (!json.Valid(b) || !utf8.Valid(b)) {
			t.Fatalf("accepted %q", b)
		}
		out := allP.AppendJSON(nil, &v)
		if !json.Valid(out) {
			t.Fatalf("wrote %q", out)
		}
		if unknown, err := allP.DecodeJSON(out, &again); err != nil || unknown != nil {
			t.Fatal(err, unknown)
		}
		if second := allP.AppendJSON(nil, &again); !bytes.Equal(out, second) {
			t.Fatalf("first  %s\nsecond %s", out, second)
		}
		allP.Validate(&v)
	})
}

type message struct {
	QueueUrl, MessageBody string
	DelaySeconds          *int32
}

var messageJSON = []byte(`{"QueueUrl": "http://127.0.0.1:4566/000000000000/orders", "MessageBody": "` + strings.Repeat("x", 128) + `", "DelaySeconds": 5}`)

func BenchmarkDecode(b *testing.B) {
	p := PlanOf(reflect.TypeFor[message]())
	b.Run("plan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v message
			if _, err := p.DecodeJSON(messageJSON, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v message
			if err := json.Unmarshal(messageJSON, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	p := PlanOf(reflect.TypeFor[message]())
	v := message{"http://127.0.0.1:4566/000000000000/orders", strings.Repeat("x", 128), ptr(int32(5))}
	buf := make([]byte, 0, 1024)
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.AppendJSON(buf, &v)
		}
	})
	b.Run("xml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.AppendXML(buf, &v)
		}
	})
	b.Run("row", func(b *testing.B) {
		r := RowOf[message]()
		b.ReportAllocs()
		for b.Loop() {
			r.Append(buf, &v)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(&v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
