package sigv4

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Key is what a client signs with. Token is the session token of temporary credentials, else empty.
type Key struct{ ID, Secret, Token string }

// Signer signs requests. The zero value is ready, and safe to share.
type Signer struct{ keys Keys }

// Sign adds X-Amz-Date, X-Amz-Security-Token and Authorization to a request whose other headers are complete. body is what
// will be sent.
func (s *Signer) Sign(r *http.Request, body []byte, k Key, region, service string, now time.Time) {
	a := Auth{AccessKeyID: k.ID, Region: region, Service: service, stamp: now.UTC().Format(stampForm)}
	a.scope = a.stamp[:8] + "/" + region + "/" + service + "/" + terminator
	r.Header.Set("X-Amz-Date", a.stamp)
	if k.Token != "" {
		r.Header.Set("X-Amz-Security-Token", k.Token)
	}
	names := []string{"host"}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") || lower == "content-type" {
			names = append(names, lower)
		}
	}
	slices.Sort(names)
	a.signedHeaders = strings.Join(names, ";")

	x := scratches.Get().(*scratch)
	defer scratches.Put(x)
	signature := string(x.sign(r, &a, body, s.keys.find(&a, k.Secret)))
	r.Header.Set("Authorization", algorithm+" Credential="+k.ID+"/"+a.scope+", SignedHeaders="+a.signedHeaders+", Signature="+signature)
}
