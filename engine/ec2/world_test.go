package ec2_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/engine/ec2"
	"haneul/engine/emu"
)

const account = "111122223333"

var birth = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// world is a cloud with nothing but EC2, whose clock is frozen and whose machines are imagined.
type world struct {
	*testing.T
	*emu.Cloud
	machines *imagined
	region   string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	m := &imagined{machines: map[string]*imaginedMachine{}}
	w := &world{T: t, machines: m, Cloud: build(m, 7), region: "ap-northeast-2"}
	t.Cleanup(func() { w.Close() })
	if err := w.Freeze(); err != nil {
		t.Fatal(err)
	}
	return w
}

func build(m ec2.Machines, seed uint64) *emu.Cloud {
	c := emu.New(emu.Options{Name: "test", Account: account, Seed: seed, Wall: func() time.Time { return birth }})
	ec2.New(c, m, roles{})
	return c
}

// call runs an operation on JSON and returns JSON, as the wire does it.
func (w *world) call(operation, in string) (string, error) {
	w.Helper()
	service, name, found := strings.Cut(operation, ":")
	if !found {
		service, name = "ec2", operation
	}
	op := w.Operation(service, name)
	if op == nil {
		w.Fatalf("no operation %s", operation)
	}
	r := &emu.Request{Op: op, In: op.NewInput(), Principal: w.RootPrincipal(), Region: w.region}
	if unknown, err := op.Input().DecodeJSON([]byte(in), r.In); err != nil || len(unknown) > 0 {
		w.Fatalf("%s %s: %v, unknown %v", operation, in, err, unknown)
	}
	if bad := op.Input().Validate(r.In); bad != nil && op.Service().Invalid != nil {
		return "", op.Service().Invalid(bad)
	}
	res := w.Do(r)
	w.settle()
	if res.Err != nil {
		var e *emu.Error
		if !errors.As(res.Err, &e) {
			w.Fatalf("%s: not an AWS error: %v", operation, res.Err)
		}
		return "", res.Err
	}
	return string(op.Output().AppendJSON(nil, res.Out)), nil
}

// settle waits until nothing happens any more.
func (w *world) settle() {
	w.Helper()
	for range 5000 {
		if w.Busy() == 0 {
			return
		}
		if w.machines.held() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	w.Fatal("the machines do not come to rest")
}

// ok demands success and returns the answer.
func (w *world) ok(operation, in string) answer {
	w.Helper()
	out, err := w.call(operation, in)
	if err != nil {
		w.Fatalf("%s %s: %v", operation, in, err)
	}
	var a any
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		w.Fatal(err)
	}
	return answer{w, a}
}

// refused demands an error, "Code: message".
func (w *world) refused(operation, in, want string) {
	w.Helper()
	out, err := w.call(operation, in)
	if err == nil {
		w.Errorf("%s %s succeeded: %s\nwant %s", operation, in, out, want)
	} else if err.Error() != want {
		w.Errorf("%s %s\n got %v\nwant %s", operation, in, err, want)
	}
}

func (w *world) after(d time.Duration) {
	w.Helper()
	if _, err := w.Advance(d); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

// answer is a decoded answer, or a part of one.
type answer struct {
	w *world
	v any
}

// at follows a path of names and numbers: "Reservations.0.Instances.0.InstanceId".
func (a answer) at(path string) answer {
	v := a.v
	for _, p := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			var n int
			fmt.Sscan(p, &n)
			if n >= len(x) {
				return answer{a.w, nil}
			}
			v = x[n]
		default:
			return answer{a.w, nil}
		}
	}
	return answer{a.w, v}
}

func (a answer) get(path string) string {
	if v := a.at(path).v; v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

func (a answer) len(path string) int { l, _ := a.at(path).v.([]any); return len(l) }

// want compares the text of what stands at a path.
func (a answer) want(path, want string) answer {
	a.w.Helper()
	if got := a.get(path); got != want {
		a.w.Errorf("%s is %q, want %q", path, got, want)
	}
	return a
}

const image = "ami-02023000000000086"

// run launches an instance and returns its id.
func (w *world) run(more string) string {
	w.Helper()
	return w.ok("RunInstances", `{"ImageId":"`+image+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1`+more+`}`).get("Instances.0.InstanceId")
}

// see is an instance as DescribeInstances has it.
func (w *world) see(id string) answer {
	w.Helper()
	return w.ok("DescribeInstances", `{"InstanceIds":["`+id+`"]}`).at("Reservations.0.Instances.0")
}

// roles is IAM with one role.
type roles struct{}

func (roles) Profile(_ *emu.Call, name string) (ec2.Profile, error) {
	if name != "web" {
		return ec2.Profile{}, errors.New("no such profile")
	}
	return ec2.Profile{ARN: "arn:aws:iam::" + account + ":instance-profile/web", ID: "AIPAWEB", Role: "web", RoleARN: "arn:aws:iam::" + account + ":role/web"}, nil
}

func (roles) Keys(c *emu.Call, _, id string) (ec2.Keys, error) {
	return ec2.Keys{AccessKeyID: "ASIA" + c.Token(16), Secret: "secret", Token: id, Expires: c.Now + emu.Hour}, nil
}

// imagined is machines that exist in the mind only.
type imagined struct {
	mu       sync.Mutex
	machines map[string]*imaginedMachine
	log      []string      // what was asked for, in order
	trouble  error         // why nothing can run
	broken   error         // what Boot answers
	hold     chan struct{} // boots and copies wait for it
	waiting  int
	images   []string
	volumes  map[string]string // id to what it is a copy of
}

type imaginedMachine struct {
	ec2.Machine
	running bool
}

func (m *imagined) held() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.hold != nil && m.waiting > 0
}

func (m *imagined) note(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf(format, args...))
}

// did returns what was asked for since the last time.
func (m *imagined) did() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.log = nil }()
	return strings.Join(m.log, ", ")
}

func (m *imagined) machine(id string) *imaginedMachine {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.machines[id]
}

func (m *imagined) Ready(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.trouble
}

// wait is called under the lock.
func (m *imagined) wait() {
	if m.hold != nil {
		hold := m.hold
		m.waiting++
		m.mu.Unlock()
		<-hold
		m.mu.Lock()
		m.waiting--
	}
}

func (m *imagined) Boot(_ context.Context, x ec2.Machine) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wait()
	m.note("boot %s", x.IP)
	if m.broken != nil {
		return "", m.broken
	}
	if old := m.machines[x.ID]; old != nil && old.Settings.Version > x.Settings.Version {
		x.Settings = old.Settings
	}
	m.machines[x.ID] = &imaginedMachine{x, true}
	return "", nil
}

func (m *imagined) Reboot(_ context.Context, x ec2.Machine) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note("reboot %s", x.IP)
	if m.machines[x.ID] == nil {
		return ec2.ErrGone
	}
	m.machines[x.ID].Mounts = x.Mounts
	return nil
}

func (m *imagined) Halt(_ context.Context, id string, force bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.machines[id]
	if x == nil {
		return ec2.ErrGone
	}
	m.note("halt %s %t", x.IP, force)
	x.running = false
	return nil
}

func (m *imagined) Remove(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if x := m.machines[id]; x != nil {
		m.note("remove %s", x.IP)
	}
	delete(m.machines, id)
	return nil
}

func (m *imagined) Configure(_ context.Context, id string, s ec2.Settings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if x := m.machines[id]; x != nil && x.Settings.Version <= s.Version {
		x.Settings = s
	}
	return nil
}

func (m *imagined) Console(_ context.Context, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.machines[id] == nil {
		return nil, ec2.ErrGone
	}
	return []byte("READY\n"), nil
}

func (m *imagined) Capture(_ context.Context, id, image string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wait()
	m.images = append(m.images, image)
	return m.trouble
}

func (m *imagined) CopyVolume(_ context.Context, from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wait()
	if m.volumes == nil {
		m.volumes = map[string]string{}
	}
	m.volumes[to] = from
	return m.trouble
}

func (m *imagined) RemoveVolume(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note("remove volume")
	delete(m.volumes, id)
	return nil
}

func (m *imagined) RemoveImage(context.Context, string) error   { return nil }
func (m *imagined) RemoveNetwork(context.Context, string) error { return nil }
