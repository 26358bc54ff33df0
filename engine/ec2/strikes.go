package ec2

import (
	"strings"

	"haneul/engine/emu"
)

// strike implements [emu.Service.Strike]: an outage takes every machine of a zone, a kill those of a zone or those that it
// names, and an interrupt gives Spot instances their two minutes.
func (s *Service) strike(c *emu.Call, f *emu.Fault) (hit []string, err error) {
	if f.Zone != "" && !zoneKnown(f.Zone) {
		return nil, invalidValue("Invalid availability zone: [%s]", f.Zone)
	}
	blow := s.kill(lostMachine)
	switch f.Kind {
	case emu.FaultOutage:
		blow = s.kill(lostZone)
	case emu.FaultInterrupt:
		blow = s.interrupt
	}
	for _, k := range s.struck(c, f) {
		c.Region = k.Region
		i, _ := s.instances.Get(k)
		err := blow(c, k, i)
		switch {
		case err == nil:
			hit = append(hit, k.ID)
		case f.Zone == "" && !strings.ContainsAny(f.ARN, "*?"):
			return nil, err // it was meant, and cannot be hit
		}
	}
	if id := f.ARN[strings.LastIndex(f.ARN, "/")+1:]; len(hit) == 0 && validID(kindInstance.prefix, id) {
		return nil, kindInstance.notFound(id)
	}
	return hit, nil
}

// struck finds the instances of a zone, or those that a fault names.
func (s *Service) struck(c *emu.Call, f *emu.Fault) (found []key) {
	s.instances.All(func(k key, i instance) bool {
		if f.Zone != "" && i.Zone == f.Zone || f.Names("arn:aws:ec2:"+k.Region+":"+c.Account+":instance/"+k.ID) {
			found = append(found, k)
		}
		return true
	})
	return found
}

func (s *Service) kill(why reason) func(*emu.Call, key, instance) error {
	return func(c *emu.Call, k key, i instance) error {
		if !counts(i.State) {
			return incorrectState("The instance '%s' is not in the 'running' state.", k.ID)
		}
		s.lose(c, &i, why)
		s.work(c, k, i)
		return nil
	}
}

func (s *Service) interrupt(c *emu.Call, k key, i instance) error {
	switch {
	case i.Spot == "":
		return fail("UnsupportedOperation", "%s is no Spot instance", k.ID)
	case i.State != running:
		return incorrectState("The instance '%s' is not in the 'running' state.", k.ID)
	case i.Notice != 0:
		return nil
	}
	i.Notice = c.Now + spotNotice
	s.instances.Put(k, i)
	s.setSpot(c, k.Region, &i, "active", "marked-for-"+spotVerb[s.spotBehavior(k.Region, &i)], "Your Spot instance is marked for interruption.")
	s.push(c, k.ID)
	return nil
}

var spotVerb = map[string]string{"terminate": "termination", "stop": "stop"}

func (s *Service) setSpot(c *emu.Call, region string, i *instance, state, status, message string) {
	k := key{region, i.Spot}
	if r, ok := s.spots.Get(k); ok {
		r.State, r.Status, r.Message, r.Updated = state, status, message, second(c)
		s.spots.Put(k, r)
	}
}

// reclaim is the end of a Spot instance's two minutes.
func (s *Service) reclaim(c *emu.Call, k key) {
	i, _ := s.instances.Get(k)
	c.Region = k.Region
	switch {
	case i.State != running:
		i.Notice = 0
	case s.spotBehavior(k.Region, &i) == "stop":
		s.stop(c, &i, byReclaim, "Server.SpotInstanceShutdown", false)
		s.setSpot(c, k.Region, &i, "disabled", "instance-stopped-no-capacity", "Your instance was stopped because there is no longer enough Spot capacity.")
	default:
		s.terminate(c, &i, bySpot, "Server.SpotInstanceTermination")
	}
	s.work(c, k, i)
}
