package iam_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"haneul/engine/emu"
	"haneul/engine/iam"
)

const account = "111122223333"

// world is one cloud under test, with IAM, STS and a small service that has something to protect.
type world struct {
	t    testing.TB
	c    *emu.Cloud
	last string // request id of the latest call
}

var birth = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world { return &world{t: t, c: build()} }

// build makes a cloud that is always born at the same moment, with the same seed.
func build() *emu.Cloud {
	now := birth
	c := emu.New(emu.Options{Name: "test", Account: account, Seed: 7, Root: emu.AccessKey{AccessKeyID: "AKIAROOTROOTROOTROOT", Secret: "s"},
		Wall: func() time.Time { now = now.Add(time.Millisecond); return now }})
	iam.New(c)
	c.Register(boxes())
	return c
}

// boxes is a service with one resource policy, as SQS has them.
func boxes() *emu.Service {
	return &emu.Service{
		Name: "box", Title: "Boxes",
		Ops: []*emu.Operation{
			emu.Op("Open", func(*emu.Call, *openInput) (*emu.NoOutput, error) { return &emu.NoOutput{}, nil }).Reads(),
			emu.Op("Shut", func(*emu.Call, *openInput) (*emu.NoOutput, error) { return &emu.NoOutput{}, nil }).Reads(),
		},
		Policy: func(_ *emu.Call, arn string) string { return boxPolicies[arn[strings.LastIndex(arn, ":")+1:]] },
	}
}

type openInput struct{ Box string }

// Resource implements emu.Input.
func (in *openInput) Resource(c *emu.Call) string {
	return "arn:aws:box:" + c.Region + ":" + c.Account + ":" + in.Box
}

// boxPolicies are the policies of the boxes by those names.
var boxPolicies = map[string]string{
	"shared":   `{"Version":"2012-10-17","Statement":[{"Sid":"Ann","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"box:Open","Resource":"*"}]}`,
	"account":  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"box:*","Resource":"*"}]}`,
	"locked":   `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"box:Open","Resource":"*"}]}`,
	"public":   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"box:Open","Resource":"*"}]}`,
	"lambda":   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"box:Open","Resource":"*"}]}`,
	"worker":   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/worker"},"Action":"box:Open","Resource":"*"}]}`,
	"stranger": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"box:Open","Resource":"*"}]}`,
}

// caller is who calls: an access key, or for "" root.
type caller string

const root caller = ""

// call runs "service:Operation" on JSON and returns JSON, as the wire does it.
func (w *world) call(who caller, operation, in string) (string, error) {
	w.t.Helper()
	r := &emu.Request{Principal: w.c.RootPrincipal(), AccessKeyID: w.c.RootKey().AccessKeyID}
	if who != root {
		creds, ok := w.c.Identify(string(who))
		if !ok {
			return "", errors.New("unknown access key " + string(who))
		}
		r.Principal, r.AccessKeyID = creds.Principal, string(who)
	}
	return w.request(r, operation, in)
}

func (w *world) request(r *emu.Request, operation, in string) (string, error) {
	w.t.Helper()
	service, name, _ := strings.Cut(operation, ":")
	r.Op = w.c.Operation(service, name)
	if r.Op == nil {
		w.t.Fatalf("no operation %s", operation)
	}
	r.In, r.SourceIP = r.Op.NewInput(), "203.0.113.7"
	if unknown, err := r.Op.Input().DecodeJSON([]byte(in), r.In); err != nil || len(unknown) > 0 {
		w.t.Fatalf("%s %s: %v, unknown %v", operation, in, err, unknown)
	}
	if bad := r.Op.Input().Validate(r.In); bad != nil {
		return "", r.Op.Service().Invalid(bad)
	}
	res := w.c.Do(r)
	w.last = res.RequestID
	if res.Err != nil {
		return "", res.Err
	}
	return string(r.Op.Output().AppendJSON(nil, res.Out)), nil
}

// ok demands success.
func (w *world) ok(who caller, operation, in string) string {
	w.t.Helper()
	out, err := w.call(who, operation, in)
	if err != nil {
		w.t.Fatalf("%s %s: %v", operation, in, err)
	}
	return out
}

// want demands an answer: JSON whose members must be in the actual one ("*" is any string), or "Code: message" of an
// error.
func (w *world) want(who caller, operation, in, want string) {
	w.t.Helper()
	out, err := w.call(who, operation, in)
	if err != nil {
		out = err.Error()
	}
	if !matches(out, want) {
		w.t.Errorf("%s %s\n got %s\nwant %s", operation, in, out, want)
	}
}

func matches(got, want string) bool {
	var g, x any
	if json.Unmarshal([]byte(want), &x) != nil || json.Unmarshal([]byte(got), &g) != nil {
		return got == want
	}
	return within(g, x)
}

// within reports whether got has all of want.
func within(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for k, v := range want {
			if v == nil {
				_, there := g[k]
				ok = ok && !there
				continue
			}
			ok = ok && within(g[k], v)
		}
		return ok
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			return false
		}
		for i := range want {
			if !within(g[i], want[i]) {
				return false
			}
		}
		return true
	case string:
		s, ok := got.(string)
		return ok && (s == want || want == "*")
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

// field picks a string out of an answer, e.g. field(out, "Role", "RoleId").
func field(t testing.TB, out string, path ...string) string {
	t.Helper()
	var v any
	json.Unmarshal([]byte(out), &v)
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	s, ok := v.(string)
	if !ok {
		t.Fatalf("no %v in %s", path, out)
	}
	return s
}

// user makes a user with a key, and an inline policy of the given statements if there are any.
func (w *world) user(name string, statements ...string) caller {
	w.t.Helper()
	w.ok(root, "iam:CreateUser", `{"UserName":"`+name+`"}`)
	if len(statements) > 0 {
		w.ok(root, "iam:PutUserPolicy", `{"UserName":"`+name+`","PolicyName":"own","PolicyDocument":`+quoted(document(statements...))+`}`)
	}
	out := w.ok(root, "iam:CreateAccessKey", `{"UserName":"`+name+`"}`)
	return caller(field(w.t, out, "AccessKey", "AccessKeyId"))
}

// role makes a role that trusts the account, or what trust says.
func (w *world) role(name, trust string) {
	w.t.Helper()
	if trust == "" {
		trust = `"Principal":{"AWS":"` + account + `"}`
	}
	w.ok(root, "iam:CreateRole", `{"RoleName":"`+name+`","AssumeRolePolicyDocument":`+quoted(trusting(trust))+`}`)
}

func trusting(members string) string {
	return document(`"Effect":"Allow","Action":"sts:AssumeRole",` + members)
}

func document(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[{` + strings.Join(statements, "},{") + `}]}`
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

// assume assumes a role and returns the key of the session.
func (w *world) assume(who caller, role, more string) caller {
	w.t.Helper()
	out := w.ok(who, "sts:AssumeRole", `{"RoleArn":"arn:aws:iam::`+account+`:role/`+role+`","RoleSessionName":"session"`+more+`}`)
	return caller(field(w.t, out, "Credentials", "AccessKeyId"))
}

// reason is what the journal says decided the latest call.
func (w *world) reason() string {
	w.t.Helper()
	e, ok := w.c.Find(w.last)
	if !ok {
		w.t.Fatal("the journal does not know the call")
	}
	return e.Decision
}

func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if _, err := w.c.Advance(d); err != nil {
		w.t.Fatal(err)
	}
}
