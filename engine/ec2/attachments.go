package ec2

import (
	"regexp"
	"slices"

	"haneul/engine/emu"
)

// AttachVolumeInput puts a volume into an instance of its zone. A running instance is restarted for it: a container's
// volumes are those it was made with. AWS attaches while it runs.
type AttachVolumeInput struct {
	dry
	Device     string `is:"required"`
	InstanceId string `is:"required"`
	VolumeId   string `is:"required"`
}

// Resource implements [emu.Input].
func (in *AttachVolumeInput) Resource(c *emu.Call) string { return arn(c, "volume", in.VolumeId) }

// device names are those that Linux instances may use; where it is mounted follows from it.
var deviceName = regexp.MustCompile(`^(/dev/)?(sd[a-z][0-9]{0,2}|xvd[a-z]{1,2})$`)

func (s *Service) attachVolume(c *emu.Call, in *AttachVolumeInput) (*VolumeAttachment, error) {
	if err := c.Allow("ec2:AttachVolume", arn(c, "instance", in.InstanceId)); err != nil {
		return nil, err
	}
	k := key{c.Region, in.VolumeId}
	v, ok := s.volumes.Get(k)
	if !ok {
		return nil, kindVolume.missing(in.VolumeId)
	}
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	switch {
	case v.Instance != "":
		return nil, fail("VolumeInUse", "%s is already attached to an instance", in.VolumeId)
	case v.State != available:
		return nil, fail("IncorrectState", "%s is not 'available'.", in.VolumeId)
	case v.Change != nil && v.beingModified(c.Now):
		return nil, notPermitted("Cannot attach volume %s when it is in modification state: MODIFYING", in.VolumeId)
	case v.Zone != i.Zone:
		return nil, fail("InvalidVolume.ZoneMismatch", "The volume '%s' is not in the same availability zone as instance '%s'", in.VolumeId, in.InstanceId)
	case i.State != running && i.State != stopped:
		return nil, fail("IncorrectState", "Instance '%s' is not 'running'.", in.InstanceId)
	case !deviceName.MatchString(in.Device):
		return nil, invalidValue("Value (%s) for parameter device is invalid. %s is not a valid EBS device name.", in.Device, in.Device)
	case in.Device == i.RootDevice || slices.ContainsFunc(i.Volumes, func(id string) bool { o, _ := s.volumes.Get(key{c.Region, id}); return o.Device == in.Device }):
		return nil, invalidValue("Invalid value '%s' for unixDevice. Attachment point %s is already in use", in.Device, in.Device)
	}
	v.State, v.Instance, v.Device, v.Attachment, v.AttachedAt, v.DeleteOnTermination = inUse, in.InstanceId, in.Device, attached, second(c), false
	i.Volumes = append(slices.Clone(i.Volumes), in.VolumeId)
	if i.State == running {
		v.Attachment, i.Remount = attaching, true
		c.Note("Restart", "haneul restarts a running instance to attach a volume")
	}
	s.volumes.Put(k, v)
	s.work(c, key{c.Region, in.InstanceId}, i)
	return ptr(showAttachment(row[volume]{in.VolumeId, v})), nil
}

// DetachVolumeInput takes a volume out of its instance, which is restarted if it runs.
type DetachVolumeInput struct {
	dry
	onVolume
	Device     string
	Force      bool // nothing is ever stuck here
	InstanceId string
}

func (s *Service) detachVolume(c *emu.Call, in *DetachVolumeInput) (*VolumeAttachment, error) {
	k := key{c.Region, in.VolumeId}
	v, ok := s.volumes.Get(k)
	if !ok {
		return nil, kindVolume.missing(in.VolumeId)
	}
	switch {
	case v.Instance == "":
		return nil, fail("IncorrectState", "Volume '%s' is in the 'available' state.", in.VolumeId)
	case in.InstanceId != "" && in.InstanceId != v.Instance:
		return nil, fail("InvalidAttachment.NotFound", "The volume '%s' is not attached to instance '%s'.", in.VolumeId, in.InstanceId)
	case in.Device != "" && in.Device != v.Device:
		return nil, fail("InvalidAttachment.NotFound", "The volume %s is not attached to instance %s as device %s", in.VolumeId, v.Instance, in.Device)
	}
	if err := c.Allow("ec2:DetachVolume", arn(c, "instance", v.Instance)); err != nil {
		return nil, err
	}
	i, err := s.instance(c, v.Instance)
	switch {
	case err != nil:
		return nil, err
	case v.Root && i.State != stopped:
		return nil, fail("IncorrectState", "Unable to detach root volume '%s' from instance '%s'", in.VolumeId, v.Instance)
	case v.Root:
		return nil, notEmulated("instances whose root volume was taken out")
	case v.Attachment != attached:
		return nil, fail("IncorrectState", "Volume '%s' is in the '%s' state.", in.VolumeId, v.Attachment)
	case i.State != running && i.State != stopped:
		return nil, fail("IncorrectState", "Instance '%s' is not 'running'.", v.Instance)
	}
	of := key{c.Region, v.Instance}
	i.Volumes = slices.DeleteFunc(slices.Clone(i.Volumes), func(id string) bool { return id == in.VolumeId })
	v.Attachment = detaching
	out := showAttachment(row[volume]{in.VolumeId, v})
	if i.State == running {
		i.Remount = true
		c.Note("Restart", "haneul restarts a running instance to detach a volume")
	} else {
		v.detach()
	}
	s.volumes.Put(k, v)
	s.work(c, of, i)
	return &out, nil
}

// detach makes a volume one that is attached to nothing.
func (v *volume) detach() {
	v.State, v.Instance, v.Device, v.Attachment, v.AttachedAt, v.DeleteOnTermination = available, "", "", "", 0, false
}
