package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"haneul/engine/wire/sigv4"
)

func TestJSON(t *testing.T) {
	w := start(t, Options{})
	a := w.json(t, "DemoService.Echo", `{"Text":"하늘","N":3,"When":1795167222.5,"Attributes":{"a":"b"},"List":["x"]}`)
	want := `{"QueueUrl":"","Text"`
	if a.StatusCode != 200 || strings.Contains(a.body, want) || a.Header.Get("Content-Type") != "application/x-amz-json-1.0" {
		t.Fatal(a.StatusCode, a.Header, a.body)
	}
	want = `{"Text":"하늘","N":3,"When":1795167222.500,"Attributes":{"a":"b"},"List":["x"],"Principal":"arn:aws:iam::111122223333:root","Region":"ap-northeast-2","Account":"111122223333","Endpoint":"` + w.url + `"}`
	if a.body != want {
		t.Errorf("got  %s\nwant %s", a.body, want)
	}
	if date, err := http.ParseTime(a.Header.Get("Date")); err != nil || time.Since(date).Abs() > time.Minute {
		t.Error("Date must be the wall's", err, date)
	}
	w.json(t, "DemoService.Fail", `{}`).failed(t, 400, "com.amazonaws.demo#DemoDoesNotExist", `a "b" <c> 하늘`)
	a = w.json(t, "DemoService.Fail", `{}`)
	if got := a.Header.Get("x-amzn-query-error"); got != "AWS.Demo.NonExistent;Sender" {
		t.Error(got)
	}
	if got := w.json(t, "DemoService.Fail", `{"How":"fault"}`).Header.Get("x-amzn-query-error"); got != "Broken;Receiver" {
		t.Error(got)
	}
	w.json(t, "DemoService.Fail", `{"How":"panic"}`).failed(t, 500, "com.amazon.coral.service#InternalFailure", "unknown error")
	if a := w.json(t, "Modern_2030.Echo", `{"How":"x"}`); a.body != `{"How":"x"}` || a.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
		t.Error(a.body, a.Header)
	}
}

func TestQuery(t *testing.T) {
	w := start(t, Options{})
	a := w.query(t, "Action=Echo&Version=2020-01-01&Text=a%3Cb&N=3&Attribute.1.Name=a&Attribute.1.Value=b&List.member.1=x")
	want := `<EchoResponse xmlns="http://demo.amazonaws.com/doc/2020-01-01/"><EchoResult><Text>a&lt;b</Text><N>3</N><Attribute><Name>a</Name><Value>b</Value></Attribute><List><member>x</member></List>` +
		`<Principal>arn:aws:iam::111122223333:root</Principal><Region>ap-northeast-2</Region><Account>111122223333</Account><Endpoint>` + w.url + `</Endpoint></EchoResult>` +
		`<ResponseMetadata><RequestId>` + a.Header.Get("x-amzn-RequestId") + `</RequestId></ResponseMetadata></EchoResponse>`
	if a.StatusCode != 200 || a.body != want || a.Header.Get("Content-Type") != "text/xml" {
		t.Errorf("%d %s\nwant %s", a.StatusCode, a.body, want)
	}
	a = w.query(t, "Action=Fail&Version=2020-01-01")
	want = `<?xml version="1.0"?><ErrorResponse xmlns="http://demo.amazonaws.com/doc/2020-01-01/"><Error><Type>Sender</Type><Code>AWS.Demo.NonExistent</Code>` +
		`<Message>a &quot;b&quot; &lt;c&gt; 하늘</Message><Detail/></Error><RequestId>` + a.Header.Get("x-amzn-RequestId") + `</RequestId></ErrorResponse>`
	if a.StatusCode != 400 || a.body != want || xml.Unmarshal([]byte(a.body), new(struct{})) != nil {
		t.Errorf("%d %s\nwant %s", a.StatusCode, a.body, want)
	}
	if a := w.query(t, "Action=Fail&Version=2020-01-01&How=fault"); a.StatusCode != 500 || !strings.Contains(a.body, "<Type>Receiver</Type>") {
		t.Error(a.body)
	}
	for _, method := range []string{"GET", "HEAD"} {
		r, _ := http.NewRequest(method, w.url+"/?Action=Echo&Version=2020-01-01&Text=x%20y", nil)
		a := send(t, w.sign(r, ""))
		if a.StatusCode != 200 || (method == "GET") != strings.Contains(a.body, "<Text>x y</Text>") {
			t.Error(method, a.StatusCode, a.body)
		}
	}
}

func TestOwnDialect(t *testing.T) {
	w := start(t, Options{})
	if a := w.json(t, "Haneul_demo.Echo", `{"Text":"x"}`); a.StatusCode != 200 || !strings.HasPrefix(a.body, `{"Text":"x"`) {
		t.Error(a.body)
	}
	a := w.json(t, "Haneul_demo.Fail", `{}`)
	a.failed(t, 400, "DemoDoesNotExist", "하늘")
	if got := a.Header.Get("x-amzn-query-error"); got != "AWS.Demo.NonExistent;Sender" {
		t.Error(got)
	}
	w.json(t, "Haneul_haneul.AddFault", `{}`).failed(t, 400, "UnknownOperationException", "does not emulate the service")
}

func TestUnknown(t *testing.T) {
	w := start(t, Options{})
	w.json(t, "DemoService.Fly", `{}`).failed(t, 400, "NotEmulated", "haneul does not emulate demo:Fly, which Amazon Demo has.")
	w.json(t, "DemoService.Swim", `{}`).failed(t, 400, "com.amazon.coral.service#UnknownOperationException", "Swim")
	w.json(t, "DynamoDB_20120810.ListTables", `{}`).failed(t, 400, "UnknownOperationException", "ListTables")
	w.json(t, "nonsense", `{}`).failed(t, 400, "UnknownOperationException", "nonsense")
	w.json(t, "DemoService.Echo", `{"Txet":"x","Deep":{}}`).failed(t, 400, "NotEmulated", "parameters Txet, Deep of demo:Echo")
	w.query(t, "Action=Echo&Version=2020-01-01&Txet=x").failed(t, 400, "NotEmulated", "parameter Txet of demo:Echo")
	w.query(t, "Action=Fly&Version=2020-01-01").failed(t, 400, "NotEmulated", "demo:Fly")
	w.query(t, "Action=Swim&Version=2020-01-01").failed(t, 400, "InvalidAction", "The action Swim is not valid for this endpoint: demo")
	w.query(t, "Action=Echo&Version=1999-01-01").failed(t, 400, "NoSuchVersion", "( 1999-01-01 ) is not valid for demo")
	w.query(t, "Text=x").failed(t, 400, "MissingAction", "demo")
	if a := w.query(t, "Action=Echo&Text=x"); a.StatusCode != 200 {
		t.Error("a missing version", a.body)
	}
	for service, want := range map[string]string{
		"lambda": `{"message":"haneul does not emulate the service lambda, so GET /2015-03-31/functions/ is not answered here."}`,
		"s3":     "<Code>InvalidAction</Code><Message>haneul does not emulate the service s3, so GET /2015-03-31/functions/ is not answered here.</Message>",
	} {
		r, _ := http.NewRequest("GET", w.url+"/2015-03-31/functions/", nil)
		new(sigv4.Signer).Sign(r, nil, w.key, "ap-northeast-2", service, time.Now())
		if a := send(t, r); a.StatusCode != 400 || !strings.Contains(a.body, want) {
			t.Error(a.StatusCode, a.body)
		}
	}
}

func TestBadInput(t *testing.T) {
	w := start(t, Options{})
	const serialization = "com.amazon.coral.service#SerializationException"
	w.json(t, "DemoService.Echo", `{"Text":5}`).failed(t, 400, serialization, "NUMBER_VALUE can not be converted to a String (at Text)")
	w.json(t, "DemoService.Echo", `{"Text":`).failed(t, 400, serialization, "unexpected end")
	w.json(t, "DemoService.Echo", "{\"Text\":\"\xff\"}").failed(t, 400, serialization, "UTF-8")
	w.json(t, "DemoService.Echo", strings.Repeat("[", 100000)).failed(t, 400, serialization, "")
	w.query(t, "Action=Echo&Version=2020-01-01&N=x").failed(t, 400, "MalformedInput", "whole number")
	w.query(t, "Action=Echo&Version=2020-01-01&Text=%ff").failed(t, 400, "MalformedInput", "UTF-8")
	w.query(t, "Action=Echo&Version=2020-01-01&List.member.999999999=x").failed(t, 400, "MalformedInput", "too high")
	const twice = "2 validation errors detected: Value '" + "123456789012345678901" + "' at 'text' failed to satisfy constraint: Member must have length less than or equal to 20; Value '10' at 'n' failed to satisfy constraint: Member must have value less than or equal to 9"
	w.json(t, "DemoService.Echo", `{"Text":"123456789012345678901","N":10}`).failed(t, 400, "com.amazon.coral.validate#ValidationException", twice)
	w.query(t, "Action=Echo&Version=2020-01-01&N=10").failed(t, 400, "ValidationError", "1 validation error detected: Value ")
}

func TestBodies(t *testing.T) {
	w := start(t, Options{})
	zip := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return b.String()
	}
	zipped := func(body string) answer {
		r := w.request("DemoService.Echo", body)
		r.Header.Set("Content-Encoding", "gzip")
		return send(t, r)
	}
	if a := zipped(zip(`{"Text":"zipped"}`)); a.StatusCode != 200 || !strings.Contains(a.body, "zipped") {
		t.Error(a.body)
	}
	zipped("nothing zipped").failed(t, 400, "com.amazon.coral.service#SerializationException", "gzip")
	zipped(zip(`{"Text":"x"}`)[:20]).failed(t, 400, "com.amazon.coral.service#SerializationException", "gzip")
	zipped(zip(strings.Repeat("a", 50<<20))).failed(t, 413, "com.amazon.coral.service#RequestEntityTooLarge", "6291456")
	r := w.request("DemoService.Echo", "{}")
	r.Header.Set("Content-Encoding", "br")
	send(t, r).failed(t, 415, "UnsupportedContentEncoding", `"br"`)

	large := `{"Text":"` + strings.Repeat("x", 10<<20) + `"}`
	w.json(t, "DemoService.Echo", large).failed(t, 413, "com.amazon.coral.service#RequestEntityTooLarge", "larger than 6291456 bytes")
	r = w.request("DemoService.Echo", large)
	r.ContentLength = -1 // chunked
	send(t, r).failed(t, 413, "com.amazon.coral.service#RequestEntityTooLarge", "larger than 6291456 bytes")
	w.query(t, "Action=Echo&Text="+strings.Repeat("x", 10<<20)).failed(t, 413, "RequestEntityTooLarge", "larger")
	w.json(t, "DemoService.Echo", `{"Text":"`+strings.Repeat("x", 5<<20)+`"}`).failed(t, 400, "com.amazon.coral.validate#ValidationException", "less than or equal to 20")
	r = w.request("DemoService.Echo", `{"Text":"chunked"}`)
	r.ContentLength = -1
	if a := send(t, r); !strings.Contains(a.body, "chunked") {
		t.Error(a.body)
	}
}

func TestQueueUrlFromPath(t *testing.T) {
	w := start(t, Options{})
	at := func(path, target, body string) string {
		r, _ := http.NewRequest("POST", w.url+path, strings.NewReader(body))
		if target != "" {
			r.Header.Set("X-Amz-Target", target)
		}
		return send(t, w.sign(r, body)).body
	}
	const path = "/111122223333/orders.fifo"
	for _, got := range []string{
		at(path, "DemoService.Echo", `{}`), at(path, "", "Action=Echo&Version=2020-01-01"),
	} {
		if !strings.Contains(got, w.url+path) {
			t.Error(got)
		}
	}
	if got := at(path, "DemoService.Echo", `{"QueueUrl":"given"}`); !strings.Contains(got, `{"QueueUrl":"given"`) {
		t.Error(got)
	}
	if got := at("/", "DemoService.Echo", `{}`); strings.Contains(got, "QueueUrl") {
		t.Error(got)
	}
}

func TestGuard(t *testing.T) {
	w := start(t, Options{Hosts: []string{"host.docker.internal", ".example.test"}})
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:80": 200, "sqs.localhost:4566": 200, "127.0.0.1": 200, "127.9.9.9:1": 200, "[::1]:4566": 200, "localhost.": 200,
		"host.docker.internal:4566": 200, "a.example.test": 200,
		"example.com": 403, "localhost.example.com": 403, "192.168.0.1:4566": 403, "evil-localhost": 403, "sqs.ap-northeast-2.amazonaws.com": 403, "example.test": 403,
	} {
		r, _ := http.NewRequest("POST", w.url+"/", strings.NewReader("{}"))
		r.Host = host
		r.Header.Set("X-Amz-Target", "DemoService.Echo")
		if a := send(t, w.sign(r, "{}")); a.StatusCode != want {
			t.Errorf("%s: %d %s", host, a.StatusCode, a.body)
		}
	}
	for _, origin := range []string{"http://localhost", "null", "https://example.com"} {
		r := w.request("DemoService.Echo", "{}")
		r.Header.Set("Origin", origin)
		if a := send(t, r); a.StatusCode != 403 {
			t.Errorf("%s: %d", origin, a.StatusCode)
		}
	}
	r, _ := http.NewRequest("GET", w.url+"/", nil)
	if a := send(t, r); a.StatusCode != 200 || !strings.Contains(a.body, "--endpoint-url "+w.url) {
		t.Error(a.body)
	}
}

// A client that hangs up takes its parked call with it.
func TestHangUp(t *testing.T) {
	w := start(t, Options{})
	ctx, hangUp := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := http.DefaultClient.Do(w.request("DemoService.Wait", `{"Seconds":600}`).WithContext(ctx))
		done <- err
	}()
	eventually(t, func() bool { return w.first.Waiting() == 1 })
	hangUp()
	if <-done == nil {
		t.Error("an answer")
	}
	eventually(t, func() bool { return w.first.Waiting() == 0 })
}

func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came true")
		}
	}
}

// Errors are no reason to close a connection.
func TestKeepAlive(t *testing.T) {
	w := start(t, Options{})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	reused := 0
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if i.Reused {
			reused++
		}
	}}
	requests := []*http.Request{
		w.request("DemoService.Echo", "{}"), w.request("DemoService.Fail", "{}"), w.request("Nobody.Echo", "{}"),
		w.request("", "Action=Fail&Version=2020-01-01"), w.request("DemoService.Echo", strings.Repeat("x", 10<<20)), w.request("DemoService.Echo", "{}"),
	}
	for _, r := range requests {
		res, err := transport.RoundTrip(r.WithContext(httptrace.WithClientTrace(context.Background(), trace)))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	if reused != len(requests)-1 {
		t.Errorf("%d of %d requests found their connection open", reused, len(requests)-1)
	}
}
