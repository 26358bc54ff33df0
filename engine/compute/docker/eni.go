package docker

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// eni is a container that holds a network namespace: of an instance, a gateway, or nobody yet.
type eni struct {
	r   *Runtime
	vpc *vpc
	id  string

	opening sync.Mutex // one at a time opens the tunnel

	mu     sync.Mutex
	want   tunnel.Request // all that was asked, to be said again when the container was restarted
	mac    string
	tunnel *tunnel.Client
	gone   bool
}

// Limits of an ENI's container. It runs only our program.
const (
	eniMemory = 64 << 20
	eniPIDs   = 64
)

func (r *Runtime) newENI(x *vpc, id string) *eni {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.enis[id]; e != nil {
		return e
	}
	e := &eni{r: r, vpc: x, id: id}
	r.enis[id] = e
	return e
}

// makeENI creates and starts an ENI or a gateway; its tunnel is open and it denies everything.
func (r *Runtime) makeENI(ctx context.Context, x *vpc, kind string) (*eni, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return nil, err
	}
	image, err := r.EnsureImage(ctx)
	if err != nil {
		return nil, err
	}
	config, host := eniShape(image, kind, r.labels(x.Cloud, kind, "", labelVPC, x.ID))
	host.NetworkMode = container.NetworkMode(x.network)
	// Docker would finish what it has begun, and nobody would know of it.
	made, err := d.ContainerCreate(context.WithoutCancel(ctx), config, host, nil, nil, "")
	if err != nil {
		return nil, fmt.Errorf("creating an ENI: %w", err)
	}
	e := r.newENI(x, made.ID)
	if err = r.start(ctx, d, made.ID); err == nil {
		err = e.push(ctx)
	}
	if err != nil {
		_ = e.Release(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("starting an ENI: %w", err)
	}
	return e, nil
}

// eniShape is what Docker is told about an ENI or a gateway.
func eniShape(image, kind string, labels map[string]string) (*container.Config, *container.HostConfig) {
	sysctls := map[string]string{
		"net.ipv4.ip_unprivileged_port_start": "0", // the instance's root has no capability to open port 80
		"net.ipv4.conf.all.arp_notify":        "1", // a new address makes itself known
	}
	if kind == kindGateway {
		// A router without any route further: whoever wants the internet is told at once that there is none.
		sysctls["net.ipv4.ip_forward"], sysctls["net.ipv4.icmp_ratelimit"] = "1", "0"
	}
	pids := int64(eniPIDs)
	return &container.Config{Image: image, Cmd: []string{kind}, Hostname: "ip", StopSignal: "SIGTERM", Labels: labels},
		&container.HostConfig{
			LogConfig: container.LogConfig{Type: "none"},
			CapDrop:   []string{"ALL"}, CapAdd: []string{"NET_ADMIN"},
			SecurityOpt: []string{"no-new-privileges"},
			Tmpfs:       map[string]string{"/run": "size=1m"},
			Sysctls:     sysctls,
			Resources:   container.Resources{Memory: eniMemory, MemorySwap: eniMemory, PidsLimit: &pids},
		}
}

// AcquireENI takes a warm ENI, or makes one, and gives it an address.
func (r *Runtime) AcquireENI(ctx context.Context, cloud, id string, a compute.Address) (compute.ENI, error) {
	x, err := r.vpc(ctx, cloud, id)
	if err != nil {
		return nil, err
	}
	if e := r.eniAt(x, a.IP); e != nil {
		return e, nil // asked again after an interruption
	}
	e, err := r.takeENI(ctx, x)
	if err != nil {
		return nil, err
	}
	if a.Hostname == "" {
		a.Hostname = "ip-" + strings.ReplaceAll(a.IP.String(), ".", "-")
	}
	e.configure(&tunnel.Configure{Subnet: a.Subnet, IP: a.IP, VPC: x.CIDR, Router: x.Router(), Hostname: a.Hostname})
	if err := e.push(ctx); err != nil {
		_ = e.Release(context.WithoutCancel(ctx))
		return nil, err
	}
	return e, nil
}

func (e *eni) ID() string { return e.id }

func (e *eni) MAC() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.mac
}

func (e *eni) IP() netip.Addr {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.want.Configure == nil {
		return netip.Addr{}
	}
	return e.want.Configure.IP
}

func (e *eni) released() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gone
}

// remember changes what the ENI is to be, without telling it.
func (e *eni) remember(change func(want *tunnel.Request)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.want)
}

func (e *eni) configure(c *tunnel.Configure) {
	e.remember(func(want *tunnel.Request) { want.Configure = c })
}

// push tells the ENI all it is to be.
func (e *eni) push(ctx context.Context) error {
	e.mu.Lock()
	all := e.want
	e.mu.Unlock()
	return e.tell(ctx, all)
}

func (e *eni) tell(ctx context.Context, q tunnel.Request) error {
	t, err := e.open(ctx)
	if err != nil {
		return err
	}
	answer, err := t.Do(ctx, q)
	if err != nil && ctx.Err() == nil && isClosed(t) { // it broke under us; what is said twice does no harm
		if t, err = e.open(ctx); err == nil {
			answer, err = t.Do(ctx, q)
		}
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.mac = answer.MAC
	e.mu.Unlock()
	return nil
}

func (e *eni) ApplySecurityGroups(ctx context.Context, rules compute.Rules) error {
	e.remember(func(want *tunnel.Request) { want.Rules = &rules })
	return e.later(e.tell(ctx, tunnel.Request{Rules: &rules}))
}

// later forgives that an ENI could not be told because it does not run: it is told everything when it is started.
func (e *eni) later(err error) error {
	if err != nil && !e.connected() && !e.running() {
		return nil
	}
	return err
}

func (e *eni) PushMetadata(ctx context.Context, m compute.Metadata) error {
	e.remember(func(want *tunnel.Request) { want.Metadata = &m })
	return e.later(e.tell(ctx, tunnel.Request{Metadata: &m}))
}

func (e *eni) dial(ctx context.Context, src, dst netip.AddrPort) (net.Conn, error) {
	t, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	d := tunnel.Dial{Source: src, Address: dst, Timeout: dialTime}
	if end, ok := ctx.Deadline(); ok {
		// A little less, so that it is the guest that says what happened.
		d.Timeout = max(time.Until(end)-50*time.Millisecond, time.Millisecond)
	}
	return t.Dial(ctx, d)
}

// dialTime is how long a dial without a deadline waits for an answer that a firewall may drop.
const dialTime = 10 * time.Second

// ensure starts the container if it stopped (Docker was restarted, or somebody stopped it), and tells it everything again.
func (e *eni) ensure(ctx context.Context) error {
	d, err := e.r.docker(ctx)
	if err != nil {
		return err
	}
	at, err := d.ContainerInspect(ctx, e.id)
	if err != nil {
		return err
	}
	if at.State.Running {
		return e.push(ctx) // somebody may have restarted it
	}
	e.hangUp()
	if err := e.r.start(ctx, d, e.id); err != nil {
		return err
	}
	return e.push(ctx)
}

// Release removes the ENI.
func (e *eni) Release(ctx context.Context) error {
	e.mu.Lock()
	e.gone = true
	e.mu.Unlock()
	e.hangUp()
	d, err := e.r.docker(ctx)
	if err != nil {
		return err
	}
	if err := e.r.remove(ctx, d, e.id); err != nil {
		return err
	}
	e.r.mu.Lock()
	delete(e.r.enis, e.id)
	e.r.mu.Unlock()
	return nil
}
