package wire

import (
	"crypto/subtle"
	"errors"

	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

// authenticate is the second stage: it finds the cloud a call is for, who calls, and the region.
func (s *Server) authenticate(c *call) error {
	a := &c.auth
	if s.options.AuthOff {
		s.trust(c)
		return nil
	}
	if c.authErr != nil {
		if s.anonymous(c) {
			return nil
		}
		return authError(c.authErr)
	}
	if err := a.Fresh(s.options.Wall()); err != nil {
		return authError(err)
	}
	if want := c.target.service.Name; a.Service != want {
		return authError(&sigv4.Error{Reason: sigv4.Mismatch, Message: "Credential should be scoped to correct service: '" + want + "'."})
	}
	cloud, known, ok := s.clouds.ByAccessKey(a.AccessKeyID)
	if !ok || known.Inactive || !sameToken(c, known) {
		return invalidToken()
	}
	if err := a.Verify(c.http, c.sent, known.Secret, &s.keys); err != nil {
		return authError(err)
	}
	if known.Expires != 0 && cloud.Now() >= known.Expires {
		return expiredToken()
	}
	c.cloud, c.principal, c.accessKeyID, c.region = cloud, known.Principal, a.AccessKeyID, a.Region
	return nil
}

// anonymous lets an unsigned call to a path with an account in it, as queue URLs have, go on as nobody: only a policy that
// allows everybody lets it do anything. Elsewhere a call must be signed.
func (s *Server) anonymous(c *call) bool {
	var e *sigv4.Error
	if !errors.As(c.authErr, &e) || e.Reason != sigv4.Missing {
		return false
	}
	cloud, ok := s.clouds.ByAccount(accountIn(c.http.URL.Path))
	if ok {
		c.cloud, c.principal = cloud, emu.Principal{ARN: "anonymous", ID: "anonymous", Name: "anonymous", Type: emu.Anonymous}
	}
	return ok
}

func sameToken(c *call, known emu.Credentials) bool {
	token := c.http.Header.Get("X-Amz-Security-Token")
	return subtle.ConstantTimeCompare([]byte(token), []byte(known.SessionToken)) == 1
}

// trust believes whatever a call says of itself, for --auth off: a known access key stands for its principal, any other
// and none for the root of the account in the path, or of the default cloud.
func (s *Server) trust(c *call) {
	claimed := &c.auth
	c.accessKeyID, c.region = claimed.AccessKeyID, claimed.Region
	if claimed.AccessKeyID != "" {
		if cloud, known, ok := s.clouds.ByAccessKey(claimed.AccessKeyID); ok {
			c.cloud, c.principal = cloud, known.Principal
			return
		}
	}
	cloud, ok := s.clouds.ByAccount(accountIn(c.http.URL.Path))
	if !ok {
		cloud = s.clouds.Default()
	}
	c.cloud, c.principal = cloud, cloud.RootPrincipal()
}

// authError words a signature's problem with the codes of both protocol families.
func authError(err error) *emu.Error {
	var e *sigv4.Error
	if !errors.As(err, &e) {
		return internalFailure()
	}
	switch e.Reason {
	case sigv4.Missing:
		return &emu.Error{Code: "MissingAuthenticationTokenException", QueryCode: "MissingAuthenticationToken", Message: e.Message, Status: 403}
	case sigv4.Mismatch:
		return &emu.Error{Code: "InvalidSignatureException", QueryCode: "SignatureDoesNotMatch", Message: e.Message, Status: 403}
	case sigv4.Presigned:
		return &emu.Error{Code: "NotEmulated", Message: e.Message, Status: 400}
	}
	return &emu.Error{Code: "IncompleteSignatureException", QueryCode: "IncompleteSignature", Message: e.Message, Status: 403}
}

// invalidToken is the answer to an access key nobody knows, one that is not active, and a wrong session token.
func invalidToken() *emu.Error {
	return &emu.Error{Code: "UnrecognizedClientException", QueryCode: "InvalidClientTokenId", Message: "The security token included in the request is invalid.", Status: 403}
}

func expiredToken() *emu.Error {
	return &emu.Error{Code: "ExpiredTokenException", QueryCode: "ExpiredToken", Message: "The security token included in the request is expired", Status: 403}
}
