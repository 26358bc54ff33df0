package codec

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

type attr struct {
	StringValue string
	DataType    string
}

type entry struct {
	Id    string
	Delay *int32
	Attrs map[string]attr `query:"MessageAttribute,flat,key=Name,value=Value"`
	Names []string        `query:"Name,flat"`
}

type queryInput struct {
	QueueUrl   string
	On         bool
	Rate       float64
	Data       []byte
	When       Time
	Attributes map[string]string `query:"Attribute,flat,key=Name,value=Value"`
	Tags       map[string]string
	Entries    []entry `query:"Entry,flat"`
	Users      []string
	Groups     []entry `query:",member=Group"`
	Deep       *entry
}

var queryP = PlanOf(reflect.TypeFor[queryInput]())

func TestDecodeQuery(t *testing.T) {
	body := "Action=X&Version=1&QueueUrl=http%3A%2F%2Fq%2F%ED%95%98%EB%8A%98+x&On=true&Rate=1.5&Data=AAH%2F&When=2026-11-20T09%3A33%3A42.123Z" +
		"&Attribute.1.Name=a&Attribute.1.Value=1&Attribute.2.Value=2&Attribute.2.Name=b&Attribute.3.Name=c&Attribute.3.Value=" +
		"&Tags.entry.1.key=k&Tags.entry.1.value=v" +
		"&Entry.10.Id=j&Entry.1.Id=a&Entry.2.Delay=5&Entry.2.MessageAttribute.1.Name=n&Entry.2.MessageAttribute.1.Value.StringValue=s" +
		"&Entry.2.MessageAttribute.1.Value.DataType=String&Entry.2.Name.1=x" +
		"&Users.member.1=u&Users.2=w&Groups.Group.1.Id=g&Groups.member.2.Id=h&Deep.Id=d&Deep.Nope=1&Nope.1=2&QueueUrl.x=1&Users.x=1"
	skip := func(name string) bool { return name == "Action" || name == "Version" }
	var got queryInput
	unknown, err := queryP.DecodeQuery(body, &got, skip)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Deep.Nope", "Nope.1", "QueueUrl.x", "Users.x"}; !reflect.DeepEqual(unknown, want) {
		t.Errorf("unknown %v, want %v", unknown, want)
	}
	want := queryInput{
		QueueUrl: "http://q/하늘 x", On: true, Rate: 1.5, Data: []byte{0, 1, 255}, When: 1795167222123 * millisecond,
		Attributes: map[string]string{"a": "1", "b": "2", "c": ""}, Tags: map[string]string{"k": "v"},
		Entries: append([]entry{{Id: "a"}, {Delay: ptr(int32(5)), Attrs: map[string]attr{"n": {"s", "String"}}, Names: []string{"x"}}}, make([]entry, 8)...),
		Users:   []string{"u", "w"}, Groups: []entry{{Id: "g"}, {Id: "h"}}, Deep: &entry{Id: "d"},
	}
	want.Entries[9].Id = "j"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	got = queryInput{}
	if _, err := queryP.DecodeQuery("Users=&Tags=&Attribute=", &got, nil); err != nil || got.Users == nil || got.Tags == nil || got.Attributes == nil {
		t.Errorf("empty lists: %v %+v", err, got)
	}
}

func TestDecodeQueryProblems(t *testing.T) {
	for body, want := range map[string]string{
		"Users.member.999999999=x":            "Users.member.999999999: an element's number is too high for the elements given",
		"Users.member.99999999999999999999=x": "", // not a number at all: unknown
		"Users.member.0=x":                    "Users.member.0: elements are numbered from 1",
		"Users=x":                             "Users: a list whose elements are not numbered",
		"QueueUrl=%ff":                        "QueueUrl: not valid UTF-8 in URL encoding",
		"QueueUrl=%zz":                        "QueueUrl: not valid UTF-8 in URL encoding",
		"%ff=1":                               "a parameter name that is not valid UTF-8 in URL encoding",
		"On=yes":                              `On: "yes" is not a boolean`,
		"Rate=NaN":                            `Rate: "NaN" is not a number`,
		"Deep.Delay=3000000000":               `Deep.Delay: "3000000000" is not a whole number between the bounds of its type`,
		"Data=!":                              "Data: not valid Base64",
		"When=noon":                           `When: not a timestamp: "noon"`,
		"Attribute.1.Value=x":                 "Attribute.1: a value without its name",
	} {
		var v queryInput
		_, err := queryP.DecodeQuery(body, &v, nil)
		var p *Problem
		if want == "" && err != nil || want != "" && (!errors.As(err, &p) || p.Error() != want) {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
	// however lists nest, what is allocated stays in proportion to what is sent
	var b strings.Builder
	for range 2000 {
		b.WriteString("Entry.1500.Name.1500=x&")
	}
	var v queryInput
	if _, err := queryP.DecodeQuery(b.String(), &v, nil); err != nil {
		t.Error(err)
	}
	for i := range 2000 {
		b.WriteString("Entry." + string(rune('1'+i%9)) + ".Name.1500=x&")
	}
	if _, err := queryP.DecodeQuery(b.String(), &queryInput{}, nil); err == nil {
		t.Error("sparse lists without bound")
	}
}

func TestQueryRecursionIsBounded(t *testing.T) {
	type node struct{ Next *node }
	var v node
	_, err := PlanOf(reflect.TypeFor[node]()).DecodeQuery(strings.Repeat("Next.", 100000)+"Next=1", &v, nil)
	if err == nil || !strings.Contains(err.Error(), "levels deep") {
		t.Fatalf("%.100s", err)
	}
}

func TestAppendXML(t *testing.T) {
	v := queryInput{
		QueueUrl: "a<b>&\"c\"\r\n\x00\ufffe\xff하늘", When: 1795167222000 * millisecond, Data: []byte{0, 1, 255},
		Attributes: map[string]string{"b": "2", "a": "<1>"}, Tags: map[string]string{"k": "v"},
		Entries: []entry{{Id: "a"}, {Id: "b", Delay: ptr(int32(0)), Names: []string{"x", ""}}}, Users: []string{}, Groups: []entry{{Id: "g"}},
	}
	got := string(queryP.AppendXML(nil, &v))
	want := "<QueueUrl>a&lt;b&gt;&amp;&quot;c&quot;&#xD;\n\ufffd\ufffd\ufffd하늘</QueueUrl><On>false</On><Rate>0</Rate><Data>AAH/</Data><When>2026-11-20T09:33:42Z</When>" +
		"<Attribute><Name>a</Name><Value>&lt;1&gt;</Value></Attribute><Attribute><Name>b</Name><Value>2</Value></Attribute>" +
		"<Tags><entry><key>k</key><value>v</value></entry></Tags>" +
		"<Entry><Id>a</Id></Entry><Entry><Id>b</Id><Delay>0</Delay><Name>x</Name><Name></Name></Entry>" +
		"<Users></Users><Groups><Group><Id>g</Id></Group></Groups>"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	parses(t, got)
}

func parses(t *testing.T, elements string) {
	d := xml.NewDecoder(strings.NewReader("<r>" + elements + "</r>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not XML: %v in %q", err, elements)
		}
	}
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("QueueUrl=x&Entry.1.Id=a&Entry.1.MessageAttribute.1.Name=n&Entry.1.MessageAttribute.1.Value.StringValue=s&Users.member.1=%ED%95%98")
	f.Add("Users.member.999999999=1&Attribute.1.Value=&Tags=&When=2026-11-20&Data=AA%3D%3D&=&&%")
	f.Fuzz(func(t *testing.T, body string) {
		var v, back queryInput
		if _, err := queryP.DecodeQuery(body, &v, nil); err != nil {
			return
		}
		parses(t, string(queryP.AppendXML(nil, &v)))
		b := queryP.AppendJSON(nil, &v)
		if unknown, err := queryP.DecodeJSON(b, &back); err != nil || unknown != nil {
			t.Fatal(err, unknown, string(b))
		}
		queryP.Validate(&v)
		if _, err := url.ParseQuery(body); err != nil && !strings.Contains(body, ";") {
			t.Fatalf("accepted what net/url refuses: %v", err)
		}
	})
}
