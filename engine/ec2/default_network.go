package ec2

import (
	"fmt"

	"haneul/engine/emu"
)

// network is all of a region's VPCs and what is in them, in order of id.
type network struct {
	vpcs     []row[vpc]
	subnets  []row[subnet]
	gateways []row[internetGateway]
	routes   []row[routeTable]
	groups   []row[group]
}

// network is the region as it is. A region in which nothing was ever written has no rows and yet a default network.
func (s *Service) network(c *emu.Call) network {
	if _, settled := s.regions.Get(key{Region: c.Region}); !settled {
		return defaultNetwork(c.Account, c.Region)
	}
	return network{rows(s.vpcs, c.Region), rows(s.subnets, c.Region), rows(s.gateways, c.Region), rows(s.routes, c.Region), rows(s.groups, c.Region)}
}

// settle makes rows of a region's default network before anything else is written there.
func (s *Service) settle(account, name string) {
	if _, settled := s.regions.Get(key{Region: name}); settled {
		return
	}
	s.regions.Put(key{Region: name}, region{})
	s.add(name, defaultNetwork(account, name))
}

func (s *Service) add(region string, n network) {
	put(s.vpcs, region, n.vpcs)
	put(s.subnets, region, n.subnets)
	put(s.gateways, region, n.gateways)
	put(s.routes, region, n.routes)
	put(s.groups, region, n.groups)
}

func put[V any](t *emu.Table[key, V], region string, all []row[V]) {
	for _, r := range all {
		t.Put(key{region, r.ID}, r.V)
	}
}

const defaultCIDR = "172.31.0.0/16"

// DefaultVPC is the id and the range of the default VPC that an account finds in a region.
func DefaultVPC(account, region string) (id, cidr string) {
	v := defaultNetwork(account, region).vpcs[0]
	return v.ID, v.V.CIDR
}

// defaultNetwork is what every account finds in every region: a VPC with a subnet in each zone whose instances get public
// addresses, an internet gateway, a route to it, and a security group that lets its members talk.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
func defaultNetwork(account, region string) network {
	id := func(prefix string, of ...string) string {
		return fixedID(prefix, append([]string{account, region}, of...)...)
	}
	return newNetwork(region, id)
}

// newNetwork makes a default VPC whose ids are drawn by id.
func newNetwork(region string, id func(prefix string, of ...string) string) network {
	v, igw := id("vpc"), id("igw")
	n := network{
		vpcs:     []row[vpc]{{v, vpc{CIDR: defaultCIDR, Default: true, Tenancy: "default", PublicHosts: true}}},
		gateways: []row[internetGateway]{{igw, internetGateway{VPC: v}}},
		routes: []row[routeTable]{{id("rtb"), routeTable{VPC: v, Main: id("rtbassoc"), Routes: []route{
			{defaultCIDR, "local", "CreateRouteTable"}, {"0.0.0.0/0", igw, "CreateRoute"}}}}},
		groups: []row[group]{{id("sg"), defaultGroup(v, id)}},
	}
	for i, z := range zonesOf(region) {
		n.subnets = append(n.subnets, row[subnet]{id("subnet", z.name), subnet{
			VPC: v, CIDR: fmt.Sprintf("172.31.%d.0/20", 16*i), Zone: z.name, DefaultForZone: true, PublicIP: true}})
	}
	return n
}

// defaultGroup is the security group that every VPC has: its members may talk to each other and to everybody.
func defaultGroup(vpc string, id func(prefix string, of ...string) string) group {
	own := id("sg")
	return group{VPC: vpc, Name: "default", Description: "default VPC security group", Rules: []rule{
		{ID: id("sgr", "in"), Protocol: "-1", From: -1, To: -1, Group: own},
		{ID: id("sgr", "out"), Egress: true, Protocol: "-1", From: -1, To: -1, CIDR: "0.0.0.0/0"},
	}}
}

// drawn remembers drawn ids, so that newNetwork and defaultGroup may ask for the same one twice.
func drawn(c *emu.Call) func(prefix string, of ...string) string {
	ids := map[string]string{}
	return func(prefix string, of ...string) string {
		name := fmt.Sprint(prefix, of)
		if ids[name] == "" {
			ids[name] = newID(c, prefix)
		}
		return ids[name]
	}
}

// defaultVPC is the region's default VPC, "" if it was deleted.
func (n *network) defaultVPC() string {
	for _, v := range n.vpcs {
		if v.V.Default {
			return v.ID
		}
	}
	return ""
}
