package ec2

import (
	"slices"

	"haneul/engine/emu"
)

// What happens to machines without anybody calling EC2 comes in through operations of a service of its own, which has no
// protocol and so cannot be reached by a learner: the world outside reports. What goes wrong on purpose is in strikes.go.

// MachinesService is that service's name.
const MachinesService = "ec2.machines"

func (s *Service) reports() *emu.Service {
	return &emu.Service{Name: MachinesService, Title: "The machines behind Amazon EC2", Ops: []*emu.Operation{
		emu.Op("Report", s.report),
		emu.Op("Reconcile", s.reconcile),
	}}
}

// ReportInput tells what became of a machine that nobody here had asked for it.
type ReportInput struct {
	onAll
	ID     string
	What   string // see the constants
	Reason string // a sentence, "" if there is nothing to say
}

// What may be reported.
const (
	MachineEnded       = "ended"       // by itself, or it was stopped for the reason given
	MachineKilled      = "killed"      // it is gone, or as good as
	MachineUnreachable = "unreachable" // it is there and does not answer. A reboot heals it.
	MachineReachable   = "reachable"   // again
)

// find is an instance of any region.
func (s *Service) find(id string) (found key, i instance, ok bool) {
	s.instances.All(func(k key, v instance) bool {
		if k.ID == id {
			found, i, ok = k, v, true
		}
		return !ok
	})
	return found, i, ok
}

func (s *Service) report(c *emu.Call, in *ReportInput) (*emu.NoOutput, error) {
	k, i, ok := s.find(in.ID)
	if !ok || i.State != running || i.Work != "" {
		return nil, nil // not ours, or about to change anyway: its job will find out
	}
	c.Region = k.Region
	switch {
	case in.What == MachineUnreachable:
		i.Impaired = c.Now
	case in.What == MachineReachable:
		i.Impaired = 0
	case in.What != MachineEnded:
		s.lose(c, &i, because(lostMachine, in.Reason))
	case in.Reason != "":
		s.stop(c, &i, because(lostMachine, in.Reason), lostMachine.Code, false)
	case i.OnShutdown == "terminate":
		s.terminate(c, &i, byInstance, "")
	default:
		s.stop(c, &i, byInstance, "", false)
	}
	s.work(c, k, i)
	return nil, nil
}

// because is a reason in words of its own, if there are any.
func because(r reason, sentence string) reason {
	if sentence != "" {
		r.Message = r.Code + ": " + sentence
	}
	return r
}

// ReconcileInput lists all machines there are, after a time in which nobody was watching.
type ReconcileInput struct {
	onAll
	Machines []Found
}

// Found is a machine that exists.
type Found struct {
	ID      string
	Running bool
}

// ReconcileOutput names the machines that belong to no instance.
type ReconcileOutput struct{ Orphans []string }

// reconcile makes desired and actual agree: what should run and does not is lost, what should change and is not at work
// is set to work, and what nobody wants is named.
func (s *Service) reconcile(c *emu.Call, in *ReconcileInput) (*ReconcileOutput, error) {
	var all []key
	s.instances.All(func(k key, _ instance) bool { all = append(all, k); return true })
	wanted := map[string]bool{}
	for _, k := range all {
		i, _ := s.instances.Get(k)
		wanted[k.ID] = i.State != terminated
		n := slices.IndexFunc(in.Machines, func(f Found) bool { return f.ID == k.ID })
		c.Region = k.Region
		switch {
		case i.Work != "" || i.State == terminated:
			continue // the outbox runs what was under way again
		case i.State == running && (n < 0 || !in.Machines[n].Running), i.State == stopped && i.Booted && n < 0:
			s.lose(c, &i, lostMachine)
		}
		s.work(c, k, i)
	}
	out := &ReconcileOutput{}
	for _, f := range in.Machines {
		if !wanted[f.ID] {
			out.Orphans = append(out.Orphans, f.ID)
		}
	}
	for _, k := range all {
		c.Region = k.Region
		s.push(c, k.ID) // machines may have forgotten what they were told
	}
	return out, nil
}

// forget drops a terminated instance after the hour in which it is shown.
func (s *Service) forget(_ *emu.Call, k key) {
	i, _ := s.instances.Get(k)
	s.instances.Delete(k)
	if i.Spot != "" {
		s.spots.Delete(key{k.Region, i.Spot})
	}
}
