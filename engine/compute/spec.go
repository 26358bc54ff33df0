package compute

import (
	"io"
	"net/netip"
	"strings"
	"time"
)

// Caps is what the machine behind the runtime can carry.
type Caps struct {
	Name    string // "Docker 20.10.24"
	Host    string // where it answers
	Arch    string // amd64, arm64
	CPUs    int
	Memory  int64 // bytes
	API     string
	Notices []string // what will not work as it should, in sentences
}

// VPC is a network of its own: two with the same addresses do not meet.
type VPC struct {
	Cloud, ID string
	CIDR      netip.Prefix
}

// Router is the VPC's first address, which the gateway holds.
func (v VPC) Router() netip.Addr { return v.CIDR.Masked().Addr().Next() }

// Address is where an ENI is to be.
type Address struct {
	Subnet netip.Prefix // what the interface shows as its network
	IP     netip.Addr
}

// Hostname is what AWS calls a machine at the address: ip-172-31-5-10.
func (a Address) Hostname() string { return "ip-" + strings.ReplaceAll(a.IP.String(), ".", "-") }

// InstanceSpec is a machine to launch.
type InstanceSpec struct {
	Cloud, ID string
	ENI       ENI    // configured and with its rules
	Image     string // "" for the guest image, else an id that was given to Commit
	CPUs      float64
	Memory    int64 // bytes
	// Disk is the size of the root disk in bytes, 0 for any. It is watched, not enforced: an instance that has written more
	// is stopped some seconds later. No single file can become larger.
	Disk   int64
	Mounts []Mount
	// InstanceStore is where a memory disk is mounted that is lost on stop, and its size in bytes; "" for none.
	InstanceStore     string
	InstanceStoreSize int64
}

// Mount is a volume in an instance.
type Mount struct {
	Volume string // its id
	Path   string
}

// Volume is an EBS volume: it outlives instances.
type Volume struct{ Cloud, ID string }

// Limits are the limits of an instance.
type Limits struct {
	CPUs   float64
	Memory int64
	// Clamped says in a sentence what the machine could not give; "" if it gave everything.
	Clamped string
}

// State is where an instance's container is.
type State string

const (
	Created State = "created" // made and never started
	Running State = "running"
	Paused  State = "paused" // by somebody else
	Stopped State = "stopped"
	Gone    State = "gone"
)

// Event is something that happened to an instance, at Docker's word.
type Event struct {
	At        time.Time
	Cloud, ID string
	Kind      EventKind
	ExitCode  int
	OOM       bool // a process ran out of the instance's memory since it started
	// Expected: the runtime itself was asked to do it.
	Expected bool
	Reason   string // why the runtime stopped it unasked, a sentence; else ""
}

// EventKind is what happened.
type EventKind string

const (
	Started     EventKind = "started"
	Died        EventKind = "died"
	OutOfMemory EventKind = "out-of-memory" // of a process inside; the instance may go on
	PausedEvent EventKind = "paused"
	Resumed     EventKind = "resumed"
	Removed     EventKind = "removed"
	NetworkLost EventKind = "network-lost" // its ENI died or was paused; Stop and Start heal it
	// Disconnected: Docker does not answer. Reconnected: it does again, and events may be missing: List. Neither has an ID.
	Disconnected EventKind = "disconnected"
	Reconnected  EventKind = "reconnected"
)

// ExecSpec is a command to run in an instance.
type ExecSpec struct {
	Cmd           []string
	Env           []string
	User          string // "" for root
	Dir           string
	TTY           bool
	Columns, Rows uint
	Stdin         io.Reader // nil for none
	Stdout        io.Writer // nil drops it; a terminal has only this one
	Stderr        io.Writer
}
