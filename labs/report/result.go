package report

import "time"

// SchemaVersion is the version of result.json.
const SchemaVersion = 1

// Status is a verdict.
type Status string

// The four verdicts. Blocked means that a check this one needs did not pass. Error is the grader's own trouble: it
// never costs points.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Blocked Status = "blocked"
	Error   Status = "error"
)

// Result is result.json. Scores are whole points, times are seconds.
type Result struct {
	SchemaVersion   int      `json:"schema_version"`
	Course          string   `json:"course"`
	Lab             string   `json:"lab"`
	ContentSHA256   string   `json:"content_sha256"` // of the lab's folder
	ToolVersion     string   `json:"tool_version"`
	Seed            uint64   `json:"seed"`           // all seeds follow from it
	Seeds           []uint64 `json:"seeds"`          // the branches that were graded
	Live            bool     `json:"live,omitempty"` // no branch: on the learner's own instances
	Left            string   `json:"left,omitempty"` // what a live grading changed and could not put back
	Status          Status   `json:"status"`
	Score           int      `json:"score"`
	MaxScore        int      `json:"max_score"` // without the checks that ended in error
	VirtualDuration float64  `json:"virtual_duration"`
	Duration        float64  `json:"duration"` // on the wall clock
	Checks          []Check  `json:"checks"`
}

// Check is the verdict on one requirement.
type Check struct {
	ID       string         `json:"id"`
	Title    string         `json:"title,omitempty"` // filled in by In
	Status   Status         `json:"status"`
	Score    int            `json:"score"`
	MaxScore int            `json:"max_score"`
	Needs    []string       `json:"needs,omitempty"`
	Seed     uint64         `json:"seed,omitempty"`    // the branch on which it was seen
	Outcome  string         `json:"outcome,omitempty"` // key of the sentence; "" for a pass
	Params   map[string]any `json:"params,omitempty"`  // values for the sentence's placeholders
	Expected any            `json:"expected,omitempty"`
	Actual   any            `json:"actual,omitempty"`
	Message  string         `json:"message,omitempty"` // filled in by In
	Hint     string         `json:"hint,omitempty"`    // filled in by In
	Evidence []Evidence     `json:"evidence,omitempty"`
}

// Evidence is a record of the cloud that shows what happened.
type Evidence struct {
	At        time.Time         `json:"at"` // virtual time
	Operation string            `json:"operation"`
	Resource  string            `json:"resource,omitempty"`
	RequestID string            `json:"request_id,omitempty"`
	Code      string            `json:"code,omitempty"`
	Notes     map[string]string `json:"notes,omitempty"`
}

// Step is how far a grading is: after each check of each seed.
type Step struct {
	Done, Total int
	Check       *Check // the verdict that is known now; nil if another seed may still change it
}

// rank orders verdicts by how much they say: over several seeds the loudest stands.
var rank = map[Status]int{Pass: 0, Blocked: 1, Error: 2, Fail: 3}

// Worse reports whether verdict a outweighs b.
func Worse(a, b Status) bool { return rank[a] > rank[b] }

// Merge folds the verdicts of one seed into those of the seeds before it. Both list the same checks in the same order.
func Merge(all, seed []Check) []Check {
	if all == nil {
		return seed
	}
	for i := range all {
		if Worse(seed[i].Status, all[i].Status) {
			all[i] = seed[i]
		}
	}
	return all
}

// Sum fills in the status and the scores from the checks.
func (r *Result) Sum() {
	r.Status, r.Score, r.MaxScore = Pass, 0, 0
	for i := range r.Checks {
		c := &r.Checks[i]
		c.Score = 0
		if c.Status == Pass {
			c.Score = c.MaxScore
		}
		if c.Status != Error {
			r.MaxScore += c.MaxScore
		}
		r.Score += c.Score
		if c.Status != Blocked && Worse(c.Status, r.Status) {
			r.Status = c.Status
		}
	}
}

// Count is how many checks have a verdict.
func (r *Result) Count(s Status) (n int) {
	for _, c := range r.Checks {
		if c.Status == s {
			n++
		}
	}
	return n
}

// ExitCode is what `haneul check` leaves with: 0 passed, 1 failed, 3 the grader's own trouble.
func (r *Result) ExitCode() int {
	switch r.Status {
	case Pass:
		return 0
	case Fail:
		return 1
	}
	return 3
}
