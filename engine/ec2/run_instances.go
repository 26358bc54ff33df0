package ec2

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// RunInstancesInput launches instances. Everything of AWS's that is not here is refused by name.
type RunInstancesInput struct {
	dry
	BlockDeviceMappings               []BlockDeviceMapping `query:"BlockDeviceMapping"`
	ImageId                           string
	InstanceType                      string
	KeyName                           string
	MaxCount                          *int64 `is:"required"`
	MinCount                          *int64 `is:"required"`
	Monitoring                        *RunInstancesMonitoringEnabled
	Placement                         *Placement
	SecurityGroupIds                  []string `query:"SecurityGroupId"`
	SecurityGroups                    []string `query:"SecurityGroup"`
	SubnetId                          string
	UserData                          string // base64
	ClientToken                       string
	DisableApiTermination             bool
	DisableApiStop                    bool
	EbsOptimized                      bool
	IamInstanceProfile                *IamInstanceProfileSpecification
	InstanceInitiatedShutdownBehavior string                                  `is:"enum=stop|terminate"`
	NetworkInterfaces                 []InstanceNetworkInterfaceSpecification `query:"networkInterface"`
	PrivateIpAddress                  string
	TagSpecifications                 []TagSpecification `query:"TagSpecification"`
	InstanceMarketOptions             *InstanceMarketOptionsRequest
	CreditSpecification               *CreditSpecificationRequest
	MetadataOptions                   *InstanceMetadataOptionsRequest
}

// Resource implements [emu.Input].
func (*RunInstancesInput) Resource(c *emu.Call) string { return arn(c, "instance", "") }

// Conditions gives policies what they may ask for.
func (in *RunInstancesInput) Conditions(*emu.Call) map[string][]string {
	keys := map[string][]string{"ec2:instancetype": {orType(in.InstanceType)}}
	for _, spec := range in.TagSpecifications {
		for _, t := range spec.Tags {
			keys["aws:requesttag/"+t.Key] = []string{value(t.Value)}
			keys["aws:tagkeys"] = append(keys["aws:tagkeys"], t.Key)
		}
	}
	return keys
}

// RunInstancesMonitoringEnabled asks for detailed monitoring. It is remembered.
type RunInstancesMonitoringEnabled struct {
	Enabled bool `is:"required"`
}

// Placement says where an instance is. Only the zone may be asked for.
type Placement struct{ AvailabilityZone, GroupName, Tenancy string }

// IamInstanceProfileSpecification names an instance profile, by ARN or by name.
type IamInstanceProfileSpecification struct{ Arn, Name string }

// InstanceNetworkInterfaceSpecification describes the one interface of an instance.
type InstanceNetworkInterfaceSpecification struct {
	AssociatePublicIpAddress *bool
	DeleteOnTermination      *bool
	Description              string
	DeviceIndex              *int64
	Groups                   []string `query:"SecurityGroupId"`
	PrivateIpAddress         string
	SubnetId                 string
}

// InstanceMarketOptionsRequest asks for a Spot instance.
type InstanceMarketOptionsRequest struct {
	MarketType  string `is:"enum=spot|capacity-block"`
	SpotOptions *SpotMarketOptions
}

// SpotMarketOptions is how a Spot instance is asked for and what becomes of it.
type SpotMarketOptions struct {
	MaxPrice                     string
	SpotInstanceType             string `is:"enum=one-time|persistent"`
	ValidUntil                   emu.Time
	InstanceInterruptionBehavior string `is:"enum=hibernate|stop|terminate"`
}

// CreditSpecificationRequest is how a burstable type may burst. Machines here are not throttled by credits.
type CreditSpecificationRequest struct {
	CpuCredits string `is:"required"`
}

// InstanceMetadataOptionsRequest is how the metadata service answers.
type InstanceMetadataOptionsRequest struct {
	HttpTokens              string `is:"enum=optional|required"`
	HttpPutResponseHopLimit *int64
	HttpEndpoint            string `is:"enum=disabled|enabled"`
	InstanceMetadataTags    string `is:"enum=disabled|enabled"`
}

// Reservation is the instances of one launch.
type Reservation struct {
	Groups                              []GroupIdentifier `query:"groupSet"`
	Instances                           []Instance        `query:"instancesSet"`
	OwnerId, RequesterId, ReservationId string
}

func orType(name string) string {
	if name == "" {
		return "m1.small" // what AWS takes, and this cloud has not
	}
	return name
}

// begun is nothing: what an operation decides before it looks whether machines can run.
type begun struct{}

// checked is the answer of a look at the world outside.
type checked struct{ Trouble string }

// ready looks whether machines can run, outside the cloud's lock.
func (s *Service) ready(ctx context.Context, _ begun) (checked, error) {
	if err := s.machines.Ready(ctx); err != nil {
		return checked{err.Error()}, nil
	}
	return checked{}, nil
}

func nothing[I any](*emu.Call, I) (begun, error) { return begun{}, nil }

func (s *Service) runInstances(c *emu.Call, in *RunInstancesInput, world checked, _ error) (*Reservation, error) {
	s.settle(c.Account, c.Region)
	if r, err := s.launchedBefore(c, in); r != nil || err != nil {
		return r, err
	}
	l, err := s.plan(c, in)
	if err != nil {
		return nil, err
	}
	if err := l.allowed(c); err != nil {
		return nil, err
	}
	if in.DryRun {
		return nil, dryRunSucceeded()
	}
	if world.Trouble != "" {
		return nil, cannotRun(world.Trouble)
	}
	return s.launch(c, l)
}

// launchedBefore answers a call whose client token was seen before with the instances of then.
func (s *Service) launchedBefore(c *emu.Call, in *RunInstancesInput) (*Reservation, error) {
	if in.ClientToken == "" {
		return nil, nil
	}
	if len(in.ClientToken) > 64 {
		return nil, invalidValue("Value (%s) for parameter clientToken is invalid. Client tokens have at most 64 characters.", in.ClientToken)
	}
	var found []row[instance]
	s.tokens.From(token{Region: c.Region, Token: in.ClientToken}, func(t token) bool {
		if t.Region != c.Region || t.Token != in.ClientToken {
			return false
		}
		i, _ := s.instances.Get(key{c.Region, t.Instance})
		found = append(found, row[instance]{t.Instance, i})
		return true
	})
	switch {
	case len(found) == 0:
		return nil, nil
	case found[0].V.TokenOf != digest(in):
		return nil, otherRequest("Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
	}
	return s.reservations(c, found)[0].ptr(), nil
}

func (r Reservation) ptr() *Reservation { return &r }

// digest tells requests apart.
func digest[I any](in *I) string {
	sum := sha256.Sum256(codec.RowOf[I]().Append(nil, in))
	return hex.EncodeToString(sum[:8])
}

// launch makes the rows of instances and their volumes, and sets their machines to work.
func (s *Service) launch(c *emu.Call, l *launchPlan) (*Reservation, error) {
	reservation := newID(c, "r")
	r, _ := s.regions.Get(key{Region: c.Region})
	r.Launches++
	s.regions.Put(key{Region: c.Region}, r)
	var made []row[instance]
	for n := range l.count {
		i := l.instance
		i.Index, i.Order, i.Reservation = n, r.Launches, reservation
		i.IP = l.addresses[n]
		i.MAC = macOf(i.IP, c.Rand())
		i.Interface, i.InterfaceLink = newID(c, "eni"), newID(c, "eni-attach")
		if l.publicIP {
			i.PublicIP = s.publicAddress(c)
		}
		id := newID(c, "i")
		if i.Profile != nil {
			i.Profile = ptr(*i.Profile)
			i.Profile.Association = newID(c, "iip-assoc")
			s.renewKeys(c, id, &i)
		}
		s.makeVolumes(c, l, id, &i)
		if l.spot != nil {
			i.Spot = s.requestSpot(c, l, id, &i)
		}
		s.instances.Put(key{c.Region, id}, i)
		made = append(made, row[instance]{id, i})
	}
	for _, g := range l.instance.Groups {
		s.pushGroup(c, g)
	}
	out := s.reservations(c, made)
	for _, m := range made {
		i, _ := s.instances.Get(key{c.Region, m.ID})
		s.work(c, key{c.Region, m.ID}, i)
	}
	c.Count("InstanceLaunches", l.count)
	return out[0].ptr(), nil
}

// macOf is a MAC address of those that nobody was given, with chance in it.
func macOf(ip string, r uint64) string {
	return fmt.Sprintf("0a:%02x:%02x:%02x:%02x:%02x", byte(r>>32), byte(r>>24), byte(r>>16), byte(r>>8), byte(r))
}

// makeVolumes makes the volumes of a launch: the root disk, which is the machine's own, and the others, which its machine
// fills from their snapshots when it boots for the first time.
func (s *Service) makeVolumes(c *emu.Call, l *launchPlan, id string, i *instance) {
	for _, v := range l.volumes {
		v.Created, v.AttachedAt, v.Instance, v.Tags = second(c), second(c), id, l.volumeTags
		volumeID := newID(c, "vol")
		s.volumes.Put(key{c.Region, volumeID}, v)
		i.Volumes = append(i.Volumes, volumeID)
	}
}

func decodeUserData(s string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	switch {
	case err != nil:
		return nil, fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	case len(b) > maxUserData:
		return nil, fail("InvalidUserData.Malformed", "User data is limited to %d bytes", maxUserData)
	}
	return b, nil
}
