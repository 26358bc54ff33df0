package ec2

import (
	"context"
	"errors"

	"haneul/engine/emu"
)

// effects is what the service does to the world, each after the commit of the call that asked for it.
type effects struct {
	machine      *emu.Effect[job]
	configure    *emu.Effect[configuring]
	fillVolume   *emu.Effect[copying]
	fillSnapshot *emu.Effect[copying]
	captureImage *emu.Effect[capture]
	removeVolume *emu.Effect[removal]
	removeImage  *emu.Effect[removal]
	removeVPC    *emu.Effect[removal]
}

// job is one thing that a machine is made to do. Of one instance there is never more than one (lifecycle.go).
type job struct {
	Region, Work string
	Force        bool
	Machine      Machine
}

// outcome is what came of a job, or of another effect.
type outcome struct {
	Note    string
	Gone    bool   // there was no machine
	Console []byte // its last words
}

type configuring struct {
	Region, ID string
	Settings   Settings
}

type copying struct{ Region, From, To string }

// capture is the image of an instance with copies of its volumes; From and To are in the same order.
type capture struct {
	Region, Instance, Image string
	Snapshots               []string
	From, To                []string
}

type removal struct{ ID string }

func (s *Service) newEffects(c *emu.Cloud) effects {
	m := s.machines
	return effects{
		machine: emu.NewEffect(c, "ec2.machine", func(ctx context.Context, j job) (outcome, error) { return run(ctx, m, j) }, s.worked),
		configure: emu.NewEffect(c, "ec2.configure", func(ctx context.Context, p configuring) (outcome, error) {
			return outcome{}, m.Configure(ctx, p.ID, p.Settings)
		}, func(*emu.Call, configuring, outcome, error) {}),
		fillVolume: emu.NewEffect(c, "ec2.fillVolume", func(ctx context.Context, p copying) (outcome, error) {
			return outcome{}, m.CopyVolume(ctx, p.From, p.To)
		}, s.volumeFilled),
		fillSnapshot: emu.NewEffect(c, "ec2.fillSnapshot", func(ctx context.Context, p copying) (outcome, error) {
			return outcome{}, m.CopyVolume(ctx, p.From, p.To)
		}, s.snapshotFilled),
		captureImage: emu.NewEffect(c, "ec2.captureImage", func(ctx context.Context, p capture) (outcome, error) {
			err := m.Capture(ctx, p.Instance, p.Image)
			for i := 0; err == nil && i < len(p.From); i++ {
				err = m.CopyVolume(ctx, p.From[i], p.To[i])
			}
			return outcome{}, err
		}, s.imageCaptured),
		removeVolume: removing(c, "ec2.removeVolume", m.RemoveVolume),
		removeImage:  removing(c, "ec2.removeImage", m.RemoveImage),
		removeVPC:    removing(c, "ec2.removeVPC", m.RemoveNetwork),
	}
}

// removing is an effect whose failure nobody waits for: what is left behind carries the cloud's label and is swept with it.
func removing(c *emu.Cloud, name string, remove func(context.Context, string) error) *emu.Effect[removal] {
	return emu.NewEffect(c, name, func(ctx context.Context, p removal) (outcome, error) { return outcome{}, remove(ctx, p.ID) },
		func(*emu.Call, removal, outcome, error) {})
}

// run makes a machine do its job.
func run(ctx context.Context, m Machines, j job) (out outcome, err error) {
	switch j.Work {
	case workBoot:
		out.Note, err = m.Boot(ctx, j.Machine)
	case workReboot:
		err = m.Reboot(ctx, j.Machine)
	case workHalt:
		err = m.Halt(ctx, j.Machine.ID, j.Force)
	case workRemove:
		out.Console, _ = m.Console(ctx, j.Machine.ID) // its last words; without them it goes as well
		err = m.Remove(ctx, j.Machine.ID)
	}
	out.Gone = errors.Is(err, ErrGone)
	return out, err
}

// volumeFilled records that a volume is there, or what went wrong. One that was deleted meanwhile leaves nothing.
func (s *Service) volumeFilled(c *emu.Call, p copying, _ outcome, err error) {
	k := key{p.Region, p.To}
	v, ok := s.volumes.Get(k)
	if !ok {
		s.removeVolume.After(c, removal{p.To})
		return
	}
	if v.State = available; v.Instance != "" {
		v.State = inUse
	}
	if err != nil {
		v.State, v.Failure = failed, err.Error()
	}
	s.volumes.Put(k, v)
}

func (s *Service) snapshotFilled(c *emu.Call, p copying, _ outcome, err error) {
	s.setSnapshot(c, key{p.Region, p.To}, err)
}

// setSnapshot records that a snapshot is complete, or what went wrong. One that was deleted meanwhile leaves nothing.
func (s *Service) setSnapshot(c *emu.Call, k key, err error) {
	v, ok := s.snapshots.Get(k)
	if !ok {
		s.removeVolume.After(c, removal{k.ID})
		return
	}
	v.State = completed
	if err != nil {
		v.State, v.Failure = failed, err.Error()
	}
	s.snapshots.Put(k, v)
}

func (s *Service) imageCaptured(c *emu.Call, p capture, _ outcome, err error) {
	for _, id := range p.Snapshots {
		if _, ok := s.snapshots.Get(key{p.Region, id}); ok {
			s.setSnapshot(c, key{p.Region, id}, err)
		}
	}
	k := key{p.Region, p.Image}
	v, ok := s.images.Get(k)
	if !ok || v.State == deregistered {
		return
	}
	v.State = available
	if err != nil {
		v.State, v.Failure = "failed", err.Error()
	}
	s.images.Put(k, v)
}
