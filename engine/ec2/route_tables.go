package ec2

import (
	"net/netip"
	"slices"

	"haneul/engine/emu"
)

// CreateRouteTableInput makes a table with nothing but the local route.
type CreateRouteTableInput struct {
	dry
	VpcId             string             `is:"required"`
	TagSpecifications []TagSpecification `query:"TagSpecification"`
	ClientToken       string             // AWS's newer clients send one by themselves
}

// Resource implements [emu.Input].
func (*CreateRouteTableInput) Resource(c *emu.Call) string { return arn(c, "route-table", "") }

// CreateRouteTableOutput answers with the table.
type CreateRouteTableOutput struct {
	RouteTable  *RouteTable
	ClientToken string
}

// RouteTable is a table on the wire.
type RouteTable struct {
	Associations                 []RouteTableAssociation `query:"associationSet"`
	RouteTableId, VpcId, OwnerId string
	Routes                       []Route `query:"routeSet"`
	Tags                         []Tag   `query:"tagSet"`
}

// RouteTableAssociation says what follows a table: the VPC by default (Main), or one subnet.
type RouteTableAssociation struct {
	Main                                            bool
	RouteTableAssociationId, RouteTableId, SubnetId string
	AssociationState                                *RouteTableAssociationState
}

// RouteTableAssociationState is always associated.
type RouteTableAssociationState struct{ State string }

// Route is a route on the wire. One to a gateway that is not attached is a blackhole.
type Route struct{ DestinationCidrBlock, GatewayId, Origin, State string }

type onRoutes struct {
	RouteTableId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onRoutes) Resource(c *emu.Call) string { return arn(c, "route-table", in.RouteTableId) }

func showRoutes(account string, n network) func(row[routeTable]) RouteTable {
	associated := &RouteTableAssociationState{"associated"}
	return func(r row[routeTable]) RouteTable {
		t := RouteTable{Associations: []RouteTableAssociation{}, RouteTableId: r.ID, VpcId: r.V.VPC, OwnerId: account, Tags: list(r.V.Tags), Routes: []Route{}}
		if r.V.Main != "" {
			t.Associations = append(t.Associations, RouteTableAssociation{true, r.V.Main, r.ID, "", associated})
		}
		for _, a := range r.V.Subnets {
			t.Associations = append(t.Associations, RouteTableAssociation{false, a.ID, r.ID, a.Subnet, associated})
		}
		for _, x := range r.V.Routes {
			state := "active"
			if x.Target != "local" && !n.attached(x.Target, r.V.VPC) {
				state = "blackhole"
			}
			t.Routes = append(t.Routes, Route{x.Destination, x.Target, x.Origin, state})
		}
		return t
	}
}

// attached reports whether a gateway is attached to a VPC.
func (n *network) attached(gateway, vpc string) bool {
	return slices.ContainsFunc(n.gateways, func(g row[internetGateway]) bool { return g.ID == gateway && g.V.VPC == vpc })
}

// public reports whether a subnet has a route to the internet.
func (n *network) public(subnetID, vpcID string) bool {
	var main, own *routeTable
	for i := range n.routes {
		t := &n.routes[i].V
		if t.VPC == vpcID && t.Main != "" {
			main = t
		}
		if slices.ContainsFunc(t.Subnets, func(a association) bool { return a.Subnet == subnetID }) {
			own = t
		}
	}
	if own == nil {
		own = main
	}
	return own != nil && slices.ContainsFunc(own.Routes, func(r route) bool { return r.Target != "local" && n.attached(r.Target, vpcID) })
}

func (s *Service) createRouteTable(c *emu.Call, in *CreateRouteTableInput) (*CreateRouteTableOutput, error) {
	v, ok := s.vpcs.Get(key{c.Region, in.VpcId})
	if !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	tags, err := tagsFor(kindRoutes, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	show := showRoutes(c.Account, s.network(c))
	for _, r := range rows(s.routes, c.Region) {
		switch {
		case in.ClientToken == "" || r.V.Token != in.ClientToken:
		case r.V.TokenOf != digest(in):
			return nil, otherRequest("Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
		default:
			return &CreateRouteTableOutput{ptr(show(r)), in.ClientToken}, nil
		}
	}
	r := row[routeTable]{newID(c, "rtb"), routeTable{VPC: in.VpcId, Tags: tags, Routes: []route{{v.CIDR, "local", "CreateRouteTable"}}, Token: in.ClientToken, TokenOf: digest(in)}}
	s.routes.Put(key{c.Region, r.ID}, r.V)
	return &CreateRouteTableOutput{ptr(show(r)), in.ClientToken}, nil
}

// DeleteRouteTableInput names a table that nothing follows.
type DeleteRouteTableInput struct {
	dry
	onRoutes
}

func (s *Service) deleteRouteTable(c *emu.Call, in *DeleteRouteTableInput) (*emu.NoOutput, error) {
	t, ok := s.routes.Get(key{c.Region, in.RouteTableId})
	switch {
	case !ok:
		return nil, kindRoutes.missing(in.RouteTableId)
	case t.Main != "" || len(t.Subnets) > 0:
		return nil, kindRoutes.inUse(in.RouteTableId)
	}
	s.routes.Delete(key{c.Region, in.RouteTableId})
	return &emu.NoOutput{}, nil
}

// CreateRouteInput adds a route to an internet gateway, the only target there is here.
type CreateRouteInput struct {
	dry
	onRoutes
	DestinationCidrBlock string
	GatewayId            string
}

// ReplaceRouteInput changes the target of a route.
type ReplaceRouteInput struct {
	dry
	onRoutes
	DestinationCidrBlock string
	GatewayId            string
}

// DeleteRouteInput names a route by its destination.
type DeleteRouteInput struct {
	dry
	onRoutes
	DestinationCidrBlock string
}

// routeTo finds a table and, in it, the route to a destination, which it brings into its canonical form.
func (s *Service) routeTo(c *emu.Call, table, destination string) (t routeTable, to netip.Prefix, i int, err error) {
	if destination == "" {
		return t, to, 0, fail("MissingParameter", "The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId")
	}
	to, bad := netip.ParsePrefix(destination)
	if bad != nil || !to.Addr().Is4() {
		return t, to, 0, invalidValue("Value (%s) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.", destination)
	}
	t, ok := s.routes.Get(key{c.Region, table})
	if !ok {
		return t, to, 0, kindRoutes.missing(table)
	}
	to = to.Masked()
	return t, to, slices.IndexFunc(t.Routes, func(r route) bool { return r.Destination == to.String() }), nil
}

// target checks that a gateway can be a route's target.
func (s *Service) target(c *emu.Call, gateway, table string, t *routeTable, to netip.Prefix) error {
	if gateway == "" {
		return fail("MissingParameter", "The request must contain exactly one of gatewayId, localGatewayId, carrierGatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, vpcEndpointId, coreNetworkArn or instanceId")
	}
	g, ok := s.gateways.Get(key{c.Region, gateway})
	switch {
	case !ok:
		return fail("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", gateway)
	case g.VPC != t.VPC:
		return invalidValue("route table %s and network gateway %s belong to different networks", table, gateway)
	}
	v, _ := s.vpcs.Get(key{c.Region, t.VPC})
	if p, err := netip.ParsePrefix(v.CIDR); err == nil && p.Bits() <= to.Bits() && p.Contains(to.Addr()) {
		return invalidValue("The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.", to)
	}
	return nil
}

// createRoute may be asked for the same route twice.
func (s *Service) createRoute(c *emu.Call, in *CreateRouteInput) (*ReturnOutput, error) {
	t, to, i, err := s.routeTo(c, in.RouteTableId, in.DestinationCidrBlock)
	if err == nil {
		err = s.target(c, in.GatewayId, in.RouteTableId, &t, to)
	}
	switch {
	case err != nil:
		return nil, err
	case i >= 0 && t.Routes[i].Target == in.GatewayId:
		return done(), nil
	case i >= 0:
		return nil, fail("RouteAlreadyExists", "The route identified by %s already exists.", to)
	}
	t.Routes = append(slices.Clone(t.Routes), route{to.String(), in.GatewayId, "CreateRoute"})
	s.routes.Put(key{c.Region, in.RouteTableId}, t)
	return done(), nil
}

func (s *Service) replaceRoute(c *emu.Call, in *ReplaceRouteInput) (*emu.NoOutput, error) {
	t, to, i, err := s.routeTo(c, in.RouteTableId, in.DestinationCidrBlock)
	if err == nil {
		err = s.target(c, in.GatewayId, in.RouteTableId, &t, to)
	}
	switch {
	case err != nil:
		return nil, err
	case i < 0:
		return nil, invalidValue("There is no route defined for '%s' in the route table. Use CreateRoute instead.", to)
	}
	t.Routes = slices.Clone(t.Routes)
	t.Routes[i].Target = in.GatewayId
	s.routes.Put(key{c.Region, in.RouteTableId}, t)
	return &emu.NoOutput{}, nil
}

func (s *Service) deleteRoute(c *emu.Call, in *DeleteRouteInput) (*emu.NoOutput, error) {
	t, to, i, err := s.routeTo(c, in.RouteTableId, in.DestinationCidrBlock)
	switch {
	case err != nil:
		return nil, err
	case i < 0:
		return nil, fail("InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", to, in.RouteTableId)
	case t.Routes[i].Target == "local":
		return nil, invalidValue("cannot remove local route %s in route table %s", to, in.RouteTableId)
	}
	t.Routes = slices.Delete(slices.Clone(t.Routes), i, i+1)
	s.routes.Put(key{c.Region, in.RouteTableId}, t)
	return &emu.NoOutput{}, nil
}

// AssociateRouteTableInput lets a subnet follow a table.
type AssociateRouteTableInput struct {
	dry
	onRoutes
	SubnetId string
}

// AssociateRouteTableOutput names the association.
type AssociateRouteTableOutput struct {
	AssociationId    string
	AssociationState *RouteTableAssociationState
}

func (s *Service) associateRouteTable(c *emu.Call, in *AssociateRouteTableInput) (*AssociateRouteTableOutput, error) {
	t, ok := s.routes.Get(key{c.Region, in.RouteTableId})
	if !ok {
		return nil, kindRoutes.missing(in.RouteTableId)
	}
	if in.SubnetId == "" {
		return nil, missingParameter("subnetId")
	}
	sub, ok := s.subnets.Get(key{c.Region, in.SubnetId})
	switch {
	case !ok:
		return nil, kindSubnet.missing(in.SubnetId)
	case sub.VPC != t.VPC:
		return nil, invalidValue("route table %s and subnet %s belong to different networks", in.RouteTableId, in.SubnetId)
	}
	for _, other := range rows(s.routes, c.Region) {
		for _, a := range other.V.Subnets {
			if a.Subnet == in.SubnetId && other.ID != in.RouteTableId {
				return nil, fail("Resource.AlreadyAssociated", "the specified association for route table %s conflicts with an existing association", in.RouteTableId)
			}
			if a.Subnet == in.SubnetId {
				return &AssociateRouteTableOutput{a.ID, &RouteTableAssociationState{"associated"}}, nil
			}
		}
	}
	a := association{newID(c, "rtbassoc"), in.SubnetId}
	t.Subnets = append(slices.Clone(t.Subnets), a)
	s.routes.Put(key{c.Region, in.RouteTableId}, t)
	return &AssociateRouteTableOutput{a.ID, &RouteTableAssociationState{"associated"}}, nil
}

// DisassociateRouteTableInput names an association with a subnet.
type DisassociateRouteTableInput struct {
	dry
	AssociationId string `is:"required"`
}

// Resource implements [emu.Input].
func (*DisassociateRouteTableInput) Resource(c *emu.Call) string { return arn(c, "route-table", "") }

func (s *Service) disassociateRouteTable(c *emu.Call, in *DisassociateRouteTableInput) (*emu.NoOutput, error) {
	for _, r := range rows(s.routes, c.Region) {
		if r.V.Main == in.AssociationId {
			return nil, invalidValue("cannot disassociate the main route table association %s", in.AssociationId)
		}
		if i := slices.IndexFunc(r.V.Subnets, func(a association) bool { return a.ID == in.AssociationId }); i >= 0 {
			r.V.Subnets = slices.Delete(slices.Clone(r.V.Subnets), i, i+1)
			s.routes.Put(key{c.Region, r.ID}, r.V)
			return &emu.NoOutput{}, nil
		}
	}
	return nil, fail("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", in.AssociationId)
}

// DescribeRouteTablesInput chooses tables.
type DescribeRouteTablesInput struct {
	onAll
	dry
	Filters       []Filter `query:"Filter"`
	RouteTableIds []string `query:"RouteTableId"`
	paging
}

// DescribeRouteTablesOutput is a page of tables.
type DescribeRouteTablesOutput struct {
	RouteTables []RouteTable `query:"routeTableSet"`
	NextToken   string
}

func (s *Service) describeRouteTables(c *emu.Call, in *DescribeRouteTablesInput) (*DescribeRouteTablesOutput, error) {
	n := s.network(c)
	found, next, err := described(kindRoutes, in.RouteTableIds, in.Filters, in.paging, n.routes, routeValues(c.Account))
	return &DescribeRouteTablesOutput{shown(found, showRoutes(c.Account, n)), next}, err
}

func routeValues(account string) func(*row[routeTable], string) ([]string, bool) {
	return func(r *row[routeTable], name string) (values []string, known bool) {
		switch name {
		case "route-table-id", "association.route-table-id":
			return oneOf(r.ID)
		case "vpc-id":
			return oneOf(r.V.VPC)
		case "owner-id":
			return oneOf(account)
		case "association.main":
			return oneOf(yes(r.V.Main != ""))
		case "association.subnet-id":
			for _, a := range r.V.Subnets {
				values = append(values, a.Subnet)
			}
			return values, true
		case "association.route-table-association-id":
			for _, a := range r.V.Subnets {
				values = append(values, a.ID)
			}
			return append(values, r.V.Main), true
		case "route.destination-cidr-block":
			for _, x := range r.V.Routes {
				values = append(values, x.Destination)
			}
			return values, true
		case "route.gateway-id":
			for _, x := range r.V.Routes {
				values = append(values, x.Target)
			}
			return values, true
		}
		return tagged(name, r.V.Tags)
	}
}
