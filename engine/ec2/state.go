package ec2

import (
	"cmp"
	"strings"

	"haneul/engine/emu"
)

// key is a row's key: EC2's resources are regional, and their ids begin with what they are.
type key struct{ Region, ID string }

// Compare puts a region's rows together, in order of id.
func (a key) Compare(b key) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.ID, b.ID))
}

// Tag is a tag of a resource.
type Tag struct {
	Key   string
	Value *string // never nil in a row
}

// region is what a region's account settings are. Its row exists once something was written in the region; until then the
// region has the default network, which is a function of the account (default_network.go), and nothing else.
type region struct{ Launches int64 }

type vpc struct {
	CIDR           string
	Default        bool
	Tenancy        string
	NoDNS          bool // enableDnsSupport is false
	PublicHosts    bool // enableDnsHostnames
	AddressMetrics bool
	Tags           []Tag
}

type subnet struct {
	VPC, CIDR, Zone string
	DefaultForZone  bool
	PublicIP        bool // MapPublicIpOnLaunch
	Tags            []Tag
}

// internetGateway is attached to VPC, "" if to none.
type internetGateway struct {
	VPC  string
	Tags []Tag
}

type routeTable struct {
	VPC     string
	Main    string // id of the main association, "" unless this is the VPC's main table
	Routes  []route
	Subnets []association
	Tags    []Tag

	Token, TokenOf string // client token, "" if none, and a digest of the request it came with
}

// route's target is "local", or the id of an internet gateway.
type route struct{ Destination, Target, Origin string }

type association struct{ ID, Subnet string }

type group struct {
	VPC, Name, Description string
	Rules                  []rule
	Tags                   []Tag
}

// rule has exactly one peer. Ports of all protocols are -1.
type rule struct {
	ID                 string
	Egress             bool
	Protocol           string
	From, To           int64
	CIDR, CIDR6, Group string
	Description        string
	Tags               []Tag
}

// keyPair's key is its name.
type keyPair struct {
	ID, Fingerprint, Type, PublicKey string
	Created                          emu.Time
	Tags                             []Tag
}

// volume is attached to Instance, "" if to none; then Device, AttachedAt and DeleteOnTermination mean nothing.
type volume struct {
	Zone, Type, Snapshot string
	Size                 int64 // GiB
	IOPS, Throughput     int64 // 0 where the type has none
	Encrypted            bool
	State                string // creating, available, in-use, deleting, error
	Failure              string
	Created              emu.Time
	Instance, Device     string
	Attachment           string // attaching, attached, detaching, busy
	AttachedAt           emu.Time
	DeleteOnTermination  bool
	Root                 bool // an instance's root disk, which lives and dies with its machine
	Change               *modification
	Modified             []emu.Time // when modifications of the last 24 hours began, the last being Change
	Token, TokenOf       string     // client token, "" if none, and a digest of the request it came with
	Tags                 []Tag
}

// modification is the last ModifyVolume. How far it is follows from the clock (volume_modifications.go).
type modification struct {
	Started                    emu.Time // without a fraction, as it is shown
	Modifying, Optimizing      emu.Time // how long that takes
	Size, IOPS, Throughput     int64
	Type                       string
	OldSize, OldIOPS, OldSpeed int64
	OldType                    string
}

type snapshot struct {
	Volume, Description, State string // pending, completed, error
	Failure                    string
	Size                       int64
	Started                    emu.Time
	Encrypted                  bool
	Root                       bool // of a root disk: it can become an instance, but no volume
	Image                      string
	Tags                       []Tag
}

type image struct {
	Name, Description, Arch string
	State                   string // pending, available, failed; of a deregistered one nothing else is left
	Failure                 string
	Created                 emu.Time
	Source                  string // instance
	Root                    string // device name
	Disks                   []disk
	Tags                    []Tag
}

// disk is a block device of an image or of a launch.
type disk struct {
	Device, Snapshot, Type string
	Size, IOPS, Throughput int64
	Keep                   bool // DeleteOnTermination is false
	Encrypted              bool
	Ephemeral              string // ephemeral0: the instance store
}

// instance is one virtual server. State says what it is to be; Work says what its machine is being made to do at this
// moment, so that two works never overlap (lifecycle.go).
type instance struct {
	Reservation   string
	Index, Order  int64 // its number in the launch, and of the launch
	Image, Type   string
	Arch          string
	Zone          string
	VPC, Subnet   string
	IP, PublicIP  string
	MAC           string
	Interface     string // eni-…
	InterfaceLink string // eni-attach-…
	KeyName       string
	PublicKey     string // of the key pair as it was at launch; deleting the pair locks nobody out
	Groups        []string
	Profile       *profile
	UserData      []byte
	Token         string // client token, "" if none
	TokenOf       string // digest of the request it came with
	Protected     bool   // disableApiTermination
	NoStop        bool   // disableApiStop
	OnShutdown    string // stop, terminate
	Metadata      metadataOptions
	RootDevice    string
	Volumes       []string // of attached volumes, in order of device
	Spot          string   // sir-…, "" for on-demand
	Tags          []Tag
	EBSOptimized  bool
	NoSourceCheck bool
	Monitoring    bool

	Launched   emu.Time // the last time it went to pending
	State      string
	Transition string // StateTransitionReason
	Reason     reason
	Ended      emu.Time // when it was terminated
	Work       string   // boot, halt, remove, reboot, remount; "" if its machine rests
	Force      bool     // of the halt that is wanted
	Reboot     bool     // is wanted
	Remount    bool     // is wanted: its volumes changed while it ran
	Note       string   // what the machine could not give
	Console    []byte   // its last words, once the machine is gone
	Impaired   emu.Time // since when it runs and cannot be reached; 0 if it can
	Checked    emu.Time // when the status checks of its boot are done
	Booted     bool     // it has run: there is a root disk
	Pushed     int64    // version of the last settings that its machine was sent
	Notice     emu.Time // when a spot interruption will strike; 0 for never
	Keys       roleKeys
}

type reason struct{ Code, Message string }

type metadataOptions struct {
	Tokens   string // optional, required
	Endpoint string // enabled, disabled
	Tags     string
	Hops     int64
}

// profile is an instance profile in use by an instance.
type profile struct {
	Association, ARN, ID, Role, RoleARN string
	Since                               emu.Time
}

// roleKeys are the role's credentials as the metadata service hands them out.
type roleKeys struct {
	AccessKeyID     string
	Secret          string `is:"secret"`
	Token           string `is:"secret"`
	Issued, Expires emu.Time
}

// spotRequest belongs to one instance.
type spotRequest struct {
	Instance, MaxPrice     string
	Persistent             bool
	Behavior               string // terminate, stop
	State, Status, Message string
	Created, Updated       emu.Time
	ValidUntil             emu.Time
	Zone                   string
	Spec                   LaunchSpecification
	Tags                   []Tag
}

type tables struct {
	regions   *emu.Table[key, region]
	vpcs      *emu.Table[key, vpc]
	subnets   *emu.Table[key, subnet]
	gateways  *emu.Table[key, internetGateway]
	routes    *emu.Table[key, routeTable]
	groups    *emu.Table[key, group]
	keyPairs  *emu.Table[key, keyPair]
	volumes   *emu.Table[key, volume]
	snapshots *emu.Table[key, snapshot]
	images    *emu.Table[key, image]
	instances *emu.Table[key, instance]
	spots     *emu.Table[key, spotRequest]

	addresses *emu.Index[address] // of instances that are not terminated
	tokens    *emu.Index[token]
}

// address is a private address in use in a subnet.
type address struct{ Region, Subnet, IP, Instance string }

// Compare orders by subnet, then by address as text: it is for looking up, not for showing.
func (a address) Compare(b address) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Subnet, b.Subnet), strings.Compare(a.IP, b.IP),
		strings.Compare(a.Instance, b.Instance))
}

// token is a client token with an instance that came of it.
type token struct{ Region, Token, Instance string }

// Compare orders by token.
func (a token) Compare(b token) int {
	return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Token, b.Token), strings.Compare(a.Instance, b.Instance))
}

func newTables(c *emu.Cloud) tables {
	t := tables{
		regions:   emu.NewTable[key, region](c, "ec2.regions"),
		vpcs:      emu.NewTable[key, vpc](c, "ec2.vpcs"),
		subnets:   emu.NewTable[key, subnet](c, "ec2.subnets"),
		gateways:  emu.NewTable[key, internetGateway](c, "ec2.internetGateways"),
		routes:    emu.NewTable[key, routeTable](c, "ec2.routeTables"),
		groups:    emu.NewTable[key, group](c, "ec2.securityGroups"),
		keyPairs:  emu.NewTable[key, keyPair](c, "ec2.keyPairs"),
		volumes:   emu.NewTable[key, volume](c, "ec2.volumes"),
		snapshots: emu.NewTable[key, snapshot](c, "ec2.snapshots"),
		images:    emu.NewTable[key, image](c, "ec2.images"),
		instances: emu.NewTable[key, instance](c, "ec2.instances"),
		spots:     emu.NewTable[key, spotRequest](c, "ec2.spotRequests"),
	}
	t.addresses = emu.NewIndex(t.instances, func(k key, i *instance) (address, bool) {
		return address{k.Region, i.Subnet, i.IP, k.ID}, i.State != terminated
	})
	t.tokens = emu.NewIndex(t.instances, func(k key, i *instance) (token, bool) {
		return token{k.Region, i.Token, k.ID}, i.Token != ""
	})
	return t
}

// row is a resource with its id.
type row[V any] struct {
	ID string
	V  V
}

// rows lists a region's rows in order of id.
func rows[V any](t *emu.Table[key, V], region string) (found []row[V]) {
	t.From(key{Region: region}, func(k key, v V) bool {
		if k.Region != region {
			return false
		}
		found = append(found, row[V]{k.ID, v})
		return true
	})
	return found
}
