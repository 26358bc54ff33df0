package policy

// Effect is what a document says about a request.
type Effect uint8

// The effects.
const (
	None  Effect = iota // no statement matches: an implicit deny
	Allow               // an Allow statement matches and no Deny statement does
	Deny                // a Deny statement matches
)

// Keys are the condition keys of a request. Names come in lower case (condition keys are not case-sensitive). A nil
// answer means that the request does not carry the key.
type Keys interface {
	Key(name string) []string
}

// Request is one question.
type Request struct {
	Action   string // sqs:SendMessage
	Resource string // an ARN, or "*"
	Caller   Caller // for documents with principals
	Keys     Keys   // nil for none
}

// Result is a document's answer.
type Result struct {
	Effect    Effect
	Statement int // index of the statement that decided; meaningless for None
	// Delegated: the principal was allowed only by naming its account. The account's own policies must allow it too.
	Delegated bool
}

// Evaluate answers a request. A Deny anywhere wins; then an Allow that names the caller, then one that names its account.
func (d *Document) Evaluate(r *Request) Result {
	var best Result
	for i := range d.Statements {
		s := &d.Statements[i]
		if best.Effect == Allow && !best.Delegated && !s.Deny {
			continue // only a Deny could change the answer
		}
		grant := s.matches(r)
		switch {
		case grant == noGrant:
		case s.Deny:
			return Result{Effect: Deny, Statement: i}
		case best.Effect == None || best.Delegated && grant == direct:
			best = Result{Effect: Allow, Statement: i, Delegated: grant == delegated}
		}
	}
	return best
}

// matches reports whether the statement applies to the request, and how it names the caller. The action comes first:
// it excludes most statements.
func (s *Statement) matches(r *Request) grant {
	if !s.actions.has(r.Action, true, r.Keys) || !s.resources.has(r.Resource, false, r.Keys) {
		return noGrant
	}
	g := s.principals.match(&r.Caller)
	if g == noGrant {
		return noGrant
	}
	for i := range s.conditions {
		if !s.conditions[i].holds(r.Keys) {
			return noGrant
		}
	}
	return g
}
