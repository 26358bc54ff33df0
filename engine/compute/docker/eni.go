package docker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"

	"haneul/engine/compute"
	"haneul/engine/compute/tunnel"
)

// eni is a container that holds a network namespace: of an instance, a gateway, or nobody yet.
type eni struct {
	r   *Runtime
	vpc *vpc
	id  string

	machine atomic.Pointer[string] // the container of a machine that stands by here

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
	e, err := r.tryMakeENI(ctx, x, kind)
	if errdefs.IsNotFound(err) { // while nothing runs, another installation's purge may remove the image, or a person
		r.forgetImage()
		e, err = r.tryMakeENI(ctx, x, kind)
	}
	return e, err
}

func (r *Runtime) tryMakeENI(ctx context.Context, x *vpc, kind string) (*eni, error) {
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
	name := r.name(x.Cloud, fmt.Sprintf("%s-%08x", kind, rand.Uint32()))
	id, err := d.create(ctx, config, host, name, d.discard)
	if err != nil {
		return nil, fmt.Errorf("creating an ENI: %w", err)
	}
	e := r.newENI(x, id)
	if err = r.start(ctx, d, id); err == nil {
		err = e.push(ctx)
	}
	if err != nil {
		_ = e.Release(ctx)
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
	e.configure(a)
	if err := e.push(ctx); err != nil {
		_ = e.Release(ctx)
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

// configure gives the ENI of an instance its address, without telling it.
func (e *eni) configure(a compute.Address) {
	e.remember(func(want *tunnel.Request) {
		want.Configure = &tunnel.Configure{Subnet: a.Subnet, IP: a.IP, VPC: e.vpc.CIDR, Router: e.vpc.Router(), Hostname: a.Hostname()}
	})
}

func (e *eni) address() compute.Address {
	e.mu.Lock()
	defer e.mu.Unlock()
	return compute.Address{Subnet: e.want.Configure.Subnet, IP: e.want.Configure.IP}
}

// powerOn lets the machine at this ENI boot, now or when it comes; it reports whether one stood by and is ready.
func (e *eni) powerOn(ctx context.Context) (booted bool, err error) {
	e.remember(func(want *tunnel.Request) { want.PowerOn = true })
	answer, err := e.ask(ctx, tunnel.Request{PowerOn: true})
	return answer.Booted, err
}

// push tells the ENI all it is to be.
func (e *eni) push(ctx context.Context) error {
	e.mu.Lock()
	all := e.want
	e.mu.Unlock()
	return e.tell(ctx, all)
}

func (e *eni) tell(ctx context.Context, q tunnel.Request) error {
	_, err := e.ask(ctx, q)
	return err
}

func (e *eni) ask(ctx context.Context, q tunnel.Request) (answer tunnel.Reply, err error) {
	t, err := e.open(ctx)
	if err != nil {
		return answer, err
	}
	answer, err = t.Do(ctx, q)
	if err != nil && ctx.Err() == nil && isClosed(t) { // it broke under us; what is said twice does no harm
		if t, err = e.open(ctx); err == nil {
			answer, err = t.Do(ctx, q)
		}
	}
	if err != nil {
		return answer, err
	}
	e.mu.Lock()
	e.mac = answer.MAC
	e.mu.Unlock()
	return answer, nil
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
	if at.State.Paused { // by somebody else
		if err := d.ContainerUnpause(ctx, e.id); err != nil {
			return err
		}
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

// vacate removes a machine that stands by.
func (e *eni) vacate(ctx context.Context, d *engine) error {
	machine := e.machine.Swap(nil)
	if machine == nil {
		return nil
	}
	return e.r.remove(ctx, d, *machine)
}

// Release removes the ENI, and a machine that stands by at it.
func (e *eni) Release(ctx context.Context) error {
	e.mu.Lock()
	e.gone = true
	e.mu.Unlock()
	e.hangUp()
	d, err := e.r.docker(ctx)
	if err != nil {
		return err
	}
	if err := e.vacate(ctx, d); err != nil {
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
