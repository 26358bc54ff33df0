package awscli

import (
	"strings"
	"testing"

	"haneul/engine/awscli/ordered"
)

func TestKebabCase(t *testing.T) {
	for name, want := range map[string]string{
		"GetQueueUrl": "get-queue-url", "ListMFADevices": "list-mfa-devices", "DescribeDBInstances": "describe-db-instances",
		"MaxItems": "max-items", "QueueARNs": "queue-arns", "EbsOptimized": "ebs-optimized", "ListSSHPublicKeys": "list-ssh-public-keys",
		"tags": "tags", "HTTPSPort": "https-port", "ExecutePartiQLBatch": "execute-partiql-batch", "AWSAccountIds": "aws-account-ids",
		"UpdateRoleDescription": "update-role-description", "CreateOpenIDConnectProvider": "create-open-id-connect-provider",
		"S3Location": "s3-location", "IPv6CidrBlock": "i-pv6-cidr-block",
	} {
		if got := KebabCase(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestShorthand holds the parser to what the real CLI's makes of the same texts.
func TestShorthand(t *testing.T) {
	for text, want := range map[string]string{
		"a=b":                   `{"a":"b"}`,
		"a=":                    `{"a":""}`,
		"a=b,c":                 `{"a":["b","c"]}`,
		"a=b,c=d":               `{"a":"b","c":"d"}`,
		"a=b,c,d=e,f":           `{"a":["b","c"],"d":["e","f"]}`,
		"a=b, c=d":              `{"a":"b","c":"d"}`,
		"a= b ":                 `{"a":"b"}`,
		`a='b, c',d="e=f"`:      `{"a":"b, c","d":"e=f"}`,
		`a='it\'s'`:             `{"a":"it's"}`,
		`a=b\,c`:                `{"a":"b,c"}`,
		"a=[b,c],d={e=f,g=[h]}": `{"a":["b","c"],"d":{"e":"f","g":["h"]}}`,
		"a=[]":                  `{"a":[]}`,
		"a={}":                  `{"a":{}}`,
		"a.b-c/d:e=f":           `{"a.b-c/d:e":"f"}`,
		"a=arn:aws:sqs:x:1:q":   `{"a":"arn:aws:sqs:x:1:q"}`,
		"a=http://x/?q=1":       `{"a":"http://x/?q=1"}`,
		"k=값,l=둘":               `{"k":"\uac12","l":"\ub458"}`,
		"a={b=[{c=d},{c=e}]}":   `{"a":{"b":[{"c":"d"},{"c":"e"}]}}`,
		"Key=a b,Value=c\td":    `{"Key":"a b","Value":"c\td"}`,
		"a=\"x\",b":             `{"a":["x","b"]}`,
	} {
		got, err := parseShorthand(text)
		if err != nil || ordered.Compact(got) != want {
			t.Errorf("%s: %s, %v; want %s", text, ordered.Compact(got), err, want)
		}
	}
}

func TestText(t *testing.T) {
	v, err := ordered.Parse(`{"b": [{"x": 1, "l": ["p", "q"]}, {"y": null}], "a": true, "c": {"d": 1.5}, "e": [], "f": [["g"], "h"]}`)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	printText(&b, v)
	if want := "True\nB\t1\t\nL\tp\nL\tq\nB\t\tNone\nC\t1.5\nF\th\nF\tg\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func FuzzShorthand(f *testing.F) {
	for _, s := range []string{"a=b,c", "a={b=[c", `a='`, "=,=", "a=[", "a=\n=,b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if o, err := parseShorthand(text); err == nil && o == nil {
			t.Error("neither a value nor an error")
		}
	})
}
