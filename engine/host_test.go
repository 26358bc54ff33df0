package engine_test

import (
	"context"
	"net"
	"reflect"
	"testing"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
)

const token = "a-token-for-tests"

// serve starts a host on a free port and returns its admin client.
func serve(t *testing.T, o engine.HostOptions) (*engine.Host, *admin.Client) {
	t.Helper()
	o.Token = token
	o.Log = t.Logf
	h, err := engine.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h, admin.NewClient("http://"+l.Addr().String(), token)
}

func TestAdminClock(t *testing.T) {
	_, c := serve(t, engine.HostOptions{})
	ctx := t.Context()
	before, err := c.Clock(ctx, admin.DefaultCloud)
	if err != nil {
		t.Fatal(err)
	}
	after, err := c.Advance(ctx, admin.DefaultCloud, 14*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if d := after.Now.Sub(before.Now); d < 14*24*time.Hour || d > 14*24*time.Hour+time.Minute {
		t.Errorf("the clock moved by %s", d)
	}
	frozen, err := c.Freeze(ctx, admin.DefaultCloud)
	if err != nil || !frozen.Frozen {
		t.Fatalf("freeze: %+v, %v", frozen, err)
	}
	again, err := c.Clock(ctx, admin.DefaultCloud)
	if err != nil || !again.Now.Equal(frozen.Now) {
		t.Errorf("a frozen clock went from %s to %s (%v)", frozen.Now, again.Now, err)
	}
}

func TestBranchHasItsOwnKeysAndClock(t *testing.T) {
	h, c := serve(t, engine.HostOptions{})
	ctx := t.Context()
	live, err := c.Create(ctx, admin.CloudSpec{Name: "lab"})
	if err != nil {
		t.Fatal(err)
	}
	branch, err := c.Branch(ctx, "lab", admin.BranchSpec{Name: "lab.1", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if branch.AccessKeyID == live.AccessKeyID || branch.SecretAccessKey == live.SecretAccessKey {
		t.Error("a branch has the keys of its origin")
	}
	if branch.Account != live.Account || !branch.Memory || branch.BranchOf != "lab" {
		t.Errorf("branch: %+v", branch)
	}
	if _, err := c.Advance(ctx, "lab.1", time.Hour); err != nil {
		t.Fatal(err)
	}
	now, err := c.Clock(ctx, "lab")
	if err != nil || now.Now.Sub(live.Now) > time.Minute {
		t.Errorf("advancing a branch moved its origin to %s (%v)", now.Now, err)
	}
	owner, _, ok := h.ByAccessKey(branch.AccessKeyID)
	if !ok || owner.Name() != "lab.1" {
		t.Errorf("the branch's key leads to %v", owner)
	}
	if found, ok := h.ByAccount(live.Account); !ok || found.Name() != "lab" {
		t.Errorf("the account leads to %v, not to the live cloud", found)
	}
	if err := c.Delete(ctx, "lab.1"); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := h.ByAccessKey(branch.AccessKeyID); ok {
		t.Error("the key of a deleted branch still works")
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	first, err := engine.Open(engine.HostOptions{Dir: dir, Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	key := first.Default().RootKey()
	if _, err := first.Default().Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	at := first.Default().Now()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := engine.Open(engine.HostOptions{Dir: dir, Build: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if second.Default().RootKey() != key {
		t.Error("the root key changed")
	}
	if d := time.Duration(second.Default().Now() - at); d < 0 || d > time.Minute {
		t.Errorf("the clock stood at %d and goes on at %d", at, second.Default().Now())
	}
}

func TestAdminRefusals(t *testing.T) {
	_, c := serve(t, engine.HostOptions{})
	ctx := t.Context()
	for name, c := range map[string]struct {
		do   func() error
		code string
	}{
		"unknown cloud":    {func() error { _, err := c.Cloud(ctx, "nowhere"); return err }, "NoSuchCloud"},
		"bad name":         {func() error { _, err := c.Create(ctx, admin.CloudSpec{Name: "../x"}); return err }, "InvalidName"},
		"bad account":      {func() error { _, err := c.Create(ctx, admin.CloudSpec{Name: "x", Account: "1"}); return err }, "InvalidAccount"},
		"taken name":       {func() error { _, err := c.Create(ctx, admin.CloudSpec{Name: "default"}); return err }, "CloudExists"},
		"default deleted":  {func() error { return c.Delete(ctx, "default") }, "DefaultCloud"},
		"unknown fault":    {func() error { _, err := c.AddFault(ctx, "default", admin.Fault{Kind: "meteor"}); return err }, "InvalidParameterValue"},
		"unknown request":  {func() error { _, err := c.Find(ctx, "default", "none"); return err }, "NoSuchRequest"},
		"no fault to lift": {func() error { return c.ClearFaults(ctx, "default", "fault-X") }, "NoSuchEntity"},
	} {
		err := c.do()
		if e, ok := err.(*admin.Error); !ok || e.Code != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
	if _, err := admin.NewClient(endpointOf(t), "wrong").Status(ctx); err == nil {
		t.Error("a wrong token was let in")
	}
}

func endpointOf(t *testing.T) string {
	h, _ := serve(t, engine.HostOptions{})
	for h.Endpoint() == "" {
		time.Sleep(time.Millisecond)
	}
	return h.Endpoint()
}

func TestFaultsAndJournal(t *testing.T) {
	_, c := serve(t, engine.HostOptions{})
	ctx := t.Context()
	f, err := c.AddFault(ctx, "default", admin.Fault{Kind: "error", Service: "sqs", Operation: "SendMessage", Count: 2})
	if err != nil || f.ID == "" {
		t.Fatalf("%+v, %v", f, err)
	}
	fs, err := c.Faults(ctx, "default")
	if err != nil || !reflect.DeepEqual(fs, []admin.Fault{f}) {
		t.Errorf("faults: %+v, %v", fs, err)
	}
	es, err := c.Journal(ctx, "default", 0, 0)
	if err != nil || len(es) == 0 {
		t.Fatalf("journal: %v, %v", es, err)
	}
	last := es[len(es)-1]
	if last.Operation != "AddFault" || !last.Changed || len(last.Input) == 0 {
		t.Errorf("the journal ends with %+v", last)
	}
	found, err := c.Find(ctx, "default", last.RequestID)
	if err != nil || found.Seq != last.Seq {
		t.Errorf("find: %+v, %v", found, err)
	}
	if err := c.ClearFaults(ctx, "default", f.ID); err != nil {
		t.Error(err)
	}
}
