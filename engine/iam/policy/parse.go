package policy

// Error is a refused document; its text is AWS's, for MalformedPolicyDocument.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// Kind says what a document is for: each has rules of its own.
type Kind uint8

// The kinds.
const (
	Identity Kind = iota // managed and inline policies, session policies
	Trust                // who may assume a role
)

// Parse checks a document as IAM does before it stores one, and compiles it. The error is an [*Error].
func Parse(text string, k Kind) (*Document, error) {
	var fault string
	v, ok := readJSON(text)
	switch {
	case k == Trust && !ok:
		fault = "This policy contains invalid Json"
	case k == Trust:
		fault = checkTrust(&v)
	case !ok:
		fault = syntaxError
	default:
		fault = checkIdentity(&v)
	}
	if fault != "" {
		return nil, &Error{fault}
	}
	return build(&v), nil
}

const syntaxError = "Syntax errors in policy."

// compileText compiles a document of any kind, demanding no more than that it makes sense.
func compileText(text string) (*Document, error) {
	v, ok := readJSON(text)
	if !ok || v.kind != isObject || statements(&v) == nil {
		return nil, &Error{syntaxError}
	}
	for _, s := range statements(&v) {
		if !statementMakesSense(&s) {
			return nil, &Error{syntaxError}
		}
	}
	return build(&v), nil
}

// statements is the Statement element as a list of objects; nil if it is not one.
func statements(v *value) []value {
	s, _ := v.get("Statement")
	switch s.kind {
	case isObject:
		return []value{s}
	case isList:
		for _, e := range s.list {
			if e.kind != isObject {
				return nil
			}
		}
		return s.list
	}
	return nil
}

// build compiles a checked document.
func build(v *value) *Document {
	version, _ := v.get("Version")
	variables := version.text == "2012-10-17" // older policies take ${…} literally
	d := &Document{}
	for _, s := range statements(v) {
		sid, _ := s.get("Sid")
		effect, _ := s.get("Effect")
		st := Statement{
			Sid:       sid.text,
			Deny:      effect.text == "Deny",
			actions:   readSet(&s, "Action", syntax{wildcards: true}),
			resources: readSet(&s, "Resource", syntax{wildcards: true, variables: variables}),
		}
		if p, ok := s.get("Principal"); ok {
			st.principals, _, _ = readPrincipals(p, false)
		} else if p, ok := s.get("NotPrincipal"); ok {
			st.principals, _, _ = readPrincipals(p, true)
		}
		if c, ok := s.get("Condition"); ok {
			st.conditions = readConditions(c, variables)
		}
		d.Statements = append(d.Statements, st)
	}
	return d
}

func readSet(s *value, name string, x syntax) set {
	v, ok := s.get(name)
	negated := false
	if !ok {
		if v, negated = s.get("Not" + name); !negated {
			return set{any: true}
		}
	}
	out := set{negated: negated}
	for _, text := range v.strings() {
		out.patterns = append(out.patterns, compile(text, x))
	}
	return out
}
