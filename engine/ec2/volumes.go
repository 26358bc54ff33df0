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
	AvailabilityZone  string
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
	maxIOPS              int64 // that a caller may ask for, from minIOPS; 0 for none
	maxRatio             int64 // IOPS that a caller may ask for, a GiB
	maxSpeed             int64 // MiB/s that a caller may ask for; 0 for none
	baseIOPS, baseSpeed  int64 // what it has at least; 0 for what was asked for
	perGiB, floor, limit int64 // IOPS that come with the size
}

// minIOPS is the least that AWS takes for an answer; gp3 has its 3,000 nevertheless.
const minIOPS = 100

var volumeTypes = []volumeType{
	{name: "gp2", minSize: 1, maxSize: 16384, perGiB: 3, floor: 100, limit: 16000},
	{name: "gp3", minSize: 1, maxSize: 65536, maxIOPS: 80000, maxRatio: 500, maxSpeed: 2000, baseIOPS: 3000, baseSpeed: 125},
	{name: "io1", minSize: 4, maxSize: 16384, maxIOPS: 64000, maxRatio: 50},
	{name: "io2", minSize: 4, maxSize: 65536, maxIOPS: 256000, maxRatio: 1000},
	{name: "st1", minSize: 125, maxSize: 16384},
	{name: "sc1", minSize: 125, maxSize: 16384},
	{name: "standard", minSize: 1, maxSize: 1024},
}

// shape checks type, size and speed, in AWS's order of complaints, and fills in what a caller leaves out.
func (v *volume) shape(iops, throughput *int64) error {
	i := slices.IndexFunc(volumeTypes, func(t volumeType) bool { return t.name == v.Type })
	if i < 0 {
		return fail("UnknownVolumeType", "Unsupported volume type '%s' for volume creation. ", v.Type)
	}
	t := volumeTypes[i]
	switch {
	case value(iops) < 0:
		return invalidValue("Value (%d) for parameter %s is invalid. Value must be a positive integer.", *iops, "iops")
	case value(throughput) < 0:
		return invalidValue("Value (%d) for parameter %s is invalid. Value must be a positive integer.", *throughput, "throughput")
	case iops == nil && t.maxIOPS > 0 && t.baseIOPS == 0:
		return invalidCombination("The parameter iops must be specified for %s volumes.", t.name)
	case iops != nil && t.maxIOPS == 0:
		return invalidCombination("The parameter iops is not supported for %s volumes.", t.name)
	case throughput != nil && t.maxSpeed == 0:
		return invalidCombination("The throughput parameter is not supported for %s volumes.", t.name)
	case v.Size < t.minSize:
		return invalidValue("The volume size is invalid for %[1]s volumes: %[2]d GiB. %[1]s volumes must be at least %[3]d GiB in size. Please specify a volume size above the minimum limit.", t.name, v.Size, t.minSize)
	case v.Size > t.maxSize:
		return invalidValue("Volume of %dGiB is too large for volume type %s; maximum is %dGiB", v.Size, t.name, t.maxSize)
	}
	v.IOPS, v.Throughput = t.baseIOPS, t.baseSpeed
	if t.perGiB > 0 {
		v.IOPS = min(max(t.perGiB*v.Size, t.floor), t.limit)
	}
	if iops != nil {
		switch n := *iops; {
		case n < minIOPS:
			return invalidValue("Volume iops of %d is too low; minimum is %d.", n, minIOPS)
		case n > t.maxIOPS:
			return invalidValue("Volume iops of %d is too high; maximum is %d.", n, t.maxIOPS)
		case n != t.baseIOPS && n > v.Size*t.maxRatio:
			return invalidValue("Iops to volume size ratio of %.6f is too high; maximum is %d", float64(n)/float64(v.Size), t.maxRatio)
		}
		v.IOPS = max(*iops, t.baseIOPS)
	}
	if throughput != nil {
		v.Throughput = max(*throughput, t.baseSpeed)
		switch {
		case v.Throughput > t.maxSpeed:
			return invalidValue("Volume throughput of %d is too high; maximum is %d.", v.Throughput, t.maxSpeed)
		case 4*v.Throughput > v.IOPS:
			return invalidValue("Throughput (MiBps) to iops ratio of %.6f is too high; maximum is 0.250000 MiBps per iops", float64(v.Throughput)/float64(v.IOPS))
		}
	}
	return nil
}

func (s *Service) createVolume(c *emu.Call, in *CreateVolumeInput) (*Volume, error) {
	if in.ClientToken != "" {
		for _, r := range rows(s.volumes, c.Region) {
			switch {
			case r.V.Token != in.ClientToken:
			case r.V.TokenOf != digest(in):
				return nil, otherRequest("Parameters on this idempotent request are inconsistent with parameters used in previous request(s)")
			default:
				return ptr(showVolume(r)), nil
			}
		}
	}
	z, ok := zoneIn(c.Region, in.AvailabilityZone)
	switch {
	case in.AvailabilityZone == "":
		return nil, missingParameter("zone")
	case !ok:
		return nil, fail("InvalidZone.NotFound", "The zone '%s' does not exist.", in.AvailabilityZone)
	}
	if c.Down(z.name) {
		return nil, &emu.Error{Code: "InsufficientVolumeCapacity", Status: 500, Message: "There is currently insufficient capacity to serve the request. Try again at a later time or in a different availability zone"}
	}
	v := volume{Zone: z.name, Type: in.VolumeType, Snapshot: in.SnapshotId, Size: value(in.Size), Encrypted: value(in.Encrypted), State: available,
		Created: second(c), Token: in.ClientToken, TokenOf: digest(in)}
	if v.Type == "" {
		v.Type = "gp2"
	}
	if err := s.fromSnapshot(c, &v); err != nil {
		return nil, err
	}
	if in.Size == nil && v.Size == 0 {
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
	case !ok && validID(kindSnapshot.prefix, v.Snapshot):
		return fail("InvalidSnapshot.NotFound", "Snapshot does not exist") // without its id, unlike other calls
	case !ok:
		return kindSnapshot.missing(v.Snapshot)
	case snap.State != completed:
		return fail("IncorrectState", "Snapshot is in invalid state - %s", snap.State)
	case snap.Root:
		return notEmulated("volumes made of the snapshot of a root disk (%s): launch an instance from its image instead", v.Snapshot)
	case v.Size == 0:
		v.Size = snap.Size
	case v.Size < snap.Size:
		return invalidValue("Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", v.Size, v.Snapshot, snap.Size)
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
	case !validID(kindVolume.prefix, in.VolumeId):
		return nil, invalidValue("The volume ID '%s' is malformed", in.VolumeId)
	case !ok:
		return nil, kindVolume.missing(in.VolumeId)
	case v.Instance != "":
		return nil, fail("VolumeInUse", "Volume %s is currently attached to %s", in.VolumeId, v.Instance)
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
	for _, id := range in.VolumeIds {
		if !validID(kindVolume.prefix, id) {
			return nil, invalidValue("Value (%s) for parameter %s is invalid. Expected: 'vol-...'.", id, "volumes")
		}
	}
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
