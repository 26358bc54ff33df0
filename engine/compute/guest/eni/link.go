//go:build linux

package eni

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/vishvananda/netlink"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// link is the namespace's one interface to the world.
type link struct {
	dev netlink.Link
	mac string
	ip  netip.Addr
	// extra are the addresses a gateway has spoken with.
	extra map[netip.Addr]bool
}

func findLink() (*link, error) {
	all, err := netlink.LinkList()
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if a := d.Attrs(); a.Flags&net.FlagLoopback == 0 && a.EncapType == "ether" {
			return &link{dev: d, mac: a.HardwareAddr.String(), extra: map[netip.Addr]bool{}}, nil
		}
	}
	return nil, errors.New("there is no network interface")
}

// clear takes every address away and returns the networks they were in: the first time, Docker's transport range.
func (l *link) clear() (was []netip.Prefix, err error) {
	addrs, err := netlink.AddrList(l.dev, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		ip, _ := netip.AddrFromSlice(a.IP.To4())
		bits, _ := a.Mask.Size()
		was = append(was, netip.PrefixFrom(ip, bits).Masked())
		if err := netlink.AddrDel(l.dev, &a); err != nil {
			return nil, err
		}
	}
	l.ip = netip.Addr{}
	return was, nil
}

// set moves the interface to an address. Its MAC follows from the address: whoever knew the last holder of the address
// need not learn anything, and changing it makes the kernel announce itself (arp_notify) to the bridge.
func (l *link) set(c tunnel.Configure) error {
	if _, err := l.clear(); err != nil {
		return err
	}
	if err := netlink.AddrAdd(l.dev, &netlink.Addr{IPNet: ipNet(netip.PrefixFrom(c.IP, c.Subnet.Bits()))}); err != nil {
		return fmt.Errorf("address %s: %w", c.IP, err)
	}
	ip := c.IP.As4()
	mac := net.HardwareAddr{0x06, 0x41, ip[0], ip[1], ip[2], ip[3]}
	if err := netlink.LinkSetHardwareAddr(l.dev, mac); err != nil {
		return fmt.Errorf("MAC: %w", err)
	}
	l.mac, l.ip = mac.String(), c.IP
	index := l.dev.Attrs().Index
	if c.VPC.IsValid() && c.VPC != c.Subnet {
		r := netlink.Route{LinkIndex: index, Dst: ipNet(c.VPC), Scope: netlink.SCOPE_LINK}
		if err := netlink.RouteReplace(&r); err != nil {
			return fmt.Errorf("route to %s: %w", c.VPC, err)
		}
	}
	if c.Router.IsValid() {
		if err := netlink.RouteReplace(&netlink.Route{LinkIndex: index, Gw: c.Router.AsSlice()}); err != nil {
			return fmt.Errorf("default route: %w", err)
		}
	}
	return nil
}

// own reports whether an address is the interface's; a gateway takes any.
func (l *link) own(ip netip.Addr, gateway bool) (bool, error) {
	if ip == l.ip || l.extra[ip] {
		return true, nil
	}
	if !gateway {
		return false, nil
	}
	lo, err := netlink.LinkByName("lo")
	if err != nil {
		return false, err
	}
	if err := netlink.AddrReplace(lo, &netlink.Addr{IPNet: ipNet(netip.PrefixFrom(ip, 32))}); err != nil {
		return false, fmt.Errorf("address %s: %w", ip, err)
	}
	l.extra[ip] = true
	return true, nil
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), 32)}
}

// writeNames fills the files that Docker shares with the instance.
func writeNames(c tunnel.Configure) error {
	var hosts strings.Builder
	hosts.WriteString("127.0.0.1 localhost\n")
	fmt.Fprintf(&hosts, "%s %s\n", c.IP, c.Hostname)
	for path, text := range map[string]string{
		"/etc/hostname":    c.Hostname + "\n",
		"/etc/hosts":       hosts.String(),
		"/etc/resolv.conf": "nameserver " + compute.ResolverAddress + "\noptions timeout:1 attempts:2\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
