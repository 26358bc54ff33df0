package ec2

import (
	"context"
	"errors"

	"haneul/engine/compute"
	"haneul/engine/emu"
)

// Machines is where the machines behind instances run. Its methods take their time, are called outside the cloud's lock,
// possibly several at once for different instances, and possibly again after a crash: whatever is asked for and is so
// already is no error.
type Machines interface {
	// Ready is nil if machines can run. The error's text says in one sentence what to do.
	Ready(ctx context.Context) error
	// Boot makes a machine that runs, as m says, of one that is stopped or not there. The note says in a sentence what it
	// could not be given, "" if nothing.
	Boot(ctx context.Context, m Machine) (note string, err error)
	// Reboot starts a running machine again, with the volumes that m says.
	Reboot(ctx context.Context, m Machine) error
	// Halt stops a machine; force does not let it shut down. ErrGone if there is none.
	Halt(ctx context.Context, id string, force bool) error
	// Remove ends a machine and its root disk.
	Remove(ctx context.Context, id string) error
	// Configure changes what a running machine may talk to and what its metadata service says. What is older than what the
	// machine has is ignored, and so is a machine that is not there.
	Configure(ctx context.Context, id string, s Settings) error
	// Console is what the machine has printed, ErrGone if there is none.
	Console(ctx context.Context, id string) ([]byte, error)

	// Capture keeps a machine's root disk as an image. ErrGone if there is no machine.
	Capture(ctx context.Context, id, image string) error
	// CopyVolume makes a volume, or a snapshot, as a copy of another. One that was never used is empty.
	CopyVolume(ctx context.Context, from, to string) error
	RemoveVolume(ctx context.Context, id string) error
	RemoveImage(ctx context.Context, image string) error
	RemoveNetwork(ctx context.Context, vpc string) error
}

// ErrGone says that a machine does not exist (any more).
var ErrGone = errors.New("the machine does not exist")

// Machine is all that a machine is made of.
type Machine struct {
	ID            string
	VPC, VPCRange string // id and CIDR
	Subnet, IP    string // CIDR and address
	Image         string // of Capture; "" for the guest alone
	VCPUs, Memory int64  // Memory in MiB
	Store         int64  // GB of instance store, 0 for none
	Mounts        []Mount
	Settings      Settings
}

// Mount is a volume and where the machine finds it. From is the snapshot that a machine's first boot fills it with, "" for
// none. A volume that was never used is made, empty.
type Mount struct{ Volume, Path, From string }

// Settings are what may change while a machine runs. Of two, the one with the higher version is newer.
type Settings struct {
	Version  int64
	Disk     int64 // GiB of the root disk
	Rules    []Allowed
	Metadata compute.Metadata
}

// Allowed lets one kind of traffic through, in or out.
type Allowed struct {
	Egress   bool
	Protocol string // tcp, udp, icmp, a number, or -1 for all
	From, To int64  // ports, or type and code; -1 for any
	Peers    []string
}

// Roles is IAM as instances need it.
type Roles interface {
	// Profile finds an instance profile by name or ARN.
	Profile(c *emu.Call, nameOrARN string) (Profile, error)
	// Keys are temporary credentials for the role of an instance.
	Keys(c *emu.Call, roleARN, instance string) (Keys, error)
}

// Profile is an instance profile. Role is "" if it has none.
type Profile struct{ ARN, ID, Role, RoleARN string }

// Keys are temporary credentials.
type Keys struct {
	AccessKeyID, Secret, Token string
	Expires                    emu.Time
}

// noMachines is for a cloud that nobody has given machines.
type noMachines struct{}

var errNoMachines = errors.New("instances need Docker, and this cloud was started without it: install Docker (or start it), then run `haneul doctor`")

func (noMachines) Ready(context.Context) error                       { return errNoMachines }
func (noMachines) Boot(context.Context, Machine) (string, error)     { return "", errNoMachines }
func (noMachines) Reboot(context.Context, Machine) error             { return errNoMachines }
func (noMachines) Halt(context.Context, string, bool) error          { return ErrGone }
func (noMachines) Remove(context.Context, string) error              { return nil }
func (noMachines) Configure(context.Context, string, Settings) error { return nil }
func (noMachines) Console(context.Context, string) ([]byte, error)   { return nil, ErrGone }
func (noMachines) Capture(context.Context, string, string) error     { return errNoMachines }
func (noMachines) CopyVolume(context.Context, string, string) error  { return errNoMachines }
func (noMachines) RemoveVolume(context.Context, string) error        { return nil }
func (noMachines) RemoveImage(context.Context, string) error         { return nil }
func (noMachines) RemoveNetwork(context.Context, string) error       { return nil }

// noRoles is for a cloud without IAM.
type noRoles struct{}

func (noRoles) Profile(*emu.Call, string) (Profile, error) {
	return Profile{}, errors.New("this cloud has no IAM")
}

func (noRoles) Keys(*emu.Call, string, string) (Keys, error) {
	return Keys{}, errors.New("this cloud has no IAM")
}
