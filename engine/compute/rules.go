package compute

import "net/netip"

// Rules is what an ENI lets through: the union of its security groups. Whatever is not allowed is dropped, not refused.
// Answers to allowed traffic always pass.
type Rules struct {
	Ingress []Rule `json:"ingress,omitempty"`
	Egress  []Rule `json:"egress,omitempty"`
}

// Rule allows one kind of traffic from (or to) some addresses.
type Rule struct {
	// Protocol is tcp, udp, icmp, a protocol number, or -1 for all.
	Protocol string `json:"protocol"`
	// From and To are ports; for icmp a type and a code, where -1 is any.
	From int `json:"from"`
	To   int `json:"to"`
	// Peers are the addresses. A rule that names a group lists the addresses of the group's members.
	Peers []netip.Prefix `json:"peers"`
}

// Anywhere is every IPv4 address.
var Anywhere = netip.PrefixFrom(netip.IPv4Unspecified(), 0)

// AllOut is the egress of a new security group.
func AllOut() []Rule { return []Rule{{Protocol: "-1", Peers: []netip.Prefix{Anywhere}}} }
