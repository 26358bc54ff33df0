package policy

import "strings"

// Caller is who makes a request.
type Caller struct {
	ARN       string // of the user, the session or the account's root
	ID        string // AIDA…, or AROA…:session
	Role      string // ARN of the role behind a session, "" otherwise
	Account   string
	Service   string // e.g. lambda.amazonaws.com, for calls by a service
	Anonymous bool
}

// grant is how a statement names a caller.
type grant uint8

const (
	noGrant grant = iota
	delegated
	direct
)

// principals is a Principal or NotPrincipal element; the zero value (identity policies have none) matches everybody.
type principals struct {
	present  bool
	negated  bool
	everyone bool
	accounts []string
	names    []string // ARNs and unique ids
	services []string
}

func (p *principals) match(c *Caller) grant {
	if !p.present {
		return direct
	}
	g := p.named(c)
	switch {
	case !p.negated:
		return g
	case g == direct: // an account listed in NotPrincipal exempts its root only
		return noGrant
	}
	return direct
}

func (p *principals) named(c *Caller) grant {
	if p.everyone {
		return direct
	}
	if c.Anonymous {
		return noGrant
	}
	if c.Service != "" {
		for _, s := range p.services {
			if strings.EqualFold(s, c.Service) {
				return direct
			}
		}
		return noGrant
	}
	id, _, _ := strings.Cut(c.ID, ":")
	for _, n := range p.names {
		if n == c.ARN || c.Role != "" && n == c.Role || n == id || n == c.ID {
			return direct
		}
	}
	for _, a := range p.accounts {
		if a == c.Account {
			if c.ARN == rootARN(a) {
				return direct
			}
			return delegated
		}
	}
	return noGrant
}

func rootARN(account string) string { return "arn:aws:iam::" + account + ":root" }

// readPrincipals compiles a Principal element. It returns the type and the value of the first principal that cannot be
// one, as IAM prints them.
func readPrincipals(v value, negated bool) (p principals, badType, bad string) {
	p = principals{present: true, negated: negated}
	if v.kind == isString {
		p.everyone = v.text == "*"
		if !p.everyone {
			return p, "AWS", v.text
		}
		return p, "", ""
	}
	for _, m := range v.members {
		for _, name := range m.value.strings() {
			if !p.add(m.name, name) {
				return p, strings.ToUpper(m.name), name
			}
		}
	}
	return p, "", ""
}

func (p *principals) add(kind, name string) bool {
	switch kind {
	case "AWS":
		switch {
		case name == "*":
			p.everyone = true
		case isAccount(name):
			p.accounts = append(p.accounts, name)
		case strings.HasPrefix(name, "arn:aws:iam::") && strings.HasSuffix(name, ":root") && isAccount(name[13:len(name)-5]):
			p.accounts = append(p.accounts, name[13:len(name)-5])
		case isPrincipalARN(name), isUniqueID(name):
			p.names = append(p.names, name)
		default:
			return false
		}
	case "Service":
		if strings.ContainsAny(name, "*?/: ") || !strings.Contains(name, ".amazonaws.com") {
			return false
		}
		p.services = append(p.services, name)
	case "Federated", "CanonicalUser": // names only: nobody can sign in through them here
	default:
		return false
	}
	return true
}

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func isPrincipalARN(s string) bool {
	f := strings.SplitN(s, ":", 6)
	if len(f) != 6 || f[0] != "arn" || f[1] != "aws" || f[3] != "" || !isAccount(f[4]) || strings.ContainsAny(s, "*?") {
		return false
	}
	kind, name, _ := strings.Cut(f[5], "/")
	if name == "" {
		return false
	}
	switch f[2] {
	case "iam":
		return kind == "user" || kind == "role"
	case "sts":
		return kind == "assumed-role" || kind == "federated-user"
	}
	return false
}

// isUniqueID recognises AIDA… and AROA…, which may stand for a user or a role.
func isUniqueID(s string) bool {
	if len(s) < 16 || !strings.HasPrefix(s, "AIDA") && !strings.HasPrefix(s, "AROA") {
		return false
	}
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'A' || s[i] > 'Z') {
			return false
		}
	}
	return true
}
