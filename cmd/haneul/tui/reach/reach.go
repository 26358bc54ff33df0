// Package reach works out who may talk to an instance, and to whom it may talk, from what its security groups let through.
// It asks nobody: the rules are the cloud's own, as its firewall gets them.
package reach

import (
	"net/netip"
	"slices"

	"haneul/engine/admin"
)

// Kind says what stands at the other end.
type Kind int

const (
	Internet Kind = iota // anybody: 0.0.0.0/0
	You                  // the learner's own computer, admin.Anyone
	Peer                 // another instance of the same network
	Range                // addresses that a rule names and none of the above has
)

// Way is one row: somebody, and the ports they may use.
type Way struct {
	Kind    Kind
	Name    string // of an instance: its name or id
	Address string // "" for the internet
	Ports   Ports
}

// open is every IPv4 address.
const open = "0.0.0.0/0"

// In lists who may talk to an instance: the internet, the learner's computer, every other instance of its network, and the
// other addresses that its rules name. Ports are empty for those who may not. An instance without a public address cannot be
// reached from outside, whatever its rules say.
func In(to *admin.Sight, all []*admin.Sight) []Way {
	outside := func(a string) Ports {
		if to.PublicIP == "" {
			return nil
		}
		return ports(to.Rules, false, a)
	}
	ways := []Way{{Kind: Internet, Ports: outside(open)}, {Kind: You, Address: admin.Anyone, Ports: outside(admin.Anyone + "/32")}}
	known := []string{admin.Anyone, to.PrivateIP}
	for _, from := range Neighbours(to, all) {
		known = append(known, from.PrivateIP)
		ways = append(ways, Way{Peer, Name(from), from.PrivateIP, between(from, to)})
	}
	return append(ways, ranges(to, false, known)...)
}

// Out lists where an instance may call; nil if nothing keeps it from calling anywhere. Instances it may call as it may anybody
// are left out. The firewall lets answers through by itself: only calls count.
func Out(from *admin.Sight, all []*admin.Sight) []Way {
	anywhere := ports(from.Rules, true, open)
	if anywhere.All() {
		return nil
	}
	ways := []Way{{Kind: Internet, Ports: anywhere}}
	known := []string{from.PrivateIP}
	for _, to := range Neighbours(from, all) {
		known = append(known, to.PrivateIP)
		if p := ports(from.Rules, true, to.PrivateIP+"/32"); !slices.Equal(p, anywhere) {
			ways = append(ways, Way{Peer, Name(to), to.PrivateIP, p})
		}
	}
	return append(ways, ranges(from, true, known)...)
}

// Neighbours are the other instances of an instance's network, those that have ended left out.
func Neighbours(of *admin.Sight, all []*admin.Sight) (ns []*admin.Sight) {
	for _, s := range all {
		if s.ID != of.ID && s.VPC == of.VPC && s.PrivateIP != "" && !Ended(s) {
			ns = append(ns, s)
		}
	}
	return ns
}

// Ended reports whether an instance will never run again.
func Ended(s *admin.Sight) bool { return s.State == "terminated" || s.State == "shutting-down" }

// Name is what a person calls an instance.
func Name(s *admin.Sight) string {
	if s.Name != "" {
		return s.Name
	}
	return s.ID
}

// between is what one instance may use of another: what it may send and the other may receive.
func between(from, to *admin.Sight) Ports {
	return ports(from.Rules, true, to.PrivateIP+"/32").and(ports(to.Rules, false, from.PrivateIP+"/32"))
}

// ports are what rules let through to or from all addresses of a range.
func ports(rules []admin.Rule, egress bool, addresses string) (p Ports) {
	want, err := netip.ParsePrefix(addresses)
	if err != nil {
		return nil
	}
	for _, r := range rules {
		if r.Egress == egress && slices.ContainsFunc(r.Peers, func(s string) bool {
			peer, err := netip.ParsePrefix(s)
			return err == nil && peer.Bits() <= want.Bits() && peer.Contains(want.Addr())
		}) {
			p = append(p, Span{r.Protocol, r.From, r.To})
		}
	}
	return p.tidy()
}

// ranges are the addresses that rules name although nobody known has one.
func ranges(s *admin.Sight, egress bool, known []string) (ways []Way) {
	for _, r := range s.Rules {
		for _, p := range r.Peers {
			prefix, err := netip.ParsePrefix(p)
			here := func(a string) bool {
				ip, err := netip.ParseAddr(a)
				return err == nil && prefix.Contains(ip)
			}
			seen := func(w Way) bool { return w.Address == p }
			if err == nil && r.Egress == egress && p != open && !slices.ContainsFunc(known, here) && !slices.ContainsFunc(ways, seen) {
				ways = append(ways, Way{Kind: Range, Address: p, Ports: ports(s.Rules, egress, p)})
			}
		}
	}
	return ways
}
