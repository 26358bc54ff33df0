//go:build linux

package eni

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"github.com/google/nftables"
	"golang.org/x/sys/unix"

	"haneul/engine/compute"
)

// applyRules replaces the security groups in one batch: there is no moment with half of them. What no rule accepts is
// dropped; connection tracking lets answers pass, and established connections survive a change, as on AWS.
func applyRules(r compute.Rules) error {
	ingress, err := expand(r.Ingress, peerSource)
	if err != nil {
		return err
	}
	egress, err := expand(r.Egress, peerDestination)
	if err != nil {
		return err
	}
	c, err := nftables.New()
	if err != nil {
		return err
	}
	t := freshTable(c, nftables.TableFamilyIPv4, "security-groups")
	drop := nftables.ChainPolicyDrop
	in := c.AddChain(&nftables.Chain{
		Name: "ingress", Table: t, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookInput, Priority: nftables.ChainPriorityFilter, Policy: &drop,
	})
	out := c.AddChain(&nftables.Chain{
		Name: "egress", Table: t, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookOutput, Priority: nftables.ChainPriorityFilter, Policy: &drop,
	})
	for _, m := range append([]match{on(inbound, "lo"), established()}, ingress...) {
		c.AddRule(&nftables.Rule{Table: t, Chain: in, Exprs: m.then(accept)})
	}
	// What guard redirects to the loopback interface is still on its way out of another here, with its new address.
	local := address(peerDestination, netip.MustParsePrefix("127.0.0.0/8"))
	for _, m := range append([]match{on(outbound, "lo"), local, established()}, egress...) {
		c.AddRule(&nftables.Rule{Table: t, Chain: out, Exprs: m.then(accept)})
	}
	return c.Flush()
}

// freshTable empties a table within the batch, whether it was there or not.
func freshTable(c *nftables.Conn, family nftables.TableFamily, name string) *nftables.Table {
	t := c.AddTable(&nftables.Table{Family: family, Name: name})
	c.DelTable(t)
	return c.AddTable(&nftables.Table{Family: family, Name: name})
}

// expand turns rules into matches, one for every peer.
func expand(rules []compute.Rule, side uint32) (out []match, err error) {
	for _, r := range rules {
		kind, err := kindOf(r)
		if err != nil {
			return nil, err
		}
		for _, peer := range r.Peers {
			if !peer.Addr().Is4() {
				continue // there is no IPv6 in these networks
			}
			out = append(out, append(address(side, peer), kind...))
		}
	}
	return out, nil
}

// kindOf matches protocol and ports.
func kindOf(r compute.Rule) (match, error) {
	numbers := map[string]byte{"tcp": unix.IPPROTO_TCP, "udp": unix.IPPROTO_UDP, "icmp": unix.IPPROTO_ICMP}
	n, known := numbers[r.Protocol]
	switch {
	case r.Protocol == "-1":
		return nil, nil
	case !known:
		p, err := strconv.ParseUint(r.Protocol, 10, 8)
		if err != nil {
			return nil, fmt.Errorf("%q is no protocol", r.Protocol)
		}
		n = byte(p)
	}
	m := protocol(n)
	switch n {
	case unix.IPPROTO_TCP, unix.IPPROTO_UDP:
		if r.From < 0 || r.To > 65535 || r.From > r.To {
			return nil, fmt.Errorf("ports %d–%d are no range", r.From, r.To)
		}
		return append(m, ports(uint16(r.From), uint16(r.To))...), nil
	case unix.IPPROTO_ICMP:
		return append(m, icmp(r.From, r.To)...), nil
	}
	return m, nil
}

// redirect leads traffic of the instance to a link-local address to a port on the loopback interface.
type redirect struct {
	address  netip.Addr
	protocol byte
	from, to uint16
}

// guard sets what no security group can open: link-local services, no IPv6, no way to Docker's own resolver or to the
// transport network on which Docker moves the frames.
func guard(transport []netip.Prefix, redirects []redirect) error {
	c, err := nftables.New()
	if err != nil {
		return err
	}
	t := freshTable(c, nftables.TableFamilyIPv4, "guard")
	nat := c.AddChain(&nftables.Chain{
		Name: "link-local", Table: t, Type: nftables.ChainTypeNAT,
		Hooknum: nftables.ChainHookOutput, Priority: nftables.ChainPriorityNATDest,
	})
	for _, r := range redirects {
		m := append(address(peerDestination, netip.PrefixFrom(r.address, 32)), protocol(r.protocol)...)
		m = append(m, ports(r.from, r.from)...)
		c.AddRule(&nftables.Rule{Table: t, Chain: nat, Exprs: m.then(redirectTo(r.to)...)})
	}
	out := c.AddChain(&nftables.Chain{
		Name: "closed", Table: t, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookOutput, Priority: nftables.ChainPriorityRef(*nftables.ChainPriorityFilter - 10),
	})
	for _, p := range append(transport, dockerResolver) {
		c.AddRule(&nftables.Rule{Table: t, Chain: out, Exprs: address(peerDestination, p).then(drop)})
	}
	closeIPv6(c)
	return c.Flush()
}

// dockerResolver would resolve names through the host, past every security group.
var dockerResolver = netip.MustParsePrefix("127.0.0.11/32")

func closeIPv6(c *nftables.Conn) {
	t := freshTable(c, nftables.TableFamilyIPv6, "guard")
	policy := nftables.ChainPolicyDrop
	for name, hook := range map[string]*nftables.ChainHook{"in": nftables.ChainHookInput, "out": nftables.ChainHookOutput} {
		side := inbound
		if name == "out" {
			side = outbound
		}
		chain := c.AddChain(&nftables.Chain{
			Name: name, Table: t, Type: nftables.ChainTypeFilter, Hooknum: hook,
			Priority: nftables.ChainPriorityFilter, Policy: &policy,
		})
		c.AddRule(&nftables.Rule{Table: t, Chain: chain, Exprs: on(side, "lo").then(accept)})
	}
}

func mask(p netip.Prefix) []byte { return net.CIDRMask(p.Bits(), 32) }
