package docker

import (
	"context"
	"net/netip"

	"github.com/docker/docker/api/types/network"
)

// transport is where ranges for bridges are taken from: carriers' addresses (RFC 6598), which hardly any VPC has. The host has no
// route to them, so they disturb nobody who uses the same.
var transport = netip.MustParsePrefix("100.127.0.0/16")

// rangeBits is the size of a bridge's range: room for 250 ENIs.
const rangeBits = 24

func transportRanges(ctx context.Context, d *engine) (used []netip.Prefix, err error) {
	all, err := d.NetworkList(ctx, network.ListOptions{})
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		for _, c := range n.IPAM.Config {
			if p, err := netip.ParsePrefix(c.Subnet); err == nil {
				used = append(used, p)
			}
		}
	}
	return used, nil
}

func freeRange(used []netip.Prefix) (netip.Prefix, bool) {
next:
	for at := transport.Addr(); transport.Contains(at); at = advance(at, 1<<(32-rangeBits)) {
		p := netip.PrefixFrom(at, rangeBits)
		for _, u := range used {
			if u.Overlaps(p) {
				continue next
			}
		}
		return p, true
	}
	return netip.Prefix{}, false
}

func advance(a netip.Addr, n uint32) netip.Addr {
	b := a.As4()
	v := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	v += n
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}
