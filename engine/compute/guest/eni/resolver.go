//go:build linux

package eni

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"haneul/engine/compute"
)

// resolver is the VPC's DNS: private names of addresses (ip-172-31-5-10), the names it was given, and nothing else: there
// is no internet here.
type resolver struct {
	mu    sync.RWMutex
	hosts map[string]netip.Addr
}

func (r *resolver) set(d compute.Metadata) {
	hosts := map[string]netip.Addr{}
	add := func(name, ip string) {
		if a, err := netip.ParseAddr(ip); err == nil && name != "" {
			hosts[strings.ToLower(strings.TrimSuffix(name, "."))] = a
		}
	}
	add(d.PrivateDNS, d.PrivateIP)
	add(d.PublicDNS, d.PrivateIP) // inside the VPC, a public name gives the private address
	add("instance-data.ec2.internal", compute.MetadataAddress)
	for name, ip := range d.Hosts {
		add(name, ip)
	}
	r.mu.Lock()
	r.hosts = hosts
	r.mu.Unlock()
}

// listen answers over UDP and, on the same port, over TCP.
func (r *resolver) listen() (uint16, error) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := tcp.Addr().(*net.TCPAddr).AddrPort().Port()
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(port)})
	if err != nil {
		tcp.Close()
		return 0, err
	}
	go r.serveUDP(udp)
	go func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			go r.serveTCP(c)
		}
	}()
	return port, nil
}

func (r *resolver) serveUDP(c *net.UDPConn) {
	b := make([]byte, 1500)
	for {
		n, from, err := c.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if answer := r.answer(b[:n]); answer != nil {
			_, _ = c.WriteToUDPAddrPort(answer, from)
		}
	}
}

func (r *resolver) serveTCP(c net.Conn) {
	defer c.Close()
	for {
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		var size uint16
		if binary.Read(c, binary.BigEndian, &size) != nil {
			return
		}
		q := make([]byte, size)
		if _, err := io.ReadFull(c, q); err != nil {
			return
		}
		answer := r.answer(q)
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func (r *resolver) answer(query []byte) []byte {
	var p dnsmessage.Parser
	h, err := p.Start(query)
	if err != nil || h.Response {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	ip, known := r.lookup(strings.ToLower(strings.TrimSuffix(q.Name.String(), ".")))
	reply := dnsmessage.Header{
		ID: h.ID, Response: true, Authoritative: true,
		RecursionDesired: h.RecursionDesired, RecursionAvailable: true,
	}
	if !known {
		reply.RCode = dnsmessage.RCodeNameError
	}
	b := dnsmessage.NewBuilder(nil, reply)
	b.EnableCompression()
	if b.StartQuestions() != nil || b.Question(q) != nil {
		return nil
	}
	if known && (q.Type == dnsmessage.TypeA || q.Type == dnsmessage.TypeALL) {
		_ = b.StartAnswers()
		_ = b.AResource(dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 5}, dnsmessage.AResource{A: ip.As4()})
	}
	out, err := b.Finish()
	if err != nil {
		return nil
	}
	return out
}

func (r *resolver) lookup(name string) (netip.Addr, bool) {
	r.mu.RLock()
	ip, ok := r.hosts[name]
	r.mu.RUnlock()
	if ok {
		return ip, true
	}
	label, _, _ := strings.Cut(name, ".")
	if rest, ok := strings.CutPrefix(label, "ip-"); ok {
		if ip, err := netip.ParseAddr(strings.ReplaceAll(rest, "-", ".")); err == nil && ip.Is4() {
			return ip, true
		}
	}
	return netip.Addr{}, false
}
