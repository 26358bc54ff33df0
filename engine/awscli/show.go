package awscli

import (
	"net/url"
	"slices"
	"time"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
	"haneul/engine/emu"
)

// show turns an output into what the CLI prints: times in ISO 8601, IAM's policies as the objects they are.
func (r *runner) show(c *command, v any) *ordered.Object {
	s := shower{zone: r.Zone, policies: c.service.Name == "iam"}
	for _, p := range c.service.Wire {
		if p.Kind == emu.Query || p.Kind == emu.EC2 { // its times come as text in UTC, and XML has no empty flat lists
			s.zone, s.xml = time.UTC, true
		}
	}
	out, ok := s.value(shapeOf(c.op.Output()), v).(*ordered.Object)
	if !ok {
		return &ordered.Object{}
	}
	return out
}

type shower struct {
	zone     *time.Location
	policies bool
	xml      bool
}

func (s shower) value(sh shape, v any) any {
	switch x := v.(type) {
	case *ordered.Object:
		for _, k := range slices.Clone(x.Keys()) {
			m := sh.at(k)
			switch list, is := x.Get(k).([]any); {
			case s.xml && m.field.Flat && is && len(list) == 0:
				x.Delete(k)
			case s.policies && slices.Contains(policyMembers, k):
				x.Set(k, decodePolicy(x.Get(k)))
			default:
				x.Set(k, s.value(m, x.Get(k)))
			}
		}
	case []any:
		for i := range x {
			x[i] = s.value(sh.elem(), x[i])
		}
	default:
		if seconds, ok := ordered.Float(v); ok && sh.kind == codec.Timestamp {
			return isoTime(seconds, s.zone)
		}
	}
	return v
}

// isoTime is Python's isoformat: a fraction of six digits or none, the zone as +00:00.
func isoTime(seconds float64, zone *time.Location) string {
	t := time.UnixMilli(int64(seconds*1000 + 0.5)).In(zone)
	if t.Nanosecond() != 0 {
		return t.Format("2006-01-02T15:04:05.000000-07:00")
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}

// policyMembers are the members in which IAM answers with a policy document, URL-encoded.
var policyMembers = []string{"PolicyDocument", "AssumeRolePolicyDocument", "Document"}

func decodePolicy(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	plain, err := url.PathUnescape(text)
	if err != nil {
		plain = text
	}
	if doc, err := ordered.Parse(plain); err == nil {
		return doc
	}
	return v
}
