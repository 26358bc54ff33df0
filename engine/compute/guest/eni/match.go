//go:build linux

package eni

import (
	"encoding/binary"
	"net/netip"

	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// match is the condition of a rule; an empty one is always true.
type match []expr.Any

func (m match) then(what ...expr.Any) []expr.Any {
	return append(append(match{}, m...), what...)
}

var (
	accept expr.Any = &expr.Verdict{Kind: expr.VerdictAccept}
	drop   expr.Any = &expr.Verdict{Kind: expr.VerdictDrop}
)

// Where the two addresses are in an IPv4 header.
const (
	peerSource      uint32 = 12
	peerDestination uint32 = 16
)

// Directions, as the key that names the interface.
const (
	inbound  = expr.MetaKeyIIFNAME
	outbound = expr.MetaKeyOIFNAME
)

func on(direction expr.MetaKey, device string) match {
	name := make([]byte, unix.IFNAMSIZ)
	copy(name, device)
	return match{&expr.Meta{Key: direction, Register: 1}, equal(name)}
}

func equal(b []byte) expr.Any { return &expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: b} }

// established is also true of what belongs to a connection, like an ICMP error.
func established() match {
	states := expr.CtStateBitESTABLISHED | expr.CtStateBitRELATED
	return match{
		&expr.Ct{Register: 1, Key: expr.CtKeySTATE},
		&expr.Bitwise{
			SourceRegister: 1, DestRegister: 1, Len: 4,
			Mask: binaryutil.NativeEndian.PutUint32(states), Xor: make([]byte, 4),
		},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
	}
}

func address(side uint32, p netip.Prefix) match {
	if p.Bits() == 0 {
		return nil
	}
	ip := p.Masked().Addr().As4()
	return match{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: side, Len: 4},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask(p), Xor: make([]byte, 4)},
		equal(ip[:]),
	}
}

func protocol(n byte) match {
	return match{&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1}, equal([]byte{n})}
}

func ports(from, to uint16) match {
	port := &expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2}
	switch {
	case from == 0 && to == 65535:
		return nil
	case from == to:
		return match{port, equal(binary.BigEndian.AppendUint16(nil, from))}
	}
	return match{port, &expr.Range{
		Op: expr.CmpOpEq, Register: 1,
		FromData: binary.BigEndian.AppendUint16(nil, from), ToData: binary.BigEndian.AppendUint16(nil, to),
	}}
}

// icmp matches a type and a code; -1 is any.
func icmp(kind, code int) (m match) {
	for offset, value := range []int{kind, code} {
		if value < 0 {
			return m
		}
		m = append(m,
			&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: uint32(offset), Len: 1},
			equal([]byte{byte(value)}))
	}
	return m
}

func redirectTo(port uint16) []expr.Any {
	return []expr.Any{
		&expr.Immediate{Register: 1, Data: binary.BigEndian.AppendUint16(nil, port)},
		&expr.Redir{RegisterProtoMin: 1},
	}
}
