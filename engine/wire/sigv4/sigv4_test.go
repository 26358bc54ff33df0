package sigv4

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

var now = time.Date(2026, 11, 20, 9, 33, 42, 0, time.UTC)

// The get-vanilla case of AWS's published test suite.
func TestVanilla(t *testing.T) {
	r := httptest.NewRequest("GET", "http://example.amazonaws.com/", nil)
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
	a, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Verify(r, nil, secret, &Keys{}); err != nil {
		t.Fatal(err)
	}
}

// What the SDK signs we verify, and what we sign is what the SDK would.
func TestAgainstSDK(t *testing.T) {
	var keys Keys
	var ours Signer
	for _, target := range []string{"/", "/111122223333/orders.fifo", "/a%20b/%ED%95%98:*", "/?Action=ListQueues&b=2&a=x%20y&a=%2B&empty=", "/?q=~-_.%2F"} {
		for _, token := range []string{"", "session+token/=="} {
			body := "Action=SendMessage&MessageBody=%ED%95%98"
			sum := sha256.Sum256([]byte(body))
			r, _ := http.NewRequest("POST", "http://127.0.0.1:4566"+target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-amz-json-1.0")
			r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
			r.Header.Set("X-Amz-Odd", "  a   b  ")
			theirs := r.Clone(context.Background())
			err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: secret, SessionToken: token}, theirs, hex.EncodeToString(sum[:]), "sqs", "ap-northeast-2", now)
			if err != nil {
				t.Fatal(err)
			}
			ours.Sign(r, []byte(body), Key{"AKID", secret, token}, "ap-northeast-2", "sqs", now)
			for name, signed := range map[string]*http.Request{"theirs": theirs, "ours": r} {
				a, err := Parse(signed)
				if err != nil {
					t.Fatal(name, err)
				}
				if err := a.Verify(signed, []byte(body), secret, &keys); err != nil {
					t.Errorf("%s %s: %v\n%s", name, target, err, appendCanonical(nil, signed, a.signedHeaders, nil))
				}
				if a.AccessKeyID != "AKID" || a.Region != "ap-northeast-2" || a.Service != "sqs" || !a.Time.Equal(now) {
					t.Errorf("%s: %+v", name, a)
				}
				for what, err := range map[string]error{
					"another body":   a.Verify(signed, []byte(body+"x"), secret, &keys),
					"another secret": a.Verify(signed, []byte(body), secret+"x", &keys),
				} {
					if err == nil {
						t.Errorf("%s: %s verifies", name, what)
					}
				}
				signed.Header.Set("X-Amz-Target", "AmazonSQS.PurgeQueue")
				if a.Verify(signed, []byte(body), secret, &keys) == nil {
					t.Errorf("%s: a changed header verifies", name)
				}
			}
		}
	}
}

func TestFresh(t *testing.T) {
	a := Auth{Time: now, stamp: now.Format(stampForm)}
	for d, want := range map[time.Duration]string{
		14 * time.Minute: "", -14 * time.Minute: "", 15 * time.Minute: "",
		16 * time.Minute:  "Signature expired: 20261120T093342Z is now earlier than 20261120T093442Z (20261120T094942Z - 15 min.)",
		-16 * time.Minute: "Signature not yet current: 20261120T093342Z is still later than 20261120T093242Z (20261120T091742Z + 15 min.)",
	} {
		if err := a.Fresh(now.Add(d)); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%v: %v, want %s", d, err, want)
		}
	}
}

func TestParseProblems(t *testing.T) {
	const good = "AWS4-HMAC-SHA256 Credential=AKID/20261120/r/sqs/aws4_request, SignedHeaders=host, Signature=ab"
	for header, want := range map[string]struct {
		reason Reason
		text   string
	}{
		"":                                    {Missing, "Request is missing Authentication Token"},
		"Bearer x":                            {Incomplete, "'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'."},
		"AWS4-HMAC-SHA256":                    {Incomplete, "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256"},
		"AWS4-ECDSA-P256-SHA256 Credential=x": {Incomplete, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256', only AWS4-HMAC-SHA256 supported."},
		strings.Replace(good, "/sqs", "", 1):  {Incomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/20261120/r/aws4_request'."},
		strings.Replace(good, "aws4_request", "x", 1):    {Mismatch, "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'."},
		strings.Replace(good, "20261120", "20261121", 1): {Mismatch, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261121' != '20261120', from '20261120T093342Z'."},
		strings.Replace(good, "host", "content-type", 1): {Mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
		good: {Mismatch, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
	} {
		r := httptest.NewRequest("POST", "http://localhost/", nil)
		r.Header.Set("X-Amz-Date", "20261120T093342Z")
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		a, err := Parse(r)
		if err == nil {
			err = a.Verify(r, nil, secret, &Keys{})
		}
		var e *Error
		if !errors.As(err, &e) || e.Reason != want.reason || e.Message != want.text {
			t.Errorf("%s: %v", header, err)
		}
	}
	r := httptest.NewRequest("GET", "http://localhost/?X-Amz-Signature=x", nil)
	var e *Error
	if _, err := Parse(r); !errors.As(err, &e) || e.Reason != Presigned {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKID/20261120/r/sqs/aws4_request, SignedHeaders=host;x, Signature=ab", "20261120T093342Z", "a=b&c")
	f.Fuzz(func(t *testing.T, header, date, query string) {
		r := httptest.NewRequest("POST", "http://localhost/", nil)
		r.URL.RawQuery = query
		r.Header["Authorization"] = []string{header}
		r.Header["X-Amz-Date"] = []string{date}
		a, err := Parse(r)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%T", err)
			}
			return
		}
		a.Fresh(now)
		if a.Verify(r, nil, secret, &Keys{}) == nil {
			t.Fatal("a guessed signature")
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	body := []byte(strings.Repeat("x", 256))
	r := httptest.NewRequest("POST", "http://127.0.0.1:4566/", nil)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	new(Signer).Sign(r, body, Key{ID: "AKID", Secret: secret}, "ap-northeast-2", "sqs", now)
	var keys Keys
	b.ReportAllocs()
	for b.Loop() {
		a, err := Parse(r)
		if err == nil {
			err = a.Verify(r, body, secret, &keys)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
