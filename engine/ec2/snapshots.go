package ec2

import (
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

const (
	pendingCopy  = "pending"
	completed    = "completed"
	deregistered = "deregistered"
)

// CreateSnapshotInput copies a volume as it is. Take it while nobody writes, as on AWS.
type CreateSnapshotInput struct {
	dry
	onVolume
	Description       string
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (*CreateSnapshotInput) Resource(c *emu.Call) string { return arn(c, "snapshot", "") }

// Snapshot is a snapshot on the wire.
type Snapshot struct {
	Description                   string
	Encrypted                     bool
	OwnerId, Progress, SnapshotId string
	StartTime                     emu.Time
	State                         string `query:"status"`
	StateMessage                  string `query:"statusMessage"`
	VolumeId                      string
	VolumeSize                    int64
	Tags                          []Tag `query:"tagSet"`
	StorageTier                   string
}

func showSnapshot(account string) func(row[snapshot]) Snapshot {
	return func(r row[snapshot]) Snapshot {
		progress := "100%"
		if r.V.State == pendingCopy {
			progress = ""
		}
		return Snapshot{r.V.Description, r.V.Encrypted, account, progress, r.ID, r.V.Started, r.V.State, r.V.Failure, r.V.Volume, r.V.Size, list(r.V.Tags), "standard"}
	}
}

func (s *Service) createSnapshot(c *emu.Call, in *CreateSnapshotInput) (*Snapshot, error) {
	if err := c.Allow("ec2:CreateSnapshot", arn(c, "volume", in.VolumeId)); err != nil {
		return nil, err
	}
	v, ok := s.volumes.Get(key{c.Region, in.VolumeId})
	switch {
	case !ok:
		return nil, kindVolume.missing(in.VolumeId)
	case v.State != available && v.State != inUse:
		return nil, fail("IncorrectState", "Volume '%s' is in the '%s' state.", in.VolumeId, v.State)
	case v.Root:
		return nil, notEmulated("a snapshot of the root volume alone (%s): CreateImage makes one with its image", in.VolumeId)
	}
	tags, err := tagsFor(kindSnapshot, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	r := row[snapshot]{newID(c, "snap"), snapshot{Volume: in.VolumeId, Description: in.Description, State: pendingCopy, Size: v.Size, Started: second(c), Encrypted: v.Encrypted, Tags: tags}}
	s.snapshots.Put(key{c.Region, r.ID}, r.V)
	s.fillSnapshot.After(c, copying{c.Region, in.VolumeId, r.ID})
	return ptr(showSnapshot(c.Account)(r)), nil
}

// DeleteSnapshotInput names a snapshot that no image uses. Volumes made of it stay.
type DeleteSnapshotInput struct {
	dry
	SnapshotId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *DeleteSnapshotInput) Resource(c *emu.Call) string { return arn(c, "snapshot", in.SnapshotId) }

func (s *Service) deleteSnapshot(c *emu.Call, in *DeleteSnapshotInput) (*emu.NoOutput, error) {
	v, ok := s.snapshots.Get(key{c.Region, in.SnapshotId})
	if !ok {
		return nil, kindSnapshot.missing(in.SnapshotId)
	}
	var users []string
	for _, r := range rows(s.images, c.Region) {
		if slices.ContainsFunc(r.V.Disks, func(d disk) bool { return d.Snapshot == in.SnapshotId }) {
			users = append(users, r.ID)
		}
	}
	if len(users) > 0 {
		return nil, fail("InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", in.SnapshotId, strings.Join(users, ", "))
	}
	s.snapshots.Delete(key{c.Region, in.SnapshotId})
	if v.Root {
		s.removeImage.After(c, removal{v.Image})
	} else {
		s.removeVolume.After(c, removal{in.SnapshotId})
	}
	return &emu.NoOutput{}, nil
}

// DescribeSnapshotsInput chooses snapshots. There are no public ones here.
type DescribeSnapshotsInput struct {
	onAll
	dry
	Filters             []Filter `query:"Filter"`
	OwnerIds            []string `query:"Owner"`
	RestorableByUserIds []string `query:"RestorableBy"`
	SnapshotIds         []string `query:"SnapshotId"`
	paging
}

// DescribeSnapshotsOutput is a page of snapshots.
type DescribeSnapshotsOutput struct {
	Snapshots []Snapshot `query:"snapshotSet"`
	NextToken string
}

func (s *Service) describeSnapshots(c *emu.Call, in *DescribeSnapshotsInput) (*DescribeSnapshotsOutput, error) {
	all := rows(s.snapshots, c.Region)
	if len(in.OwnerIds) > 0 && !slices.Contains(in.OwnerIds, "self") && !slices.Contains(in.OwnerIds, c.Account) {
		all = nil
	}
	found, next, err := described(kindSnapshot, in.SnapshotIds, in.Filters, in.paging, all, func(r *row[snapshot], name string) ([]string, bool) {
		switch name {
		case "snapshot-id":
			return oneOf(r.ID)
		case "volume-id":
			return oneOf(r.V.Volume)
		case "status":
			return oneOf(r.V.State)
		case "description":
			return oneOf(r.V.Description)
		case "owner-id":
			return oneOf(c.Account)
		case "volume-size":
			return oneOf(strconv.FormatInt(r.V.Size, 10))
		case "encrypted":
			return oneOf(yes(r.V.Encrypted))
		case "start-time":
			return oneTime(r.V.Started)
		case "storage-tier":
			return oneOf("standard")
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeSnapshotsOutput{shown(found, showSnapshot(c.Account)), next}, err
}
