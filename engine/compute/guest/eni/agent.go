//go:build linux

package eni

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// agent holds one network namespace.
type agent struct {
	gateway bool
	link    *link
	imds    *imds
	names   *resolver
	power   *power
	up      atomic.Pointer[tunnel.Server] // the tunnel that came last

	mu     sync.Mutex // one request at a time changes something
	closed bool       // nothing is allowed
}

// newAgent closes the namespace before it does anything else.
func newAgent(gateway bool) (*agent, error) {
	if err := applyRules(compute.Rules{}); err != nil {
		return nil, fmt.Errorf("nftables: %w", err)
	}
	l, err := findLink()
	if err != nil {
		return nil, err
	}
	a := &agent{gateway: gateway, link: l, imds: newIMDS(), names: &resolver{}, power: newPower(), closed: true}
	transport, err := l.clear()
	if err != nil {
		return nil, err
	}
	if gateway {
		return a, guard(transport, nil)
	}
	r, err := a.listen()
	if err != nil {
		return nil, err
	}
	return a, guard(transport, r)
}

// listen starts what the instance reaches at link-local addresses.
func (a *agent) listen() ([]redirect, error) {
	metadata, err := a.imds.listen()
	if err != nil {
		return nil, err
	}
	cloud, err := listenLocal(a.toCloud)
	if err != nil {
		return nil, err
	}
	dns, err := a.names.listen()
	if err != nil {
		return nil, err
	}
	if err := a.power.listen(); err != nil {
		return nil, err
	}
	return []redirect{
		{netip.MustParseAddr(compute.MetadataAddress), syscall.IPPROTO_TCP, 80, metadata},
		{netip.MustParseAddr(compute.CloudAddress), syscall.IPPROTO_TCP, 80, cloud},
		{netip.MustParseAddr(compute.ResolverAddress), syscall.IPPROTO_UDP, 53, dns},
		{netip.MustParseAddr(compute.ResolverAddress), syscall.IPPROTO_TCP, 53, dns},
	}, nil
}

// listenLocal accepts connections at a free port of the loopback interface.
func listenLocal(handle func(net.Conn)) (port uint16, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go handle(c)
		}
	}()
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), nil
}

func (a *agent) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s, err := tunnel.NewServer(c)
		if err != nil {
			c.Close()
			continue
		}
		a.up.Store(s)
		go s.Serve(a.handle)
	}
}

// toCloud carries a connection of the instance to the cloud. Without a tunnel (the engine is off) it ends at once.
func (a *agent) toCloud(c net.Conn) {
	s := a.up.Load()
	if s == nil {
		c.Close()
		return
	}
	far, err := s.Open()
	if err != nil {
		c.Close()
		return
	}
	tunnel.Join(c, far)
}

func (a *agent) handle(q tunnel.Request) (tunnel.Reply, net.Conn) {
	r, err := a.change(q)
	if err == nil && q.Standby {
		err = a.power.standby()
	}
	if err == nil && q.PowerOn {
		r.Booted = a.power.switchOn()
	}
	if err == nil && q.Dial != nil {
		var c net.Conn
		if c, err = a.dial(*q.Dial); err == nil {
			return r, c
		}
		var timeout net.Error
		r.Refused = errors.Is(err, syscall.ECONNREFUSED)
		r.Timeout = errors.As(err, &timeout) && timeout.Timeout()
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r, nil
}

func (a *agent) change(q tunnel.Request) (r tunnel.Reply, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if q.Configure != nil {
		if err := a.configure(*q.Configure); err != nil {
			return r, err
		}
	}
	if q.Metadata != nil {
		m := *q.Metadata
		if m.MAC == "" {
			m.MAC = a.link.mac
		}
		a.imds.set(m)
		a.names.set(m)
	}
	if q.Rules != nil {
		a.closed = false
		if err := applyRules(*q.Rules); err != nil {
			return r, err
		}
	}
	r.MAC, r.IP = a.link.mac, a.link.ip
	var disk syscall.Statfs_t
	if err := syscall.Statfs("/", &disk); err == nil {
		r.Free = int64(disk.Bavail) * int64(disk.Bsize)
	}
	return r, nil
}

// configure moves the interface to an address, with everything denied until rules come.
func (a *agent) configure(c tunnel.Configure) error {
	if c.IP == a.link.ip && c.IP.IsValid() { // told again, after the engine was restarted
		return nil
	}
	if !a.closed {
		if err := applyRules(compute.Rules{}); err != nil {
			return err
		}
		a.closed = true
	}
	if !c.IP.IsValid() {
		a.imds.set(compute.Metadata{Disabled: true})
		a.names.set(compute.Metadata{})
		_, err := a.link.clear()
		return err
	}
	if a.gateway {
		c.Router = netip.Addr{}
	}
	if err := a.link.set(c); err != nil {
		return err
	}
	return writeNames(c)
}

// dial connects from the interface's address, a gateway from any.
func (a *agent) dial(d tunnel.Dial) (net.Conn, error) {
	if d.Timeout <= 0 {
		d.Timeout = 10 * time.Second
	}
	dialer := net.Dialer{Timeout: d.Timeout}
	if d.Source.Addr().IsValid() {
		a.mu.Lock()
		ours, err := a.link.own(d.Source.Addr(), a.gateway)
		a.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if !ours {
			return nil, fmt.Errorf("%s is not the address of this interface", d.Source.Addr())
		}
		dialer.LocalAddr = net.TCPAddrFromAddrPort(d.Source)
	}
	return dialer.Dial("tcp", d.Address.String())
}
