package ec2

import "haneul/engine/emu"

// onInstances is for operations on several instances.
type onInstances struct {
	InstanceIds []string `query:"InstanceId" is:"required"`
}

// Resource implements [emu.Input].
func (in *onInstances) Resource(c *emu.Call) string { return arn(c, "instance", first(in.InstanceIds)) }

// StartInstancesInput starts stopped instances.
type StartInstancesInput struct {
	dry
	onInstances
}

// StopInstancesInput stops instances. With Force they are not asked to shut down.
type StopInstancesInput struct {
	dry
	onInstances
	Force bool
}

// RebootInstancesInput starts running instances again.
type RebootInstancesInput struct {
	dry
	onInstances
}

// TerminateInstancesInput ends instances for good.
type TerminateInstancesInput struct {
	dry
	onInstances
}

// StartInstancesOutput tells what changed.
type StartInstancesOutput struct {
	StartingInstances []InstanceStateChange `query:"instancesSet"`
}

// StopInstancesOutput tells what changed.
type StopInstancesOutput struct {
	StoppingInstances []InstanceStateChange `query:"instancesSet"`
}

// TerminateInstancesOutput tells what changed.
type TerminateInstancesOutput struct {
	TerminatingInstances []InstanceStateChange `query:"instancesSet"`
}

// InstanceStateChange is an instance's state before and after.
type InstanceStateChange struct {
	CurrentState  InstanceState
	InstanceId    string
	PreviousState InstanceState
}

// forEach changes several instances, or none if one refuses.
func (s *Service) forEach(c *emu.Call, operation string, ids []string, change func(id string, i *instance) error) ([]InstanceStateChange, error) {
	if err := allowOthers(c, operation, "instance", ids); err != nil {
		return nil, err
	}
	all, err := s.instancesOf(c, ids)
	if err != nil {
		return nil, err
	}
	out := []InstanceStateChange{}
	for _, r := range all {
		before := r.V.State
		if err := change(r.ID, &r.V); err != nil {
			return nil, err
		}
		s.work(c, key{c.Region, r.ID}, r.V)
		out = append(out, InstanceStateChange{showState(r.V.State), r.ID, showState(before)})
	}
	return out, nil
}

func (s *Service) startInstances(c *emu.Call, in *StartInstancesInput, world checked, _ error) (*StartInstancesOutput, error) {
	var started []string
	changed, err := s.forEach(c, "StartInstances", in.InstanceIds, func(id string, i *instance) error {
		switch {
		case i.State == running || i.State == pending:
			return nil
		case i.State != stopped:
			return incorrectState("The instance '%s' is not in a state from which it can be started.", id)
		case i.Spot != "" && !s.persistent(c.Region, i):
			return fail("IncorrectSpotRequestState", "You can't start the Spot Instance '%s' because the associated Spot Instance request is not in an appropriate state to support start.", id)
		}
		if c.Down(i.Zone) {
			return &emu.Error{Code: "InsufficientInstanceCapacity", Message: "Insufficient capacity.", Status: 500}
		}
		i.State, i.Launched, i.Transition, i.Reason = pending, second(c), "", reason{}
		n := s.network(c)
		if sub, _ := s.subnets.Get(key{c.Region, i.Subnet}); sub.PublicIP && n.public(i.Subnet, i.VPC) {
			i.PublicIP = s.publicAddress(c) // another one than before, as on AWS
		}
		s.renewKeys(c, id, i)
		started = append(started, id)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case in.DryRun:
		return nil, dryRunSucceeded()
	case world.Trouble != "" && started != nil:
		return nil, cannotRun(world.Trouble)
	}
	return &StartInstancesOutput{changed}, nil
}

func (s *Service) stopInstances(c *emu.Call, in *StopInstancesInput) (*StopInstancesOutput, error) {
	changed, err := s.forEach(c, "StopInstances", in.InstanceIds, func(id string, i *instance) error {
		switch {
		case i.NoStop:
			return notPermitted("The instance '%s' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.", id)
		case i.Spot != "" && !s.persistent(c.Region, i):
			return fail("UnsupportedOperation", "You can't stop the Spot Instance '%s' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.", id)
		case i.State == stopped:
			return nil
		case i.State == stopping:
			i.Force = i.Force || in.Force
			return nil
		case i.State != running && i.State != pending:
			return incorrectState("This instance '%s' is not in a state from which it can be stopped.", id)
		case i.State == pending && !i.Booted:
			return incorrectState("Instance '%s' cannot be stopped as it has never reached the 'running' state.", id)
		}
		s.stop(c, i, byUser, userTransition, in.Force)
		return nil
	})
	return &StopInstancesOutput{changed}, err
}

// stop sends an instance to stopping. Its public address and its memory disk go, its other disks and its address stay.
func (s *Service) stop(c *emu.Call, i *instance, why reason, text string, force bool) {
	i.State, i.Reason, i.Transition, i.Force = stopping, why, transition(text, c.Now), force
	i.PublicIP, i.Notice, i.Keys, i.Reboot, i.Remount = "", 0, roleKeys{}, false, false
}

func (s *Service) rebootInstances(c *emu.Call, in *RebootInstancesInput) (*emu.NoOutput, error) {
	_, err := s.forEach(c, "RebootInstances", in.InstanceIds, func(id string, i *instance) error {
		switch i.State {
		case running:
			i.Reboot = true
		case pending, terminated: // nothing to do
		default:
			return fail("IncorrectState", "Cannot reboot instance %s that is currently in %s state.", id, i.State)
		}
		return nil
	})
	return &emu.NoOutput{}, err
}

func (s *Service) terminateInstances(c *emu.Call, in *TerminateInstancesInput) (*TerminateInstancesOutput, error) {
	changed, err := s.forEach(c, "TerminateInstances", in.InstanceIds, func(id string, i *instance) error {
		switch {
		case i.State == terminated || i.State == shuttingDown:
			return nil
		case i.Protected:
			return notPermitted("The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", id)
		}
		s.terminate(c, i, byUser, userTransition)
		return nil
	})
	return &TerminateInstancesOutput{changed}, err
}

func (s *Service) terminate(c *emu.Call, i *instance, why reason, text string) {
	i.State, i.Reason, i.Transition = shuttingDown, why, transition(text, c.Now)
	i.PublicIP, i.Notice, i.Keys, i.Reboot, i.Remount = "", 0, roleKeys{}, false, false
}
