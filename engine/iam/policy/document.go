package policy

import "strconv"

// Document is a compiled policy. It is immutable and safe for concurrent use.
type Document struct {
	Statements []Statement
}

// Statement is one compiled statement.
type Statement struct {
	Sid  string
	Deny bool

	actions    set
	resources  set
	principals principals
	conditions []condition
}

// Name is how people find statement i: its Sid, or its number counted from one.
func (d *Document) Name(i int) string {
	if sid := d.Statements[i].Sid; sid != "" {
		return sid
	}
	return "#" + strconv.Itoa(i+1)
}

// Principals lists the ARNs and ids that the document names as "AWS" principals, in order: whoever stores a trust
// policy must check that they exist.
func (d *Document) Principals() []string {
	var all []string
	for _, s := range d.Statements {
		all = append(all, s.principals.names...)
	}
	return all
}

// set is an Action or a Resource element, or its Not form.
type set struct {
	patterns []pattern
	negated  bool
	any      bool // the element is absent (trust policies have no Resource)
}

func (s *set) has(text string, fold bool, keys Keys) bool {
	if s.any {
		return true
	}
	for i := range s.patterns {
		if s.patterns[i].match(text, fold, keys) {
			return !s.negated
		}
	}
	return s.negated
}

// Size is a document's length as IAM's quotas count it: without white space.
func Size(text string) int {
	n := 0
	for _, r := range text {
		switch r {
		case ' ', '\t', '\n', '\r':
		default:
			n++
		}
	}
	return n
}
