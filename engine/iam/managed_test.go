package iam

import (
	"testing"

	"haneul/engine/iam/policy"
)

// TestManaged checks that AWS's policies are ones that IAM would take.
func TestManaged(t *testing.T) {
	byARN, order := awsManaged()
	if len(byARN) != len(order) || len(order) < 40 {
		t.Fatal(len(byARN), len(order))
	}
	ids := map[string]string{}
	for _, arn := range order {
		m := byARN[arn]
		if _, err := policy.Parse(m.Versions[0].Document, policy.Identity); err != nil {
			t.Errorf("%s: %v", arn, err)
		}
		if other := ids[m.ID]; other != "" || len(m.ID) != 21 {
			t.Errorf("%s: id %s, also of %q", arn, m.ID, other)
		}
		ids[m.ID] = arn
		if m.Description == "" || m.Created == 0 || m.Path[0] != '/' {
			t.Errorf("%s is incomplete", arn)
		}
	}
}
