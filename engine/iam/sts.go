package iam

import (
	"strings"

	"haneul/engine/emu"
)

// STS hands out temporary credentials. It is a service of its own, with IAM's tables.

// roleARNPattern is what STS takes for a role's ARN before it looks any further.
const roleARNPattern = `arn:aws:iam::\d{12}:role/.+`

func (s *Service) sts() *emu.Service {
	return &emu.Service{
		Name: "sts", Title: "AWS Security Token Service",
		Wire: []emu.Protocol{{Kind: emu.Query, Version: "2011-06-15", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/"}},
		Ops: []*emu.Operation{
			emu.Op("AssumeRole", s.assumeRole),
			emu.Op("GetAccessKeyInfo", s.getAccessKeyInfo).Reads(),
			emu.Op("GetCallerIdentity", s.getCallerIdentity).Reads(),
			emu.Op("GetSessionToken", s.getSessionToken),
		},
		Missing: []string{"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage",
			"GetDelegatedAccessToken", "GetFederationToken", "GetWebIdentityToken"},
		Invalid: invalidSTS,
		Policy:  s.trustPolicy,
	}
}

// trustPolicy is the resource policy of a role.
func (s *Service) trustPolicy(c *emu.Call, a string) string {
	r, ok := s.roleByARN(c.Account, a)
	if !ok {
		return ""
	}
	return r.Trust
}

func (s *Service) roleByARN(account, a string) (role, bool) {
	r, ok := s.roles.Get(keyOf(a[strings.LastIndex(a, "/")+1:]))
	return r, ok && arn(account, "role", r.Path, r.Name) == a
}

// Credentials are temporary credentials.
type Credentials struct {
	AccessKeyId     string
	SecretAccessKey string `is:"secret"`
	SessionToken    string `is:"secret"`
	Expiration      emu.Time
}

// issue makes credentials for a session and keeps it.
func (s *Service) issue(c *emu.Call, t session, seconds int64) Credentials {
	id := "ASIA" + c.Token(16)
	t.Secret, t.Token = c.Secret(40), "IQoJb3JpZ2luX2Vj"+c.Secret(184)
	t.Issued, t.Expires = second(c), second(c)+emu.Time(seconds)*emu.Second
	s.sessions.Put(key(id), t)
	return Credentials{id, t.Secret, t.Token, t.Expires}
}

// GetCallerIdentityInput is GetCallerIdentity's.
type GetCallerIdentityInput struct{ onAll }

// GetCallerIdentityOutput is GetCallerIdentity's.
type GetCallerIdentityOutput struct{ UserId, Account, Arn string }

func (s *Service) getCallerIdentity(c *emu.Call, _ *GetCallerIdentityInput) (*GetCallerIdentityOutput, error) {
	if c.Principal.Type == emu.Anonymous {
		return nil, &emu.Error{Code: "MissingAuthenticationToken", Message: "Request is missing Authentication Token", Status: 403}
	}
	return &GetCallerIdentityOutput{c.Principal.ID, c.Account, c.Principal.ARN}, nil
}

// GetAccessKeyInfoInput is GetAccessKeyInfo's.
type GetAccessKeyInfoInput struct {
	onAll
	AccessKeyId string `is:"required,len=16..128,pattern=[\\w]*"`
}

// GetAccessKeyInfoOutput is GetAccessKeyInfo's: whose account a key belongs to.
type GetAccessKeyInfoOutput struct{ Account string }

func (s *Service) getAccessKeyInfo(c *emu.Call, in *GetAccessKeyInfoInput) (*GetAccessKeyInfoOutput, error) {
	_, isKey := s.keys.Get(key(in.AccessKeyId))
	_, isSession := s.sessions.Get(key(in.AccessKeyId))
	if !isKey && !isSession && in.AccessKeyId != s.cloud.RootKey().AccessKeyID {
		return nil, validation("Access key %s is not known in this cloud.", in.AccessKeyId) // the text is ours
	}
	return &GetAccessKeyInfoOutput{c.Account}, nil
}

// GetSessionTokenInput is GetSessionToken's. There are no MFA devices here, so SerialNumber and TokenCode are not taken.
type GetSessionTokenInput struct {
	onAll
	DurationSeconds *int64 `is:"range=900..129600"`
}

// GetSessionTokenOutput is GetSessionToken's.
type GetSessionTokenOutput struct{ Credentials Credentials }

func (s *Service) getSessionToken(c *emu.Call, in *GetSessionTokenInput) (*GetSessionTokenOutput, error) {
	seconds := int64(defaultSessionToken)
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	t := session{}
	switch {
	case c.Principal.Type == emu.AssumedRole || c.AccessKeyID() != "" && strings.HasPrefix(c.AccessKeyID(), "ASIA"):
		return nil, &emu.Error{Code: "AccessDenied", Message: "Cannot call GetSessionToken with session credentials", Status: 403}
	case c.Principal.Type == emu.User:
		t.User = c.Principal.Name
	case c.Principal.Type == emu.Root:
		seconds = min(seconds, rootSession)
	default:
		return nil, &emu.Error{Code: "AccessDenied", Message: "Access denied", Status: 403}
	}
	return &GetSessionTokenOutput{s.issue(c, t, seconds)}, nil
}
