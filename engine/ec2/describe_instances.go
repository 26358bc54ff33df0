package ec2

import (
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// DescribeInstancesInput chooses instances.
type DescribeInstancesInput struct {
	onAll
	dry
	Filters     []Filter `query:"Filter"`
	InstanceIds []string `query:"InstanceId"`
	paging
}

// DescribeInstancesOutput is a page of instances, gathered by the launch they came of.
type DescribeInstancesOutput struct {
	Reservations []Reservation `query:"reservationSet"`
	NextToken    string
}

// Instance is an instance on the wire.
type Instance struct {
	AmiLaunchIndex                             int64
	ImageId, InstanceId, InstanceType, KeyName string
	LaunchTime                                 emu.Time
	Monitoring                                 Monitoring
	Placement                                  Placement
	PrivateDnsName, PrivateIpAddress           string
	PublicDnsName                              string        `query:"dnsName"`
	PublicIpAddress                            string        `query:"ipAddress"`
	State                                      InstanceState `query:"instanceState"`
	StateTransitionReason                      string        `query:"reason"`
	SubnetId, VpcId, Architecture              string
	BlockDeviceMappings                        []InstanceBlockDeviceMapping `query:"blockDeviceMapping"`
	ClientToken                                string
	EbsOptimized, EnaSupport                   bool
	Hypervisor                                 string
	IamInstanceProfile                         *IamInstanceProfile
	InstanceLifecycle                          string
	NetworkInterfaces                          []InstanceNetworkInterface `query:"networkInterfaceSet"`
	RootDeviceName, RootDeviceType             string
	SecurityGroups                             []GroupIdentifier `query:"groupSet"`
	SourceDestCheck                            bool
	SpotInstanceRequestId                      string
	StateReason                                *StateReason
	Tags                                       []Tag `query:"tagSet"`
	VirtualizationType                         string
	CpuOptions                                 CpuOptions
	MetadataOptions                            InstanceMetadataOptionsResponse
	BootMode, PlatformDetails, UsageOperation  string
	CurrentInstanceBootMode                    string
}

// Monitoring is whether detailed monitoring is on.
type Monitoring struct{ State string }

// InstanceState is a state by number and name.
type InstanceState struct {
	Code int64
	Name string
}

// CpuOptions is the processor of an instance.
type CpuOptions struct{ CoreCount, ThreadsPerCore int64 }

// InstanceMetadataOptionsResponse is how the metadata service answers.
type InstanceMetadataOptionsResponse struct {
	State, HttpTokens              string
	HttpPutResponseHopLimit        int64
	HttpEndpoint, HttpProtocolIpv6 string
	InstanceMetadataTags           string
}

// InstanceBlockDeviceMapping is a volume of an instance.
type InstanceBlockDeviceMapping struct {
	DeviceName string
	Ebs        *EbsInstanceBlockDevice
}

// EbsInstanceBlockDevice is how a volume is attached.
type EbsInstanceBlockDevice struct {
	AttachTime          emu.Time
	DeleteOnTermination bool
	Status, VolumeId    string
}

// InstanceNetworkInterface is the interface of an instance: there is one.
type InstanceNetworkInterface struct {
	Association                                                               *InstanceNetworkInterfaceAssociation
	Attachment                                                                InstanceNetworkInterfaceAttachment
	Groups                                                                    []GroupIdentifier `query:"groupSet"`
	MacAddress, NetworkInterfaceId, OwnerId, PrivateDnsName, PrivateIpAddress string
	PrivateIpAddresses                                                        []InstancePrivateIpAddress `query:"privateIpAddressesSet"`
	SourceDestCheck                                                           bool
	Status, SubnetId, VpcId, InterfaceType                                    string
}

// InstanceNetworkInterfaceAssociation is the public address of an interface.
type InstanceNetworkInterfaceAssociation struct{ IpOwnerId, PublicDnsName, PublicIp string }

// InstanceNetworkInterfaceAttachment is the interface's tie to its instance.
type InstanceNetworkInterfaceAttachment struct {
	AttachTime          emu.Time
	AttachmentId        string
	DeleteOnTermination bool
	DeviceIndex         int64
	Status              string
}

// InstancePrivateIpAddress is an address of an interface.
type InstancePrivateIpAddress struct {
	Association                      *InstanceNetworkInterfaceAssociation
	Primary                          bool
	PrivateDnsName, PrivateIpAddress string
}

// instance finds an instance.
func (s *Service) instance(c *emu.Call, id string) (instance, error) {
	i, ok := s.instances.Get(key{c.Region, id})
	if !ok {
		return i, kindInstance.missing(id)
	}
	return i, nil
}

// instancesOf finds the instances with some ids; all that are missing are named at once.
func (s *Service) instancesOf(c *emu.Call, ids []string) (found []row[instance], err error) {
	var gone []string
	for _, id := range ids {
		if !validID("i", id) {
			return nil, kindInstance.malformed(id)
		}
		if i, ok := s.instances.Get(key{c.Region, id}); !ok {
			gone = append(gone, id)
		} else if !slices.ContainsFunc(found, func(r row[instance]) bool { return r.ID == id }) {
			found = append(found, row[instance]{id, i})
		}
	}
	if gone != nil {
		return nil, noInstances(gone)
	}
	return found, nil
}

func (s *Service) describeInstances(c *emu.Call, in *DescribeInstancesInput) (*DescribeInstancesOutput, error) {
	all := rows(s.instances, c.Region)
	if len(in.InstanceIds) > 0 {
		var err error
		if all, err = s.instancesOf(c, in.InstanceIds); err != nil {
			return nil, err
		}
	}
	all, err := filtered(in.Filters, all, s.instanceValues(c))
	if err != nil {
		return nil, err
	}
	all, next, err := page(in.paging, kindInstance, in.InstanceIds, all, func(r row[instance]) string { return r.ID })
	return &DescribeInstancesOutput{s.reservations(c, all), next}, err
}

// reservations gathers instances by launch, the oldest launch first, in order of launch.
func (s *Service) reservations(c *emu.Call, all []row[instance]) []Reservation {
	slices.SortFunc(all, func(a, b row[instance]) int {
		if a.V.Order != b.V.Order {
			return int(a.V.Order - b.V.Order)
		}
		return int(a.V.Index - b.V.Index)
	})
	out := []Reservation{}
	for _, r := range all {
		if n := len(out); n == 0 || out[n-1].ReservationId != r.V.Reservation {
			out = append(out, Reservation{Groups: []GroupIdentifier{}, OwnerId: c.Account, ReservationId: r.V.Reservation})
		}
		last := &out[len(out)-1]
		last.Instances = append(last.Instances, s.showInstance(c, r))
	}
	return out
}

func (s *Service) identifiers(region string, ids []string) []GroupIdentifier {
	out := []GroupIdentifier{}
	for _, id := range ids {
		g, _ := s.groups.Get(key{region, id})
		out = append(out, GroupIdentifier{g.Name, id})
	}
	return out
}

func showState(name string) InstanceState { return InstanceState{stateCodes[name], name} }

func (s *Service) showInstance(c *emu.Call, r row[instance]) Instance {
	i := &r.V
	t, _ := typeNamed(i.Type)
	out := Instance{AmiLaunchIndex: i.Index, ImageId: i.Image, InstanceId: r.ID, InstanceType: i.Type, KeyName: i.KeyName, LaunchTime: i.Launched,
		Monitoring: Monitoring{"disabled"}, Placement: Placement{AvailabilityZone: i.Zone, Tenancy: "default"},
		State: showState(i.State), StateTransitionReason: i.Transition, Architecture: i.Arch, BlockDeviceMappings: s.mappings(c.Region, i), ClientToken: i.Token,
		EbsOptimized: i.EBSOptimized, EnaSupport: true, Hypervisor: "xen", RootDeviceName: i.RootDevice, RootDeviceType: "ebs", SpotInstanceRequestId: i.Spot,
		Tags: list(i.Tags), VirtualizationType: "hvm", CpuOptions: CpuOptions{t.cores(), t.vcpus / t.cores()}, MetadataOptions: showMetadata(i.Metadata),
		BootMode: "uefi-preferred", CurrentInstanceBootMode: "uefi", PlatformDetails: "Linux/UNIX", UsageOperation: "RunInstances",
		SecurityGroups: []GroupIdentifier{}, NetworkInterfaces: []InstanceNetworkInterface{}}
	if i.Monitoring {
		out.Monitoring.State = "enabled"
	}
	if i.Spot != "" {
		out.InstanceLifecycle = "spot"
	}
	if i.Reason.Code != "" {
		out.StateReason = &StateReason{i.Reason.Code, i.Reason.Message}
	}
	if i.State == terminated {
		return out // it has nothing left
	}
	out.SubnetId, out.VpcId, out.PrivateIpAddress, out.PrivateDnsName = i.Subnet, i.VPC, i.IP, privateName(c.Region, i.IP)
	out.PublicIpAddress, out.PublicDnsName = i.PublicIP, publicName(c.Region, i.PublicIP)
	out.SecurityGroups, out.SourceDestCheck = s.identifiers(c.Region, i.Groups), !i.NoSourceCheck
	out.NetworkInterfaces = append(out.NetworkInterfaces, s.showInterface(c, i))
	if i.Profile != nil {
		out.IamInstanceProfile = &IamInstanceProfile{i.Profile.ARN, i.Profile.ID}
	}
	return out
}

func showMetadata(m metadataOptions) InstanceMetadataOptionsResponse {
	return InstanceMetadataOptionsResponse{"applied", m.Tokens, m.Hops, m.Endpoint, "disabled", m.Tags}
}

func (s *Service) mappings(region string, i *instance) []InstanceBlockDeviceMapping {
	out := []InstanceBlockDeviceMapping{}
	for _, id := range i.Volumes {
		v, _ := s.volumes.Get(key{region, id})
		out = append(out, InstanceBlockDeviceMapping{v.Device, &EbsInstanceBlockDevice{v.AttachedAt, v.DeleteOnTermination, v.Attachment, id}})
	}
	return out
}

func (s *Service) showInterface(c *emu.Call, i *instance) InstanceNetworkInterface {
	name := privateName(c.Region, i.IP)
	n := InstanceNetworkInterface{Attachment: InstanceNetworkInterfaceAttachment{i.Launched, i.InterfaceLink, true, 0, attached},
		Groups: s.identifiers(c.Region, i.Groups), MacAddress: i.MAC, NetworkInterfaceId: i.Interface, OwnerId: c.Account, PrivateDnsName: name,
		PrivateIpAddress: i.IP, SourceDestCheck: !i.NoSourceCheck, Status: inUse, SubnetId: i.Subnet, VpcId: i.VPC, InterfaceType: "interface"}
	if i.PublicIP != "" {
		n.Association = &InstanceNetworkInterfaceAssociation{"amazon", publicName(c.Region, i.PublicIP), i.PublicIP}
	}
	n.PrivateIpAddresses = []InstancePrivateIpAddress{{n.Association, true, name, i.IP}}
	return n
}

// instanceValues gives the values of an instance's properties under the names of filters.
func (s *Service) instanceValues(c *emu.Call) func(*row[instance], string) ([]string, bool) {
	return func(r *row[instance], name string) (values []string, known bool) {
		i := &r.V
		if v, ok := s.plainValue(c, r, name); ok {
			return oneOf(v)
		}
		switch name {
		case "launch-time":
			return oneTime(i.Launched)
		case "instance.group-id", "group-id", "network-interface.group-id":
			return i.Groups, true
		case "instance.group-name", "group-name":
			for _, g := range s.identifiers(c.Region, i.Groups) {
				values = append(values, g.GroupName)
			}
			return values, true
		case "block-device-mapping.volume-id":
			return i.Volumes, true
		case "block-device-mapping.device-name":
			for _, m := range s.mappings(c.Region, i) {
				values = append(values, m.DeviceName)
			}
			return values, true
		}
		return tagged(name, i.Tags)
	}
}

// plainValue is a property with one value.
func (s *Service) plainValue(c *emu.Call, r *row[instance], name string) (string, bool) {
	i := &r.V
	switch name {
	case "instance-id":
		return r.ID, true
	case "instance-state-name":
		return i.State, true
	case "instance-state-code":
		return strconv.FormatInt(stateCodes[i.State], 10), true
	case "instance-type":
		return i.Type, true
	case "instance-lifecycle":
		if i.Spot != "" {
			return "spot", true
		}
		return "", true
	case "image-id":
		return i.Image, true
	case "key-name":
		return i.KeyName, true
	case "vpc-id", "network-interface.vpc-id":
		return i.VPC, true
	case "subnet-id", "network-interface.subnet-id":
		return i.Subnet, true
	case "availability-zone":
		return i.Zone, true
	case "private-ip-address", "network-interface.addresses.private-ip-address":
		return i.IP, true
	case "private-dns-name":
		return privateName(c.Region, i.IP), true
	case "ip-address", "network-interface.addresses.association.public-ip":
		return i.PublicIP, true
	case "dns-name":
		return publicName(c.Region, i.PublicIP), true
	case "architecture":
		return i.Arch, true
	case "reservation-id":
		return i.Reservation, true
	case "owner-id":
		return c.Account, true
	case "client-token":
		return i.Token, true
	case "spot-instance-request-id":
		return i.Spot, true
	case "root-device-name":
		return i.RootDevice, true
	case "root-device-type":
		return "ebs", true
	case "launch-index":
		return strconv.FormatInt(i.Index, 10), true
	case "state-reason-code":
		return i.Reason.Code, true
	case "network-interface.network-interface-id":
		return i.Interface, true
	case "iam-instance-profile.arn":
		if i.Profile != nil {
			return i.Profile.ARN, true
		}
		return "", true
	case "metadata-options.http-tokens":
		return i.Metadata.Tokens, true
	}
	return "", false
}

// DescribeInstanceStatusInput chooses instances: those that run, unless it asks for all.
type DescribeInstanceStatusInput struct {
	onAll
	dry
	Filters             []Filter `query:"Filter"`
	InstanceIds         []string `query:"InstanceId"`
	IncludeAllInstances bool
	paging
}

// DescribeInstanceStatusOutput is a page of instances' health.
type DescribeInstanceStatusOutput struct {
	InstanceStatuses []InstanceStatus `query:"instanceStatusSet"`
	NextToken        string
}

// InstanceStatus is an instance's health: what runs is reachable, as its machine said that it is ready.
type InstanceStatus struct {
	AvailabilityZone             string
	Events                       []InstanceStatusEvent `query:"eventsSet"`
	InstanceId                   string
	InstanceState                InstanceState
	InstanceStatus, SystemStatus InstanceStatusSummary
}

// InstanceStatusEvent is something that AWS plans to do to an instance; it plans nothing here.
type InstanceStatusEvent struct{ Code, Description string }

// InstanceStatusSummary is the outcome of the checks.
type InstanceStatusSummary struct {
	Details []InstanceStatusDetails
	Status  string
}

// InstanceStatusDetails is the outcome of one check.
type InstanceStatusDetails struct {
	ImpairedSince *emu.Time
	Name, Status  string
}

func (s *Service) describeInstanceStatus(c *emu.Call, in *DescribeInstanceStatusInput) (*DescribeInstanceStatusOutput, error) {
	all := rows(s.instances, c.Region)
	if len(in.InstanceIds) > 0 {
		var err error
		if all, err = s.instancesOf(c, in.InstanceIds); err != nil {
			return nil, err
		}
	}
	if !in.IncludeAllInstances {
		all = slices.DeleteFunc(all, func(r row[instance]) bool { return r.V.State != running })
	}
	values := s.instanceValues(c)
	all, err := filtered(in.Filters, all, func(r *row[instance], name string) ([]string, bool) {
		switch {
		case strings.HasPrefix(name, "tag"):
			return nil, false
		case name == "instance-status.status" || name == "system-status.status":
			return oneOf(health(&r.V, c.Now).Status)
		case name == "instance-status.reachability" || name == "system-status.reachability":
			if d := health(&r.V, c.Now).Details; len(d) > 0 {
				return oneOf(d[0].Status)
			}
			return nil, true
		}
		return values(r, name)
	})
	if err != nil {
		return nil, err
	}
	all, next, err := page(in.paging, kindInstance, in.InstanceIds, all, func(r row[instance]) string { return r.ID })
	return &DescribeInstanceStatusOutput{shown(all, func(r row[instance]) InstanceStatus {
		h := health(&r.V, c.Now)
		return InstanceStatus{r.V.Zone, []InstanceStatusEvent{}, r.ID, showState(r.V.State), h, h}
	}), next}, err
}

// health is the outcome of both checks: what cannot be reached fails both here.
func health(i *instance, now emu.Time) InstanceStatusSummary {
	one := func(status, reachability string, since *emu.Time) InstanceStatusSummary {
		return InstanceStatusSummary{[]InstanceStatusDetails{{since, "reachability", reachability}}, status}
	}
	switch {
	case i.State == running && i.Impaired != 0:
		return one("impaired", "failed", ptr(i.Impaired))
	case i.State == running && now >= i.Checked:
		return one("ok", "passed", nil)
	case i.State == running || i.State == pending:
		return one("initializing", "initializing", nil)
	}
	return InstanceStatusSummary{[]InstanceStatusDetails{}, "not-applicable"}
}
