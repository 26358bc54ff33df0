package codec

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

type constrained struct {
	Name    string            `is:"required,len=1..8,pattern=[a-z,=|]+"`
	Size    *int32            `is:"range=0..900"`
	Kind    string            `is:"enum=a|b"`
	Kinds   []string          `is:"len=..2,enum=a|b"`
	Records []record          `is:"required"`
	Tags    map[string]string `is:"len=..1"`
	Key     string            `is:"secret,len=3.."`
	Blob    []byte            `is:"len=1..2"`
	By      map[string]record
	Rate    *float64 `is:"range=0..1"`
	Java    string   `is:"pattern=[\\u0020-\\u00FF]+"`
}

type record struct {
	PartitionKey string `is:"required"`
}

func TestValidate(t *testing.T) {
	p := PlanOf(reflect.TypeFor[constrained]())
	if got := p.Validate(&constrained{Name: "a=,|", Records: []record{}, Size: ptr(int32(900)), Kinds: []string{"a"}, Java: "é"}); got != nil {
		t.Errorf("a good value: %v", got)
	}
	v := constrained{
		Name: "하늘 sky😀!", Size: ptr(int32(901)), Kind: "c", Kinds: []string{"a", "x", "b"}, Records: []record{{"k"}, {}},
		Tags: map[string]string{"a": "1", "b": "2"}, Key: "s", Blob: []byte{}, By: map[string]record{"m": {}}, Rate: ptr(-0.5), Java: "하늘",
	}
	want := []string{
		`Value '하늘 sky😀!' at 'name' failed to satisfy constraint: Member must have length less than or equal to 8`,
		`Value '하늘 sky😀!' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z,=|]+`,
		`Value '901' at 'size' failed to satisfy constraint: Member must have value less than or equal to 900`,
		`Value 'c' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [a, b]`,
		`Value '[a, x, b]' at 'kinds' failed to satisfy constraint: Member must have length less than or equal to 2`,
		`Value 'x' at 'kinds.2.member' failed to satisfy constraint: Member must satisfy enum value set: [a, b]`,
		`Value null at 'records.2.member.partitionKey' failed to satisfy constraint: Member must not be null`,
		`Value '{a=1, b=2}' at 'tags' failed to satisfy constraint: Member must have length less than or equal to 1`,
		`Value at 'key' failed to satisfy constraint: Member must have length greater than or equal to 3`,
		`Value '""' at 'blob' failed to satisfy constraint: Member must have length greater than or equal to 1`,
		`Value null at 'by.m.member.partitionKey' failed to satisfy constraint: Member must not be null`,
		`Value '-0.5' at 'rate' failed to satisfy constraint: Member must have value greater than or equal to 0`,
		`Value '하늘' at 'java' failed to satisfy constraint: Member must satisfy regular expression pattern: [\u0020-\u00FF]+`,
	}
	got := p.Validate(&v)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].String() != want[i] {
			t.Errorf("%d: got  %v\nwant %v", i, got, strings.Join(want, "\n"))
			break
		}
	}
	if missing := p.Validate(&constrained{}); len(missing) != 2 || !missing[0].Missing || missing[0].Field.Name != "Name" {
		t.Error(missing)
	}
}

func TestFields(t *testing.T) {
	f := PlanOf(reflect.TypeFor[queryInput]()).Fields()
	if f[5].Query != "Attribute" || !f[5].Flat || f[5].Key != "Name" || f[5].Kind != Map || f[5].Type.Kind() != String {
		t.Errorf("%+v", f[5])
	}
	if deep := f[10]; !deep.Optional || deep.Kind != Struct || deep.Type.Fields()[0].Name != "Id" {
		t.Errorf("%+v", deep)
	}
}

func TestMistakesPanic(t *testing.T) {
	for _, v := range []any{
		struct{ x int }{}, struct{ C chan int }{}, struct{ M map[int]string }{}, struct{ P **int }{}, struct{ I any }{},
		struct {
			A string `is:"long"`
		}{}, struct {
			A string `is:"len=5"`
		}{}, struct {
			A string `is:"range=1..2"`
		}{}, struct {
			A string `is:"pattern=("`
		}{}, struct {
			A string `query:"x"`
			B string `query:"x"`
		}{}, struct {
			A string `query:"a,round"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T has a plan", v)
				}
			}()
			PlanOf(reflect.TypeOf(v))
		}()
	}
}

func TestTime(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-20T09:33:42Z": "2026-11-20T09:33:42Z", "2026-11-20T09:33:42.5+09:00": "2026-11-20T00:33:42.500Z", "2026-11-20": "2026-11-20T00:00:00Z",
		"2026-11-20T09:33:42": "2026-11-20T09:33:42Z", "1795167222.25": "2026-11-20T09:33:42.250Z", "0": "1970-01-01T00:00:00Z", "-1.5": "1969-12-31T23:59:58.500Z",
	} {
		got, err := parseTime(in)
		if err != nil || got.String() != want {
			t.Errorf("%s: %v %v, want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "x", "1e300", "NaN", "0x10", "9999-01-01", "1_0"} {
		if got, err := parseTime(bad); err == nil {
			t.Errorf("%q is %v", bad, got)
		}
	}
	now := time.Date(2026, 11, 20, 9, 33, 42, 7_999_999, time.UTC)
	if got := fmt.Sprintf("%s %s", TimeOf(now), TimeOf(now).appendEpoch(nil)); got != "2026-11-20T09:33:42.007Z 1795167222.007" {
		t.Error(got)
	}
}
