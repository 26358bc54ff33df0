package policy

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// statement wraps members of one statement into a document.
func doc(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[{` + strings.Join(statements, "},{") + `}]}`
}

const ok = `"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"`

func with(members string) string { return doc(ok + "," + members) }

func resource(r string) string {
	return doc(`"Effect":"Allow","Action":"s3:ListBucket","Resource":` + r)
}

func condition_(c string) string { return with(`"Condition":` + c) }

// TestIdentityFaults holds the texts recorded from IAM, in the order in which it checks.
func TestIdentityFaults(t *testing.T) {
	const (
		version  = "Policy document must be version 2012-10-17 or greater."
		vendor   = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		noAction = "Policy statement must contain actions."
		noRes    = "Policy statement must contain resources."
		dup      = "Statement IDs (SID) in a single policy must be unique."
	)
	for _, tt := range []struct{ text, want string }{
		{"", syntaxError},
		{"This is not JSON", syntaxError},
		{`[]`, syntaxError},
		{`null`, syntaxError},
		{doc(ok) + "x", syntaxError},
		{`{"Statement":{` + ok + `}}`, version},
		{`{"Version":"2008-10-17","Statement":{` + ok + `}}`, version},
		{`{"Version":"2013-10-17","Statement":{` + ok + `}}`, syntaxError},
		{`{"Version":"2012-10-17"}`, syntaxError},
		{`{"Version":"2012-10-17","Statement":[]}`, syntaxError},
		{`{"Version":"2012-10-17","Statement":["a"]}`, syntaxError},
		{`{"Version":"2012-10-17","Extra":1,"Statement":{` + ok + `}}`, syntaxError},
		{`{"Version":"2012-10-17","Id":["a"],"Statement":{` + ok + `}}`, syntaxError},
		{`{"Version":"2012-10-17","Version":"2012-10-17","Statement":{` + ok + `}}`, syntaxError},
		{with(`"Extra":"x"`), syntaxError},
		{with(`"NotAction":"s3:x"`), syntaxError},
		{with(`"NotResource":"*"`), syntaxError},
		{with(`"Sid":{}`), syntaxError},
		{with(`"Sid":[]`), syntaxError},
		{doc(`"Effect":"invalid","Action":"s3:x","Resource":"*"`), syntaxError},
		{doc(`"Action":"s3:x","Resource":"*"`), syntaxError},
		{doc(`"Effect":"Allow","Action":{},"Resource":"*"`), syntaxError},
		{doc(`"Effect":"Allow","Action":[[]],"Resource":"*"`), syntaxError},
		{resource(`{"a":"b"}`), syntaxError},
		{resource(`["a",{}]`), syntaxError},
		{resource(`1`), syntaxError},
		{condition_(`[]`), syntaxError},
		{condition_(`"a"`), syntaxError},
		{condition_(`{"a":"b"}`), syntaxError},
		{condition_(`{"DateGreaterThan":"b"}`), syntaxError},
		{condition_(`{"DateGreaterThan":{"a":{}}}`), syntaxError},
		{condition_(`{"x":{"a":"1"}}`), syntaxError},
		{condition_(`{"ForAnyValue::StringEqualsIfExists":{"a":"b"}}`), syntaxError},
		{condition_(`{"NullIfExists":{"a":"true"}}`), syntaxError},

		{with(`"Principal":"*"`), "Policy document should not specify a principal."},
		{with(`"NotPrincipal":{"AWS":"*"}`), "Policy document should not specify a principal."},

		{doc(`"Effect":"denY","Action":"s3:x","Resource":"*"`), legacyError},
		{doc(`"Effect":"allow","Resource":"arn:aws:s3:us-east-1::b"`), legacyError},
		{condition_(`{"DateGreaterThan":{"a":"sdfdsf"}}`), legacyError},
		{condition_(`{"DateLessThan":{"a":"234-13"}}`), legacyError},
		{condition_(`{"DateLessThan":{"a":"2016-12-13t2:00:00.593194+1"}}`), legacyError},
		{condition_(`{"DateLessThan":{"a":"2016-12-13t2:00:00.1999999999+10:59"}}`), legacyError},
		{condition_(`{"DateLessThan":{"a":"9223372036854775808"}}`), legacyError},
		{resource(`"arn:aws:s3::b"`), legacyError},
		{resource(`"arn:aws::::b"`), legacyError},
		{resource(`"arn:aws::b"`), legacyError},
		{doc(`"Effect":"Allow","Resource":"arn:aws:s3::b"`), legacyError},
		{doc(`"Effect":"Allow","Condition":{"DateGreaterThan":{"a":"x"}}`), legacyError},

		{doc(`"Sid":"a b",` + ok), "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"},
		{doc(`"Sid":"a",`+ok, `"Sid":"a","Effect":"Allow"`), dup},
		{doc(`"Effect":"Allow"`), noAction},
		{doc(`"Effect":"Allow","Action":[],"Resource":"*"`), noAction},
		{doc(`"Effect":"Deny"`, ok), noAction},

		{resource(`"invalid resource"`), `Resource invalid resource must be in ARN format or "*".`},
		{resource(`""`), `Resource  must be in ARN format or "*".`},
		{doc(`"Effect":"Allow","Action":"s:3:x","Resource":"adf"`), `Resource adf must be in ARN format or "*".`},
		{resource(`"a:b"`), `Partition "b" is not valid for resource "arn:b:*:*:*:*".`},
		{resource(`"a:b:c"`), `Partition "b" is not valid for resource "arn:b:c:*:*:*".`},
		{resource(`"a:b:c:d:e:f:g:h"`), `Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".`},
		{resource(`"aws:s3:::b"`), `Partition "s3" is not valid for resource "arn:s3:::b:*".`},
		{resource(`"arn:aws"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		{resource(`"arn:aws:*:::b"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		{resource(`"arn:aws:iam:us-east-1::b"`), "IAM resource arn:aws:iam:us-east-1::b cannot contain region information."},
		{resource(`"arn:aws:s3:us-east-1::b"`), "Resource arn:aws:s3:us-east-1::b can not contain region information."},
		{resource(`"arn:aws:iam:::b"`), `IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`},

		{doc(`"Effect":"Allow","Action":"invalid","Resource":"*"`), vendor},
		{doc(`"Effect":"Allow","Action":"invalid"`), vendor},
		{doc(`"Effect":"Allow","NotAction":"","Resource":"*"`), vendor},
		{doc(`"Effect":"Allow","Action":"a a:x","Resource":"*"`), "Vendor a a is not valid"},
		{doc(`"Effect":"Allow","Action":"s3:List:Bucket","Resource":"*"`), "Actions/Condition can contain only one colon."},
		{doc(`"Effect":"Allow","Action":"s3:x"`), noRes},
		{doc(`"Effect":"Allow","Action":"s3:x","Resource":[]`), noRes},
	} {
		_, err := Parse(tt.text, Identity)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s\n got %v\nwant %s", tt.text, err, tt.want)
		}
	}
}

func TestIdentityAccepted(t *testing.T) {
	for _, text := range []string{
		doc(ok),
		`{"Version":"2012-10-17","Id":"x","Statement":{` + ok + `}}`,
		doc(`"Effect":"Allow","Action":"*","Resource":"*"`),
		doc(`"Effect":"Allow","NotAction":"s3:x","NotResource":"*"`),
		doc(`"Effect":"Allow","Action":"iam: some words ","Resource":"*"`),
		doc(`"Effect":"Allow","Action":["s3-s:x","s3.s:y"],"Resource":"*"`),
		resource(`["arn:aws:s3:::b","*"]`),
		resource(`"arn:aws:iam:::user/x"`),
		resource(`"arn:aws:iam::*:user/${aws:username}"`),
		resource(`"arn:aws:fdsasf"`),
		resource(`"arn:aws:invalid-service:us-east-1::b"`),
		condition_(`{}`),
		condition_(`{"a":{}}`),
		condition_(`{"DateGreaterThan":{}}`),
		condition_(`{"DateGreaterThan":{"a":[]}}`),
		condition_(`{"DateGreaterThan":{"a":"01T"}}`),
		condition_(`{"DateLessThan":{"a":"-292275054"}}`),
		condition_(`{"DateLessThan":{"a":"2016-12-13T21:20:37.593194+00:00"}}`),
		condition_(`{"DateLessThan":{"a":"2016-12-13t2:00:00.593194+23"}}`),
		condition_(`{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":10}}`),
		condition_(`{"ForAnyValue:StringEqualsIfExists":{"a":"b"}}`),
		doc(`"Sid":"a",`+ok, ok, ok),
	} {
		if _, err := Parse(text, Identity); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func trust(members string) string {
	return doc(`"Effect":"Allow","Action":"sts:AssumeRole",` + members)
}

func TestTrust(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{invalid`, "This policy contains invalid Json"},
		{`[]`, syntaxError},
		{`{"Version":"2012-10-17","Statement":[]}`, "Could not parse the policy: Statement is empty!"},
		{`{"Version":"2012-10-17"}`, "Could not parse the policy: Statement is empty!"},
		{trust(`"Extra":1`), "Unknown field Extra"},
		{trust(`"Principal":{"AWS":"*"},"Resource":"*"`), "Has prohibited field Resource"},
		{trust(`"Principal":{"AWS":"*"},"NotResource":"*"`), "AssumeRole policy must not contain resources."},
		{doc(`"Effect":"Allow","Action":"sts:AssumeRole"`), "Missing required field Principal"},
		{doc(`"Effect":"Allow","Principal":{"AWS":"*"}`), "Missing required field Action"},
		{doc(`"Action":"sts:AssumeRole","Principal":{"AWS":"*"}`), "Missing required field Effect"},
		{trust(`"Principal":{}`), "Missing required field Principal cannot be empty!"},
		{trust(`"Principal":"*"`), `AssumeRolepolicy contained an invalid principal: "STAR":"*".`},
		{trust(`"Principal":{"Service":"lambda"}`), `Invalid principal in policy: "SERVICE":"lambda"`},
		{trust(`"Principal":{"AWS":"nobody"}`), `Invalid principal in policy: "AWS":"nobody"`},
		{trust(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/*"}`), `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"`},
		{trust(`"NotPrincipal":{"AWS":"*"}`), "Allow with NotPrincipal is not allowed."},
		{doc(`"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"`), "AssumeRole policy may only specify STS AssumeRole actions."},
		{doc(`"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:GetCallerIdentity"`), "AssumeRole policy may only specify STS AssumeRole actions."},
		{trust(`"Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}`), ""},
		{trust(`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/a/b"]}`), ""},
		{`{"Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}}`, ""},
	} {
		_, err := Parse(tt.text, Trust)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
	d, err := Parse(trust(`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:user/a","AIDAABCDEFGHIJKLMNOPQ"]}`), Trust)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Principals(), " "); got != "arn:aws:iam::111122223333:user/a AIDAABCDEFGHIJKLMNOPQ" {
		t.Error(got)
	}
}

// TestLargeDocuments: what is as large as IAM reads takes no noticeable time, whatever it is.
func TestLargeDocuments(t *testing.T) {
	members := make([]string, 12000)
	for i := range members {
		members[i] = `"` + strconv.Itoa(i) + `":1`
	}
	begin := time.Now()
	for _, text := range []string{
		"{" + strings.Join(members, ",") + "}",
		strings.Repeat("[", 130000),
		strings.Repeat(`{"a":`, 26000),
		with(`"Condition":{"StringLike":{"a":["` + strings.Repeat(`*a","`, 20000) + `"]}}`),
	} {
		Parse(text, Identity)
		Parse(text, Trust)
	}
	if d := time.Since(begin); d > 3*time.Second {
		t.Errorf("took %s", d)
	}
}

func TestSize(t *testing.T) {
	if got := Size("{ \"a\":\n\t\"é b\" }"); got != 10 {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(doc(ok))
	f.Add(trust(`"Principal":{"AWS":["111122223333"]},"Condition":{"ForAnyValue:ArnLikeIfExists":{"a":"arn:*:${b, 'c'}*?"}}`))
	f.Add(resource(`"arn:aws:sqs:*:*:${aws:username}-${*}${?}${$}${"`))
	f.Fuzz(func(t *testing.T, text string) {
		r := Request{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:ap-northeast-2:111122223333:q",
			Caller: Caller{ARN: "arn:aws:iam::111122223333:user/a", Account: "111122223333"}, Keys: keys{"aws:username": {"a"}}}
		for _, k := range []Kind{Identity, Trust} {
			if d, err := Parse(text, k); err == nil {
				d.Evaluate(&r)
				if _, err := compileText(text); err != nil {
					t.Fatalf("stored but not evaluated: %v", err)
				}
			}
		}
		new(Cache).Document(text).Evaluate(&r)
	})
}
