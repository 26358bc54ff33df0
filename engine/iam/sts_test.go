package iam_test

import (
	"strings"
	"testing"
	"time"
)

const workerARN = "arn:aws:iam::111122223333:role/worker"

func assumeAs(name, more string) string {
	return `{"RoleArn":"` + workerARN + `","RoleSessionName":"` + name + `"` + more + `}`
}

func TestAssumeRole(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann", `"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	bob := w.user("bob")
	w.role("worker", "")
	w.want(ann, "sts:AssumeRole", assumeAs("s1", ""),
		`{"AssumedRoleUser":{"Arn":"arn:aws:sts::111122223333:assumed-role/worker/s1","AssumedRoleId":"*"},"PackedPolicySize":null,
		"Credentials":{"AccessKeyId":"*","SecretAccessKey":"*","SessionToken":"*","Expiration":1795168800}}`)
	denied := "AccessDeniedException: User: arn:aws:iam::111122223333:user/bob is not authorized to perform: sts:AssumeRole on resource: " + workerARN
	w.want(bob, "sts:AssumeRole", assumeAs("s1", ""), denied+" because no identity-based policy allows the sts:AssumeRole action")

	// A trust policy that names the user needs no second policy.
	w.ok(root, "iam:UpdateAssumeRolePolicy", `{"RoleName":"worker","PolicyDocument":`+quoted(trusting(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"}`))+`}`)
	w.ok(bob, "sts:AssumeRole", assumeAs("s1", ""))
	if got := w.reason(); got != "trust policy, statement #1" {
		t.Error(got)
	}
	w.want(ann, "sts:AssumeRole", assumeAs("s1", ""), strings.Replace(denied, "bob", "ann", 1))
	w.want(ann, "sts:AssumeRole", `{"RoleArn":"arn:aws:iam::111122223333:role/none","RoleSessionName":"s1"}`,
		"AccessDeniedException: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/none")
	w.ok(root, "iam:PutUserPolicy", `{"UserName":"bob","PolicyName":"no","PolicyDocument":`+quoted(document(`"Effect":"Deny","Action":"sts:*","Resource":"*"`))+`}`)
	w.want(bob, "sts:AssumeRole", assumeAs("s1", ""), denied+" with an explicit deny in an identity-based policy")
	w.ok(bob, "sts:GetCallerIdentity", `{}`)
}

func TestAssumeRoleInput(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann", `"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	w.role("worker", "")
	const bad = "ValidationError: 1 validation error detected: Value "
	for _, tt := range []struct{ in, want string }{
		{`{"RoleArn":"nothing-valid-in-here","RoleSessionName":"s1"}`, "ValidationError: nothing-valid-in-here is invalid"},
		{`{"RoleArn":"arn:a:a::aaaaaaaaaa:b","RoleSessionName":"s1"}`, "ValidationError: arn:a:a::aaaaaaaaaa:b is invalid"},
		{assumeAs("Session1:2", ""), bad + `'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`},
		{assumeAs("s", ""), bad + `'s' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2`},
		{`{"RoleArn":"` + workerARN + `"}`, bad + `null at 'roleSessionName' failed to satisfy constraint: Member must not be null`},
		{assumeAs("s1", `,"DurationSeconds":899`), bad + `'899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`},
		{assumeAs("s1", `,"DurationSeconds":3601`), "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role."},
		{assumeAs("s1", `,"Policy":"x"`), "MalformedPolicyDocument: Syntax errors in policy."},
		{assumeAs("s1", `,"PolicyArns":[{"arn":"arn:aws:iam::aws:policy/None"}]`), "NoSuchEntity: Policy arn:aws:iam::aws:policy/None does not exist or is not attachable."},
		{assumeAs("s1", `,"Tags":[{"Key":"a","Value":"1"},{"Key":"A","Value":"2"}]`), "InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive."},
		{assumeAs("s1", `,"TransitiveTagKeys":["a"]`), "InvalidParameterValue: The specified transitive tag key must be included in the requested tags."},
		{assumeAs("s1", `,"DurationSeconds":900`), `{"Credentials":{"Expiration":1795166100}}`},
	} {
		w.want(ann, "sts:AssumeRole", tt.in, tt.want)
	}
	session := w.assume(ann, "worker", "")
	w.ok(root, "iam:AttachRolePolicy", `{"RoleName":"worker","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}`)
	w.ok(root, "iam:UpdateRole", `{"RoleName":"worker","MaxSessionDuration":43200}`)
	w.want(session, "sts:AssumeRole", assumeAs("s2", `,"DurationSeconds":3601`), "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	w.ok(ann, "sts:AssumeRole", assumeAs("s2", `,"DurationSeconds":43200`))
}

func TestExternalID(t *testing.T) {
	w := newWorld(t)
	w.role("worker", `"Principal":{"AWS":"111122223333"},"Condition":{"StringEquals":{"sts:ExternalId":"secret-7"}}`)
	ann := w.user("ann", `"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	if _, err := w.call(ann, "sts:AssumeRole", assumeAs("s1", "")); err == nil {
		t.Error("without the external id")
	}
	if _, err := w.call(ann, "sts:AssumeRole", assumeAs("s1", `,"ExternalId":"secret-8"`)); err == nil {
		t.Error("with a wrong external id")
	}
	w.ok(ann, "sts:AssumeRole", assumeAs("s1", `,"ExternalId":"secret-7"`))
}

func TestSessionPolicies(t *testing.T) {
	w := newWorld(t)
	w.role("worker", "")
	w.ok(root, "iam:PutRolePolicy", `{"RoleName":"worker","PolicyName":"p","PolicyDocument":`+quoted(document(`"Effect":"Allow","Action":"box:*","Resource":"*"`))+`}`)
	full := w.assume(root, "worker", "")
	w.ok(full, "box:Open", `{"Box":"a"}`)
	w.ok(full, "box:Shut", `{"Box":"a"}`)
	narrow := w.assume(root, "worker", `,"Policy":`+quoted(document(`"Effect":"Allow","Action":["box:Open","box:Burn"],"Resource":"*"`)))
	const who = "arn:aws:sts::111122223333:assumed-role/worker/session"
	w.ok(narrow, "box:Open", `{"Box":"a"}`)
	w.want(narrow, "box:Shut", `{"Box":"a"}`, refused(who, "box:Shut", box("a"), " because no session policy allows the box:Shut action"))
	admin := w.assume(root, "worker", `,"PolicyArns":[{"arn":"arn:aws:iam::aws:policy/AdministratorAccess"}]`)
	w.ok(admin, "box:Shut", `{"Box":"a"}`)
	w.want(admin, "iam:ListUsers", `{}`, refused(who, "iam:ListUsers", "arn:aws:iam::111122223333:user/", " because no identity-based policy allows the iam:ListUsers action"))
	deny := w.assume(root, "worker", `,"Policy":`+quoted(document(`"Effect":"Allow","Action":"*","Resource":"*"`, `"Effect":"Deny","Action":"box:Open","Resource":"*"`)))
	w.want(deny, "box:Open", `{"Box":"a"}`, refused(who, "box:Open", box("a"), " with an explicit deny in a session policy"))
}

func TestSessionTags(t *testing.T) {
	w := newWorld(t)
	w.role("plain", "")
	w.ok(root, "iam:CreateRole", `{"RoleName":"worker","AssumeRolePolicyDocument":`+quoted(document(`"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Principal":{"AWS":"111122223333"}`))+`,"Tags":[{"Key":"Team","Value":"red"}]}`)
	w.ok(root, "iam:PutRolePolicy", `{"RoleName":"worker","PolicyName":"p","PolicyDocument":`+quoted(document(`"Effect":"Allow","Action":"box:*","Resource":"arn:aws:box:*:*:${aws:PrincipalTag/team}"`))+`}`)
	ann := w.user("ann", `"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":"*"`)
	w.ok(w.assume(ann, "worker", ""), "box:Open", `{"Box":"red"}`)
	blue := w.assume(ann, "worker", `,"Tags":[{"Key":"team","Value":"blue"}]`)
	w.ok(blue, "box:Open", `{"Box":"blue"}`)
	if _, err := w.call(blue, "box:Open", `{"Box":"red"}`); err == nil {
		t.Error("the role's tag holds although the session has its own")
	}
	w.want(ann, "sts:AssumeRole", `{"RoleArn":"arn:aws:iam::111122223333:role/plain","RoleSessionName":"s1","Tags":[{"Key":"a","Value":"b"}]}`,
		"AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111122223333:role/plain")
}

func TestCallerIdentity(t *testing.T) {
	w := newWorld(t)
	w.want(root, "sts:GetCallerIdentity", `{}`, `{"UserId":"111122223333","Account":"111122223333","Arn":"arn:aws:iam::111122223333:root"}`)
	ann := w.user("ann", `"Effect":"Deny","Action":"*","Resource":"*"`)
	w.want(ann, "sts:GetCallerIdentity", `{}`, `{"UserId":"*","Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/ann"}`)
	w.role("worker", "")
	w.want(w.assume(root, "worker", ""), "sts:GetCallerIdentity", `{}`, `{"Arn":"arn:aws:sts::111122223333:assumed-role/worker/session"}`)
	w.want(root, "sts:GetAccessKeyInfo", `{"AccessKeyId":"`+string(ann)+`"}`, `{"Account":"111122223333"}`)
}

func TestSessionToken(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann", openAnything, `"Effect":"Deny","Action":"box:Shut","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`,
		`"Effect":"Allow","Action":"box:Shut","Resource":"*"`)
	out := w.ok(ann, "sts:GetSessionToken", `{}`)
	session := caller(field(t, out, "Credentials", "AccessKeyId"))
	w.want(session, "sts:GetCallerIdentity", `{}`, `{"Arn":"arn:aws:iam::111122223333:user/ann"}`)
	w.ok(session, "box:Open", `{"Box":"a"}`)
	w.ok(ann, "box:Shut", `{"Box":"a"}`)
	w.want(session, "box:Shut", `{"Box":"a"}`, refused("arn:aws:iam::111122223333:user/ann", "box:Shut", box("a"), " with an explicit deny in an identity-based policy"))
	w.want(session, "sts:GetSessionToken", `{}`, "AccessDenied: Cannot call GetSessionToken with session credentials")
	w.want(root, "sts:GetSessionToken", `{"DurationSeconds":43200}`, `{"Credentials":{"Expiration":1795168800}}`)
	w.want(ann, "sts:GetSessionToken", `{"DurationSeconds":129601}`, "ValidationError: 1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600")
}

func TestExpiry(t *testing.T) {
	w := newWorld(t)
	w.role("worker", "")
	session := w.assume(root, "worker", "")
	creds, ok := w.c.Identify(string(session))
	if !ok || creds.Expires == 0 || creds.SessionToken == "" {
		t.Fatalf("%+v", creds)
	}
	w.advance(2 * time.Hour)
	if creds, ok := w.c.Identify(string(session)); !ok || creds.Expires > w.c.Now() {
		t.Error("an expired session must be known as expired", ok)
	}
	w.advance(25 * time.Hour)
	if _, ok := w.c.Identify(string(session)); ok {
		t.Error("a session is kept for ever")
	}
}

func TestSessionsDieWithTheirRole(t *testing.T) {
	w := newWorld(t)
	w.role("worker", "")
	session := w.assume(root, "worker", "")
	w.ok(root, "iam:DeleteRole", `{"RoleName":"worker"}`)
	if _, ok := w.c.Identify(string(session)); ok {
		t.Error("known without its role")
	}
	w.role("worker", "")
	if _, ok := w.c.Identify(string(session)); ok {
		t.Error("a new role of that name took over the session")
	}
}
