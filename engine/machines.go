package engine

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"haneul/engine/compute"
	"haneul/engine/ec2"
	"haneul/engine/emu"
)

// machines is the [ec2.Machines] of one cloud on a [compute.Runtime].
type machines struct {
	cloud   string
	runtime compute.Runtime
	used    atomic.Bool // there may be something of this cloud's in the runtime
	warming sync.WaitGroup
	begin   sync.Once
	follow  func() // is called before there is

	mu     sync.Mutex
	states map[string]*machineState // by instance
}

// machineState orders what a machine is told: settings may come in any order, and only newer ones count.
type machineState struct {
	sync.Mutex
	version int64
}

func newMachines(cloud string, r compute.Runtime, follow func()) *machines {
	return &machines{cloud: cloud, runtime: r, follow: follow, states: map[string]*machineState{}}
}

// use notes that the runtime has something of this cloud's.
func (m *machines) use() {
	m.begin.Do(func() {
		m.follow()
		m.used.Store(true)
	})
}

// warm begins to make what the first instance in a VPC needs: its network, and with it machines that stand by.
func (m *machines) warm(ctx context.Context, vpc compute.VPC, log func(format string, args ...any)) {
	m.warming.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, bootPatience)
		defer cancel()
		m.use()
		if err := m.runtime.CreateVPC(ctx, vpc); err != nil && ctx.Err() == nil {
			log("cloud %s: nothing could be made ready for its first instance: %v", m.cloud, err)
		}
	})
}

func (m *machines) state(id string) *machineState {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.states[id] == nil {
		m.states[id] = &machineState{}
	}
	return m.states[id]
}

// stopGrace is how long an instance may take to shut down.
const stopGrace = 10 * time.Second

// rebootGrace is how long one may take to shut down, its init giving everybody 8 seconds, and to be ready again.
const rebootGrace = 15 * time.Second

// bootPatience is how long an instance may be pending: a guest may first have to be compiled, and a Docker may hang.
const bootPatience = 5 * time.Minute

// releaseGrace is how long a boot that has failed may take to give its interface back.
const releaseGrace = 10 * time.Second

// Ready implements [ec2.Machines].
func (m *machines) Ready(ctx context.Context) error {
	_, err := m.runtime.Info(ctx)
	return err
}

// Boot implements [ec2.Machines].
func (m *machines) Boot(ctx context.Context, x ec2.Machine) (note string, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, bootPatience, fmt.Errorf("it was not started by Docker within %s", bootPatience))
	defer cancel()
	defer func() {
		if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = context.Cause(ctx)
		}
	}()
	i, err := m.runtime.Find(ctx, m.cloud, x.ID)
	if errors.Is(err, compute.ErrNotFound) {
		i, err = m.launch(ctx, x)
	} else if err == nil {
		err = m.start(ctx, i, x)
	}
	if err != nil {
		return "", err
	}
	return i.Limits().Clamped, nil
}

func (m *machines) start(ctx context.Context, i compute.Instance, x ec2.Machine) error {
	if err := m.configure(ctx, i, x.Settings); err != nil {
		return err
	}
	if _, err := i.Resize(ctx, float64(x.VCPUs), x.Memory<<20); err != nil {
		return err
	}
	if err := m.remount(ctx, i, x); err != nil {
		return err
	}
	return i.Start(ctx)
}

func (m *machines) remount(ctx context.Context, i compute.Instance, x ec2.Machine) error {
	mounts, err := m.mounts(ctx, x.Mounts, false)
	if err != nil {
		return err
	}
	return i.Remount(ctx, mounts)
}

// launch makes a machine that is not there yet.
func (m *machines) launch(ctx context.Context, x ec2.Machine) (_ compute.Instance, err error) {
	where, err := placeOf(x)
	if err != nil {
		return nil, err
	}
	m.use()
	if err := m.runtime.CreateVPC(ctx, compute.VPC{Cloud: m.cloud, ID: x.VPC, CIDR: where.vpc}); err != nil {
		return nil, err
	}
	mounts, err := m.mounts(ctx, x.Mounts, true)
	if err != nil {
		return nil, err
	}
	eni, err := m.runtime.AcquireENI(ctx, m.cloud, x.VPC, compute.Address{Subnet: where.subnet, IP: where.ip})
	if err != nil {
		return nil, err
	}
	spec := compute.InstanceSpec{Cloud: m.cloud, ID: x.ID, ENI: eni, Image: x.Image, CPUs: float64(x.VCPUs), Memory: x.Memory << 20, Disk: x.Settings.Disk << 30, Mounts: mounts}
	if x.Store > 0 {
		spec.InstanceStore, spec.InstanceStoreSize = "/mnt/ephemeral0", x.Store*1e9
	}
	// First the rules, then the machine: what its user data say to the network before the rules are in force would be
	// dropped, which costs a second.
	err = m.newer(x.ID, x.Settings, func() error { return tell(ctx, eni, x.Settings) })
	var i compute.Instance
	if err == nil {
		i, err = m.runtime.Launch(ctx, spec)
	}
	if err != nil {
		if _, none := m.runtime.Find(ctx, m.cloud, x.ID); none != nil { // else Remove takes the ENI as well
			back, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseGrace)
			defer cancel()
			err = errors.Join(err, eni.Release(back))
		}
		return nil, err
	}
	return i, nil
}

// place is where a machine is in its network.
type place struct {
	vpc, subnet netip.Prefix
	ip          netip.Addr
}

func placeOf(x ec2.Machine) (p place, err error) {
	if p.vpc, err = netip.ParsePrefix(x.VPCRange); err != nil {
		return p, err
	}
	if p.subnet, err = netip.ParsePrefix(x.Subnet); err != nil {
		return p, err
	}
	p.ip, err = netip.ParseAddr(x.IP)
	return p, err
}

// mounts makes the volumes that are not there yet; fill lets them begin as copies of their snapshots.
func (m *machines) mounts(ctx context.Context, wanted []ec2.Mount, fill bool) (mounts []compute.Mount, err error) {
	for _, w := range wanted {
		v := compute.Volume{Cloud: m.cloud, ID: w.Volume}
		if fill && w.From != "" {
			err = m.runtime.CopyVolume(ctx, w.From, v)
		} else {
			err = m.runtime.CreateVolume(ctx, v)
		}
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, compute.Mount{Volume: w.Volume, Path: w.Path})
	}
	return mounts, nil
}

// configure gives a machine its settings, unless it has newer ones.
func (m *machines) configure(ctx context.Context, i compute.Instance, s ec2.Settings) error {
	return m.newer(i.ID(), s, func() error {
		i.SetDisk(s.Disk << 30)
		return tell(ctx, i.ENI(), s)
	})
}

// newer applies settings unless the machine has newer ones.
func (m *machines) newer(id string, s ec2.Settings, apply func() error) error {
	state := m.state(id)
	state.Lock()
	defer state.Unlock()
	if s.Version < state.version {
		return nil
	}
	if err := apply(); err != nil {
		return err
	}
	state.version = s.Version
	return nil
}

// tell gives an ENI what the settings say about it.
func tell(ctx context.Context, e compute.ENI, s ec2.Settings) error {
	rules, err := rulesOf(s.Rules)
	if err != nil {
		return err
	}
	if err := e.ApplySecurityGroups(ctx, rules); err != nil {
		return err
	}
	return e.PushMetadata(ctx, s.Metadata)
}

func rulesOf(all []ec2.Allowed) (r compute.Rules, err error) {
	for _, a := range all {
		rule := compute.Rule{Protocol: a.Protocol, From: int(a.From), To: int(a.To)}
		for _, p := range a.Peers {
			prefix, err := netip.ParsePrefix(p)
			if err != nil {
				return r, fmt.Errorf("a rule about %s: %w", p, err)
			}
			rule.Peers = append(rule.Peers, prefix)
		}
		if a.Egress {
			r.Egress = append(r.Egress, rule)
		} else {
			r.Ingress = append(r.Ingress, rule)
		}
	}
	return r, nil
}

// find is a machine, [ec2.ErrGone] if there is none.
func (m *machines) find(ctx context.Context, id string) (compute.Instance, error) {
	i, err := m.runtime.Find(ctx, m.cloud, id)
	return i, gone(err)
}

func gone(err error) error {
	if errors.Is(err, compute.ErrNotFound) {
		return ec2.ErrGone
	}
	return err
}

// Reboot implements [ec2.Machines].
func (m *machines) Reboot(ctx context.Context, x ec2.Machine) error {
	i, err := m.find(ctx, x.ID)
	if err != nil {
		return err
	}
	if err := m.configure(ctx, i, x.Settings); err != nil {
		return gone(err)
	}
	mounts, err := m.mounts(ctx, x.Mounts, false)
	if err != nil {
		return err
	}
	return gone(i.Reboot(ctx, mounts, rebootGrace))
}

// Halt implements [ec2.Machines].
func (m *machines) Halt(ctx context.Context, id string, force bool) error {
	i, err := m.find(ctx, id)
	if err != nil {
		return err
	}
	grace := stopGrace
	if force {
		grace = 0
	}
	return gone(i.Stop(ctx, grace))
}

// Remove implements [ec2.Machines].
func (m *machines) Remove(ctx context.Context, id string) error {
	i, err := m.find(ctx, id)
	if err == nil {
		err = gone(i.Terminate(ctx))
	}
	if err != nil && !errors.Is(err, ec2.ErrGone) {
		return err
	}
	m.mu.Lock()
	delete(m.states, id)
	m.mu.Unlock()
	return nil
}

// Configure implements [ec2.Machines].
func (m *machines) Configure(ctx context.Context, id string, s ec2.Settings) error {
	i, err := m.find(ctx, id)
	switch {
	case errors.Is(err, ec2.ErrGone):
		return nil
	case err != nil:
		return err
	}
	return m.configure(ctx, i, s)
}

// Console implements [ec2.Machines].
func (m *machines) Console(ctx context.Context, id string) ([]byte, error) {
	i, err := m.find(ctx, id)
	if err != nil {
		return nil, err
	}
	b, err := i.Console(ctx)
	return b, gone(err)
}

// Capture implements [ec2.Machines].
func (m *machines) Capture(ctx context.Context, id, image string) error {
	i, err := m.find(ctx, id)
	if err != nil {
		return err
	}
	return gone(i.Commit(ctx, image))
}

// CopyVolume implements [ec2.Machines].
func (m *machines) CopyVolume(ctx context.Context, from, to string) error {
	m.use()
	if err := m.runtime.CreateVolume(ctx, compute.Volume{Cloud: m.cloud, ID: from}); err != nil { // never used: empty
		return err
	}
	return m.runtime.CopyVolume(ctx, from, compute.Volume{Cloud: m.cloud, ID: to})
}

// RemoveVolume implements [ec2.Machines].
func (m *machines) RemoveVolume(ctx context.Context, id string) error {
	return m.runtime.DeleteVolume(ctx, m.cloud, id)
}

// RemoveImage implements [ec2.Machines].
func (m *machines) RemoveImage(ctx context.Context, image string) error {
	return m.runtime.DeleteImage(ctx, m.cloud, image)
}

// RemoveNetwork implements [ec2.Machines].
func (m *machines) RemoveNetwork(ctx context.Context, vpc string) error {
	return m.runtime.DeleteVPC(ctx, m.cloud, vpc)
}

// reconcile compares what a cloud's instances should be with what the runtime has, and removes machines that no instance
// wants.
func (m *machines) reconcile(ctx context.Context, c *emu.Cloud) error {
	all, err := m.runtime.List(ctx, m.cloud)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		m.use()
	}
	in := &ec2.ReconcileInput{}
	for _, i := range all {
		in.Machines = append(in.Machines, ec2.Found{ID: i.ID(), Running: i.State() == compute.Running || i.State() == compute.Paused})
	}
	out, err := ask(c, "Reconcile", in)
	if err != nil {
		return err
	}
	for _, id := range out.(*ec2.ReconcileOutput).Orphans {
		err = errors.Join(err, m.Remove(ctx, id))
	}
	return err
}

// ask calls an operation that only the world outside and graders may call.
func ask(c *emu.Cloud, operation string, in any) (any, error) {
	r := c.Do(&emu.Request{Op: c.Operation(ec2.MachinesService, operation), In: in, Principal: c.RootPrincipal(), AccessKeyID: c.RootKey().AccessKeyID})
	return r.Out, r.Err
}

// hear takes an event of the runtime to the cloud that it is about.
func (m *machines) hear(ctx context.Context, c *emu.Cloud, e compute.Event) error {
	switch {
	case e.Kind == compute.Reconnected:
		return m.reconcile(ctx, c)
	case e.Expected || e.ID == "":
		return nil
	}
	in := &ec2.ReportInput{ID: e.ID, Reason: e.Reason}
	switch e.Kind {
	case compute.Died:
		in.What = ec2.MachineKilled
		if e.ExitCode == 0 || e.Reason != "" {
			in.What = ec2.MachineEnded
		} else if e.OOM {
			in.Reason = "The machine ran out of memory."
		}
	case compute.Removed:
		in.What = ec2.MachineKilled
	case compute.NetworkLost, compute.PausedEvent:
		in.What = ec2.MachineUnreachable
	case compute.Resumed:
		in.What = ec2.MachineReachable
	default:
		return nil
	}
	_, err := ask(c, "Report", in)
	return err
}
