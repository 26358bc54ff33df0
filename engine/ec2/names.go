package ec2

import (
	"fmt"
	"hash/fnv"
	"strings"

	"haneul/engine/emu"
)

// newID draws an id as EC2 makes them: a prefix, and 17 hexadecimal digits that begin with 0.
func newID(c *emu.Call, prefix string) string { return fmt.Sprintf("%s-0%016x", prefix, c.Rand()) }

// fixedID is an id that is a function of what it names: for things every account has from the start.
func fixedID(prefix string, of ...string) string {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(append(of, prefix), "/")))
	return fmt.Sprintf("%s-0%016x", prefix, h.Sum64())
}

// validID reports whether an id has the shape of one: prefix, dash, 8 or 17 hexadecimal digits.
func validID(prefix, id string) bool {
	digits, ok := strings.CutPrefix(id, prefix+"-")
	return ok && (len(digits) == 8 || len(digits) == 17) && strings.Trim(digits, "0123456789abcdef") == ""
}

// arn is the ARN of a resource: kind is instance, volume, security-group, …
func arn(c *emu.Call, kind, id string) string {
	if id == "" {
		id = "*"
	}
	owner := c.Account
	if kind == "image" || kind == "snapshot" {
		owner = ""
	}
	return "arn:aws:ec2:" + c.Region + ":" + owner + ":" + kind + "/" + id
}

// The parts below are embedded in inputs.

// dry asks whether a call would be allowed and succeed, without doing anything.
type dry struct{ DryRun bool }

func (d *dry) dryRun() bool { return d.DryRun }

// onAll is for operations that IAM does not limit to a resource: all that describe.
type onAll struct{}

// Resource implements [emu.Input].
func (onAll) Resource(*emu.Call) string { return "*" }

// first is the first of some ids, for operations on several; the others are checked with [emu.Call.Allow].
func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// allowOthers asks IAM about every resource after the first.
func allowOthers(c *emu.Call, operation, kind string, ids []string) error {
	for i, id := range ids {
		if i == 0 {
			continue
		}
		if err := c.Allow("ec2:"+operation, arn(c, kind, id)); err != nil {
			return err
		}
	}
	return nil
}

// second is this moment as EC2 keeps and shows it: without a fraction.
func second(c *emu.Call) emu.Time { return c.Now - c.Now%emu.Second }

func ptr[T any](v T) *T { return &v }

// value is what a pointer points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// list makes an empty list of none: AWS answers an empty element where nil would leave it out.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
