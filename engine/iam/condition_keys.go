package iam

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// Key implements [policy.Keys]: the global condition keys, and after them what the operation brings itself.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (q *question) Key(name string) []string {
	if v := q.given(name); v != nil {
		return v
	}
	if tag, ok := strings.CutPrefix(name, "aws:principaltag/"); ok {
		return q.tag(tag)
	}
	v, ok := q.global(name)
	if !ok {
		return nil
	}
	return []string{v}
}

// given is a key of the operation; they come in any spelling.
func (q *question) given(name string) []string {
	if v, ok := q.access.Context[name]; ok {
		return v
	}
	for _, k := range slices.Sorted(maps.Keys(q.access.Context)) {
		if strings.EqualFold(k, name) {
			return q.access.Context[k]
		}
	}
	return nil
}

func (q *question) global(name string) (string, bool) {
	c, p := q.call, &q.call.Principal
	switch name {
	case "aws:currenttime":
		return c.Now.String(), true
	case "aws:epochtime":
		return strconv.FormatInt(int64(c.Now/emu.Second), 10), true
	case "aws:securetransport":
		return "true", true // loopback HTTP stands for AWS's HTTPS
	case "aws:sourceip":
		return c.SourceIP, c.SourceIP != "" && q.Caller.Service == ""
	case "aws:requestedregion":
		return c.Region, true
	case "aws:viaawsservice", "aws:principalisawsservice":
		return strconv.FormatBool(q.Caller.Service != ""), true
	case "aws:principalarn":
		if q.Caller.Role != "" {
			return q.Caller.Role, true // conditions see the role, not the session
		}
		return p.ARN, p.Type != emu.Anonymous
	case "aws:principalaccount":
		return p.Account, p.Account != ""
	case "aws:userid":
		return p.ID, p.ID != ""
	case "aws:username":
		return p.Name, p.Type == emu.User
	case "aws:principaltype":
		return principalType(p.Type), true
	}
	return q.temporary(name)
}

// temporary is a key that only temporary credentials have.
func (q *question) temporary(name string) (string, bool) {
	if q.session.Issued == 0 {
		return "", false
	}
	switch name {
	case "aws:multifactorauthpresent":
		return "false", true
	case "aws:tokenissuetime":
		return q.session.Issued.String(), true
	case "sts:rolesessionname":
		return q.session.Name, q.session.Name != ""
	case "aws:sourceidentity":
		return q.session.Source, q.session.Source != ""
	}
	return "", false
}

func principalType(t emu.PrincipalType) string {
	switch t {
	case emu.Root:
		return "Account"
	case emu.User:
		return "User"
	}
	return string(t)
}
