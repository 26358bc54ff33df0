package engine

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"haneul/engine/admin"
	"haneul/engine/compute"
	"haneul/engine/emu"
)

// HostOptions are what an engine process is started with.
type HostOptions struct {
	Dir        string // where clouds live; "" keeps them in memory
	Account    string // of the default cloud, when it is made; "" for the usual one
	AuthOff    bool   // accept any signature
	SyncAlways bool   // fsync before every answer
	Token      string // admin token; "" lets nobody in
	Build      string
	Runtime    compute.Runtime // where instances run; nil for nowhere. Whoever opens it closes it after the host
	Fresh      bool            // nothing has ever run on Runtime: there is nothing to look for
	Log        func(format string, args ...any)
}

// Host keeps the clouds of one process: one for every lab attempt, one called default, and the branches graders use.
type Host struct {
	options HostOptions

	mu     sync.RWMutex
	clouds map[string]*hosted
	owners map[string]*emu.Cloud // access key id → the cloud that knows it

	setAside []admin.SetAside // written by Open only
	watching watching
	inside   inside

	endpoint string
	used     idleClock
	shutdown chan struct{}
	stopping sync.Once
}

// hosted is a cloud with what the host knows of it.
type hosted struct {
	*emu.Cloud
	birth    birth
	dir      string // "" for memory
	branchOf string
	machines *machines // nil if there is no runtime
}

// birth is what a cloud was made with: cloud.json beside its journal, readable by its owner only.
type birth struct {
	Name    string        `json:"name"`
	Account string        `json:"account"`
	Region  string        `json:"region"`
	Seed    uint64        `json:"seed,string"`
	Root    emu.AccessKey `json:"root"`
}

// Open starts every cloud found in the directory, and the default one.
func Open(o HostOptions) (*Host, error) {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	h := &Host{options: o, clouds: map[string]*hosted{}, owners: map[string]*emu.Cloud{}, shutdown: make(chan struct{})}
	h.watching.life, h.watching.end = context.WithCancel(context.Background())
	h.watching.tidy = make(chan struct{})
	if o.Dir != "" {
		if err := h.openAll(); err != nil {
			h.Close()
			return nil, err
		}
	}
	if h.clouds[admin.DefaultCloud] == nil {
		if _, err := h.Create(admin.CloudSpec{Name: admin.DefaultCloud, Account: o.Account}); err != nil {
			h.Close()
			return nil, err
		}
	}
	h.tidy()
	return h, nil
}

// Close stops every cloud; what they know is on disk afterwards, and the machines of those that are not are gone.
func (h *Host) Close() error {
	h.watching.stop()
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	for _, name := range h.names() {
		x := h.clouds[name]
		errs = append(errs, x.Close())
		if x.dir == "" {
			errs = append(errs, x.machines.sweep())
		}
		delete(h.clouds, name)
	}
	return errors.Join(errs...)
}

func (h *Host) names() []string {
	names := make([]string, 0, len(h.clouds))
	for n := range h.clouds {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

var (
	cloudName = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)
	accountID = regexp.MustCompile(`^\d{12}$`)
	regionID  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

// Create makes a new cloud.
func (h *Host) Create(s admin.CloudSpec) (*emu.Cloud, error) {
	switch {
	case !cloudName.MatchString(s.Name):
		return nil, refuse(400, "InvalidName", "A cloud's name is made of a–z, 0–9, '-', '_' and '.', at most 64 of them.")
	case s.Account != "" && !accountID.MatchString(s.Account):
		return nil, refuse(400, "InvalidAccount", "An account id has twelve digits.")
	case s.Region != "" && !regionID.MatchString(s.Region):
		return nil, refuse(400, "InvalidRegion", "%q does not look like a region.", s.Region)
	}
	born := birth{Name: s.Name, Account: s.Account, Region: s.Region, Seed: s.Seed, Root: newRootKey()}
	if born.Account == "" {
		born.Account = accountOf(s.Name)
	}
	if born.Region == "" {
		born.Region = "ap-northeast-2"
	}
	if born.Seed == 0 {
		born.Seed = randomSeed()
	}
	h.mu.RLock()
	taken := h.clouds[s.Name] != nil
	h.mu.RUnlock()
	if taken {
		return nil, exists(s.Name)
	}
	dir := ""
	if h.options.Dir != "" && !s.Memory {
		dir = filepath.Join(h.options.Dir, s.Name)
		if err := born.save(dir); err != nil {
			return nil, err
		}
	}
	return h.start(born, dir, "")
}

func exists(name string) error {
	return refuse(409, "CloudExists", "There is a cloud called %s already.", name)
}

// start makes a cloud from its birth, loads its state and lets it run.
func (h *Host) start(born birth, dir, branchOf string) (*emu.Cloud, error) {
	c, m := h.newCloud(born)
	if dir != "" {
		if err := c.Open(dir, emu.JournalOptions{SyncAlways: h.options.SyncAlways, Build: h.options.Build}); err != nil {
			return nil, err
		}
	}
	if err := h.add(&hosted{Cloud: c, birth: born, dir: dir, branchOf: branchOf, machines: m}); err != nil {
		c.Close()
		return nil, err
	}
	c.Start()
	if dir != "" {
		h.reconcile(c, m)
	}
	return c, nil
}

func (b birth) options(log func(string, ...any)) emu.Options {
	return emu.Options{Name: b.Name, Account: b.Account, Region: b.Region, Seed: b.Seed, Root: b.Root, Log: log}
}

func (h *Host) add(x *hosted) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.clouds[x.Name()] != nil {
		return exists(x.Name())
	}
	h.clouds[x.Name()] = x
	h.owners[x.birth.Root.AccessKeyID] = x.Cloud
	return nil
}

func (b birth) save(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, birthFile+".tmp")
	if err := os.WriteFile(tmp, append(data, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, birthFile))
}

// Branch makes a memory-only cloud with the state of another, and with keys, a seed and a clock of its own.
func (h *Host) Branch(of string, s admin.BranchSpec) (*emu.Cloud, error) {
	src, err := h.find(of)
	if err != nil {
		return nil, err
	}
	if !cloudName.MatchString(s.Name) {
		return nil, refuse(400, "InvalidName", "A branch needs a name of a–z, 0–9, '-', '_' and '.'.")
	}
	born := src.birth
	born.Name, born.Root = s.Name, newRootKey()
	if born.Seed = s.Seed; born.Seed == 0 {
		born.Seed = randomSeed()
	}
	c := New(born.options(h.options.Log))
	if err := src.CopyTo(c); err != nil {
		return nil, err
	}
	if err := h.add(&hosted{Cloud: c, birth: born, branchOf: of}); err != nil {
		c.Close()
		return nil, err
	}
	c.Start()
	return c, nil
}

// Delete ends a cloud and removes its data.
func (h *Host) Delete(name string) error {
	if name == admin.DefaultCloud {
		return refuse(400, "DefaultCloud", "The default cloud cannot be deleted; reset it instead.")
	}
	h.mu.Lock()
	x := h.clouds[name]
	delete(h.clouds, name)
	for key, c := range h.owners {
		if x != nil && c == x.Cloud {
			delete(h.owners, key)
		}
	}
	h.mu.Unlock()
	if x == nil {
		return noSuchCloud(name)
	}
	// Machines that cannot be removed now are strangers to the next engine, which removes them.
	err := errors.Join(x.Close(), x.machines.sweep())
	if x.dir != "" {
		err = errors.Join(err, os.RemoveAll(x.dir))
	}
	return err
}

func noSuchCloud(name string) error {
	return refuse(404, "NoSuchCloud", "There is no cloud called %s.", name)
}

func (h *Host) find(name string) (*hosted, error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if x := h.clouds[name]; x != nil {
		return x, nil
	}
	return nil, noSuchCloud(name)
}

// ByAccessKey finds the cloud that knows an access key, and what the key stands for. Package wire asks. A key that was
// copied into a branch belongs to the cloud it was made in.
func (h *Host) ByAccessKey(id string) (*emu.Cloud, emu.Credentials, bool) {
	h.mu.RLock()
	owner := h.owners[id]
	h.mu.RUnlock()
	if owner != nil {
		if cr, ok := owner.Identify(id); ok {
			return owner, cr, true
		}
	}
	h.mu.RLock()
	all := make([]*hosted, 0, len(h.clouds))
	for _, name := range h.names() {
		all = append(all, h.clouds[name])
	}
	h.mu.RUnlock()
	slices.SortStableFunc(all, func(a, b *hosted) int { return len(a.branchOf) - len(b.branchOf) })
	for _, x := range all {
		if cr, ok := x.Identify(id); ok {
			h.mu.Lock()
			if h.clouds[x.Name()] == x {
				h.owners[id] = x.Cloud
			}
			h.mu.Unlock()
			return x.Cloud, cr, true
		}
	}
	return nil, emu.Credentials{}, false
}

// ByAccount finds the cloud with an account id; of several, a branch comes last.
func (h *Host) ByAccount(account string) (*emu.Cloud, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var found *hosted
	for _, name := range h.names() {
		if x := h.clouds[name]; x.Account() == account && (found == nil || x.branchOf == "") {
			found = x
		}
	}
	if found == nil {
		return nil, false
	}
	return found.Cloud, true
}

// Default is the cloud for calls that name no other.
func (h *Host) Default() *emu.Cloud {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.clouds[admin.DefaultCloud].Cloud
}

// AuthOff reports whether any signature is accepted.
func (h *Host) AuthOff() bool { return h.options.AuthOff }

// Done is closed when somebody asked the engine to leave.
func (h *Host) Done() <-chan struct{} { return h.shutdown }

// accountOf gives a cloud an account id that looks like one and depends on its name only.
func accountOf(name string) string {
	if name == admin.DefaultCloud {
		return "111122223333"
	}
	f := fnv.New64a()
	f.Write([]byte(name))
	return fmt.Sprintf("%012d", 100_000_000_000+f.Sum64()%900_000_000_000)
}

func newRootKey() emu.AccessKey {
	var id [10]byte
	var secret [30]byte
	rand.Read(id[:])
	rand.Read(secret[:])
	return emu.AccessKey{
		AccessKeyID: "AKIA" + base32.StdEncoding.EncodeToString(id[:]),
		Secret:      base64.StdEncoding.EncodeToString(secret[:]),
	}
}

func randomSeed() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// describe is a cloud as the admin API shows it.
func (x *hosted) describe() admin.Cloud {
	return admin.Cloud{
		Name: x.Name(), Account: x.Account(), Region: x.Region(), Seed: x.Seed(),
		AccessKeyID: x.birth.Root.AccessKeyID, SecretAccessKey: x.birth.Root.Secret,
		Memory: x.dir == "", BranchOf: x.branchOf, Now: wallTime(x.Now()), Frozen: x.Frozen(),
	}
}

func wallTime(t emu.Time) time.Time { return time.Unix(0, int64(t)).UTC() }
