package emu

// EntryKind says what an entry of the journal records.
type EntryKind byte

// The kinds of entries.
const (
	EntryCall   EntryKind = 'c' // a call and its result
	EntryBegin  EntryKind = 'b' // the first half of an external operation
	EntryFinish EntryKind = 'f' // its second half, with the result of the work between
	EntryDue    EntryKind = 't' // a deadline that passed
	EntryEffect EntryKind = 'e' // an effect's result
	EntryClock  EntryKind = 'a' // the clock was advanced, frozen or resumed
	EntryReset  EntryKind = 'r' // every table was emptied
)

// Entry is one record of the journal as it may be shown: who did what, when, with which result, and why it was allowed.
type Entry struct {
	Seq       uint64
	Kind      EntryKind
	At        Time // virtual time of the commit
	Started   Time // virtual time of arrival
	RequestID string
	Service   string // "sqs"; "haneul" for the kernel's own
	Op        string
	Principal string // ARN
	AccessKey string
	Region    string
	SourceIP  string
	UserAgent string
	ARN       string // the resource
	Code      string // "" if the call succeeded, else the error's code
	Message   string
	Decision  string // the policy statement that decided
	Cause     uint64 // sequence number of the call that made this one, 0 if none
	Units     []Unit
	Notes     []Note
	Faults    []string // ids of the faults that struck
	Input     []byte   // canonical JSON, of calls that changed state; its secrets are "***"
	Changed   bool     // the call changed state
}

// record is an entry as it is stored, a row: everything that is needed to run the call again.
type record struct {
	Seq                                              uint64
	Kind                                             uint32
	At, Started, Patience                            Time
	Op                                               string // "sqs:SendMessage"
	Principal                                        Principal
	AccessKey, Region, Endpoint, SourceIP, UserAgent string
	ARN, Code, Message, Decision                     string
	Cause                                            uint64
	Units                                            []Unit
	Notes                                            []Note
	Struck                                           []faultKey // by the fault stage, when it arrived
	Used                                             []faultKey // every fault that struck, also in calls it made in turn
	Changed                                          bool
	Input                                            []byte // with its secrets
	Result                                           []byte // of an external operation's work or an effect: a row
	Failure                                          string // of that work, "" if it succeeded
}

// record makes the record of a call that ended with err. It is good until the next one is made.
func (c *Call) record(kind EntryKind, err error, changed bool, w *worked) *record {
	r, scratch := c.request, &c.cloud.scratch
	*scratch = record{
		Seq: c.seq, Kind: uint32(kind), At: c.Now, Started: c.Started, Patience: c.patience, Op: c.op.fullName(),
		Principal: c.Principal, AccessKey: r.AccessKeyID, Region: c.Region, Endpoint: c.Endpoint, SourceIP: c.SourceIP,
		UserAgent: r.UserAgent, ARN: c.arn, Decision: c.decision, Cause: c.cause, Units: c.units, Notes: c.notes,
		Struck: c.faults, Used: c.used, Changed: changed,
	}
	if e, failed := err.(*Error); failed {
		scratch.Code, scratch.Message = e.Code, e.Message
	}
	if w != nil {
		scratch.Result, scratch.Failure = w.row, w.failure()
	}
	if (changed || kind != EntryCall) && c.in != nil {
		c.cloud.input = c.op.Input().AppendJSON(c.cloud.input[:0], c.in)
		scratch.Input = c.cloud.input
	}
	return scratch
}
