package policy

import "strings"

// checkTrust returns what is wrong with a role's trust policy, in IAM's words; "" if nothing is. The texts were
// recorded by the LocalStack and versitygw projects.
func checkTrust(v *value) string {
	if v.kind != isObject {
		return syntaxError
	}
	for _, m := range v.members {
		switch m.name {
		case "Id", "Statement":
		case "Version":
			if m.value.text != "2008-10-17" && m.value.text != "2012-10-17" {
				return "The policy must contain a valid version string"
			}
		default:
			return "Unknown field " + m.name
		}
	}
	all := statements(v)
	if len(all) == 0 {
		return "Could not parse the policy: Statement is empty!"
	}
	if fault := firstFault(all, trustStatement); fault != "" {
		return fault
	}
	return checkSids(all)
}

func trustStatement(s *value) string {
	for _, m := range s.members {
		switch m.name {
		case "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition":
		case "Resource":
			return "Has prohibited field Resource"
		case "NotResource":
			return "AssumeRole policy must not contain resources."
		default:
			return "Unknown field " + m.name
		}
	}
	effect, _ := s.get("Effect")
	switch {
	case !s.has("Effect"):
		return "Missing required field Effect"
	case effect.text != "Allow" && effect.text != "Deny":
		return "Invalid effect: " + effect.text
	case !s.has("Principal") && !s.has("NotPrincipal"):
		return "Missing required field Principal"
	case !s.has("Action") && !s.has("NotAction"):
		return "Missing required field Action"
	case !statementMakesSense(s):
		return syntaxError
	case s.has("NotPrincipal") && effect.text == "Allow":
		return "Allow with NotPrincipal is not allowed."
	}
	for _, a := range eitherOf(s, "Action") {
		if !trustAction(a) {
			return "AssumeRole policy may only specify STS AssumeRole actions."
		}
	}
	return trustPrincipal(s)
}

func trustPrincipal(s *value) string {
	v, ok := s.get("Principal")
	if !ok {
		v, _ = s.get("NotPrincipal")
	}
	if v.kind == isString && v.text == "*" {
		return `AssumeRolepolicy contained an invalid principal: "STAR":"*".`
	}
	if v.kind == isObject && len(v.members) == 0 {
		return "Missing required field Principal cannot be empty!"
	}
	if _, kind, name := readPrincipals(v, false); kind != "" {
		return InvalidPrincipal(kind, name)
	}
	return ""
}

// InvalidPrincipal is IAM's sentence for a principal that is none; kind is AWS or SERVICE.
func InvalidPrincipal(kind, name string) string {
	return `Invalid principal in policy: "` + kind + `":"` + name + `"`
}

var trustActions = []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession",
	"sts:SetSourceIdentity", "sts:SetContext"}

func trustAction(a string) bool {
	if !strings.Contains(a, ":") {
		return false
	}
	p := compile(a, syntax{wildcards: true})
	for _, known := range trustActions {
		if p.match(known, true, nil) {
			return true
		}
	}
	return false
}
