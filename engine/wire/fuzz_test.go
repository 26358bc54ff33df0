package wire

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Whatever comes in, the answer is an AWS error (or, with authentication off, perhaps a result), never a failure of ours.
func FuzzRequest(f *testing.F) {
	strict, open := start(f, Options{}), start(f, Options{AuthOff: true})
	const credential = "AWS4-HMAC-SHA256 Credential=AKIAFIRST/20261120/r/demo/aws4_request, SignedHeaders=host, Signature=ab"
	f.Add("POST", "/", "", "DemoService.Echo", credential, "", `{"Text":"x","N":3}`)
	f.Add("GET", "/111122223333/q", "Action=Echo&Version=2020-01-01&Attribute.1.Name=a&Attribute.1.Value=b", "", "", "", "")
	f.Add("POST", "/", "X-Amz-Signature=a", "Haneul_demo.Fail", "Bearer x", "gzip", "\x1f\x8b\x08")
	f.Add("PUT", "/a%20b", "%zz", "a.b", "AWS4-HMAC-SHA256 a=", "br", "Action=Echo&N=x")
	f.Fuzz(func(t *testing.T, method, path, query, target, authorization, encoding, body string) {
		for _, w := range []*world{strict, open} {
			r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(body))
			r.Method, r.URL.Path, r.URL.RawQuery = method, path, query
			for name, value := range map[string]string{"X-Amz-Target": target, "Authorization": authorization, "Content-Encoding": encoding} {
				if value != "" {
					r.Header[name] = []string{value}
				}
			}
			r.Header.Set("X-Amz-Date", time.Now().UTC().Format("20060102T150405Z"))
			a := httptest.NewRecorder()
			if strings.Contains(target+query+body, "Wait") {
				return
			}
			w.log.Reset()
			w.server.ServeHTTP(a, r)
			if a.Code >= 500 && !strings.Contains(target+query+body, "Fail") || w.log.Len() > 0 {
				t.Fatalf("%d %s %s", a.Code, a.Body, w.log)
			}
			if a.Code == 200 && w == strict && !strings.HasPrefix(a.Body.String(), "haneul") {
				t.Fatalf("let in: %s", a.Body)
			}
			if a.Code != 200 && a.Header().Get("X-Amzn-Requestid") == "" && a.Code != http.StatusForbidden {
				t.Fatal("no request id")
			}
		}
	})
}
