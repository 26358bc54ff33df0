package ec2

import (
	"slices"
	"strconv"

	"haneul/engine/emu"
)

// States of volumes and of their attachments.
const (
	creating  = "creating"
	available = "available"
	inUse     = "in-use"
	attaching = "attaching"
	attached  = "attached"
	detaching = "detaching"
	failed    = "error"
)

// CreateVolumeInput makes a volume, empty or of a snapshot. Multi-attach, KMS keys and Outposts are not emulated.
type CreateVolumeInput struct {
	dry
	AvailabilityZone  string `is:"required"`
	Encrypted         *bool
	Iops              *int64
	Size              *int64 // GiB
	SnapshotId        string
	VolumeType        string
	TagSpecifications []TagSpecification `query:"TagSpecification"`
	Throughput        *int64             // MiB/s
	ClientToken       string
}

// Resource implements [emu.Input].
func (*CreateVolumeInput) Resource(c *emu.Call) string { return arn(c, "volume", "") }

// Volume is a volume on the wire.
type Volume struct {
	Attachments        []VolumeAttachment `query:"attachmentSet"`
	AvailabilityZone   string
	CreateTime         emu.Time
	Encrypted          bool
	Size               int64
	SnapshotId         string
	State              string `query:"status"`
	VolumeId           string
	Iops               *int64
	Tags               []Tag `query:"tagSet"`
	VolumeType         string
	MultiAttachEnabled bool
	Throughput         *int64
}

// VolumeAttachment says where a volume is attached.
type VolumeAttachment struct {
	AttachTime          emu.Time
	Device, InstanceId  string
	State               string `query:"status"`
	VolumeId            string
	DeleteOnTermination bool
}

type onVolume struct {
	VolumeId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onVolume) Resource(c *emu.Call) string { return arn(c, "volume", in.VolumeId) }

func positive(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func showVolume(r row[volume]) Volume {
	v := Volume{Attachments: []VolumeAttachment{}, AvailabilityZone: r.V.Zone, CreateTime: r.V.Created, Encrypted: r.V.Encrypted, Size: r.V.Size,
		SnapshotId: r.V.Snapshot, State: r.V.State, VolumeId: r.ID, Iops: positive(r.V.IOPS), Tags: list(r.V.Tags), VolumeType: r.V.Type, Throughput: positive(r.V.Throughput)}
	if r.V.Instance != "" {
		v.Attachments = append(v.Attachments, showAttachment(r))
	}
	return v
}

func showAttachment(r row[volume]) VolumeAttachment {
	return VolumeAttachment{r.V.AttachedAt, r.V.Device, r.V.Instance, r.V.Attachment, r.ID, r.V.DeleteOnTermination}
}

// volumeType is what a type of volume allows: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
type volumeType struct {
	name                 string
	minSize, maxSize     int64 // GiB
	minIOPS, maxIOPS     int64 // that a caller may ask for; 0 for none
	minSpeed, maxSpeed   int64 // MiB/s that a caller may ask for; 0 for none
	baseIOPS, baseSpeed  int64
	perGiB, floor, limit int64 // IOPS that come with the size
}

var volumeTypes = []volumeType{
	{name: "gp2", minSize: 1, maxSize: maxVolumeSize, perGiB: 3, floor: 100, limit: 16000},
	{name: "gp3", minSize: 1, maxSize: maxVolumeSize, minIOPS: 3000, maxIOPS: 16000, minSpeed: 125, maxSpeed: 1000, baseIOPS: 3000, baseSpeed: 125},
	{name: "io1", minSize: 4, maxSize: 16384, minIOPS: 100, maxIOPS: 64000},
	{name: "io2", minSize: 4, maxSize: 65536, minIOPS: 100, maxIOPS: 256000},
	{name: "st1", minSize: 125, maxSize: 16384},
	{name: "sc1", minSize: 125, maxSize: 16384},
	{name: "standard", minSize: 1, maxSize: 1024},
}

// shape checks size, type and speed, and fills in what a caller leaves out.
func (v *volume) shape(iops, throughput *int64) error {
	i := slices.IndexFunc(volumeTypes, func(t volumeType) bool { return t.name == v.Type })
	if i < 0 {
		return fail("UnknownVolumeType", "Unsupported volume type '%s' for volume creation.", v.Type)
	}
	t := volumeTypes[i]
	if v.Size < t.minSize || v.Size > t.maxSize {
		return invalidValue("Volume of %dGiB is too %s for volume type %s; %s is %d GiB", v.Size, tooMuch(v.Size > t.maxSize), t.name, bound(v.Size > t.maxSize), clamp(v.Size, t.minSize, t.maxSize))
	}
	v.IOPS, v.Throughput = t.baseIOPS, t.baseSpeed
	if t.perGiB > 0 {
		v.IOPS = clamp(t.perGiB*v.Size, t.floor, t.limit)
	}
	if iops == nil && t.minIOPS > 0 && t.baseIOPS == 0 {
		return missingParameter("iops")
	}
	if iops != nil {
		if t.maxIOPS == 0 {
			return invalidCombination("The parameter iops is not supported for %s volumes.", t.name)
		}
		if *iops < t.minIOPS || *iops > t.maxIOPS {
			return invalidValue("Volume iops of %d is too %s; %s is %d.", *iops, tooMuch(*iops > t.maxIOPS), bound(*iops > t.maxIOPS), clamp(*iops, t.minIOPS, t.maxIOPS))
		}
		v.IOPS = *iops
	}
	if throughput != nil {
		if t.maxSpeed == 0 {
			return invalidCombination("The parameter throughput is not supported for %s volumes.", t.name)
		}
		if *throughput < t.minSpeed || *throughput > t.maxSpeed {
			return invalidValue("Volume throughput of %d is too %s; %s is %d.", *throughput, tooMuch(*throughput > t.maxSpeed), bound(*throughput > t.maxSpeed), clamp(*throughput, t.minSpeed, t.maxSpeed))
		}
		v.Throughput = *throughput
	}
	return nil
}

func clamp(n, low, high int64) int64 { return min(max(n, low), high) }

func tooMuch(more bool) string {
	if more {
		return "large"
	}
	return "small"
}

func bound(more bool) string {
	if more {
		return "maximum"
	}
	return "minimum"
}

func (s *Service) createVolume(c *emu.Call, in *CreateVolumeInput) (*Volume, error) {
	if in.ClientToken != "" {
		for _, r := range rows(s.volumes, c.Region) {
			if r.V.Token == in.ClientToken {
				return ptr(showVolume(r)), nil
			}
		}
	}
	z, ok := zoneIn(c.Region, in.AvailabilityZone)
	if !ok {
		return nil, fail("InvalidZone.NotFound", "The zone '%s' does not exist.", in.AvailabilityZone)
	}
	if c.Down(z.name) {
		return nil, &emu.Error{Code: "InsufficientVolumeCapacity", Status: 500, Message: "There is not enough capacity to fulfill your EBS volume provision request."}
	}
	v := volume{Zone: z.name, Type: in.VolumeType, Snapshot: in.SnapshotId, Size: value(in.Size), Encrypted: value(in.Encrypted), State: available,
		Created: second(c), Token: in.ClientToken}
	if v.Type == "" {
		v.Type = "gp2"
	}
	if err := s.fromSnapshot(c, &v); err != nil {
		return nil, err
	}
	if v.Size == 0 {
		return nil, missingParameter("size/snapshot")
	}
	if err := v.shape(in.Iops, in.Throughput); err != nil {
		return nil, err
	}
	var err error
	if v.Tags, err = tagsFor(kindVolume, in.TagSpecifications); err != nil {
		return nil, err
	}
	r := row[volume]{newID(c, "vol"), v}
	s.volumes.Put(key{c.Region, r.ID}, v)
	if v.Snapshot != "" {
		s.fillVolume.After(c, copying{c.Region, v.Snapshot, r.ID})
	}
	return ptr(showVolume(r)), nil
}

// fromSnapshot takes what a snapshot decides about a volume.
func (s *Service) fromSnapshot(c *emu.Call, v *volume) error {
	if v.Snapshot == "" {
		return nil
	}
	snap, ok := s.snapshots.Get(key{c.Region, v.Snapshot})
	switch {
	case !ok:
		return kindSnapshot.missing(v.Snapshot)
	case snap.State != completed:
		return fail("IncorrectState", "Snapshot %s is not in the completed state.", v.Snapshot)
	case snap.Root:
		return notEmulated("volumes made of the snapshot of a root disk (%s): launch an instance from its image instead", v.Snapshot)
	case v.Size == 0:
		v.Size = snap.Size
	case v.Size < snap.Size:
		return invalidValue("The size of a volume can be %dGiB or more, as its snapshot is %dGiB.", snap.Size, snap.Size)
	}
	v.State, v.Encrypted = creating, v.Encrypted || snap.Encrypted
	return nil
}

// DeleteVolumeInput names a volume that is attached to nothing.
type DeleteVolumeInput struct {
	dry
	onVolume
}

func (s *Service) deleteVolume(c *emu.Call, in *DeleteVolumeInput) (*emu.NoOutput, error) {
	v, ok := s.volumes.Get(key{c.Region, in.VolumeId})
	switch {
	case !ok:
		return nil, kindVolume.missing(in.VolumeId)
	case v.Instance != "":
		return nil, fail("VolumeInUse", "Volume %s is currently attached to %s", in.VolumeId, v.Instance)
	case v.State == creating:
		return nil, fail("IncorrectState", "Volume %s is in the 'creating' state.", in.VolumeId)
	}
	s.dropVolume(c, in.VolumeId)
	return &emu.NoOutput{}, nil
}

// dropVolume deletes a volume and what it holds.
func (s *Service) dropVolume(c *emu.Call, id string) {
	v, ok := s.volumes.Get(key{c.Region, id})
	if !ok {
		return
	}
	s.volumes.Delete(key{c.Region, id})
	if !v.Root {
		s.removeVolume.After(c, removal{id})
	}
}

// ModifyVolumeInput changes size, type or speed. Volumes only grow.
type ModifyVolumeInput struct {
	dry
	onVolume
	Size       *int64
	VolumeType string
	Iops       *int64
	Throughput *int64
}

// ModifyVolumeOutput tells of the change.
type ModifyVolumeOutput struct{ VolumeModification *VolumeModification }

// VolumeModification is a change on the wire. Here it is completed at once, as there is nothing to move.
type VolumeModification struct {
	VolumeId, ModificationState string
	TargetSize                  int64
	TargetIops                  *int64
	TargetVolumeType            string
	TargetThroughput            *int64
	OriginalSize                int64
	OriginalIops                *int64
	OriginalVolumeType          string
	OriginalThroughput          *int64
	Progress                    int64
	StartTime, EndTime          emu.Time
}

func showModification(r row[volume]) VolumeModification {
	m := r.V.Change
	return VolumeModification{r.ID, m.State, m.Size, positive(m.IOPS), m.Type, positive(m.Throughput), m.OldSize, positive(m.OldIOPS), m.OldType,
		positive(m.OldSpeed), 100, m.Started, m.Started}
}

func (s *Service) modifyVolume(c *emu.Call, in *ModifyVolumeInput) (*ModifyVolumeOutput, error) {
	k := key{c.Region, in.VolumeId}
	v, ok := s.volumes.Get(k)
	switch {
	case !ok:
		return nil, kindVolume.missing(in.VolumeId)
	case in.Size == nil && in.VolumeType == "" && in.Iops == nil && in.Throughput == nil:
		return nil, missingParameter("size, volumeType, iops or throughput")
	case in.Size != nil && *in.Size < v.Size:
		return nil, invalidValue("New size cannot be smaller than existing size")
	case v.Change != nil && c.Now-v.Change.Started < modifyInterval:
		return nil, fail("VolumeModificationRateExceeded", "You've reached the maximum modification rate per volume limit. Wait at least 6 hours between modifications per EBS volume.")
	}
	was := v
	if in.Size != nil {
		v.Size = *in.Size
	}
	iops, speed := in.Iops, in.Throughput
	if in.VolumeType != "" && in.VolumeType != v.Type {
		v.Type = in.VolumeType
	} else if v.Type != "gp2" { // what was asked for before stays
		if iops == nil {
			iops = positive(was.IOPS)
		}
		if speed == nil {
			speed = positive(was.Throughput)
		}
	}
	if err := v.shape(iops, speed); err != nil {
		return nil, err
	}
	v.Change = &modification{"completed", second(c), v.Size, v.IOPS, v.Throughput, v.Type, was.Size, was.IOPS, was.Throughput, was.Type}
	s.volumes.Put(k, v)
	return &ModifyVolumeOutput{ptr(showModification(row[volume]{in.VolumeId, v}))}, nil
}

// DescribeVolumesModificationsInput chooses volumes that were modified.
type DescribeVolumesModificationsInput struct {
	onAll
	dry
	VolumeIds []string `query:"VolumeId"`
	Filters   []Filter `query:"Filter"`
	paging
}

// DescribeVolumesModificationsOutput is a page of modifications.
type DescribeVolumesModificationsOutput struct {
	VolumesModifications []VolumeModification `query:"volumeModificationSet"`
	NextToken            string
}

func (s *Service) describeVolumesModifications(c *emu.Call, in *DescribeVolumesModificationsInput) (*DescribeVolumesModificationsOutput, error) {
	all := slices.DeleteFunc(rows(s.volumes, c.Region), func(r row[volume]) bool { return r.V.Change == nil })
	for _, id := range in.VolumeIds {
		if v, ok := s.volumes.Get(key{c.Region, id}); ok && v.Change == nil {
			return nil, fail("InvalidVolumeModification.NotFound", "Modification for volume '%s' does not exist.", id)
		}
	}
	found, next, err := described(kindVolume, in.VolumeIds, in.Filters, in.paging, all, func(r *row[volume], name string) ([]string, bool) {
		switch name {
		case "volume-id":
			return oneOf(r.ID)
		case "modification-state":
			return oneOf("completed")
		}
		return nil, false
	})
	return &DescribeVolumesModificationsOutput{shown(found, showModification), next}, err
}

// DescribeVolumesInput chooses volumes.
type DescribeVolumesInput struct {
	onAll
	dry
	Filters   []Filter `query:"Filter"`
	VolumeIds []string `query:"VolumeId"`
	paging
}

// DescribeVolumesOutput is a page of volumes.
type DescribeVolumesOutput struct {
	Volumes   []Volume `query:"volumeSet"`
	NextToken string
}

func (s *Service) describeVolumes(c *emu.Call, in *DescribeVolumesInput) (*DescribeVolumesOutput, error) {
	found, next, err := described(kindVolume, in.VolumeIds, in.Filters, in.paging, rows(s.volumes, c.Region), volumeValue)
	return &DescribeVolumesOutput{shown(found, showVolume), next}, err
}

func volumeValue(r *row[volume], name string) ([]string, bool) {
	ofAttachment := func(v string) ([]string, bool) {
		if r.V.Instance == "" {
			return nil, true
		}
		return oneOf(v)
	}
	switch name {
	case "volume-id":
		return oneOf(r.ID)
	case "status":
		return oneOf(r.V.State)
	case "availability-zone":
		return oneOf(r.V.Zone)
	case "size":
		return oneOf(strconv.FormatInt(r.V.Size, 10))
	case "volume-type":
		return oneOf(r.V.Type)
	case "snapshot-id":
		return oneOf(r.V.Snapshot)
	case "encrypted":
		return oneOf(yes(r.V.Encrypted))
	case "create-time":
		return oneTime(r.V.Created)
	case "attachment.instance-id":
		return oneOf(r.V.Instance)
	case "attachment.device":
		return ofAttachment(r.V.Device)
	case "attachment.status":
		return ofAttachment(r.V.Attachment)
	case "attachment.delete-on-termination":
		return ofAttachment(yes(r.V.DeleteOnTermination))
	}
	return tagged(name, r.V.Tags)
}
