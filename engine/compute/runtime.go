package compute

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// Runtime runs instances. All methods may be called at once; each is idempotent by the ids it is given, since effects
// are run at least once: a VPC, instance or volume that is there already is found, not made again.
type Runtime interface {
	// Info says what the machine can carry.
	Info(ctx context.Context) (Caps, error)
	// EnsureImage builds and imports the guest image unless the engine has it, and names it.
	EnsureImage(ctx context.Context) (ref string, err error)

	CreateVPC(ctx context.Context, v VPC) error
	// DeleteVPC removes the VPC's network and gateway; it fails while instances are in it.
	DeleteVPC(ctx context.Context, cloud, id string) error
	// DialFrom connects to an address of the VPC (TCP) from src, which may be anything but the address of another
	// instance's process: an address of the internet or of a load balancer is spoken by the gateway, the address of an
	// ENI by that ENI. The connection meets the firewalls. A zero port lets the system choose.
	DialFrom(ctx context.Context, cloud, vpc string, src, dst netip.AddrPort) (net.Conn, error)

	// AcquireENI takes a warm ENI, or makes one, and gives it an address. It denies everything until
	// [ENI.ApplySecurityGroups]. With a warm one comes a machine that stands by, which Launch wakes if it is just what is
	// wanted.
	AcquireENI(ctx context.Context, cloud, vpc string, a Address) (ENI, error)
	// Launch boots the instance, in the machine that stands by at its ENI or in a new container; it returns when the guest is
	// ready. An instance of that id which exists gets the limits and volumes of s and is started if it does not run.
	Launch(ctx context.Context, s InstanceSpec) (Instance, error)
	// Find is one instance by its id, [ErrNotFound] if there is none.
	Find(ctx context.Context, cloud, id string) (Instance, error)
	// List is every instance of a cloud that has a container, running or not: how the world is found again after a crash.
	List(ctx context.Context, cloud string) ([]Instance, error)
	// Events reports what happens to instances until ctx ends, also what somebody else did to them.
	Events(ctx context.Context) <-chan Event

	CreateVolume(ctx context.Context, v Volume) error
	// CopyVolume makes v as a copy of another volume (a snapshot is a volume that nobody mounts).
	CopyVolume(ctx context.Context, from string, v Volume) error
	DeleteVolume(ctx context.Context, cloud, id string) error
	// DeleteImage removes an image made by [Instance.Commit]; one that is gone already is no error.
	DeleteImage(ctx context.Context, cloud, image string) error

	// Clouds names the clouds that have anything here.
	Clouds(ctx context.Context) ([]string, error)
	// Sweep removes everything of a cloud, and nothing unlabelled.
	Sweep(ctx context.Context, cloud string) error
}

// ENI is a network interface: an address with its firewall and its metadata service.
type ENI interface {
	ID() string
	IP() netip.Addr
	MAC() string
	// ApplySecurityGroups replaces all rules at once; established connections stay. An interface that is down, because
	// Docker was restarted, gets them (and the metadata) when its instance is started.
	ApplySecurityGroups(ctx context.Context, r Rules) error
	// PushMetadata replaces what 169.254.169.254 answers.
	PushMetadata(ctx context.Context, m Metadata) error
	// Release gives the interface back. An instance that still uses it loses its network.
	Release(ctx context.Context) error
}

// Instance is one machine.
type Instance interface {
	ID() string // the id it was launched with
	State() State
	ENI() ENI
	// Limits are the limits in force, and what was clamped.
	Limits() Limits
	// Start boots a stopped instance, and its ENI if that died with Docker; it returns after READY. The ENI's rules and
	// metadata are the last ones pushed by this process; after a restart of the engine, push them first.
	Start(ctx context.Context) error
	// Stop ends the guest: a signal, and after grace a kill. Disk and address stay.
	Stop(ctx context.Context, grace time.Duration) error
	// Reboot boots a running instance again in place, with its memory file systems, and returns after READY; what runs in it
	// ends as by Stop. With other volumes, without its network, or if it is not ready within grace, it is stopped and
	// started, and has lost what was in memory.
	Reboot(ctx context.Context, mounts []Mount, grace time.Duration) error
	// Resize changes the limits; AWS allows it only while stopped.
	Resize(ctx context.Context, cpus float64, memory int64) (Limits, error)
	// SetDisk changes the size of the root disk in bytes, 0 for any; see [InstanceSpec]. The runtime forgets it with its process.
	SetDisk(bytes int64)
	// Remount changes the volumes, if they are others. A running instance is restarted: containers cannot do better, and
	// AWS can.
	Remount(ctx context.Context, mounts []Mount) error
	// Commit keeps the root disk as an image to launch from, under an id (ami-…). A running instance is paused meanwhile.
	Commit(ctx context.Context, image string) error
	// Terminate removes the instance and its ENI. Volumes stay: deleting them is the caller's decision.
	Terminate(ctx context.Context) error
	Exec(ctx context.Context, e ExecSpec) (Session, error)
	// Console is what the guest printed since it was launched, the last 64 KB of it.
	Console(ctx context.Context) ([]byte, error)
}

// Session is a command that runs in an instance.
type Session interface {
	// Resize tells the terminal's size; zeros are ignored.
	Resize(ctx context.Context, columns, rows uint) error
	// Wait returns the exit status when the command has ended and its output is written.
	Wait(ctx context.Context) (status int, err error)
	// Close hangs up: a terminal's program gets an interrupt and an end of file.
	Close() error
}

var (
	// ErrNotFound: the instance, VPC or volume does not exist (any more).
	ErrNotFound = errors.New("not found")
	// ErrNoRuntime: nothing answers that could run instances. The error's text says in one sentence what to do.
	ErrNoRuntime = errors.New("instances need Docker")
	// ErrInUse: somebody still uses it.
	ErrInUse = errors.New("in use")
)
