package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"net/http"
	"strings"
	"sync"
)

// Keys caches signing keys, which cost four HMACs each and serve a day. A key is found by its credential scope and used
// only while the secret is the one it was made of, so a changed secret never verifies. The zero value is ready.
type Keys struct {
	mu   sync.RWMutex
	made map[string]*signingKey // by keyid/date/region/service/aws4_request
}

type signingKey struct {
	secret string
	macs   sync.Pool // of hash.Hash, keyed
}

// maxKeys bounds the cache; clients choose the scopes.
const maxKeys = 1024

func (k *Keys) find(a *Auth, secret string) *signingKey {
	id := a.AccessKeyID + "/" + a.scope
	k.mu.RLock()
	key := k.made[id]
	k.mu.RUnlock()
	if key != nil && subtle.ConstantTimeCompare([]byte(key.secret), []byte(secret)) == 1 {
		return key
	}
	key = &signingKey{secret: secret}
	raw := derive(secret, a.scope)
	key.macs.New = func() any { return hmac.New(sha256.New, raw) }
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made == nil || len(k.made) >= maxKeys {
		k.made = map[string]*signingKey{}
	}
	k.made[strings.Clone(id)] = key
	return key
}

func derive(secret, scope string) []byte {
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	return key
}

// scratch is what signing needs, pooled so that checking a signature allocates little.
type scratch struct {
	canonical, toSign []byte
	hex               [2 * sha256.Size]byte
	sum               [sha256.Size]byte
}

var scratches = sync.Pool{New: func() any { return &scratch{canonical: make([]byte, 0, 1024), toSign: make([]byte, 0, 256)} }}

// sign computes the signature in hexadecimal; the result is valid until the scratch is used again.
func (s *scratch) sign(r *http.Request, a *Auth, body []byte, key *signingKey) []byte {
	payload := sha256.Sum256(body)
	hex.Encode(s.hex[:], payload[:])
	s.canonical = appendCanonical(s.canonical[:0], r, a.signedHeaders, s.hex[:])
	sum := sha256.Sum256(s.canonical)

	b := append(s.toSign[:0], algorithm...)
	b = append(append(b, '\n'), a.stamp...)
	b = append(append(b, '\n'), a.scope...)
	s.toSign = hex.AppendEncode(append(b, '\n'), sum[:])

	mac := key.macs.Get().(hash.Hash)
	mac.Reset()
	mac.Write(s.toSign)
	hex.Encode(s.hex[:], mac.Sum(s.sum[:0]))
	key.macs.Put(mac)
	return s.hex[:]
}

// Verify checks that the request, with the body as it was sent, carries a signature made with secret. The error is an
// *Error.
func (a *Auth) Verify(r *http.Request, body []byte, secret string, keys *Keys) error {
	if !signs(a.signedHeaders, "host") {
		return mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	want := s.sign(r, a, body, keys.find(a, secret))
	if subtle.ConstantTimeCompare(want, []byte(a.signature)) != 1 {
		return mismatch("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return nil
}

func signs(signedHeaders, name string) bool {
	for rest := signedHeaders; rest != ""; {
		var h string
		if h, rest, _ = strings.Cut(rest, ";"); h == name {
			return true
		}
	}
	return false
}
