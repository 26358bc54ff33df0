package sigv4

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Reason says what is wrong with a signature.
type Reason int

// The reasons, by the names AWS gives them in the Query protocol.
const (
	Missing    Reason = iota // MissingAuthenticationToken: there is none
	Incomplete               // IncompleteSignature: it cannot be read
	Mismatch                 // SignatureDoesNotMatch: it is not a signature of this request, now
	Presigned                // it is in the query string, which is not supported
)

// Error is a signature that is not accepted. Message is AWS's wording.
type Error struct {
	Reason  Reason
	Message string
}

func (e *Error) Error() string { return e.Message }

func incomplete(format string, args ...any) *Error {
	return &Error{Incomplete, fmt.Sprintf(format, args...)}
}

func mismatch(format string, args ...any) *Error {
	return &Error{Mismatch, fmt.Sprintf(format, args...)}
}

// Auth is what a request's Authorization header claims.
type Auth struct {
	AccessKeyID   string
	Region        string
	Service       string
	Time          time.Time // the request's X-Amz-Date or Date
	stamp         string    // Time as YYYYMMDD'T'HHMMSS'Z'
	scope         string    // date/region/service/aws4_request
	signedHeaders string
	signature     string
}

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	stampForm  = "20060102T150405Z"
)

// Parse reads the Authorization header and the date of a request. The error is an *Error.
func Parse(r *http.Request) (Auth, error) {
	header := first(r.Header, "Authorization")
	if header == "" {
		if q := r.URL.RawQuery; strings.Contains(q, "X-Amz-Signature=") || strings.Contains(q, "X-Amz-Algorithm=") {
			return Auth{}, &Error{Presigned, "Signatures in the query string (presigned URLs) are not supported here; sign with the Authorization header."}
		}
		return Auth{}, &Error{Missing, "Request is missing Authentication Token"}
	}
	scheme, rest, _ := strings.Cut(header, " ")
	if strings.HasPrefix(scheme, "AWS4-") && scheme != algorithm {
		return Auth{}, incomplete("Unsupported AWS 'algorithm': '%s', only %s supported.", clip(scheme), algorithm)
	}
	var a Auth
	var credential string
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, ",")
		part = strings.TrimSpace(part)
		key, value, ok := strings.Cut(part, "=")
		if !ok {
			return Auth{}, incomplete("'%s' not a valid key=value pair (missing equal-sign) in Authorization header: '%s'.", clip(part), clip(header))
		}
		switch key {
		case "Credential":
			credential = value
		case "SignedHeaders":
			a.signedHeaders = value
		case "Signature":
			a.signature = value
		}
	}
	date, dated := requestTime(r.Header)
	if missing := lacking(scheme, credential, &a, dated); missing != "" {
		return Auth{}, incomplete("%sAuthorization=%s", missing, clip(scheme))
	}
	if date.IsZero() {
		return Auth{}, incomplete("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", clip(first(r.Header, "X-Amz-Date")+first(r.Header, "Date")))
	}
	a.Time, a.stamp = date, date.Format(stampForm)
	return a, a.readCredential(credential)
}

// lacking lists what an Authorization header must have and has not.
func lacking(scheme, credential string, a *Auth, dated bool) (missing string) {
	if scheme != algorithm {
		missing += "Authorization header requires '" + algorithm + "'. "
	}
	for _, p := range [...]struct{ name, value string }{{"Credential", credential}, {"Signature", a.signature}, {"SignedHeaders", a.signedHeaders}} {
		if p.value == "" {
			missing += "Authorization header requires '" + p.name + "' parameter. "
		}
	}
	if !dated {
		missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
	}
	return missing
}

// readCredential splits keyid/date/region/service/aws4_request.
func (a *Auth) readCredential(s string) error {
	id, scope, _ := strings.Cut(s, "/")
	day, rest, _ := strings.Cut(scope, "/")
	region, rest, _ := strings.Cut(rest, "/")
	service, term, ok := strings.Cut(rest, "/")
	if !ok || id == "" || strings.Contains(term, "/") {
		return incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'.", clip(s))
	}
	a.AccessKeyID, a.Region, a.Service, a.scope = id, region, service, scope
	if term != terminator {
		return mismatch("Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, clip(term))
	}
	if day != a.stamp[:8] {
		return mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", clip(day), a.stamp[:8], a.stamp)
	}
	return nil
}

// requestTime reads X-Amz-Date, else Date; a date that cannot be read is zero.
func requestTime(h http.Header) (t time.Time, dated bool) {
	if s := first(h, "X-Amz-Date"); s != "" {
		t, _ = time.Parse(stampForm, s)
		return t, true
	}
	s := first(h, "Date")
	if s == "" {
		return t, false
	}
	t, err := http.ParseTime(s)
	if err != nil {
		t, _ = time.Parse(stampForm, s)
	}
	return t.UTC(), true
}

// skew is how far a request's date may be from ours. AWS allows 15 minutes in most services.
const skew = 15 * time.Minute

// Fresh checks the signature's date against the wall clock.
func (a *Auth) Fresh(now time.Time) error {
	now = now.UTC()
	switch oldest, newest := now.Add(-skew), now.Add(skew); {
	case a.Time.Before(oldest.Truncate(time.Second)):
		return mismatch("Signature expired: %s is now earlier than %s (%s - 15 min.)", a.stamp, oldest.Format(stampForm), now.Format(stampForm))
	case a.Time.After(newest):
		return mismatch("Signature not yet current: %s is still later than %s (%s + 15 min.)", a.stamp, newest.Format(stampForm), now.Format(stampForm))
	}
	return nil
}

// clip keeps what a client sent quotable in a message.
func clip(s string) string {
	if len(s) > 128 {
		s = s[:128] + "…"
	}
	return strings.ToValidUTF8(s, "�")
}

// first is Header.Get for a name that is already canonical.
func first(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}
