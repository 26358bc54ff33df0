package wire

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

func TestWhoAndWhere(t *testing.T) {
	w := start(t, Options{})
	w.key = sigv4.Key{ID: "AKIASECOND", Secret: "two"}
	if a := w.json(t, "DemoService.Echo", "{}"); !strings.Contains(a.body, `"Account":"444455556666"`) {
		t.Error(a.body)
	}
}

// Every refusal, in the words of a service that speaks Query, of its JSON, and of a service that never did.
func TestRefusals(t *testing.T) {
	good := sigv4.Key{ID: "AKIAFIRST", Secret: "one"}
	for name, c := range map[string]struct {
		key        sigv4.Key
		ago        time.Duration
		change     func(*http.Request)
		query, jsn string
		message    string
	}{
		"unknown key":  {key: sigv4.Key{ID: "AKIANOBODY", Secret: "one"}, query: "InvalidClientTokenId", jsn: "UnrecognizedClientException", message: "The security token included in the request is invalid."},
		"wrong secret": {key: sigv4.Key{ID: "AKIAFIRST", Secret: "two"}, query: "SignatureDoesNotMatch", jsn: "InvalidSignatureException", message: "The request signature we calculated does not match the signature you provided."},
		"stray token":  {key: sigv4.Key{ID: "AKIAFIRST", Secret: "one", Token: "x"}, query: "InvalidClientTokenId", jsn: "UnrecognizedClientException", message: "invalid"},
		"old":          {key: good, ago: time.Hour, query: "SignatureDoesNotMatch", jsn: "InvalidSignatureException", message: "Signature expired: "},
		"early":        {key: good, ago: -time.Hour, query: "SignatureDoesNotMatch", jsn: "InvalidSignatureException", message: "Signature not yet current: "},
		"unsigned": {key: good, change: func(r *http.Request) { r.Header.Del("Authorization") },
			query: "MissingAuthenticationToken", jsn: "MissingAuthenticationTokenException", message: "Request is missing Authentication Token"},
		"malformed": {key: good, change: func(r *http.Request) { r.Header.Set("Authorization", "Basic eDp5") },
			query: "IncompleteSignature", jsn: "IncompleteSignatureException", message: "missing equal-sign"},
		"another service": {key: good, change: func(r *http.Request) {
			new(sigv4.Signer).Sign(r, []byte("Action=Echo&Version=2020-01-01"), good, "ap-northeast-2", "sqs", time.Now())
		}, query: "InvalidAction", jsn: "InvalidSignatureException"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, Options{})
			w.key, w.now = c.key, func() time.Time { return time.Now().Add(-c.ago) }
			do := func(target, body string) answer {
				r := w.request(target, body)
				if c.change != nil {
					c.change(r)
				}
				return send(t, r)
			}
			status := 403
			if c.query == "InvalidAction" {
				status = 400
			}
			do("", "Action=Echo&Version=2020-01-01").failed(t, status, c.query, c.message)

			a := do("DemoService.Echo", "{}")
			a.failed(t, 403, framework+c.jsn, c.message)
			if got := a.Header.Get("x-amzn-query-error"); c.query != "InvalidAction" && got != c.query+";Sender" {
				t.Error(got)
			}
			a = do("Modern_2030.Echo", "{}")
			a.failed(t, 400, framework+c.jsn, c.message)
			if got := a.Header.Get("x-amzn-query-error"); got != "" {
				t.Error(got)
			}
		})
	}
}

func TestSessions(t *testing.T) {
	w := start(t, Options{})
	w.temporary = emu.Credentials{Secret: "temp", SessionToken: "tok", Principal: emu.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/r/s", Type: emu.Root}, Expires: w.first.Now() + emu.Hour}
	w.key = sigv4.Key{ID: "ASIATEMP", Secret: "temp", Token: "tok"}
	if a := w.json(t, "DemoService.Echo", "{}"); !strings.Contains(a.body, "assumed-role/r/s") {
		t.Error(a.body)
	}
	w.key.Token = "other"
	w.query(t, "Action=Echo&Version=2020-01-01").failed(t, 403, "InvalidClientTokenId", "invalid")
	w.key.Token = ""
	w.query(t, "Action=Echo&Version=2020-01-01").failed(t, 403, "InvalidClientTokenId", "invalid")
	w.key.Token = "tok"
	if _, err := w.first.Advance(2 * time.Hour); err != nil { // the virtual clock, not the wall's
		t.Fatal(err)
	}
	w.query(t, "Action=Echo&Version=2020-01-01").failed(t, 403, "ExpiredToken", "The security token included in the request is expired")
	w.json(t, "DemoService.Echo", "{}").failed(t, 403, "com.amazon.coral.service#ExpiredTokenException", "expired")
	w.temporary.Expires, w.temporary.Inactive = 0, true
	w.json(t, "DemoService.Echo", "{}").failed(t, 403, "com.amazon.coral.service#UnrecognizedClientException", "invalid")
}

// A key whose secret changes (deleted and made again, say) must not verify by a cached signing key.
func TestChangedSecret(t *testing.T) {
	w := start(t, Options{})
	w.temporary = emu.Credentials{Secret: "old", Principal: w.first.RootPrincipal()}
	w.key = sigv4.Key{ID: "ASIATEMP", Secret: "old"}
	if a := w.json(t, "DemoService.Echo", "{}"); a.StatusCode != 200 {
		t.Error(a.body)
	}
	w.temporary.Secret = "new"
	w.json(t, "DemoService.Echo", "{}").failed(t, 403, "com.amazon.coral.service#InvalidSignatureException", "signature")
	w.key.Secret = "new"
	if a := w.json(t, "DemoService.Echo", "{}"); a.StatusCode != 200 {
		t.Error(a.body)
	}
}

func TestAuthOff(t *testing.T) {
	w := start(t, Options{AuthOff: true})
	try := func(r *http.Request, want ...string) {
		t.Helper()
		a := send(t, r)
		for _, s := range want {
			if !strings.Contains(a.body, s) {
				t.Errorf("no %s in %s", s, a.body)
			}
		}
	}
	unsigned := func(path, body string) *http.Request {
		r, _ := http.NewRequest("POST", w.url+path, strings.NewReader(body))
		return r
	}
	w.key = sigv4.Key{ID: "AKIASECOND", Secret: "wrong", Token: "stray"}
	w.now = func() time.Time { return time.Now().Add(-24 * time.Hour) }
	try(w.request("DemoService.Echo", "{}"), `"Account":"444455556666"`, "ap-northeast-2")
	w.key.ID = "test"
	try(w.request("DemoService.Echo", "{}"), `"Account":"111122223333"`, ":root")
	try(unsigned("/", "Action=Echo&Version=2020-01-01"), "<Account>111122223333</Account>", "<Region>ap-northeast-2</Region>")
	try(unsigned("/", "Action=Echo"), "<Account>111122223333</Account>")
	try(unsigned("/444455556666/q", "Action=Echo&Version=2020-01-01"), "<Account>444455556666</Account>", "/444455556666/q</QueueUrl>")
	try(unsigned("/999999999999/q", "Action=Echo&Version=2020-01-01"), "<Account>111122223333</Account>")
	r := unsigned("/", "Action=Echo")
	r.Header.Set("Authorization", "Bearer x")
	try(r, "<Account>111122223333</Account>")
}

// Nobody may call at a queue's URL, where the queue's policy decides, and nowhere else.
func TestAnonymous(t *testing.T) {
	w := start(t, Options{})
	at := func(path string) answer {
		r, _ := http.NewRequest("POST", w.url+path, strings.NewReader("Action=Echo&Version=2020-01-01"))
		return send(t, r)
	}
	at("/444455556666/q").failed(t, 403, "AccessDenied", "anonymous")
	at("/999999999999/q").failed(t, 403, "MissingAuthenticationToken", "missing")
	at("/").failed(t, 403, "MissingAuthenticationToken", "missing")
}
