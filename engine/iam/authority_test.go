package iam_test

import (
	"strings"
	"testing"

	"haneul/engine/emu"
)

const openAnything = `"Effect":"Allow","Action":"box:Open","Resource":"*"`

func refused(who, action, resource, why string) string {
	return "AccessDeniedException: User: " + who + " is not authorized to perform: " + action + " on resource: " + resource + why
}

const ann = "arn:aws:iam::111122223333:user/ann"

func box(name string) string { return "arn:aws:box:ap-northeast-2:111122223333:" + name }

func TestIdentityPolicies(t *testing.T) {
	for _, tt := range []struct {
		name       string
		statements []string
		want       string
	}{
		{"none", nil, " because no identity-based policy allows the box:Open action"},
		{"allow", []string{openAnything}, ""},
		{"other action", []string{`"Effect":"Allow","Action":"box:Shut","Resource":"*"`}, " because no identity-based policy allows the box:Open action"},
		{"other resource", []string{`"Effect":"Allow","Action":"box:*","Resource":"arn:aws:box:*:*:b"`}, " because no identity-based policy allows the box:Open action"},
		{"explicit deny", []string{openAnything, `"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"`}, " with an explicit deny in an identity-based policy"},
		{"variable", []string{`"Effect":"Allow","Action":"box:Open","Resource":"arn:aws:box:*:*:${aws:username, 'x'}"`}, " because no identity-based policy allows the box:Open action"},
		{"source ip", []string{openAnything + `,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`}, ""},
		{"wrong ip", []string{openAnything + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`}, " because no identity-based policy allows the box:Open action"},
		{"region", []string{openAnything + `,"Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}`}, " because no identity-based policy allows the box:Open action"},
		{"date", []string{openAnything + `,"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-11-20T00:00:00Z"},"DateLessThan":{"aws:CurrentTime":"2026-11-21T00:00:00Z"}}`}, ""},
		{"username", []string{openAnything + `,"Condition":{"StringEquals":{"aws:username":"ann"},"Null":{"aws:TokenIssueTime":"true"}}`}, ""},
		{"no mfa key", []string{openAnything, `"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`}, ""},
		{"mfa if exists", []string{openAnything, `"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`}, " with an explicit deny in an identity-based policy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			who := w.user("ann", tt.statements...)
			want := "{}"
			if tt.want != "" {
				want = refused(ann, "box:Open", box("a"), tt.want)
			}
			w.want(who, "box:Open", `{"Box":"a"}`, want)
		})
	}
}

func TestWhoDecided(t *testing.T) {
	w := newWorld(t)
	who := w.user("ann", `"Sid":"OwnBox","Effect":"Allow","Action":"box:Open","Resource":"arn:aws:box:*:*:own"`)
	w.ok(root, "iam:CreateGroup", `{"GroupName":"devs"}`)
	w.ok(root, "iam:AddUserToGroup", `{"GroupName":"devs","UserName":"ann"}`)
	w.ok(root, "iam:PutGroupPolicy", `{"GroupName":"devs","PolicyName":"team","PolicyDocument":`+quoted(document(
		`"Effect":"Allow","Action":"box:Open","Resource":"arn:aws:box:*:*:team"`, `"Effect":"Deny","Action":"box:*","Resource":"arn:aws:box:*:*:secret"`))+`}`)
	w.ok(root, "iam:CreatePolicy", `{"PolicyName":"everything","PolicyDocument":"`+allowAll+`"}`)
	for _, tt := range []struct{ box, allowed, reason string }{
		{"own", "yes", "policy own, statement OwnBox"},
		{"team", "yes", "policy team of group devs, statement #1"},
		{"secret", "no", "policy team of group devs, statement #2"},
		{"elsewhere", "no", ""},
		{"shared", "yes", "resource policy, statement Ann"},
		{"account", "no", ""},
		{"locked", "no", "resource policy, statement #1"},
	} {
		_, err := w.call(who, "box:Open", `{"Box":"`+tt.box+`"}`)
		if got := w.reason(); (err == nil) != (tt.allowed == "yes") || got != tt.reason {
			t.Errorf("%s: %v, %q", tt.box, err, got)
		}
	}
	w.ok(root, "iam:AttachGroupPolicy", `{"GroupName":"devs","PolicyArn":"arn:aws:iam::111122223333:policy/everything"}`)
	w.ok(who, "box:Open", `{"Box":"elsewhere"}`)
	if got := w.reason(); got != "policy everything of group devs, statement #1" {
		t.Error(got)
	}
	w.ok(who, "box:Open", `{"Box":"account"}`)
	w.ok(root, "box:Open", `{"Box":"locked"}`)
	if got := w.reason(); got != "root" {
		t.Error(got)
	}
}

func TestResourcePolicies(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann")
	bob := w.user("bob", openAnything)
	w.role("worker", "")
	worker := w.assume(root, "worker", "")
	narrow := w.assume(root, "worker", `,"Policy":`+quoted(document(`"Effect":"Allow","Action":"box:Shut","Resource":"*"`)))
	for _, tt := range []struct {
		who       caller
		box, want string
	}{
		{ann, "shared", ""},
		{bob, "shared", ""},
		{ann, "account", "because no identity-based policy allows the box:Open action"},
		{bob, "account", ""},
		{ann, "stranger", "because no identity-based policy allows the box:Open action"},
		{bob, "locked", "with an explicit deny in a resource-based policy"},
		{ann, "public", ""},
		{worker, "worker", ""},
		{worker, "shared", "because no identity-based policy allows the box:Open action"},
		{narrow, "worker", "because no session policy allows the box:Open action"},
	} {
		_, err := w.call(tt.who, "box:Open", `{"Box":"`+tt.box+`"}`)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasSuffix(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", tt.box, err, tt.want)
		}
	}
}

func TestOutsiders(t *testing.T) {
	w := newWorld(t)
	lambda := emu.Principal{Type: emu.AWSService, Name: "lambda.amazonaws.com", ARN: "lambda.amazonaws.com"}
	nobody := emu.Principal{Type: emu.Anonymous}
	for _, tt := range []struct {
		who       emu.Principal
		box, want string
	}{
		{lambda, "lambda", "{}"},
		{lambda, "account", refused("lambda.amazonaws.com", "box:Open", box("account"), " because no resource-based policy allows the box:Open action")},
		{nobody, "public", "{}"},
		{nobody, "lambda", refused("anonymous", "box:Open", box("lambda"), " because no resource-based policy allows the box:Open action")},
		{nobody, "none", refused("anonymous", "box:Open", box("none"), " because no resource-based policy allows the box:Open action")},
		{nobody, "locked", refused("anonymous", "box:Open", box("locked"), " with an explicit deny in a resource-based policy")},
	} {
		out, err := w.request(&emu.Request{Principal: tt.who}, "box:Open", `{"Box":"`+tt.box+`"}`)
		if err != nil {
			out = err.Error()
		}
		if out != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.box, out, tt.want)
		}
	}
}

func TestBoundaries(t *testing.T) {
	w := newWorld(t)
	w.ok(root, "iam:CreatePolicy", `{"PolicyName":"only-shut","PolicyDocument":`+quoted(document(`"Effect":"Allow","Action":"box:Shut","Resource":"*"`))+`}`)
	who := w.user("ann", `"Effect":"Allow","Action":"box:*","Resource":"*"`)
	const bound = `"PermissionsBoundary":"arn:aws:iam::111122223333:policy/only-shut"`
	w.want(root, "iam:PutUserPermissionsBoundary", `{"UserName":"ann","PermissionsBoundary":"arn:aws:iam::111122223333:policy/none"}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.")
	w.ok(root, "iam:PutUserPermissionsBoundary", `{"UserName":"ann",`+bound+`}`)
	w.want(root, "iam:GetUser", `{"UserName":"ann"}`, `{"User":{"PermissionsBoundary":{"PermissionsBoundaryType":"Policy","PermissionsBoundaryArn":"*"}}}`)
	w.want(who, "box:Open", `{"Box":"a"}`, refused(ann, "box:Open", box("a"), " because no permissions boundary allows the box:Open action"))
	w.ok(who, "box:Shut", `{"Box":"a"}`)
	w.want(root, "iam:DeletePolicy", `{"PolicyArn":"arn:aws:iam::111122223333:policy/only-shut"}`, "DeleteConflict: Cannot delete a policy attached to entities.")
	w.want(root, "iam:GetPolicy", `{"PolicyArn":"arn:aws:iam::111122223333:policy/only-shut"}`, `{"Policy":{"AttachmentCount":0,"PermissionsBoundaryUsageCount":1}}`)
	w.ok(root, "iam:DeleteUserPermissionsBoundary", `{"UserName":"ann"}`)
	w.ok(who, "box:Open", `{"Box":"a"}`)
	w.ok(root, "iam:CreateRole", `{"RoleName":"r",`+bound+`,"AssumeRolePolicyDocument":`+quoted(trusting(`"Principal":{"AWS":"111122223333"}`))+`}`)
	w.ok(root, "iam:AttachRolePolicy", `{"RoleName":"r","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}`)
	session := w.assume(root, "r", "")
	w.want(session, "box:Open", `{"Box":"a"}`, refused("arn:aws:sts::111122223333:assumed-role/r/session", "box:Open", box("a"), " because no permissions boundary allows the box:Open action"))
	w.ok(root, "iam:DeleteRolePermissionsBoundary", `{"RoleName":"r"}`)
	w.ok(session, "box:Open", `{"Box":"a"}`)
}

// TestIAMItself: IAM's own operations are authorised on the entity's full ARN.
func TestIAMItself(t *testing.T) {
	w := newWorld(t)
	who := w.user("ann", `"Effect":"Allow","Action":["iam:GetUser","iam:ListAccessKeys"],"Resource":"arn:aws:iam::*:user/${aws:username}"`,
		`"Effect":"Allow","Action":"iam:GetUser","Resource":"arn:aws:iam::*:user/team/*"`)
	w.ok(root, "iam:CreateUser", `{"UserName":"minji","Path":"/team/"}`)
	w.ok(root, "iam:CreateUser", `{"UserName":"bob"}`)
	w.ok(who, "iam:GetUser", `{}`)
	w.ok(who, "iam:GetUser", `{"UserName":"ann"}`)
	w.ok(who, "iam:ListAccessKeys", `{}`)
	w.ok(who, "iam:GetUser", `{"UserName":"minji"}`)
	w.want(who, "iam:GetUser", `{"UserName":"bob"}`, refused(ann, "iam:GetUser", "arn:aws:iam::111122223333:user/bob", " because no identity-based policy allows the iam:GetUser action"))
	w.want(who, "iam:ListUsers", `{}`, refused(ann, "iam:ListUsers", "arn:aws:iam::111122223333:user/", " because no identity-based policy allows the iam:ListUsers action"))
	w.want(who, "iam:DeleteUser", `{"UserName":"minji"}`, refused(ann, "iam:DeleteUser", "arn:aws:iam::111122223333:user/team/minji", " because no identity-based policy allows the iam:DeleteUser action"))
}

func TestPassRole(t *testing.T) {
	w := newWorld(t)
	who := w.user("ann", `"Effect":"Allow","Action":"iam:AddRoleToInstanceProfile","Resource":"*"`)
	w.role("worker", "")
	w.ok(root, "iam:CreateInstanceProfile", `{"InstanceProfileName":"p"}`)
	w.want(who, "iam:AddRoleToInstanceProfile", `{"InstanceProfileName":"p","RoleName":"worker"}`,
		refused(ann, "iam:PassRole", "arn:aws:iam::111122223333:role/worker", " because no identity-based policy allows the iam:PassRole action"))
}

func TestAttachOnlyWhatIsAllowed(t *testing.T) {
	w := newWorld(t)
	who := w.user("ann", `"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonSQS*"}}`)
	w.ok(who, "iam:AttachUserPolicy", `{"UserName":"ann","PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}`)
	if _, err := w.call(who, "iam:AttachUserPolicy", `{"UserName":"ann","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}`); err == nil {
		t.Error("attached")
	}
}

func TestSimulators(t *testing.T) {
	w := newWorld(t)
	w.user("ann", openAnything, `"Effect":"Deny","Action":"box:Burn","Resource":"*"`)
	w.want(root, "iam:SimulatePrincipalPolicy", `{"PolicySourceArn":"arn:aws:iam::111122223333:user/ann","ActionNames":["box:Open","box:Burn","box:Shut"]}`,
		`{"IsTruncated":false,"EvaluationResults":[
		{"EvalActionName":"box:Open","EvalResourceName":"*","EvalDecision":"allowed","MatchedStatements":[{"SourcePolicyId":"own"}],"MissingContextValues":[]},
		{"EvalActionName":"box:Burn","EvalDecision":"explicitDeny"},
		{"EvalActionName":"box:Shut","EvalDecision":"implicitDeny","MatchedStatements":[]}]}`)
	w.want(root, "iam:SimulateCustomPolicy", `{"PolicyInputList":[`+quoted(document(openAnything+`,"Condition":{"StringEquals":{"aws:username":"bob"}}`))+`],"ActionNames":["box:Open"],"ResourceArns":["arn:aws:box:::a","arn:aws:box:::b"],
		"ContextEntries":[{"ContextKeyName":"aws:UserName","ContextKeyValues":["bob"],"ContextKeyType":"string"}]}`,
		`{"EvaluationResults":[{"EvalResourceName":"arn:aws:box:::a","EvalDecision":"allowed"},{"EvalResourceName":"arn:aws:box:::b","EvalDecision":"allowed"}]}`)
	w.want(root, "iam:SimulateCustomPolicy", `{"PolicyInputList":["x"],"ActionNames":["box:Open"]}`, "InvalidInput: Syntax errors in policy.")
}

func BenchmarkAuthorize(b *testing.B) {
	w := newWorld(b)
	w.ok(root, "iam:CreateGroup", `{"GroupName":"devs"}`)
	w.ok(root, "iam:AttachGroupPolicy", `{"GroupName":"devs","PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`)
	who := w.user("ann", `"Effect":"Allow","Action":["box:Shut","box:Open"],"Resource":"arn:aws:box:*:*:orders*"`)
	w.ok(root, "iam:AddUserToGroup", `{"GroupName":"devs","UserName":"ann"}`)
	creds, _ := w.c.Identify(string(who))
	op := w.c.Operation("box", "Open")
	in := &openInput{Box: "orders"}
	b.ReportAllocs()
	for b.Loop() {
		if r := w.c.Do(&emu.Request{Op: op, In: in, Principal: creds.Principal, AccessKeyID: string(who)}); r.Err != nil {
			b.Fatal(r.Err)
		}
	}
}
