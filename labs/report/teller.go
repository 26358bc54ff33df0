package report

import "io"

// Teller writes what [Text] writes while a grading is under way: each check as soon as its verdict and those of the checks
// before it are known.
type Teller struct {
	W      io.Writer
	Words  Sentences
	Checks []string // the ids of the lab's checks, in order

	known map[string]*Check
	told  int // of Checks
	err   error
}

// Step takes note of a verdict.
func (t *Teller) Step(st Step) {
	if st.Check == nil {
		return
	}
	if t.known == nil {
		t.known = map[string]*Check{}
	}
	t.known[st.Check.ID] = st.Check
	for t.told < len(t.Checks) && t.known[t.Checks[t.told]] != nil {
		t.tell(t.known[t.Checks[t.told]])
	}
}

func (t *Teller) tell(c *Check) {
	t.told++
	if t.err == nil {
		t.err = TextCheck(t.W, c.In(t.Words), t.Words)
	}
}

// End writes what is left of the result: checks without a verdict of their own, what the grading left behind, and the score.
func (t *Teller) End(r *Result) error {
	for t.told < len(r.Checks) {
		t.tell(&r.Checks[t.told])
	}
	if t.err != nil {
		return t.err
	}
	return TextEnd(t.W, r, t.Words)
}
