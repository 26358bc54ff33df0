package ec2

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// The states of an instance. What the learner asks for sets the state; the machine follows.
//
//	pending → running → stopping → stopped → pending
//	   any of them → shutting-down → terminated
const (
	pending      = "pending"
	running      = "running"
	shuttingDown = "shutting-down"
	terminated   = "terminated"
	stopping     = "stopping"
	stopped      = "stopped"
)

var stateCodes = map[string]int64{pending: 0, running: 16, shuttingDown: 32, terminated: 48, stopping: 64, stopped: 80}

// What a machine may be made to do.
const (
	workBoot   = "boot"
	workReboot = "reboot"
	workHalt   = "halt"
	workRemove = "remove"
)

// Reasons, as StateReason and StateTransitionReason give them.
var (
	byUser         = reason{"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"}
	byInstance     = reason{"Client.InstanceInitiatedShutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown"}
	bySpot         = reason{"Server.SpotInstanceTermination", "Server.SpotInstanceTermination: Spot instance termination"}
	byReclaim      = reason{"Server.SpotInstanceShutdown", "Server.SpotInstanceShutdown: Spot instance stopped by Amazon EC2"}
	lostMachine    = reason{"Server.InternalError", "Server.InternalError: The machine was killed from outside"}
	lostZone       = reason{"Server.InternalError", "Server.InternalError: The Availability Zone is down"}
	launchFailed   = "Server.InternalError"
	userTransition = "User initiated"
)

// work puts an instance's row and, unless its machine is busy, makes the machine do what the row wants of it. When that is
// done, worked looks again: so orders never overlap, and the last one wins.
func (s *Service) work(c *emu.Call, k key, i instance) {
	if i.Work == "" {
		j := job{Region: k.Region, Force: i.Force}
		switch {
		case i.State == pending:
			j.Work = workBoot
		case i.State == stopping:
			j.Work = workHalt
		case i.State == shuttingDown:
			j.Work = workRemove
		case i.State == running && (i.Reboot || i.Remount):
			j.Work = workReboot
		}
		if j.Work != "" {
			i.Work, i.Reboot, i.Remount, i.Force = j.Work, false, false, false
			if j.Work == workBoot || j.Work == workReboot {
				j.Machine = s.machineOf(c, k, &i)
			} else {
				j.Machine.ID = k.ID
			}
			s.machine.After(c, j)
		}
	}
	s.instances.Put(k, i)
}

// worked takes note of what came of a job.
func (s *Service) worked(c *emu.Call, j job, out outcome, err error) {
	k := key{j.Region, j.Machine.ID}
	i, ok := s.instances.Get(k)
	if !ok {
		return
	}
	c.Region = k.Region
	i.Work, i.Impaired = "", 0
	switch j.Work {
	case workBoot:
		s.booted(c, &i, out, err)
	case workReboot:
		if out.Gone && i.State == running {
			s.lose(c, &i, lostMachine)
		}
	case workHalt:
		if err == nil || out.Gone {
			halted(&i, out)
		}
	case workRemove:
		if err == nil || out.Gone {
			i.Console = out.Console
			s.end(c, k, &i)
		}
	}
	if err != nil && !out.Gone && (j.Work == workHalt || j.Work == workRemove) {
		i.Note = err.Error() // it stays as it is until somebody asks again or Docker is back
		s.instances.Put(k, i)
		return
	}
	if err == nil {
		s.settleMounts(k, j)
	}
	s.work(c, k, i)
	if (j.Work == workBoot || j.Work == workReboot) && i.State == running && i.Pushed > j.Machine.Settings.Version {
		s.push(c, k.ID)
	}
}

func (s *Service) booted(c *emu.Call, i *instance, out outcome, err error) {
	i.Note = out.Note
	switch {
	case err == nil && i.State == pending:
		i.State, i.Booted, i.Reason = running, true, reason{}
		i.Checked = c.Now + c.Takes(checksTime)
	case err == nil:
		i.Booted = true
	case i.State != pending: // something else is wanted by now
	case i.Booted: // a start failed: the disk is still there
		i.State, i.Reason = stopped, reason{launchFailed, launchFailed + ": " + err.Error()}
	default:
		i.State, i.Reason = shuttingDown, reason{launchFailed, launchFailed + ": " + err.Error()}
		i.Transition = launchFailed
	}
}

func halted(i *instance, out outcome) {
	if i.State == stopping {
		i.State = stopped
	}
	if out.Gone && i.Booted { // its root disk went with it
		i.State, i.Reason = shuttingDown, lostMachine
	}
}

// lose is for a machine that is not there any more.
func (s *Service) lose(c *emu.Call, i *instance, why reason) {
	i.State, i.Reason, i.Transition = shuttingDown, why, transition("Server.InternalError", c.Now)
}

// end makes an instance a terminated one, which is shown for an hour and holds nothing.
func (s *Service) end(c *emu.Call, k key, i *instance) {
	i.State, i.Ended, i.PublicIP, i.Notice, i.Keys = terminated, c.Now, "", 0, roleKeys{}
	for _, id := range i.Volumes {
		v, ok := s.volumes.Get(key{k.Region, id})
		switch {
		case !ok:
		case v.DeleteOnTermination:
			s.dropVolume(c, id)
		case v.Root: // kept by request, but there is no disk without its machine
			v.detach()
			v.State, v.Failure = failed, "haneul cannot keep a root disk without its machine; make an image instead"
			s.volumes.Put(key{k.Region, id}, v)
		default:
			v.detach()
			s.volumes.Put(key{k.Region, id}, v)
		}
	}
	i.Volumes = nil
	s.spotEnded(c, k, i)
	s.instances.Put(k, *i)
	for _, g := range i.Groups {
		s.pushGroup(c, g)
	}
}

// settleMounts takes note that a machine has the volumes of its job, or rests: then it gets them when it boots.
func (s *Service) settleMounts(k key, j job) {
	if j.Work == workRemove {
		return
	}
	for _, r := range rows(s.volumes, k.Region) {
		if r.V.Instance != k.ID || r.V.Attachment == attached {
			continue
		}
		mounted := slices.ContainsFunc(j.Machine.Mounts, func(m Mount) bool { return m.Volume == r.ID })
		switch {
		case r.V.Attachment == attaching && (mounted || j.Work == workHalt):
			r.V.Attachment = attached
		case r.V.Attachment == detaching && !mounted:
			r.V.detach()
		default:
			continue
		}
		s.volumes.Put(key{k.Region, r.ID}, r.V)
	}
}

// transition is the text of StateTransitionReason.
func transition(why string, at emu.Time) string {
	return why + " (" + at.Std().Format("2006-01-02 15:04:05") + " GMT)"
}

// mountPath is where a machine finds the volume at a device: /dev/sdf is at /mnt/sdf.
func mountPath(device string) string { return "/mnt/" + strings.TrimPrefix(device, "/dev/") }
