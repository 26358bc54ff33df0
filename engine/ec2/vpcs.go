package ec2

import (
	"net/netip"

	"haneul/engine/emu"
)

// CreateVpcInput makes a VPC. IPv6 and address pools are not emulated.
type CreateVpcInput struct {
	dry
	CidrBlock         string
	InstanceTenancy   string             `is:"enum=default|dedicated|host"`
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (*CreateVpcInput) Resource(c *emu.Call) string { return arn(c, "vpc", "") }

// VpcOutput answers with a VPC.
type VpcOutput struct{ Vpc *Vpc }

// Vpc is a VPC on the wire.
type Vpc struct {
	CidrBlock, DhcpOptionsId, State, VpcId, OwnerId, InstanceTenancy string
	CidrBlockAssociationSet                                          []VpcCidrBlockAssociation
	IsDefault                                                        bool
	Tags                                                             []Tag `query:"tagSet"`
}

// VpcCidrBlockAssociation is an address range of a VPC: there is one.
type VpcCidrBlockAssociation struct {
	AssociationId, CidrBlock string
	CidrBlockState           VpcCidrBlockState
}

// VpcCidrBlockState is always associated.
type VpcCidrBlockState struct{ State string }

// onVPC is for operations on one VPC.
type onVPC struct {
	VpcId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onVPC) Resource(c *emu.Call) string { return arn(c, "vpc", in.VpcId) }

func showVPC(account string) func(row[vpc]) Vpc {
	return func(r row[vpc]) Vpc {
		return Vpc{CidrBlock: r.V.CIDR, DhcpOptionsId: fixedID("dopt", account), State: "available", VpcId: r.ID, OwnerId: account,
			InstanceTenancy: r.V.Tenancy, IsDefault: r.V.Default, Tags: list(r.V.Tags),
			CidrBlockAssociationSet: []VpcCidrBlockAssociation{{fixedID("vpc-cidr-assoc", r.ID), r.V.CIDR, VpcCidrBlockState{"associated"}}}}
	}
}

// parseCIDR reads an address range and clears what is below its mask, as EC2 does.
func parseCIDR(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() {
		return p, invalidValue("Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", s)
	}
	return p.Masked(), nil
}

func (s *Service) createVpc(c *emu.Call, in *CreateVpcInput) (*VpcOutput, error) {
	if in.CidrBlock == "" {
		return nil, missingParameter("cidrBlock")
	}
	p, err := parseCIDR(in.CidrBlock)
	if err != nil {
		return nil, err
	}
	if p.Bits() < maxVPCPrefix || p.Bits() > minVPCPrefix {
		return nil, fail("InvalidVpc.Range", "The CIDR '%s' is invalid.", in.CidrBlock)
	}
	tags, err := tagsFor(kindVPC, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	if len(rows(s.vpcs, c.Region)) >= maxVPCs {
		return nil, fail("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
	}
	v := row[vpc]{newID(c, "vpc"), vpc{CIDR: p.String(), Tenancy: "default", Tags: tags}}
	if in.InstanceTenancy != "" {
		v.V.Tenancy = in.InstanceTenancy
	}
	id := drawn(c)
	put(s.vpcs, c.Region, []row[vpc]{v})
	put(s.groups, c.Region, []row[group]{{id("sg"), defaultGroup(v.ID, id)}})
	put(s.routes, c.Region, []row[routeTable]{{newID(c, "rtb"), routeTable{VPC: v.ID, Main: newID(c, "rtbassoc"),
		Routes: []route{{v.V.CIDR, "local", "CreateRouteTable"}}}}})
	return &VpcOutput{ptr(showVPC(c.Account)(v))}, nil
}

// CreateDefaultVpcInput makes a default VPC again, after it was deleted.
type CreateDefaultVpcInput struct {
	onAll
	dry
}

func (s *Service) createDefaultVpc(c *emu.Call, _ *CreateDefaultVpcInput) (*VpcOutput, error) {
	n := s.network(c)
	if id := n.defaultVPC(); id != "" {
		return nil, fail("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
	}
	n = newNetwork(c.Region, drawn(c))
	s.add(c.Region, n)
	return &VpcOutput{ptr(showVPC(c.Account)(n.vpcs[0]))}, nil
}

// DeleteVpcInput names a VPC without anything in it.
type DeleteVpcInput struct {
	onVPC
	dry
}

func (s *Service) deleteVpc(c *emu.Call, in *DeleteVpcInput) (*emu.NoOutput, error) {
	if _, ok := s.vpcs.Get(key{c.Region, in.VpcId}); !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	n := s.network(c)
	for _, r := range n.subnets {
		if r.V.VPC == in.VpcId {
			return nil, kindVPC.inUse(in.VpcId)
		}
	}
	for _, r := range n.gateways {
		if r.V.VPC == in.VpcId {
			return nil, kindVPC.inUse(in.VpcId)
		}
	}
	for _, r := range n.groups {
		if r.V.VPC == in.VpcId && r.V.Name != "default" {
			return nil, kindVPC.inUse(in.VpcId)
		}
	}
	for _, r := range n.routes {
		if r.V.VPC == in.VpcId && r.V.Main == "" {
			return nil, kindVPC.inUse(in.VpcId)
		}
	}
	for _, r := range n.groups {
		if r.V.VPC == in.VpcId {
			s.groups.Delete(key{c.Region, r.ID})
		}
	}
	for _, r := range n.routes {
		if r.V.VPC == in.VpcId {
			s.routes.Delete(key{c.Region, r.ID})
		}
	}
	s.vpcs.Delete(key{c.Region, in.VpcId})
	s.removeVPC.After(c, removal{in.VpcId})
	return &emu.NoOutput{}, nil
}

// DescribeVpcsInput chooses VPCs.
type DescribeVpcsInput struct {
	onAll
	dry
	Filters []Filter `query:"Filter"`
	VpcIds  []string `query:"VpcId"`
	paging
}

// DescribeVpcsOutput is a page of VPCs.
type DescribeVpcsOutput struct {
	Vpcs      []Vpc `query:"vpcSet"`
	NextToken string
}

func (s *Service) describeVpcs(c *emu.Call, in *DescribeVpcsInput) (*DescribeVpcsOutput, error) {
	found, next, err := described(kindVPC, in.VpcIds, in.Filters, in.paging, s.network(c).vpcs, func(r *row[vpc], name string) ([]string, bool) {
		switch name {
		case "vpc-id":
			return oneOf(r.ID)
		case "cidr", "cidr-block-association.cidr-block":
			return oneOf(r.V.CIDR)
		case "is-default", "isDefault":
			return oneOf(yes(r.V.Default))
		case "owner-id":
			return oneOf(c.Account)
		case "state":
			return oneOf("available")
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeVpcsOutput{shown(found, showVPC(c.Account)), next}, err
}

// AttributeBooleanValue is a boolean in an object of its own.
type AttributeBooleanValue struct{ Value *bool }

// AttributeValue is a text in an object of its own.
type AttributeValue struct{ Value string }

// ModifyVpcAttributeInput sets one attribute. None has an effect but to be remembered: names always resolve.
type ModifyVpcAttributeInput struct {
	onVPC
	EnableDnsHostnames               *AttributeBooleanValue
	EnableDnsSupport                 *AttributeBooleanValue
	EnableNetworkAddressUsageMetrics *AttributeBooleanValue
}

func (s *Service) modifyVpcAttribute(c *emu.Call, in *ModifyVpcAttributeInput) (*emu.NoOutput, error) {
	k := key{c.Region, in.VpcId}
	v, ok := s.vpcs.Get(k)
	if !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	if err := oneAttribute(mention{"enableDnsHostnames", in.EnableDnsHostnames != nil}, mention{"enableDnsSupport", in.EnableDnsSupport != nil},
		mention{"enableNetworkAddressUsageMetrics", in.EnableNetworkAddressUsageMetrics != nil}); err != nil {
		return nil, err
	}
	if a := in.EnableDnsHostnames; a != nil {
		v.PublicHosts = value(a.Value)
	}
	if a := in.EnableDnsSupport; a != nil {
		v.NoDNS = !value(a.Value)
	}
	if a := in.EnableNetworkAddressUsageMetrics; a != nil {
		v.AddressMetrics = value(a.Value)
	}
	s.vpcs.Put(k, v)
	return &emu.NoOutput{}, nil
}

// DescribeVpcAttributeInput asks for one attribute.
type DescribeVpcAttributeInput struct {
	onVPC
	dry
	Attribute string `is:"required,enum=enableDnsSupport|enableDnsHostnames|enableNetworkAddressUsageMetrics"`
}

// DescribeVpcAttributeOutput has the one that was asked for.
type DescribeVpcAttributeOutput struct {
	VpcId                            string
	EnableDnsHostnames               *AttributeBooleanValue
	EnableDnsSupport                 *AttributeBooleanValue
	EnableNetworkAddressUsageMetrics *AttributeBooleanValue
}

func (s *Service) describeVpcAttribute(c *emu.Call, in *DescribeVpcAttributeInput) (*DescribeVpcAttributeOutput, error) {
	all, err := chosen(kindVPC, []string{in.VpcId}, s.network(c).vpcs)
	if err != nil {
		return nil, err
	}
	v, out := all[0].V, &DescribeVpcAttributeOutput{VpcId: in.VpcId}
	switch in.Attribute {
	case "enableDnsHostnames":
		out.EnableDnsHostnames = &AttributeBooleanValue{ptr(v.PublicHosts)}
	case "enableDnsSupport":
		out.EnableDnsSupport = &AttributeBooleanValue{ptr(!v.NoDNS)}
	default:
		out.EnableNetworkAddressUsageMetrics = &AttributeBooleanValue{ptr(v.AddressMetrics)}
	}
	return out, nil
}
