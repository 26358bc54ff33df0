package report

// Sentences says in one language what a result only names.
type Sentences interface {
	// Title is a check's requirement.
	Title(check string) string
	// Outcome is the sentence for a check's outcome with its values filled in, and what to look at next.
	Outcome(c *Check) (message, hint string)
	// Word is a word of the interface, its {name} places filled from name, value pairs.
	Word(key string, pairs ...any) string
}

// In returns the result with its sentences in one language.
func (r *Result) In(s Sentences) *Result {
	said := *r
	said.Checks = append([]Check(nil), r.Checks...)
	for i := range said.Checks {
		said.Checks[i] = *said.Checks[i].In(s)
	}
	return &said
}

// In returns the verdict with its sentences in one language.
func (c *Check) In(s Sentences) *Check {
	said := *c
	said.Title = s.Title(c.ID)
	said.Message, said.Hint = s.Outcome(c)
	return &said
}
