package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// vpc is a bridge of Docker's. Docker gives it a range of its own, on which nothing ever speaks: the ENIs set the VPC's
// addresses themselves, so that two clouds may have the same ones.
type vpc struct {
	compute.VPC
	network string

	mu      sync.Mutex
	gateway *eni
	pool    pool
}

// CreateVPC makes the network and its gateway, and begins to warm ENIs.
func (r *Runtime) CreateVPC(ctx context.Context, v compute.VPC) error {
	if !v.CIDR.IsValid() || !v.CIDR.Addr().Is4() {
		return fmt.Errorf("VPC %s: %v is no IPv4 network", v.ID, v.CIDR)
	}
	x, err := r.vpc(ctx, v.Cloud, v.ID)
	if errors.Is(err, compute.ErrNotFound) {
		x, err = r.onlyVPC(ctx, v)
	}
	if err != nil {
		return err
	}
	if _, err := r.gatewayOf(ctx, x); err != nil {
		return err
	}
	r.refill(x)
	return nil
}

// onlyVPC makes a VPC's network unless another launch is faster: Docker takes several of one name.
func (r *Runtime) onlyVPC(ctx context.Context, v compute.VPC) (*vpc, error) {
	r.making.Lock()
	defer r.making.Unlock()
	x, err := r.vpc(ctx, v.Cloud, v.ID)
	if errors.Is(err, compute.ErrNotFound) {
		x, err = r.makeVPC(ctx, v)
	}
	return x, err
}

// vpc finds a VPC, in Docker if this process does not know it yet.
func (r *Runtime) vpc(ctx context.Context, cloud, id string) (*vpc, error) {
	r.mu.Lock()
	x := r.vpcs[key{cloud, id}]
	r.mu.Unlock()
	if x != nil {
		return x, nil
	}
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	found, err := d.NetworkList(ctx, network.ListOptions{Filters: r.labelled(labelCloud, cloud, labelKind, kindVPC, labelID, id)})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("VPC %s: %w", id, compute.ErrNotFound)
	}
	cidr, err := netip.ParsePrefix(found[0].Labels[labelCIDR])
	if err != nil {
		return nil, fmt.Errorf("VPC %s: %w", id, err)
	}
	x, first := r.know(&vpc{VPC: compute.VPC{Cloud: cloud, ID: id, CIDR: cidr}, network: found[0].ID})
	if first {
		r.dropStrays(ctx, x)
	}
	return x, nil
}

// know remembers a VPC, or returns the one that was faster.
func (r *Runtime) know(x *vpc) (known *vpc, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := key{x.Cloud, x.ID}
	if r.vpcs[k] != nil {
		return r.vpcs[k], false
	}
	r.vpcs[k] = x
	return x, true
}

func (r *Runtime) makeVPC(ctx context.Context, v compute.VPC) (*vpc, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	used, err := transportRanges(ctx, d)
	if err != nil {
		return nil, err
	}
	for range 20 { // another process may take the same range at the same time
		free, ok := freeRange(append(used, v.CIDR))
		if !ok {
			return nil, errors.New("every transport network is in use: remove clouds you do not need")
		}
		answer, err := d.NetworkCreate(ctx, r.name(v.Cloud, v.ID), network.CreateOptions{
			Driver: "bridge",
			Labels: r.labels(v.Cloud, kindVPC, v.ID, labelCIDR, v.CIDR.String()),
			IPAM:   &network.IPAM{Config: []network.IPAMConfig{{Subnet: free.String()}}},
			Options: map[string]string{
				// The host has no address on this bridge and lets nothing out: instances cannot reach it.
				"com.docker.network.bridge.inhibit_ipv4":         "true",
				"com.docker.network.bridge.enable_ip_masquerade": "false",
			},
		})
		switch {
		case err == nil:
			x, _ := r.know(&vpc{VPC: v, network: answer.ID})
			return x, nil
		case strings.Contains(err.Error(), "overlaps"), strings.Contains(err.Error(), "conflicts"):
			used = append(used, free)
		default:
			return nil, fmt.Errorf("VPC %s: %w", v.ID, err)
		}
	}
	return nil, fmt.Errorf("VPC %s: no transport network is free", v.ID)
}

// gatewayOf is the VPC's gateway, made or found or started again as needed.
func (r *Runtime) gatewayOf(ctx context.Context, x *vpc) (*eni, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.gateway == nil {
		g, err := r.findGateway(ctx, x)
		if err != nil {
			return nil, err
		}
		x.gateway = g
	}
	if x.gateway.connected() {
		return x.gateway, nil
	}
	if err := x.gateway.ensure(ctx); err != nil {
		if errdefs.IsNotFound(err) { // removed by somebody: the next call makes another
			x.gateway = nil
		}
		return nil, fmt.Errorf("gateway of %s: %w", x.ID, err)
	}
	return x.gateway, nil
}

func (r *Runtime) findGateway(ctx context.Context, x *vpc) (*eni, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	found, err := d.ContainerList(ctx, container.ListOptions{
		All: true, Filters: r.labelled(labelCloud, x.Cloud, labelKind, kindGateway, labelVPC, x.ID),
	})
	if err != nil {
		return nil, err
	}
	var g *eni
	if len(found) > 0 {
		g = r.newENI(x, found[0].ID)
	} else if g, err = r.makeENI(ctx, x, kindGateway); err != nil {
		return nil, err
	}
	g.remember(func(want *tunnel.Request) {
		want.Configure = &tunnel.Configure{Subnet: x.CIDR, IP: x.Router(), VPC: x.CIDR, Hostname: "gateway"}
		ping := compute.Rule{Protocol: "icmp", From: -1, To: -1, Peers: []netip.Prefix{compute.Anywhere}}
		want.Rules = &compute.Rules{Ingress: []compute.Rule{ping}, Egress: compute.AllOut()}
	})
	return g, g.push(ctx)
}

// dropStrays removes ENIs no instance uses, and the machines that stand by at them: they were warm, or about to be used,
// when an engine died. A machine whose name says nothing stays with its disk: a person has renamed an instance, or another
// build named it.
func (r *Runtime) dropStrays(ctx context.Context, x *vpc) {
	d, err := r.docker(ctx)
	if err != nil {
		return
	}
	enis, err := d.ContainerList(ctx, container.ListOptions{
		All: true, Filters: r.labelled(labelCloud, x.Cloud, labelKind, kindENI, labelVPC, x.ID),
	})
	if err != nil {
		return
	}
	machines, err := d.ContainerList(ctx, container.ListOptions{
		All: true, Filters: r.labelled(labelCloud, x.Cloud, labelKind, kindInstance, labelVPC, x.ID),
	})
	if err != nil {
		return
	}
	kept := map[string]bool{} // ENIs
	r.mu.Lock()
	for id := range r.enis {
		kept[id] = true
	}
	r.mu.Unlock()
	for _, m := range machines {
		e := networkOf(m)
		_, _, ok := r.which(m)
		switch {
		case ok || kept[e]:
			kept[e] = true
		case r.standsBy(m):
			_ = r.remove(ctx, d, m.ID)
		default:
			kept[e] = true
			r.o.Log("the container %s %v is no instance that is known, and stays", m.ID, m.Names)
		}
	}
	for _, e := range enis {
		if !kept[e.ID] {
			_ = r.remove(ctx, d, e.ID)
		}
	}
}

// networkOf is the ENI that an instance's container has joined.
func networkOf(c container.Summary) string {
	return strings.TrimPrefix(c.HostConfig.NetworkMode, "container:")
}

// DeleteVPC removes the VPC's network and gateway; it fails while instances are in it.
func (r *Runtime) DeleteVPC(ctx context.Context, cloud, id string) error {
	x, err := r.vpc(ctx, cloud, id)
	if errors.Is(err, compute.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	machines, err := d.ContainerList(ctx, container.ListOptions{
		All: true, Filters: r.labelled(labelCloud, cloud, labelKind, kindInstance, labelVPC, id),
	})
	if err != nil {
		return err
	}
	inside := 0
	for _, m := range machines {
		if _, _, ok := r.which(m); ok {
			inside++
		}
	}
	if inside > 0 {
		return fmt.Errorf("VPC %s: %w by %d instances", id, compute.ErrInUse, inside)
	}
	x.pool.close()
	if err := r.removeAll(ctx, d, r.labelled(labelCloud, cloud, labelVPC, id)); err != nil {
		return err
	}
	if err := d.NetworkRemove(ctx, x.network); err != nil && !errdefs.IsNotFound(err) {
		return err
	}
	r.forget(func(v *vpc) bool { return v == x })
	return nil
}

// forget drops what this process knows of some VPCs.
func (r *Runtime) forget(gone func(*vpc) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, e := range r.enis {
		if gone(e.vpc) {
			e.hangUp()
			delete(r.enis, id)
		}
	}
	for k, v := range r.vpcs {
		if gone(v) {
			delete(r.vpcs, k)
		}
	}
}

// DialFrom connects to an address of the VPC from src, past the firewalls.
func (r *Runtime) DialFrom(ctx context.Context, cloud, id string, src, dst netip.AddrPort) (net.Conn, error) {
	x, err := r.vpc(ctx, cloud, id)
	if err != nil {
		return nil, err
	}
	from := r.eniAt(x, src.Addr())
	if from == nil {
		if from, err = r.gatewayOf(ctx, x); err != nil {
			return nil, err
		}
	}
	return from.dial(ctx, src, dst)
}

func (r *Runtime) eniAt(x *vpc, ip netip.Addr) *eni {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.enis {
		if e.vpc == x && ip.IsValid() && e.IP() == ip && !e.released() {
			return e
		}
	}
	return nil
}
