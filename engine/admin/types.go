package admin

import (
	"encoding/json"
	"time"
)

// TokenHeader carries the admin token.
const TokenHeader = "X-Haneul-Token"

// Prefix is where the API lives.
const Prefix = "/_haneul/v1/"

// DefaultCloud is the cloud that calls without a known key belong to.
const DefaultCloud = "default"

// Status is what the engine says of itself.
type Status struct {
	Endpoint string  `json:"endpoint"`
	PID      int     `json:"pid"`
	Build    string  `json:"build"`
	Auth     string  `json:"auth"` // strict or off
	Data     string  `json:"data"` // directory, "" for memory only
	Clouds   []Cloud `json:"clouds"`
	// SetAside names the clouds that could not be read at the start and began anew.
	SetAside []SetAside `json:"set_aside,omitempty"`
}

// SetAside is a cloud whose files were damaged. They were moved, unchanged, and an empty cloud with the same account and
// keys took its place.
type SetAside struct {
	Cloud  string `json:"cloud"`
	Kept   string `json:"kept"` // the folder its files are in now
	Reason string `json:"reason"`
}

// Cloud is one account in the engine.
type Cloud struct {
	Name            string    `json:"name"`
	Account         string    `json:"account"`
	Region          string    `json:"region"`
	Seed            uint64    `json:"seed,string"`
	AccessKeyID     string    `json:"access_key_id"`
	SecretAccessKey string    `json:"secret_access_key"`
	Memory          bool      `json:"memory"` // gone when the engine stops
	BranchOf        string    `json:"branch_of,omitempty"`
	Now             time.Time `json:"now"`
	Frozen          bool      `json:"frozen"`
}

// CloudSpec describes a cloud to create. Only Name is required.
type CloudSpec struct {
	Name    string `json:"name"`
	Account string `json:"account,omitempty"`
	Seed    uint64 `json:"seed,string,omitempty"`
	Region  string `json:"region,omitempty"`
	Memory  bool   `json:"memory,omitempty"`
}

// BranchSpec describes a branch: a memory-only copy with keys, seed and clock of its own.
type BranchSpec struct {
	Name string `json:"name"`
	Seed uint64 `json:"seed,string"`
}

// Clock is a cloud's virtual clock.
type Clock struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
	Steps  int       `json:"steps"` // deadlines that passed during an advance
}

// Quiet is a moment without a call in flight.
type Quiet struct {
	Waiting int `json:"waiting"` // parked calls: long polls and sleeps
}

// clockChange is the body of POST clouds/NAME/clock: one of the three.
type clockChange struct {
	Advance string `json:"advance,omitempty"`
	Freeze  bool   `json:"freeze,omitempty"`
	Resume  bool   `json:"resume,omitempty"`
}

// Fault is something that goes wrong on purpose. See emu.Fault.
type Fault struct {
	ID        string  `json:"id,omitempty"`
	Kind      string  `json:"kind"` // error, latency, throttle, duplicate, reorder; kill, interrupt, outage
	Service   string  `json:"service,omitempty"`
	Operation string  `json:"operation,omitempty"`
	ARN       string  `json:"arn,omitempty"`  // pattern with * and ?; of kill and interrupt also an id
	Zone      string  `json:"zone,omitempty"` // of outage and kill
	Code      string  `json:"code,omitempty"`
	Message   string  `json:"message,omitempty"`
	LatencyMS int64   `json:"latency_ms,omitempty"`
	Count     int64   `json:"count,omitempty"`
	Rate      float64 `json:"rate,omitempty"`
	// Struck are the ids of what the fault hit when it was added. A kill or an interrupt is over then, and has no ID.
	Struck []string `json:"struck,omitempty"`
}

// ModelledTime is a time that a service makes up. See emu.Modelled.
type ModelledTime struct {
	Name      string `json:"name"`
	TimeMS    int64  `json:"time_ms"` // in force
	DefaultMS int64  `json:"default_ms"`
	AWS       string `json:"aws"` // how long it takes there, in words
}

// Entry is one record of a cloud's journal.
type Entry struct {
	Seq       uint64          `json:"seq"`
	Kind      string          `json:"kind"` // call, begin, finish, due, effect, clock, reset
	At        time.Time       `json:"at"`   // virtual
	Started   time.Time       `json:"started"`
	RequestID string          `json:"request_id"`
	Service   string          `json:"service"`
	Operation string          `json:"operation"`
	Principal string          `json:"principal,omitempty"`
	AccessKey string          `json:"access_key_id,omitempty"`
	Region    string          `json:"region,omitempty"`
	SourceIP  string          `json:"source_ip,omitempty"`
	ARN       string          `json:"arn,omitempty"`
	Code      string          `json:"code,omitempty"` // "" for success
	Message   string          `json:"message,omitempty"`
	Decision  string          `json:"decision,omitempty"` // the policy statement that decided
	Cause     uint64          `json:"cause,omitempty"`
	Units     []Unit          `json:"units,omitempty"`
	Notes     []Note          `json:"notes,omitempty"`
	Input     json.RawMessage `json:"input,omitempty"`
	Changed   bool            `json:"changed,omitempty"`
}

// Unit is an amount a call used.
type Unit struct {
	Metric string `json:"metric"`
	N      int64  `json:"n"`
}

// Note is a detail worth showing, e.g. MessageId.
type Note struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Note returns the first note with this key, "" if there is none.
func (e *Entry) Note(key string) string {
	for _, n := range e.Notes {
		if n.Key == key {
			return n.Value
		}
	}
	return ""
}

// AccessKey is a key that a cloud has issued.
type AccessKey struct {
	ID        string `json:"id"`
	Principal string `json:"principal"` // the ARN it stands for
}

// Resource is a thing that exists in a cloud, as the lab screen shows it.
type Resource struct {
	Service string `json:"service"`
	Kind    string `json:"kind"` // queue, user, role, …
	Name    string `json:"name"`
	ARN     string `json:"arn"`
	Region  string `json:"region,omitempty"`
	State   []Note `json:"state,omitempty"`
	// Sight is what there is to see of an instance; nil for anything else.
	Sight *Sight `json:"sight,omitempty"`
}

// Coverage says what one service emulates.
type Coverage struct {
	Service    string              `json:"service"`
	Title      string              `json:"title"`
	Operations []CoverageOperation `json:"operations"`
	Missing    []string            `json:"missing,omitempty"`
}

// CoverageOperation names an operation and the parameters it takes.
type CoverageOperation struct {
	Name       string   `json:"name"`
	Parameters []string `json:"parameters,omitempty"`
}

// Error is a refused request.
type Error struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Message }
