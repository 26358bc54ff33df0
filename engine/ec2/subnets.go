package ec2

import (
	"net/netip"
	"slices"

	"haneul/engine/emu"
)

// CreateSubnetInput makes a subnet. IPv6, address pools and Outposts are not emulated.
type CreateSubnetInput struct {
	dry
	VpcId              string `is:"required"`
	CidrBlock          string
	AvailabilityZone   string
	AvailabilityZoneId string
	TagSpecifications  []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (*CreateSubnetInput) Resource(c *emu.Call) string { return arn(c, "subnet", "") }

// SubnetOutput answers with a subnet.
type SubnetOutput struct{ Subnet *Subnet }

// Subnet is a subnet on the wire.
type Subnet struct {
	AvailabilityZone, AvailabilityZoneId                 string
	AvailableIpAddressCount                              int64
	CidrBlock                                            string
	DefaultForAz, MapPublicIpOnLaunch                    bool
	State, SubnetId, VpcId, OwnerId                      string
	AssignIpv6AddressOnCreation, EnableDns64, Ipv6Native bool
	SubnetArn                                            string
	Tags                                                 []Tag `query:"tagSet"`
}

type onSubnet struct {
	SubnetId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onSubnet) Resource(c *emu.Call) string { return arn(c, "subnet", in.SubnetId) }

func (s *Service) showSubnet(c *emu.Call) func(row[subnet]) Subnet {
	return func(r row[subnet]) Subnet {
		z, _ := zoneIn(c.Region, r.V.Zone)
		return Subnet{AvailabilityZone: z.name, AvailabilityZoneId: z.id, AvailableIpAddressCount: s.free(c.Region, r), CidrBlock: r.V.CIDR,
			DefaultForAz: r.V.DefaultForZone, MapPublicIpOnLaunch: r.V.PublicIP, State: "available", SubnetId: r.ID, VpcId: r.V.VPC,
			OwnerId: c.Account, SubnetArn: arn(c, "subnet", r.ID), Tags: list(r.V.Tags)}
	}
}

// free is the number of addresses that a subnet can still give.
func (s *Service) free(region string, r row[subnet]) int64 {
	p, err := netip.ParsePrefix(r.V.CIDR)
	if err != nil {
		return 0
	}
	return 1<<(32-p.Bits()) - reservedPerNet - int64(len(s.addressesIn(region, r.ID)))
}

// addressesIn lists the addresses in use in a subnet.
func (s *Service) addressesIn(region, subnet string) (used []string) {
	s.addresses.From(address{Region: region, Subnet: subnet}, func(a address) bool {
		if a.Region != region || a.Subnet != subnet {
			return false
		}
		used = append(used, a.IP)
		return true
	})
	return used
}

func (s *Service) createSubnet(c *emu.Call, in *CreateSubnetInput) (*SubnetOutput, error) {
	v, ok := s.vpcs.Get(key{c.Region, in.VpcId})
	if !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	if in.CidrBlock == "" {
		return nil, missingParameter("cidrBlock")
	}
	p, err := parseCIDR(in.CidrBlock)
	if err != nil {
		return nil, err
	}
	outer := netip.MustParsePrefix(v.CIDR)
	if p.Bits() < outer.Bits() || p.Bits() > minVPCPrefix || !outer.Contains(p.Addr()) {
		return nil, fail("InvalidSubnet.Range", "The CIDR '%s' is invalid.", in.CidrBlock)
	}
	for _, other := range rows(s.subnets, c.Region) {
		if o := netip.MustParsePrefix(other.V.CIDR); other.V.VPC == in.VpcId && o.Overlaps(p) {
			return nil, fail("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", in.CidrBlock)
		}
	}
	name := in.AvailabilityZone
	if name == "" {
		name = in.AvailabilityZoneId
	}
	z, ok := zoneIn(c.Region, name)
	switch {
	case name == "":
		z = zonesOf(c.Region)[0]
	case !ok:
		return nil, invalidValue("Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.", name, zoneNames(c.Region))
	}
	tags, err := tagsFor(kindSubnet, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	r := row[subnet]{newID(c, "subnet"), subnet{VPC: in.VpcId, CIDR: p.String(), Zone: z.name, Tags: tags}}
	s.subnets.Put(key{c.Region, r.ID}, r.V)
	return &SubnetOutput{ptr(s.showSubnet(c)(r))}, nil
}

func zoneNames(region string) (names string) {
	for i, z := range zonesOf(region) {
		if i > 0 {
			names += ", "
		}
		names += z.name
	}
	return names
}

// DeleteSubnetInput names a subnet without instances.
type DeleteSubnetInput struct {
	onSubnet
	dry
}

func (s *Service) deleteSubnet(c *emu.Call, in *DeleteSubnetInput) (*emu.NoOutput, error) {
	if _, ok := s.subnets.Get(key{c.Region, in.SubnetId}); !ok {
		return nil, kindSubnet.missing(in.SubnetId)
	}
	if len(s.addressesIn(c.Region, in.SubnetId)) > 0 {
		return nil, kindSubnet.inUse(in.SubnetId)
	}
	s.subnets.Delete(key{c.Region, in.SubnetId})
	for _, r := range rows(s.routes, c.Region) {
		kept := slices.DeleteFunc(slices.Clone(r.V.Subnets), func(a association) bool { return a.Subnet == in.SubnetId })
		if len(kept) < len(r.V.Subnets) {
			r.V.Subnets = kept
			s.routes.Put(key{c.Region, r.ID}, r.V)
		}
	}
	return &emu.NoOutput{}, nil
}

// DescribeSubnetsInput chooses subnets.
type DescribeSubnetsInput struct {
	onAll
	dry
	Filters   []Filter `query:"Filter"`
	SubnetIds []string `query:"SubnetId"`
	paging
}

// DescribeSubnetsOutput is a page of subnets.
type DescribeSubnetsOutput struct {
	Subnets   []Subnet `query:"subnetSet"`
	NextToken string
}

func (s *Service) describeSubnets(c *emu.Call, in *DescribeSubnetsInput) (*DescribeSubnetsOutput, error) {
	found, next, err := described(kindSubnet, in.SubnetIds, in.Filters, in.paging, s.network(c).subnets, func(r *row[subnet], name string) ([]string, bool) {
		switch name {
		case "subnet-id":
			return oneOf(r.ID)
		case "vpc-id":
			return oneOf(r.V.VPC)
		case "cidr-block", "cidr", "cidrBlock":
			return oneOf(r.V.CIDR)
		case "availability-zone", "availabilityZone":
			return oneOf(r.V.Zone)
		case "availability-zone-id", "availabilityZoneId":
			z, _ := zoneIn(c.Region, r.V.Zone)
			return oneOf(z.id)
		case "default-for-az", "defaultForAz":
			return oneOf(yes(r.V.DefaultForZone))
		case "map-public-ip-on-launch":
			return oneOf(yes(r.V.PublicIP))
		case "owner-id":
			return oneOf(c.Account)
		case "state":
			return oneOf("available")
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeSubnetsOutput{shown(found, s.showSubnet(c)), next}, err
}

// ModifySubnetAttributeInput sets whether instances get public addresses.
type ModifySubnetAttributeInput struct {
	onSubnet
	MapPublicIpOnLaunch *AttributeBooleanValue
}

func (s *Service) modifySubnetAttribute(c *emu.Call, in *ModifySubnetAttributeInput) (*emu.NoOutput, error) {
	k := key{c.Region, in.SubnetId}
	v, ok := s.subnets.Get(k)
	switch {
	case !ok:
		return nil, kindSubnet.missing(in.SubnetId)
	case in.MapPublicIpOnLaunch == nil:
		return nil, missingParameter("mapPublicIpOnLaunch")
	}
	v.PublicIP = value(in.MapPublicIpOnLaunch.Value)
	s.subnets.Put(k, v)
	return &emu.NoOutput{}, nil
}
