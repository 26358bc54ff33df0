package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"haneul/cmd/haneul/tui/screen"
	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/lessons"
)

// fake is a world for tests: what a screen asks is answered at once, from memory.
type fake struct {
	course  *lessons.Course
	mu      sync.Mutex
	started bool
	current string // the lab under way, by its slug
	things  []admin.Resource
	ahead   time.Duration
	frozen  bool
	faults  []admin.Fault
	ran     []string
	live    bool          // the lab has instances
	output  string        // of them
	steps   chan int      // when set, Check goes on as they come, until it is closed
	left    string        // what a grading could not put back
	refuse  error         // of Start
	reading chan struct{} // when set, Lab waits for it once the lab has started
	block   chan struct{} // when set, Try, Exec and Check wait for it or for their context
}

func (f *fake) note(s string) { f.mu.Lock(); f.ran = append(f.ran, s); f.mu.Unlock() }

func (f *fake) wait(ctx context.Context) error {
	if f.block == nil {
		return nil
	}
	select {
	case <-f.block:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *fake) Speak(lessons.Lang) {}

func (f *fake) Output(context.Context, screen.Place, string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.output, nil
}

// boot brings the third instance into a state, and adds to what it has printed.
func (f *fake) boot(state, more string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.output += more
	f.things = slices.Clone(f.things)
	for i, r := range f.things {
		if r.Sight != nil && r.Sight.ID == "i-0cccccccccccccccc" {
			s := *r.Sight
			s.State = state
			f.things[i].Sight = &s
		}
	}
}

func (f *fake) Connect(_, instance string) (*exec.Cmd, error) {
	f.note("connect " + instance)
	return nil, errors.New("nothing answers here")
}

// machines are the instances of a lab: one of each state, in a network with rules.
func machines() (list []admin.Resource) {
	out := admin.Rule{Egress: true, Protocol: "-1", From: -1, To: -1, Peers: []string{"0.0.0.0/0"}}
	tcp := func(from, to int64, peers ...string) admin.Rule {
		return admin.Rule{Protocol: "tcp", From: from, To: to, Peers: peers}
	}
	add := func(id, name, state, ip, public string, s admin.Sight) {
		s.ID, s.Name, s.State, s.PrivateIP, s.PublicIP = id, name, state, ip, public
		s.VPC, s.Zone, s.Type, s.Region = "vpc-1", "ap-northeast-2a", "t3.micro", "ap-northeast-2"
		list = append(list, admin.Resource{Service: "ec2", Kind: "instance", Name: name, ARN: "arn:aws:ec2:ap-northeast-2:000000000000:instance/" + id, Sight: &s})
	}
	add("i-0a1b2c3d4e5f60718", "web", "running", "172.31.5.20", "198.18.77.3", admin.Sight{
		Instance: admin.Instance{Groups: []admin.Note{{Key: "sg-0123456789abcdef0", Value: "web"}}},
		Disks:    []admin.Disk{{ID: "vol-0aa", Name: "data", State: "attached", Size: 8, Path: "/mnt/sdf"}},
		Rules:    []admin.Rule{out, tcp(80, 80, "0.0.0.0/0"), tcp(22, 22, "203.0.113.10/32"), tcp(9000, 9100, "10.0.0.0/8")}})
	add("i-0bbbbbbbbbbbbbbbb", "맛집 DB", "running", "172.31.5.21", "", admin.Sight{
		Instance: admin.Instance{Groups: []admin.Note{{Key: "sg-0fedcba9876543210", Value: "db"}}},
		Rules:    []admin.Rule{tcp(5432, 5432, "172.31.5.20/32"), {Egress: true, Protocol: "tcp", From: 443, To: 443, Peers: []string{"0.0.0.0/0"}}}})
	add("i-0cccccccccccccccc", "", "pending", "172.31.5.22", "198.18.77.9", admin.Sight{Instance: admin.Instance{Spot: true}, Rules: []admin.Rule{out}})
	add("i-0dddddddddddddddd", "old", "terminated", "172.31.5.23", "", admin.Sight{Instance: admin.Instance{Reason: "Server.SpotInstanceTermination: Instance was terminated by a Spot interruption"}})
	return append(list,
		admin.Resource{Service: "ec2", Kind: "volume", Name: "data", ARN: "arn:aws:ec2:ap-northeast-2:000000000000:volume/vol-0aa", State: []admin.Note{{Key: "State", Value: "in-use"}, {Key: "GiB", Value: "8"}, {Key: "Instance", Value: "i-0a1b2c3d4e5f60718"}}},
		admin.Resource{Service: "ec2", Kind: "volume", Name: "vol-0bb", ARN: "arn:aws:ec2:ap-northeast-2:000000000000:volume/vol-0bb", State: []admin.Note{{Key: "State", Value: "available"}, {Key: "GiB", Value: "20"}, {Key: "Instance"}}},
		admin.Resource{Service: "ec2", Kind: "security-group", Name: "web", ARN: "arn:aws:ec2:ap-northeast-2:000000000000:security-group/sg-0", State: []admin.Note{{Key: "Allows", Value: "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW"}}})
}

// booted is what an instance prints.
const booted = "[    0.00] haneul guest\n[    0.01] eth0: 172.31.5.20/20\n[    0.02] user data: #!/bin/sh\nhttpd started: 맛집 목록을 8080번 포트에서 보여 줍니다\nlogin: \n"

func (f *fake) Try(ctx context.Context, lesson, command string, out io.Writer) (int, error) {
	f.note("try " + lesson)
	fmt.Fprintln(out, "{\n    \"QueueUrl\": \"http://127.0.0.1:4566/000000000000/orders\"\n}")
	return 0, f.wait(ctx)
}

func (f *fake) Lab(_ context.Context, slug string, lang lessons.Lang) (screen.LabInfo, error) {
	info := screen.LabInfo{Title: "Dead letters", Minutes: 25, Started: f.started, Docker: f.live, Live: f.live,
		Text:   "## The task {#task}\n\nSome orders can never be processed. Move them to `orders-dead` after **three** tries.\n\n1. Make the queue\n2. Set the redrive policy\n",
		Checks: []screen.LabCheck{{ID: "good", Title: "Every good order is processed", Points: 50}, {ID: "only-poison", Title: "Only poison is in the DLQ", Points: 50}}}
	if lang == lessons.KO {
		info.Title = "배달 못한 편지"
		info.Text = "## 할 일 {#task}\n\n아무리 다시 해도 처리할 수 없는 주문이 있습니다. **세 번** 받은 뒤 `orders-dead`로 옮기십시오.\n\n1. 대기열 만들기\n2. 재처리 정책 정하기\n"
		info.Checks[0].Title, info.Checks[1].Title = "좋은 주문은 모두 처리됨", "DLQ에는 처리할 수 없는 주문만 있음"
	}
	info.Words = said{lang, f.course.UI(lang)}
	if f.started {
		info.Workspace = "~/haneul/letters"
		if f.reading != nil {
			<-f.reading
		}
	}
	return info, nil
}

func (f *fake) Current(context.Context) string { f.mu.Lock(); defer f.mu.Unlock(); return f.current }

func (f *fake) Start(context.Context, string) error {
	if f.refuse != nil {
		return f.refuse
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.started = true
	f.things = []admin.Resource{{Service: "sqs", Kind: "queue", Name: "orders", ARN: "arn:aws:sqs:ap-northeast-2:000000000000:orders",
		State: []admin.Note{{Key: "visible", Value: "3"}, {Key: "in flight", Value: "0"}, {Key: "dead letters to", Value: "orders-dead"}, {Key: "after receives", Value: "3"}}}}
	if f.live {
		f.things, f.output = append(f.things, machines()...), booted
	}
	return nil
}
func (f *fake) Reset(context.Context, string) error            { f.note("reset"); return nil }
func (f *fake) Solve(context.Context, string, io.Writer) error { f.note("solve"); return nil }

func (f *fake) Hint(_ context.Context, _ string, lang lessons.Lang) (string, int, error) {
	if lang == lessons.KO {
		return "`RedrivePolicy`를 살펴보십시오.", 0, nil
	}
	return "Look at `RedrivePolicy`.", 0, nil
}

func (f *fake) Check(ctx context.Context, _ string, step func(report.Step)) (screen.Grade, error) {
	done := func(n int) {
		first := &report.Check{ID: "good", Status: report.Pass, MaxScore: 50}
		step([]report.Step{{Total: 2}, {Done: 1, Total: 2, Check: first}, {Done: 2, Total: 2}}[n])
	}
	if f.steps == nil {
		done(1)
		done(2)
	} else {
		for n := range f.steps {
			done(n)
		}
	}
	if err := f.wait(ctx); err != nil {
		return screen.Grade{}, err
	}
	r := &report.Result{Lab: "letters", Checks: []report.Check{
		{ID: "good", Status: report.Pass, MaxScore: 50},
		{ID: "only-poison", Status: report.Fail, MaxScore: 50, Outcome: "wrong-messages", Expected: 4, Actual: 9,
			Evidence: []report.Evidence{{At: time.Date(2026, 11, 20, 3, 3, 11, 0, time.UTC), Operation: "sqs:ReceiveMessage", Resource: "arn:aws:sqs:ap-northeast-2:000000000000:orders", Notes: map[string]string{"MessageId": "7f3a"}}}},
		{ID: "redriven", Status: report.Blocked, MaxScore: 0, Needs: []string{"only-poison"}},
	}}
	r.Left = f.left
	r.Sum()
	return screen.Grade{Result: r, Words: map[lessons.Lang]report.Sentences{lessons.KO: said{lessons.KO, f.course.UI(lessons.KO)}, lessons.EN: said{lessons.EN, f.course.UI(lessons.EN)}}}, nil
}

// said is the sentences of the fake lab.
type said struct {
	lang lessons.Lang
	ui   *lessons.UI
}

func (s said) Title(id string) string {
	en := map[string]string{"good": "Every good order is processed", "only-poison": "Only poison is in the DLQ", "redriven": "The repaired orders are processed"}
	ko := map[string]string{"good": "좋은 주문은 모두 처리됨", "only-poison": "DLQ에는 처리할 수 없는 주문만 있음", "redriven": "고친 주문은 모두 처리됨"}
	if s.lang == lessons.KO {
		return ko[id]
	}
	return en[id]
}

func (s said) Outcome(c *report.Check) (string, string) {
	switch {
	case c.Status == report.Pass:
		return "", ""
	case c.Status == report.Blocked && s.lang == lessons.KO:
		return "먼저 통과해야 하는 검사가 있습니다.", ""
	case c.Status == report.Blocked:
		return "Another check has to pass first.", ""
	case s.lang == lessons.KO:
		return "DLQ에는 처리할 수 없는 주문만 있어야 합니다.", "일시적인 실패를 몇 번까지 견딜지 정하는 값을 살펴보십시오."
	}
	return "Only orders that can never be processed belong in the DLQ.", "Look at the value that says how many failures are tolerated."
}

func (s said) Word(key string, pairs ...any) string { return s.ui.T(key, pairs...) }

func (f *fake) Exec(ctx context.Context, _, line string, out io.Writer) (int, error) {
	f.note(line)
	switch {
	case line == "fail":
		fmt.Fprintln(out, "An error occurred (AWS.SimpleQueueService.NonExistentQueue)")
		return 254, nil
	case strings.HasPrefix(line, "echo "):
		fmt.Fprintln(out, line[5:])
	}
	return 0, f.wait(ctx)
}

func (f *fake) Complete(_ context.Context, _, line string) []string {
	switch {
	case line == "":
		return []string{"aws", "check"}
	case strings.HasSuffix(line, "create-q"):
		return []string{"create-queue"}
	}
	return []string{"receive-message", "remove-permission"}
}

func (f *fake) Shell(_, line string) (*exec.Cmd, error) {
	f.note("shell " + line)
	return nil, errors.New("no shell here")
}

func (f *fake) Resources(context.Context, screen.Place) ([]admin.Resource, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.things, nil
}
func (f *fake) now() admin.Clock {
	return admin.Clock{Now: time.Now().Add(f.ahead), Frozen: f.frozen, Steps: 2}
}
func (f *fake) Clock(context.Context, screen.Place) (admin.Clock, error) { return f.now(), nil }
func (f *fake) Advance(_ context.Context, _ screen.Place, d time.Duration) (admin.Clock, error) {
	f.ahead += d
	return f.now(), nil
}
func (f *fake) Freeze(context.Context, screen.Place) (admin.Clock, error) {
	f.frozen = true
	return f.now(), nil
}
func (f *fake) Resume(context.Context, screen.Place) (admin.Clock, error) {
	f.frozen = false
	return f.now(), nil
}
func (f *fake) Faults(context.Context, screen.Place) ([]admin.Fault, error) { return f.faults, nil }
func (f *fake) AddFault(_ context.Context, _ screen.Place, x admin.Fault) (admin.Fault, error) {
	x.ID = fmt.Sprintf("f%d", len(f.faults)+1)
	f.faults = append(f.faults, x)
	return x, nil
}
func (f *fake) ClearFaults(context.Context, screen.Place, string) error { f.faults = nil; return nil }
