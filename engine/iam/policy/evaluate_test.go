package policy

import (
	"strings"
	"testing"
)

type keys map[string][]string

func (k keys) Key(name string) []string { return k[name] }

const queue = "arn:aws:sqs:ap-northeast-2:111122223333:orders"

func parse(t testing.TB, text string) *Document {
	t.Helper()
	d, err := compileText(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func TestActionsAndResources(t *testing.T) {
	for _, tt := range []struct {
		statements string
		want       Effect
	}{
		{`"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"`, Allow},
		{`"Effect":"Allow","Action":"SQS:sendmessage","Resource":"*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:Send*","Resource":"` + queue + `"`, Allow},
		{`"Effect":"Allow","Action":"sqs:*Message","Resource":"*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:???dMessage","Resource":"*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:??dMessage","Resource":"*"`, None},
		{`"Effect":"Allow","Action":"*","Resource":"*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:Send","Resource":"*"`, None},
		{`"Effect":"Allow","Action":"sns:*","Resource":"*"`, None},
		{`"Effect":"Allow","NotAction":"sns:*","Resource":"*"`, Allow},
		{`"Effect":"Allow","NotAction":["sns:*","sqs:*"],"Resource":"*"`, None},
		{`"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:111122223333:ord*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*:*:ORDERS"`, None},
		{`"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:*"`, Allow},
		{`"Effect":"Allow","Action":"sqs:*","Resource":["arn:aws:sqs:*:*:a","` + queue + `"]`, Allow},
		{`"Effect":"Allow","Action":"sqs:*","NotResource":"arn:aws:sqs:*:*:orders"`, None},
		{`"Effect":"Allow","Action":"sqs:*","NotResource":"arn:aws:sqs:*:*:other"`, Allow},
		{`"Effect":"Allow","Action":"sqs:*","Resource":"*"},{"Effect":"Deny","Action":"sqs:SendMessage","Resource":"*"`, Deny},
		{`"Effect":"Deny","Action":"sqs:SendMessage","Resource":"*"},{"Effect":"Allow","Action":"sqs:*","Resource":"*"`, Deny},
		{`"Effect":"Deny","Action":"sqs:DeleteQueue","Resource":"*"},{"Effect":"Allow","Action":"sqs:*","Resource":"*"`, Allow},
	} {
		d := parse(t, doc(tt.statements))
		if got := d.Evaluate(&Request{Action: "sqs:SendMessage", Resource: queue}); got.Effect != tt.want {
			t.Errorf("%s: %v, want %v", tt.statements, got.Effect, tt.want)
		}
	}
}

func TestPatterns(t *testing.T) {
	k := keys{"aws:username": {"jimin"}, "aws:principaltag/team": {"a*"}, "many": {"a", "b"}}
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"**", "abc", true},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "aXbYbZ", false},
		{"*aab", "aaab", true},
		{"a?c", "abc", true},
		{"a?c", "a한c", true},
		{"a??c", "a한c", false},
		{"?", "", false},
		{"*a?", "xaab", true},
		{"home/${aws:username}/*", "home/jimin/x", true},
		{"home/${AWS:UserName}/*", "home/jimin/x", true},
		{"home/${aws:username}/*", "home/minji/x", false},
		{"${aws:PrincipalTag/team}", "a*", true},
		{"${aws:PrincipalTag/team}", "ab", false},
		{"${aws:PrincipalTag/team}*", "a*b", true},
		{"${nobody}", "", false},
		{"${nobody}*", "x", false},
		{"${many}", "a", false},
		{"${nobody, 'x y'}", "x y", true},
		{"${aws:username,'x'}", "jimin", true},
		{"${nobody, ''}z", "z", true},
		{"a${*}b", "a*b", true},
		{"a${*}b", "aXb", false},
		{"a${?}${$}b", "a?$b", true},
		{"a${", "a${", true},
		{"a${b", "a${b", true},
	} {
		p := compile(tt.pattern, syntax{wildcards: true, variables: true})
		if got := p.match(tt.text, false, k); got != tt.want {
			t.Errorf("%q matches %q: %v", tt.pattern, tt.text, got)
		}
	}
}

func TestVariablesNeedTheNewVersion(t *testing.T) {
	const statement = `"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username}"}}`
	r := Request{Action: "s3:x", Resource: "arn:aws:s3:::jimin", Keys: keys{"aws:username": {"jimin"}}}
	if got := parse(t, `{"Version":"2012-10-17",`+statement).Evaluate(&r); got.Effect != Allow {
		t.Error("2012: variable not replaced")
	}
	if got := parse(t, `{"Version":"2008-10-17",`+statement).Evaluate(&r); got.Effect != None {
		t.Error("2008: variable replaced")
	}
	if got := parse(t, `{`+statement).Evaluate(&r); got.Effect != None {
		t.Error("no version: variable replaced")
	}
}

func TestConditions(t *testing.T) {
	k := keys{
		"aws:username":        {"jimin"},
		"aws:sourceip":        {"203.0.113.7"},
		"aws:currenttime":     {"2026-11-20T09:33:42Z"},
		"aws:epochtime":       {"1795167222"},
		"aws:securetransport": {"true"},
		"aws:sourcearn":       {"arn:aws:sns:ap-northeast-2:111122223333:topic:sub"},
		"aws:tagkeys":         {"team", "cost"},
		"s3:max-keys":         {"10"},
		"empty":               {},
		"data":                {"QmluYXJ5"},
	}
	for _, tt := range []struct {
		condition string
		want      bool
	}{
		{`{}`, true},
		{`{"StringEquals":{"aws:username":"jimin"}}`, true},
		{`{"StringEquals":{"AWS:USERNAME":["x","jimin"]}}`, true},
		{`{"StringEquals":{"aws:username":"Jimin"}}`, false},
		{`{"StringEquals":{"aws:username":"jim*"}}`, false},
		{`{"StringEquals":{"aws:username":[]}}`, false},
		{`{"StringEquals":{"nobody":"x"}}`, false},
		{`{"StringEqualsIfExists":{"nobody":"x"}}`, true},
		{`{"StringEqualsIfExists":{"aws:username":"x"}}`, false},
		{`{"StringEquals":{"aws:username":"${aws:username}"}}`, true},
		{`{"StringNotEquals":{"aws:username":["x","jimin"]}}`, false},
		{`{"StringNotEquals":{"aws:username":["x","y"]}}`, true},
		{`{"StringNotEquals":{"nobody":"x"}}`, true},
		{`{"StringEqualsIgnoreCase":{"aws:username":"JIMIN"}}`, true},
		{`{"StringNotEqualsIgnoreCase":{"aws:username":"JIMIN"}}`, false},
		{`{"StringLike":{"aws:username":"j?m*"}}`, true},
		{`{"StringNotLike":{"aws:username":"j?m*"}}`, false},
		{`{"StringNotLike":{"aws:username":"k*"}}`, true},
		{`{"NumericEquals":{"s3:max-keys":"10.0"}}`, true},
		{`{"NumericNotEquals":{"s3:max-keys":10}}`, false},
		{`{"NumericLessThan":{"s3:max-keys":10}}`, false},
		{`{"NumericLessThanEquals":{"s3:max-keys":10}}`, true},
		{`{"NumericGreaterThan":{"s3:max-keys":"9"}}`, true},
		{`{"NumericGreaterThanEquals":{"s3:max-keys":"11"}}`, false},
		{`{"NumericEquals":{"aws:username":"10"}}`, false},
		{`{"NumericEquals":{"s3:max-keys":"ten"}}`, false},
		{`{"DateEquals":{"aws:CurrentTime":"2026-11-20T18:33:42+09:00"}}`, true},
		{`{"DateNotEquals":{"aws:CurrentTime":"2026-11-20"}}`, true},
		{`{"DateLessThan":{"aws:CurrentTime":"2026-11-20T09:33:43Z"}}`, true},
		{`{"DateLessThanEquals":{"aws:CurrentTime":"1795167222"}}`, true},
		{`{"DateGreaterThan":{"aws:EpochTime":"2026-11-20T09:33:42Z"}}`, false},
		{`{"DateGreaterThanEquals":{"aws:EpochTime":"2026"}}`, true},
		{`{"Bool":{"aws:SecureTransport":true}}`, true},
		{`{"Bool":{"aws:SecureTransport":"False"}}`, false},
		{`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`, false},
		{`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, true},
		{`{"BinaryEquals":{"data":"QmluYXJ5"}}`, true},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, true},
		{`{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.7"]}}`, true},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.8"}}`, false},
		{`{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}`, false},
		{`{"IpAddress":{"aws:SourceIp":"nonsense"}}`, false},
		{`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, false},
		{`{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, true},
		{`{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:111122223333:topic:sub"}}`, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic*"}}`, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:*"}}`, false},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:topic:sub"}}`, false},
		{`{"ArnLike":{"aws:SourceArn":"*"}}`, true},
		{`{"ArnLike":{"aws:username":"arn:aws:sns:*:*:*"}}`, false},
		{`{"ArnNotEquals":{"aws:SourceArn":"arn:aws:sqs:*:*:*"}}`, true},
		{`{"ArnNotLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}`, false},
		{`{"Null":{"aws:TokenIssueTime":"true"}}`, true},
		{`{"Null":{"aws:username":"true"}}`, false},
		{`{"Null":{"aws:username":"false"}}`, true},
		{`{"Null":{"empty":"true"}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost","x"]}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}`, false},
		{`{"ForAllValues:StringEquals":{"nobody":"x"}}`, true},
		{`{"ForAnyValue:StringEquals":{"aws:TagKeys":["x","team"]}}`, true},
		{`{"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}}`, false},
		{`{"ForAnyValue:StringEquals":{"nobody":"x"}}`, false},
		{`{"ForAnyValue:StringEqualsIfExists":{"nobody":"x"}}`, true},
		{`{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}}`, true},
		{`{"ForAllValues:StringNotEquals":{"aws:TagKeys":"team"}}`, false},
		{`{"ForAllValues:StringNotLike":{"aws:TagKeys":"x*"}}`, true},
		{`{"StringEquals":{"aws:TagKeys":"team"}}`, true},
		{`{"StringNotEquals":{"aws:TagKeys":"team"}}`, false},
		{`{"StringEquals":{"aws:username":"jimin"},"Bool":{"aws:SecureTransport":"false"}}`, false},
		{`{"StringEquals":{"aws:username":"jimin","s3:max-keys":"11"}}`, false},
	} {
		d := parse(t, doc(`"Effect":"Allow","Action":"*","Resource":"*","Condition":`+tt.condition))
		if got := d.Evaluate(&Request{Action: "s3:x", Resource: "*", Keys: k}).Effect == Allow; got != tt.want {
			t.Errorf("%s: %v", tt.condition, got)
		}
	}
}

func TestPrincipals(t *testing.T) {
	const account = "111122223333"
	user := Caller{ARN: "arn:aws:iam::111122223333:user/team/jimin", ID: "AIDAABCDEFGHIJKLMNOPQ", Account: account}
	root := Caller{ARN: "arn:aws:iam::111122223333:root", ID: account, Account: account}
	session := Caller{ARN: "arn:aws:sts::111122223333:assumed-role/worker/s1", ID: "AROAABCDEFGHIJKLMNOPQ:s1",
		Role: "arn:aws:iam::111122223333:role/svc/worker", Account: account}
	service := Caller{Service: "lambda.amazonaws.com", Account: account}
	nobody := Caller{Anonymous: true}
	for _, tt := range []struct {
		principal string
		caller    *Caller
		want      string
	}{
		{`"Principal":"*"`, &user, "direct"},
		{`"Principal":"*"`, &nobody, "direct"},
		{`"Principal":{"AWS":"*"}`, &nobody, "direct"},
		{`"Principal":{"AWS":"111122223333"}`, &user, "delegated"},
		{`"Principal":{"AWS":"111122223333"}`, &root, "direct"},
		{`"Principal":{"AWS":"111122223333"}`, &nobody, ""},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, &session, "delegated"},
		{`"Principal":{"AWS":"999999999999"}`, &user, ""},
		{`"Principal":{"AWS":["999999999999","arn:aws:iam::111122223333:user/team/jimin"]}`, &user, "direct"},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:user/jimin"}`, &user, ""},
		{`"Principal":{"AWS":"AIDAABCDEFGHIJKLMNOPQ"}`, &user, "direct"},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:role/svc/worker"}`, &session, "direct"},
		{`"Principal":{"AWS":"AROAABCDEFGHIJKLMNOPQ"}`, &session, "direct"},
		{`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/worker/s1"}`, &session, "direct"},
		{`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/worker/s2"}`, &session, ""},
		{`"Principal":{"Service":"lambda.amazonaws.com"}`, &service, "direct"},
		{`"Principal":{"Service":"ec2.amazonaws.com"}`, &service, ""},
		{`"Principal":{"AWS":"111122223333"}`, &service, ""},
		{`"Principal":{"Service":"lambda.amazonaws.com"}`, &user, ""},
		{`"Principal":{"AWS":"111122223333","Service":"lambda.amazonaws.com"}`, &service, "direct"},
		{`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/team/jimin"}`, &user, ""},
		{`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/team/jimin"}`, &session, "direct"},
		{`"NotPrincipal":{"AWS":"111122223333"}`, &user, "direct"},
		{`"NotPrincipal":{"AWS":"111122223333"}`, &root, ""},
	} {
		d := parse(t, doc(`"Effect":"Allow","Action":"*","Resource":"*",`+tt.principal))
		r := d.Evaluate(&Request{Action: "sqs:SendMessage", Resource: queue, Caller: *tt.caller})
		got := ""
		switch {
		case r.Effect == Allow && r.Delegated:
			got = "delegated"
		case r.Effect == Allow:
			got = "direct"
		}
		if got != tt.want {
			t.Errorf("%s for %+v: %q, want %q", tt.principal, *tt.caller, got, tt.want)
		}
	}
}

func TestDecidingStatement(t *testing.T) {
	d := parse(t, doc(
		`"Sid":"Account","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sqs:*","Resource":"*"`,
		`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/jimin"},"Action":"sqs:*","Resource":"*"`,
		`"Sid":"Never","Effect":"Deny","Principal":"*","Action":"sqs:DeleteQueue","Resource":"*"`))
	r := Request{Action: "sqs:SendMessage", Resource: queue, Caller: Caller{ARN: "arn:aws:iam::111122223333:user/jimin", Account: "111122223333"}}
	if got := d.Evaluate(&r); got.Effect != Allow || got.Delegated || d.Name(got.Statement) != "#2" {
		t.Errorf("%+v %s", got, d.Name(got.Statement))
	}
	r.Action = "sqs:DeleteQueue"
	if got := d.Evaluate(&r); got.Effect != Deny || d.Name(got.Statement) != "Never" {
		t.Errorf("%+v", got)
	}
}

func TestCache(t *testing.T) {
	var c Cache
	text := doc(ok)
	if c.Document(text) != c.Document(strings.Clone(text)) {
		t.Error("compiled twice")
	}
	if got := c.Document("nonsense").Evaluate(&Request{Action: "s3:x", Resource: "*"}); got.Effect != None {
		t.Error(got)
	}
	for i := range cacheSize + 10 {
		c.Document(text + strings.Repeat(" ", i))
	}
	if len(c.documents) > cacheSize {
		t.Error(len(c.documents))
	}
}

func BenchmarkEvaluate(b *testing.B) {
	var c Cache
	text := doc(
		`"Effect":"Allow","Action":["sqs:GetQueueUrl","sqs:GetQueueAttributes","sqs:ReceiveMessage","sqs:DeleteMessage"],"Resource":"arn:aws:sqs:*:*:orders"`,
		`"Effect":"Allow","Action":["sqs:SendMessage","sqs:ChangeMessageVisibility"],"Resource":["arn:aws:sqs:*:111122223333:a-*","arn:aws:sqs:*:111122223333:orders*"],"Condition":{"StringLike":{"aws:username":"j*"}}`,
		`"Effect":"Deny","Action":"sqs:Delete*","Resource":"*"`)
	r := Request{Action: "sqs:SendMessage", Resource: queue, Keys: keys{"aws:username": {"jimin"}}}
	b.ReportAllocs()
	for b.Loop() {
		if c.Document(text).Evaluate(&r).Effect != Allow {
			b.Fatal("denied")
		}
	}
}
