package docker

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"

	"haneul/engine/compute"
)

// Options are what a runtime is made with.
type Options struct {
	// Owner tells two installations on one Docker apart: a few lower-case letters and digits, the same after a restart.
	Owner string
	// Cache is a folder for built guests. Source is the module's folder to build them from; "" finds it if this program
	// was built on this machine.
	Cache, Source string
	// Getenv finds Docker; nil looks at nothing but the usual places.
	Getenv func(string) string
	// Warm is how many ENIs with a machine each a VPC that is in use keeps ready; 0 means 2, less than 0 none.
	Warm int
	// Cloud gets every connection an instance makes to the cloud's address. It owns the connection. nil closes them.
	Cloud func(from Origin, c net.Conn)
	// Progress hears of slow steps, once at their begin and once at their end (nil drops it).
	Progress func(Step)
	// DiskCheck is how often disks are looked at; 0 means 15 s.
	DiskCheck time.Duration
	// Log receives what an operator should know; nil drops it.
	Log func(format string, args ...any)
}

// Origin is where a connection to the cloud comes from.
type Origin struct {
	VPC compute.VPC
	IP  netip.Addr
}

// Step is something that takes a while: find (looking for Docker), build (compiling the guest), import (its image).
type Step struct {
	Name string
	Done bool
	Took time.Duration
}

// Runtime implements [compute.Runtime].
type Runtime struct {
	o      Options
	life   context.Context // ends with Close
	cancel context.CancelFunc
	work   sync.WaitGroup // what Close waits for

	making     sync.Mutex // of VPCs, one at a time
	connecting sync.Mutex
	found      *engine // nil until Docker has answered
	imaging    sync.Mutex
	image      string

	exchanging sync.RWMutex // held while two containers are the same instance

	mu        sync.Mutex
	vpcs      map[key]*vpc
	enis      map[string]*eni // by container
	instances map[key]*instance
	ours      map[string]time.Time // containers we are stopping, until when a death is our doing
	reasons   map[string]string    // why we stop containers that nobody asked to stop
	watching  sync.Once
}

// key names something in a cloud.
type key struct{ cloud, id string }

// engine is the Docker that answered.
type engine struct {
	*client.Client
	probe ProbeResult
	info  system.Info
	arch  string
}

var _ compute.Runtime = (*Runtime)(nil)

// New makes a runtime. Nothing happens before it is used.
func New(o Options) *Runtime {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	if o.Progress == nil {
		o.Progress = func(Step) {}
	}
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.DiskCheck == 0 {
		o.DiskCheck = 15 * time.Second
	}
	switch {
	case o.Warm == 0:
		o.Warm = 2
	case o.Warm < 0:
		o.Warm = 0
	}
	r := &Runtime{
		o: o, vpcs: map[key]*vpc{}, enis: map[string]*eni{}, instances: map[key]*instance{},
		ours: map[string]time.Time{}, reasons: map[string]string{},
	}
	r.life, r.cancel = context.WithCancel(context.Background())
	return r
}

// begin adds to the work that Close waits for, unless it has been called.
func (r *Runtime) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.life.Err() != nil {
		return false
	}
	r.work.Add(1)
	return true
}

// Close lets go of Docker. Instances run on; what stood by for the next ones is removed.
func (r *Runtime) Close() error {
	r.mu.Lock()
	r.cancel()
	r.mu.Unlock()
	r.work.Wait()
	r.dropWarm()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.enis {
		e.hangUp()
	}
	r.connecting.Lock()
	defer r.connecting.Unlock()
	if r.found == nil {
		return nil
	}
	return r.found.Close()
}

// docker is the engine, looked for until one is found.
func (r *Runtime) docker(ctx context.Context) (*engine, error) {
	r.connecting.Lock()
	defer r.connecting.Unlock()
	if r.found != nil {
		return r.found, nil
	}
	done := r.step("find")
	defer done()
	e, err := connect(ctx, r.o.Getenv)
	if err != nil {
		return nil, err
	}
	r.found = e
	return e, nil
}

// step tells of a slow step; the function it returns ends it.
func (r *Runtime) step(name string) func() {
	begin := time.Now()
	r.o.Progress(Step{Name: name})
	return func() { r.o.Progress(Step{name, true, time.Since(begin)}) }
}

// Info says what the machine can carry, if Docker answers at this moment.
func (r *Runtime) Info(ctx context.Context) (compute.Caps, error) {
	d, err := r.docker(ctx)
	if err != nil {
		return compute.Caps{}, err
	}
	asking, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	if _, err := d.Ping(asking); err != nil {
		if ctx.Err() != nil {
			return compute.Caps{}, ctx.Err()
		}
		return compute.Caps{}, &Trouble{Kind: "silent", Host: d.probe.Host}
	}
	c := compute.Caps{
		Name: "Docker " + d.info.ServerVersion, Host: d.probe.Host, Arch: d.arch, API: d.ClientVersion(),
		CPUs: d.info.NCPU, Memory: d.info.MemTotal,
	}
	if !d.info.MemoryLimit {
		c.Notices = append(c.Notices, "This Docker cannot limit memory: an instance may use all of the machine's.")
	}
	if !d.info.CPUCfsQuota {
		c.Notices = append(c.Notices, "This Docker cannot limit CPU time: every instance may use all of the machine's.")
	}
	return c, nil
}
