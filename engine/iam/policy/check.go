package policy

import (
	"slices"
	"strings"
)

// The checks of identity policies and their order are IAM's, as recorded from it by the moto and LocalStack projects
// (github.com/getmoto/moto, tests/test_iam/test_iam_policies.py).

// checkIdentity returns what is wrong with an identity policy, in IAM's words; "" if nothing is.
func checkIdentity(v *value) string {
	if !identitySyntax(v) {
		return syntaxError
	}
	if version, _ := v.get("Version"); version.text != "2012-10-17" {
		return "Policy document must be version 2012-10-17 or greater."
	}
	all := statements(v)
	for _, s := range all {
		if s.has("Principal") || s.has("NotPrincipal") {
			return "Policy document should not specify a principal."
		}
	}
	badResource := firstFault(all, resourceFault)
	for _, check := range []func(*value) string{effectAndDates, legacyResources(badResource)} {
		if fault := firstFault(all, check); fault != "" {
			return fault
		}
	}
	if fault := checkSids(all); fault != "" {
		return fault
	}
	for _, s := range all {
		if len(eitherOf(&s, "Action")) == 0 {
			return "Policy statement must contain actions."
		}
	}
	if badResource != "" {
		return badResource
	}
	if fault := firstFault(all, actionFault); fault != "" {
		return fault
	}
	for _, s := range all {
		if len(eitherOf(&s, "Resource")) == 0 {
			return "Policy statement must contain resources."
		}
	}
	return ""
}

func firstFault(all []value, check func(*value) string) string {
	for _, s := range all {
		if fault := check(&s); fault != "" {
			return fault
		}
	}
	return ""
}

func identitySyntax(v *value) bool {
	if v.kind != isObject {
		return false
	}
	for _, m := range v.members {
		switch m.name {
		case "Version":
			if m.value.text != "2008-10-17" && m.value.text != "2012-10-17" {
				return false
			}
		case "Id":
			if m.value.kind != isString {
				return false
			}
		case "Statement":
		default:
			return false
		}
	}
	all := statements(v)
	for _, s := range all {
		for _, m := range s.members {
			if !slices.Contains(statementElements, m.name) {
				return false
			}
		}
		if !statementMakesSense(&s) {
			return false
		}
	}
	return len(all) > 0
}

var statementElements = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}

// statementMakesSense checks types and the pairs that exclude each other, as every kind of policy demands them.
func statementMakesSense(s *value) bool {
	for _, pair := range []string{"Action", "Resource", "Principal"} {
		if s.has(pair) && s.has("Not"+pair) {
			return false
		}
	}
	for _, m := range s.members {
		ok := true
		switch m.name {
		case "Sid":
			ok = m.value.kind == isString
		case "Effect":
			ok = m.value.kind == isString && (strings.EqualFold(m.value.text, "Allow") || strings.EqualFold(m.value.text, "Deny"))
		case "Action", "NotAction", "Resource", "NotResource":
			ok = m.value.isStrings(false)
		case "Principal", "NotPrincipal":
			ok = m.value.kind == isString || m.value.kind == isObject
			for _, p := range m.value.members {
				ok = ok && p.value.isStrings(false)
			}
		case "Condition":
			ok = conditionMakesSense(&m.value)
		}
		if !ok {
			return false
		}
	}
	return s.has("Effect")
}

func conditionMakesSense(v *value) bool {
	if v.kind != isObject {
		return false
	}
	for _, m := range v.members {
		if m.value.kind != isObject {
			return false
		}
		if _, _, _, known := findOperator(m.name); !known && len(m.value.members) > 0 {
			return false
		}
		for _, k := range m.value.members {
			if !k.value.isStrings(true) {
				return false
			}
		}
	}
	return true
}

// eitherOf is the values of an element or of its Not form.
func eitherOf(s *value, name string) []string {
	v, ok := s.get(name)
	if !ok {
		v, _ = s.get("Not" + name)
	}
	return v.strings()
}

const legacyError = "The policy failed legacy parsing"

func effectAndDates(s *value) string {
	if effect, _ := s.get("Effect"); effect.text != "Allow" && effect.text != "Deny" {
		return legacyError
	}
	c, _ := s.get("Condition")
	for _, m := range c.members {
		op, _, _, ok := findOperator(m.name)
		if !ok || !strings.HasPrefix(op.name, "Date") {
			continue
		}
		for _, k := range m.value.members {
			for _, text := range k.value.strings() {
				if _, ok := parseDate(text); !ok && !strings.HasPrefix(text, "${") {
					return legacyError
				}
			}
		}
	}
	return ""
}

// legacyResources is IAM's older check of ARNs, which speaks only if the newer one found nothing.
func legacyResources(badResource string) func(*value) string {
	return func(s *value) string {
		if badResource != "" {
			return ""
		}
		for _, r := range eitherOf(s, "Resource") {
			if r == "*" {
				continue
			}
			f := strings.Split(r, ":")
			if len(f) < 6 && strings.Contains(r, "::") || len(f) > 2 && f[2] == "" {
				return legacyError
			}
		}
		return ""
	}
}

func checkSids(all []value) string {
	var seen []string
	for _, s := range all {
		v, _ := s.get("Sid")
		sid := v.text
		if strings.ContainsFunc(sid, func(r rune) bool {
			return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) {
			return "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
		}
		if sid != "" && slices.Contains(seen, sid) {
			return "Statement IDs (SID) in a single policy must be unique."
		}
		seen = append(seen, sid)
	}
	return ""
}

func actionFault(s *value) string {
	for _, a := range eitherOf(s, "Action") {
		if a == "*" {
			continue
		}
		vendor, rest, ok := strings.Cut(a, ":")
		switch {
		case !ok:
			return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		case strings.Contains(rest, ":"):
			return "Actions/Condition can contain only one colon."
		case strings.ContainsFunc(vendor, func(r rune) bool {
			return r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) && vendor != "*":
			return "Vendor " + vendor + " is not valid"
		}
	}
	return ""
}

// iamResources are what a resource of IAM may begin with.
var iamResources = []string{"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/",
	"policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"}

func resourceFault(s *value) string {
	for _, r := range eitherOf(s, "Resource") {
		if r == "*" {
			continue
		}
		if fault := arnFault(r); fault != "" {
			return fault
		}
	}
	return ""
}

func arnFault(r string) string {
	f := strings.SplitN(r, ":", 6)
	field := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return "*"
	}
	switch {
	case len(f) < 2:
		return "Resource " + r + ` must be in ARN format or "*".`
	case f[1] != "aws":
		// IAM prints the ARN as it understood it.
		return `Partition "` + f[1] + `" is not valid for resource "` + strings.Join([]string{"arn", f[1], field(2), field(3), field(4), field(5)}, ":") + `".`
	case len(f) < 3, strings.ContainsAny(f[2], "*?"):
		return "Resource vendor must be fully qualified and cannot contain regexes."
	}
	switch region := field(3); {
	case f[2] == "iam" && len(f) > 3 && region != "":
		return "IAM resource " + r + " cannot contain region information."
	case f[2] == "s3" && len(f) > 3 && region != "":
		return "Resource " + r + " can not contain region information."
	case f[2] == "iam" && len(f) == 6 && !iamResource(f[5]):
		return `IAM resource path must either be "*" or start with ` + strings.Join(iamResources, ", ") + "."
	}
	return ""
}

// iamResource reports whether a resource begins as IAM's do; a wildcard or a variable may stand for the beginning.
func iamResource(s string) bool {
	if strings.HasPrefix(s, "*") || strings.HasPrefix(s, "${") {
		return true
	}
	return slices.ContainsFunc(iamResources, func(p string) bool { return strings.HasPrefix(s, p) })
}
