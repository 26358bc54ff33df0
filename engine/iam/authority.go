package iam

import (
	"strings"

	"haneul/engine/emu"
)

// Identify implements [emu.Authority].
func (s *Service) Identify(id string) (emu.Credentials, bool) {
	if k, ok := s.keys.Get(key(id)); ok {
		u, ok := s.users.Get(keyOf(k.User))
		return emu.Credentials{Secret: k.Secret, Principal: s.userPrincipal(&u), Inactive: k.Inactive}, ok
	}
	t, ok := s.sessions.Get(key(id))
	if !ok {
		return emu.Credentials{}, false
	}
	out := emu.Credentials{Secret: t.Secret, SessionToken: t.Token, Expires: t.Expires}
	switch {
	case t.Role != "":
		r, exists := s.roles.Get(keyOf(t.Role))
		ok = exists && r.ID == t.RoleID
		out.Principal = s.rolePrincipal(&t)
	case t.User != "":
		u, exists := s.users.Get(keyOf(t.User))
		ok = exists
		out.Principal = s.userPrincipal(&u)
	default:
		out.Principal = s.cloud.RootPrincipal()
	}
	return out, ok
}

func (s *Service) userPrincipal(u *user) emu.Principal {
	a := s.cloud.Account()
	return emu.Principal{ARN: arn(a, "user", u.Path, u.Name), ID: u.ID, Account: a, Type: emu.User, Name: u.Name}
}

func (s *Service) rolePrincipal(t *session) emu.Principal {
	a := s.cloud.Account()
	return emu.Principal{ARN: sessionARN(a, t.Role, t.Name), ID: t.RoleID + ":" + t.Name, Account: a, Type: emu.AssumedRole, Name: t.Role}
}

func sessionARN(account, role, name string) string {
	return "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + name
}

// Authorize implements [emu.Authority]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (s *Service) Authorize(c *emu.Call, a emu.Access) emu.Decision {
	q := &s.question // in one place, under the cloud's lock: every call asks, and none may cost garbage
	q.ask(s, c, a)
	d := q.decide()
	if d.Allowed {
		s.remember(c, a)
	}
	return d
}

// useInterval is how fine the record of last uses is: writing one for every call would double the journal.
const useInterval = 15 * emu.Minute

// remember notes when and where an access key and a role were last used, for those who ask.
func (s *Service) remember(c *emu.Call, a emu.Access) {
	if a.AccessKeyID == "" || c.Principal.Type == emu.Root {
		return
	}
	service, _, _ := strings.Cut(a.Action, ":")
	region := c.Region
	if service == "iam" {
		region = "us-east-1" // where IAM is
	}
	s.note(key(a.AccessKeyID), lastUse{second(c), service, region})
	if id, _, isRole := strings.Cut(c.Principal.ID, ":"); isRole {
		s.note(key(id), lastUse{second(c), "", region})
	}
}

func (s *Service) note(k key, use lastUse) {
	last, ok := s.used.Get(k)
	if ok && last.Service == use.Service && last.Region == use.Region && use.At-last.At < useInterval {
		return
	}
	s.used.Put(k, use)
}
