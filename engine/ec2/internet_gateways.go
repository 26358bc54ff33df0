package ec2

import "haneul/engine/emu"

// An internet gateway and the routes to it decide whether an instance's public address is one: without a route to an
// attached gateway, an instance gets none, and its address is not shown. Packets themselves do not leave a VPC here.

// CreateInternetGatewayInput makes a gateway that is attached to nothing.
type CreateInternetGatewayInput struct {
	dry
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (*CreateInternetGatewayInput) Resource(c *emu.Call) string {
	return arn(c, "internet-gateway", "")
}

// CreateInternetGatewayOutput answers with the gateway.
type CreateInternetGatewayOutput struct{ InternetGateway *InternetGateway }

// InternetGateway is a gateway on the wire.
type InternetGateway struct {
	Attachments                []InternetGatewayAttachment `query:"attachmentSet"`
	InternetGatewayId, OwnerId string
	Tags                       []Tag `query:"tagSet"`
}

// InternetGatewayAttachment is the VPC of a gateway: there is at most one.
type InternetGatewayAttachment struct{ State, VpcId string }

type onGateway struct {
	InternetGatewayId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onGateway) Resource(c *emu.Call) string {
	return arn(c, "internet-gateway", in.InternetGatewayId)
}

func showGateway(account string) func(row[internetGateway]) InternetGateway {
	return func(r row[internetGateway]) InternetGateway {
		g := InternetGateway{Attachments: []InternetGatewayAttachment{}, InternetGatewayId: r.ID, OwnerId: account, Tags: list(r.V.Tags)}
		if r.V.VPC != "" {
			g.Attachments = append(g.Attachments, InternetGatewayAttachment{"available", r.V.VPC})
		}
		return g
	}
}

func (s *Service) createInternetGateway(c *emu.Call, in *CreateInternetGatewayInput) (*CreateInternetGatewayOutput, error) {
	tags, err := tagsFor(kindGateway, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	r := row[internetGateway]{newID(c, "igw"), internetGateway{Tags: tags}}
	s.gateways.Put(key{c.Region, r.ID}, r.V)
	return &CreateInternetGatewayOutput{ptr(showGateway(c.Account)(r))}, nil
}

// AttachInternetGatewayInput names a gateway and its VPC.
type AttachInternetGatewayInput struct {
	dry
	onGateway
	VpcId string `is:"required"`
}

func (s *Service) attachInternetGateway(c *emu.Call, in *AttachInternetGatewayInput) (*emu.NoOutput, error) {
	k := key{c.Region, in.InternetGatewayId}
	g, ok := s.gateways.Get(k)
	if !ok {
		return nil, kindGateway.missing(in.InternetGatewayId)
	}
	if _, ok := s.vpcs.Get(key{c.Region, in.VpcId}); !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	if g.VPC != "" {
		return nil, fail("Resource.AlreadyAssociated", "resource %s is already attached to network %s", in.InternetGatewayId, g.VPC)
	}
	for _, other := range rows(s.gateways, c.Region) {
		if other.V.VPC == in.VpcId {
			return nil, invalidValue("Network %s already has an internet gateway attached", in.VpcId)
		}
	}
	g.VPC = in.VpcId
	s.gateways.Put(k, g)
	return &emu.NoOutput{}, nil
}

// DetachInternetGatewayInput names a gateway and its VPC.
type DetachInternetGatewayInput struct {
	dry
	onGateway
	VpcId string `is:"required"`
}

func (s *Service) detachInternetGateway(c *emu.Call, in *DetachInternetGatewayInput) (*emu.NoOutput, error) {
	k := key{c.Region, in.InternetGatewayId}
	g, ok := s.gateways.Get(k)
	switch {
	case !ok:
		return nil, kindGateway.missing(in.InternetGatewayId)
	case g.VPC != in.VpcId:
		return nil, fail("Gateway.NotAttached", "resource %s is not attached to network %s", in.InternetGatewayId, in.VpcId)
	}
	for _, i := range rows(s.instances, c.Region) {
		if i.V.VPC == in.VpcId && i.V.PublicIP != "" && i.V.State != terminated {
			return nil, fail("DependencyViolation", "Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", in.VpcId)
		}
	}
	g.VPC = ""
	s.gateways.Put(k, g)
	return &emu.NoOutput{}, nil
}

// DeleteInternetGatewayInput names a gateway that is attached to nothing.
type DeleteInternetGatewayInput struct {
	dry
	onGateway
}

func (s *Service) deleteInternetGateway(c *emu.Call, in *DeleteInternetGatewayInput) (*emu.NoOutput, error) {
	g, ok := s.gateways.Get(key{c.Region, in.InternetGatewayId})
	switch {
	case !ok:
		return nil, kindGateway.missing(in.InternetGatewayId)
	case g.VPC != "":
		return nil, kindGateway.inUse(in.InternetGatewayId)
	}
	s.gateways.Delete(key{c.Region, in.InternetGatewayId})
	return &emu.NoOutput{}, nil
}

// DescribeInternetGatewaysInput chooses gateways.
type DescribeInternetGatewaysInput struct {
	onAll
	dry
	Filters            []Filter `query:"Filter"`
	InternetGatewayIds []string `query:"internetGatewayId"`
	paging
}

// DescribeInternetGatewaysOutput is a page of gateways.
type DescribeInternetGatewaysOutput struct {
	InternetGateways []InternetGateway `query:"internetGatewaySet"`
	NextToken        string
}

func (s *Service) describeInternetGateways(c *emu.Call, in *DescribeInternetGatewaysInput) (*DescribeInternetGatewaysOutput, error) {
	found, next, err := described(kindGateway, in.InternetGatewayIds, in.Filters, in.paging, s.network(c).gateways, func(r *row[internetGateway], name string) ([]string, bool) {
		switch name {
		case "internet-gateway-id":
			return oneOf(r.ID)
		case "attachment.vpc-id":
			return oneOf(r.V.VPC)
		case "attachment.state":
			if r.V.VPC == "" {
				return nil, true
			}
			return oneOf("available")
		case "owner-id":
			return oneOf(c.Account)
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeInternetGatewaysOutput{shown(found, showGateway(c.Account)), next}, err
}
