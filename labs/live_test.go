package labs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"haneul/labs/report"
)

// TestWithoutDocker: a lab with instances says what is missing, and changes nothing.
func TestWithoutDocker(t *testing.T) {
	k, e := runningKit(t)
	pack(t, k, "    pass\n", liveLab)
	var missing *NoRuntimeError
	for name, f := range map[string]func() error{
		"start": func() error { _, err := k.Start(t.Context(), "pack"); return err },
		"reset": func() error { _, err := k.Reset(t.Context(), "pack"); return err },
		"solve": func() error { return k.Solve(t.Context(), "pack", os.Stderr) },
	} {
		if err := f(); !errors.As(err, &missing) || !strings.Contains(err.Error(), "Docker") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if clouds, err := e.Admin.Clouds(t.Context()); err != nil || len(clouds) != 1 {
		t.Errorf("clouds: %+v %v", clouds, err)
	}
	if files, _ := os.ReadDir(k.Home); len(files) > 0 {
		t.Errorf("files: %v", files)
	}
	pack(t, k, "    pass\n", nil)
	if _, err := k.Start(t.Context(), "pack"); err != nil {
		t.Errorf("another lab: %v", err)
	}
}

// liveLab makes a pack's lab one with instances.
var liveLab = map[string]string{
	"lab.yaml": "title: {ko: 가, en: a}\nlesson: x\nminutes: 1\nneeds: [docker]\nworkers: {worker: {}}\nchecks:\n  - {id: one, title: {ko: 가, en: a}, points: 1}\n  - {id: two, title: {ko: 가, en: a}, points: 1}\n",
}

// liveKit is a kit with machines and a started lab whose second check launches a machine and then does what is said.
func liveKit(t *testing.T, then string) (*Kit, Engine, Attempt) {
	t.Helper()
	if testing.Short() {
		t.Skip("boots machines")
	}
	k := kit(t)
	e, leave, err := withMachines(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(leave)
	k.Engine = func(context.Context) (Engine, error) { return e, nil }
	pack(t, k, `    id = t.aws.ec2.run_instances(ImageId = "ami-02023000000000086", InstanceType = "t3.nano", MinCount = 1, MaxCount = 1).Instances[0].InstanceId
    t.want(t.instances.wait(id, "running").ok, "boots")
    t.fault.add(kind = "latency", service = "sqs", latency = "1s")
`+then, liveLab)
	return k, e, must[Attempt](t)(k.Start(t.Context(), "pack"))
}

// asBefore holds a lab's cloud to having no machine and no fault.
func asBefore(t *testing.T, e Engine, a Attempt) {
	t.Helper()
	is, err := e.Admin.Instances(t.Context(), a.Cloud)
	if err != nil || len(is) == 0 {
		t.Errorf("the check launched nothing: %v", err)
	}
	for _, i := range is {
		if i.State != "terminated" {
			t.Errorf("%s is %s", i.ID, i.State)
		}
	}
	if faults, err := e.Admin.Faults(t.Context(), a.Cloud); err != nil || len(faults) > 0 {
		t.Errorf("faults: %+v %v", faults, err)
	}
}

// TestLiveTime: what a check changed is put back when its time is up.
func TestLiveTime(t *testing.T) {
	k, e, a := liveKit(t, "    t.instances.pause(\"1m\")\n")
	k.GradeTime = 6 * time.Second
	r := must[*report.Result](t)(k.Check(t.Context(), "pack", nil))
	if !r.Live || r.Left != "" || r.Checks[0].Status != report.Pass || r.Checks[1].Outcome != "time" || len(r.Seeds) != 1 {
		t.Errorf("%+v", r)
	}
	asBefore(t, e, a)
}

// TestLiveCalledOff: a second grading is refused, and so is taking the cloud away; one that is called off puts things back
// before it returns.
func TestLiveCalledOff(t *testing.T) {
	k, e, a := liveKit(t, "    t.files.write(\"x\", \"\")\n    t.instances.pause(\"1m\")\n")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := k.Check(ctx, "pack", nil); done <- err }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if is, _ := e.Admin.Instances(t.Context(), a.Cloud); len(is) > 0 && is[0].State == "running" || time.Now().After(deadline) {
			break
		}
	}
	if _, err := k.Check(t.Context(), "pack", nil); !errors.Is(err, ErrBusy) {
		t.Errorf("a second grading: %v", err)
	}
	if err := k.Stop(t.Context(), "pack"); !errors.Is(err, ErrBusy) {
		t.Errorf("stop meanwhile: %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	asBefore(t, e, a)
	if _, err := os.Stat(filepath.Join(a.Dir, "x")); err == nil {
		t.Error("the check wrote into the learner's workspace")
	}
	if err := k.Stop(t.Context(), "pack"); err != nil {
		t.Error(err)
	}
}
