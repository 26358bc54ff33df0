package iam_test

import (
	"bytes"
	"strings"
	"testing"

	"haneul/engine/emu"
	"haneul/engine/iam"
)

// lists is everything that can be seen of a cloud's IAM.
var lists = []struct{ op, in string }{
	{"iam:ListUsers", `{}`}, {"iam:ListGroups", `{}`}, {"iam:ListRoles", `{}`}, {"iam:ListPolicies", `{"Scope":"Local"}`},
	{"iam:ListInstanceProfiles", `{}`}, {"iam:ListAccessKeys", `{"UserName":"ann"}`}, {"iam:GetUser", `{"UserName":"ann"}`},
	{"iam:ListUserTags", `{"UserName":"ann"}`}, {"iam:GetUserPolicy", `{"UserName":"ann","PolicyName":"own"}`},
	{"iam:GetRole", `{"RoleName":"worker"}`}, {"iam:ListPolicyVersions", `{"PolicyArn":"arn:aws:iam::111122223333:policy/p"}`},
	{"iam:GetAccountSummary", `{}`}, {"iam:ListAccountAliases", `{}`},
}

func see(w *world) (all []string) {
	for _, l := range lists {
		all = append(all, w.ok(root, l.op, l.in))
	}
	return all
}

// furnish makes a little of everything and returns the key of a session.
func furnish(w *world) caller {
	ann := w.user("ann", openAnything, `"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
	w.ok(root, "iam:TagUser", `{"UserName":"ann","Tags":[{"Key":"team","Value":"a"},{"Key":"empty","Value":""}]}`)
	w.ok(root, "iam:CreateGroup", `{"GroupName":"devs"}`)
	w.ok(root, "iam:AddUserToGroup", `{"GroupName":"devs","UserName":"ann"}`)
	w.ok(root, "iam:AttachGroupPolicy", `{"GroupName":"devs","PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`)
	w.ok(root, "iam:CreatePolicy", `{"PolicyName":"p","PolicyDocument":"`+allowAll+`"}`)
	w.ok(root, "iam:CreatePolicyVersion", `{"PolicyArn":"arn:aws:iam::111122223333:policy/p","PolicyDocument":"`+allowAll+`","SetAsDefault":true}`)
	w.role("worker", "")
	w.ok(root, "iam:AttachRolePolicy", `{"RoleName":"worker","PolicyArn":"arn:aws:iam::111122223333:policy/p"}`)
	w.ok(root, "iam:CreateInstanceProfile", `{"InstanceProfileName":"web"}`)
	w.ok(root, "iam:AddRoleToInstanceProfile", `{"InstanceProfileName":"web","RoleName":"worker"}`)
	w.ok(root, "iam:CreateAccountAlias", `{"AccountAlias":"school"}`)
	return w.assume(ann, "worker", "")
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s\n got %s\nwant %s", lists[i].op, got[i], want[i])
		}
	}
}

// TestRestart: what was there before the engine stopped is there after it.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	before := &world{t: t, c: build()}
	if err := before.c.Open(dir, emu.JournalOptions{}); err != nil {
		t.Fatal(err)
	}
	session := furnish(before)
	want := see(before)
	if err := before.c.Close(); err != nil {
		t.Fatal(err)
	}
	after := &world{t: t, c: build()}
	if err := after.c.Open(dir, emu.JournalOptions{}); err != nil {
		t.Fatal(err)
	}
	defer after.c.Close()
	compare(t, see(after), want)
	after.ok(session, "box:Open", `{"Box":"a"}`)
}

// TestBranch: a copy has the same users, and goes its own way.
func TestBranch(t *testing.T) {
	w := newWorld(t)
	session := furnish(w)
	want := see(w)
	branch := &world{t: t, c: build()}
	if err := w.c.CopyTo(branch.c); err != nil {
		t.Fatal(err)
	}
	compare(t, see(branch), want)
	branch.ok(session, "box:Open", `{"Box":"a"}`)
	branch.ok(root, "iam:DetachRolePolicy", `{"RoleName":"worker","PolicyArn":"arn:aws:iam::111122223333:policy/p"}`)
	if _, err := branch.call(session, "box:Open", `{"Box":"a"}`); err == nil {
		t.Error("the branch still allows it")
	}
	w.ok(session, "box:Open", `{"Box":"a"}`)
}

// TestSecretsStaySecret: the journal tells nobody's secret key.
func TestSecretsStaySecret(t *testing.T) {
	w := newWorld(t)
	w.ok(root, "iam:CreateUser", `{"UserName":"ann"}`)
	out := w.ok(root, "iam:CreateAccessKey", `{"UserName":"ann"}`)
	secret := field(t, out, "AccessKey", "SecretAccessKey")
	for _, e := range w.c.Entries(0, 0) {
		if bytes.Contains(e.Input, []byte(secret)) {
			t.Errorf("entry %d has the secret", e.Seq)
		}
	}
	redacted := string(w.c.Operation("iam", "CreateAccessKey").Output().AppendRedacted(nil, &iam.CreateAccessKeyOutput{AccessKey: iam.AccessKey{SecretAccessKey: secret}}))
	if strings.Contains(redacted, secret) {
		t.Error(redacted)
	}
}
