package iam

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"haneul/engine/codec"
)

// awsPolicies is how the ARN of an AWS-managed policy begins.
const awsPolicies = "arn:aws:iam::aws:policy/"

// managedJSON holds those of AWS's own managed policies that the course uses. Names, paths and ARNs are AWS's; the
// documents follow the AWS Managed Policy Reference Guide (docs.aws.amazon.com/aws-managed-policy), shortened to the
// services of the course; version numbers and dates are indicative, and only the default version is kept.
//
//go:embed managed.json
var managedJSON []byte

// awsManaged are AWS's policies by ARN, and their ARNs in order: the same for all clouds, read once and never changed.
var awsManaged = sync.OnceValues(readManaged)

func readManaged() (map[string]*managed, []string) {
	var all []struct {
		Name, Path, Description string
		Version                 int64
		Created, Updated        time.Time
		Document                json.RawMessage
	}
	if err := json.Unmarshal(managedJSON, &all); err != nil {
		panic("iam: managed.json: " + err.Error())
	}
	byARN := make(map[string]*managed, len(all))
	var order []string
	for _, p := range all {
		arn := awsPolicies + p.Path[1:] + p.Name
		sum := sha256.Sum256([]byte(arn))
		byARN[arn] = &managed{
			Name: p.Name, Path: p.Path, Description: p.Description,
			ID:      "ANPA" + base32.StdEncoding.EncodeToString(sum[:])[:17],
			Created: codec.TimeOf(p.Created), Updated: codec.TimeOf(p.Updated),
			Default: p.Version, Last: p.Version,
			Versions: []version{{p.Version, string(p.Document), codec.TimeOf(p.Updated)}},
		}
		order = append(order, arn)
	}
	slices.Sort(order)
	return byARN, order
}
