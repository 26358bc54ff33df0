package iam

import (
	"strings"

	"haneul/engine/emu"
)

// The parts below are embedded in inputs: each names the entity an operation is about, and so its resource.

type onUser struct {
	UserName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *onUser) Resource(c *emu.Call) string { return arn(c.Account, "user", "/", in.UserName) }

type onGroup struct {
	GroupName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *onGroup) Resource(c *emu.Call) string { return arn(c.Account, "group", "/", in.GroupName) }

type onRole struct {
	RoleName string `is:"required,len=1..64,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *onRole) Resource(c *emu.Call) string { return arn(c.Account, "role", "/", in.RoleName) }

type onPolicy struct {
	PolicyArn string `is:"required,len=20..2048"`
}

// Resource implements [emu.Input].
func (in *onPolicy) Resource(*emu.Call) string { return in.PolicyArn }

type onProfile struct {
	InstanceProfileName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *onProfile) Resource(c *emu.Call) string {
	return arn(c.Account, "instance-profile", "/", in.InstanceProfileName)
}

// onSelf is for operations that are about the caller if they name nobody.
type onSelf struct {
	UserName string `is:"len=1..128,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *onSelf) Resource(c *emu.Call) string {
	if in.UserName == "" && c.Principal.Type == emu.User {
		return c.Principal.ARN
	}
	return arn(c.Account, "user", "/", in.UserName)
}

// name is the user meant.
func (in *onSelf) name(c *emu.Call) (string, error) {
	switch {
	case in.UserName != "":
		return in.UserName, nil
	case c.Principal.Type == emu.User:
		return c.Principal.Name, nil
	}
	return "", validation("Must specify userName when calling with non-User credentials")
}

// onAll is for operations on the account as a whole.
type onAll struct{}

// Resource implements [emu.Input].
func (onAll) Resource(*emu.Call) string { return "*" }

// listing is for operations that list, all or those below a path.
type listing struct {
	PathPrefix string `is:"len=1..512,pattern=\\u002F[\\u0021-\\u007F]*"`
	paging
}

func arn(account, kind, path, name string) string {
	return "arn:aws:iam::" + account + ":" + kind + path + name
}

// second is this moment as IAM keeps and shows it: without a fraction.
func second(c *emu.Call) emu.Time { return c.Now - c.Now%emu.Second }

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// fullARN completes the path of an entity that an operation names without one: IAM's policies are about full ARNs.
func (s *Service) fullARN(account, a string) string {
	rest, ok := strings.CutPrefix(a, "arn:aws:iam::"+account+":")
	if !ok {
		return a
	}
	kind, name, _ := strings.Cut(rest, "/")
	switch kind {
	case "user":
		if u, ok := s.users.Get(keyOf(name)); ok {
			return arn(account, kind, u.Path, u.Name)
		}
	case "group":
		if g, ok := s.groups.Get(keyOf(name)); ok {
			return arn(account, kind, g.Path, g.Name)
		}
	case "role":
		if r, ok := s.roles.Get(keyOf(name)); ok {
			return arn(account, kind, r.Path, r.Name)
		}
	case "instance-profile":
		if p, ok := s.profiles.Get(keyOf(name)); ok {
			return arn(account, kind, p.Path, p.Name)
		}
	}
	return a
}
