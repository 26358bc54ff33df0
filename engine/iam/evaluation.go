package iam

import (
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// freely lists actions that need no permission and cannot be denied.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func freely(action string) bool {
	return action == "sts:GetCallerIdentity" || action == "sts:GetSessionToken"
}

// assuming reports whether the action is one that only a role's trust policy can open.
func assuming(action string) bool {
	return action == "sts:AssumeRole" || action == "sts:TagSession" || action == "sts:SetSourceIdentity"
}

// question is one request with all that policies may ask about it.
type question struct {
	policy.Request
	s      *Service
	call   *emu.Call
	access emu.Access

	own     holder   // the policies of the user, or of the role behind a session
	groups  []string // of the user
	tags    []Tag    // of the user or the role
	session session  // of temporary credentials
	group   group    // whose policies are being looked at
}

func (q *question) ask(s *Service, c *emu.Call, a emu.Access) {
	*q = question{s: s, call: c, access: a}
	q.Action, q.Resource, q.Keys = a.Action, a.ARN, q
	if strings.HasPrefix(a.Action, "iam:") {
		q.Resource = s.fullARN(c.Account, a.ARN)
	}
	p := &c.Principal
	q.Caller = policy.Caller{ARN: p.ARN, ID: p.ID, Account: p.Account, Anonymous: p.Type == emu.Anonymous}
	switch p.Type {
	case emu.User:
		u, _ := s.users.Get(keyOf(p.Name))
		q.own, q.groups, q.tags = u.holder, u.Groups, u.Tags
	case emu.AssumedRole:
		if r, ok := s.roles.Get(keyOf(p.Name)); ok {
			q.own, q.tags = r.holder, r.Tags
			q.Caller.Role = arn(p.Account, "role", r.Path, r.Name)
		}
	case emu.AWSService:
		q.Caller.Service = p.Name
	}
	if strings.HasPrefix(a.AccessKeyID, "ASIA") {
		q.session, _ = s.sessions.Get(key(a.AccessKeyID))
	}
}

// finding is what one kind of policies says: the effect, and which statement of which policy it is.
type finding struct {
	policy.Result
	document *policy.Document
	source   string // orders-writer, or "resource policy"
	of       string // the group whose policy it is, "" for the caller's own
}

func (f *finding) String() string {
	if f.document == nil {
		return ""
	}
	where := f.source
	switch {
	case f.of != "":
		return "policy " + where + " of group " + f.of + ", statement " + f.document.Name(f.Statement)
	case !strings.HasSuffix(where, " policy"):
		return "policy " + where + ", statement " + f.document.Name(f.Statement)
	}
	return where + ", statement " + f.document.Name(f.Statement)
}

// look takes one more document into account; it reports whether that settles the matter.
func (f *finding) look(q *question, text, source, of string) bool {
	d := q.s.cache.Document(text)
	r := d.Evaluate(&q.Request)
	if r.Effect == policy.Deny || r.Effect == policy.Allow && (f.Effect == policy.None || f.Delegated && !r.Delegated) {
		*f = finding{r, d, source, of}
	}
	return f.Effect == policy.Deny
}

// look at a managed policy; one that is gone says nothing.
func (f *finding) lookManaged(q *question, arn, of string) bool {
	m, ok := q.s.policy(arn)
	if !ok {
		return false
	}
	v, _ := m.version(m.Default)
	return f.look(q, v.Document, m.Name, of)
}

func (f *finding) lookAll(q *question, h *holder, of string) bool {
	for i := range h.Inline {
		if f.look(q, h.Inline[i].Document, h.Inline[i].Name, of) {
			return true
		}
	}
	for _, arn := range h.Attached {
		if f.lookManaged(q, arn, of) {
			return true
		}
	}
	return false
}

// identity is what the caller's own policies say: a user's and those of the user's groups, or a role's.
func (q *question) identity() (f finding) {
	if q.call.Principal.Type == emu.Root {
		f.Effect, f.source = policy.Allow, "root"
		return f
	}
	if f.lookAll(q, &q.own, "") {
		return f
	}
	for _, name := range q.groups {
		q.group, _ = q.s.groups.Get(keyOf(name))
		if f.lookAll(q, &q.group.holder, name) {
			return f
		}
	}
	return f
}

// boundary is what the caller's permissions boundary says; without one everything is within it.
func (q *question) boundary() (f finding) {
	if q.own.Boundary == "" {
		f.Effect = policy.Allow
		return f
	}
	f.lookManaged(q, q.own.Boundary, "")
	return f
}

// sessionPolicies is what the policies passed to AssumeRole say; without any the session is as free as the role.
func (q *question) sessionPolicies() (f finding) {
	t := &q.session
	if len(t.Policies)+len(t.Managed) == 0 {
		f.Effect = policy.Allow
		return f
	}
	for _, text := range t.Policies {
		f.look(q, text, "session policy", "")
	}
	for _, arn := range t.Managed {
		f.lookManaged(q, arn, "")
	}
	return f
}

// resource is what the policy attached to the resource says.
func (q *question) resource() (f finding) {
	if q.access.ResourcePolicy != "" {
		source := "resource policy"
		if assuming(q.Action) {
			source = "trust policy"
		}
		f.look(q, q.access.ResourcePolicy, source, "")
	}
	return f
}

// decide weighs everything: any Deny wins; a resource's policy that names the caller opens the door by itself; else the
// caller's own policies must, within the boundary and the session's policies.
func (q *question) decide() emu.Decision {
	if freely(q.Action) {
		return emu.Decision{Allowed: true, Statement: "no permission needed"}
	}
	if q.call.Principal.Type == emu.Root && !assuming(q.Action) {
		return emu.Decision{Allowed: true, Statement: "root"}
	}
	identity, resource, boundary, session := q.identity(), q.resource(), q.boundary(), q.sessionPolicies()
	for _, f := range [...]struct {
		*finding
		kind string
	}{{&identity, "an identity-based policy"}, {&resource, "a resource-based policy"}, {&boundary, "a permissions boundary"}, {&session, "a session policy"}} {
		if f.Effect == policy.Deny {
			return q.denied("with an explicit deny in "+f.kind, f.finding)
		}
	}
	direct := resource.Effect == policy.Allow && !resource.Delegated
	outside := q.Caller.Anonymous || q.Caller.Service != ""
	switch {
	case resource.Effect == policy.None && assuming(q.Action):
		// Who may assume a role is said in its trust policy only, and STS does not say why not.
		return q.denied("", &resource)
	case direct && session.Effect == policy.Allow:
		return emu.Decision{Allowed: true, Statement: resource.String()}
	case outside:
		return q.denied("because no resource-based policy allows the "+q.Action+" action", &resource)
	case identity.Effect == policy.None && !direct:
		return q.denied("because no identity-based policy allows the "+q.Action+" action", &identity)
	case boundary.Effect == policy.None:
		return q.denied("because no permissions boundary allows the "+q.Action+" action", &boundary)
	case session.Effect == policy.None:
		return q.denied("because no session policy allows the "+q.Action+" action", &session)
	}
	return emu.Decision{Allowed: true, Statement: identity.allowed()}
}

func (f *finding) allowed() string {
	if f.document == nil {
		return f.source
	}
	return f.String()
}

// denied words a refusal as AWS does: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func (q *question) denied(why string, f *finding) emu.Decision {
	who := q.call.Principal.ARN
	switch {
	case q.Caller.Anonymous:
		who = "anonymous"
	case q.Caller.Service != "":
		who = q.Caller.Service
	}
	text := "User: " + who + " is not authorized to perform: " + q.Action + " on resource: " + q.Resource
	if why != "" {
		text += " " + why
	}
	return emu.Decision{Explicit: f.Effect == policy.Deny, Statement: f.String(), Message: text}
}

// tag is one of the principal's tags, for aws:PrincipalTag: the session's before the role's.
func (q *question) tag(name string) []string {
	for _, tags := range [...][]Tag{q.session.Tags, q.tags} {
		if i := findTag(tags, name); i >= 0 {
			return []string{*tags[i].Value}
		}
	}
	return nil
}
