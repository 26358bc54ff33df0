package ec2

import (
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

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

// VolumeModification is a change on the wire.
type VolumeModification struct {
	VolumeId, ModificationState                          string
	TargetSize                                           int64
	TargetIops                                           *int64
	TargetVolumeType                                     string
	TargetThroughput                                     *int64
	TargetMultiAttachEnabled, OriginalMultiAttachEnabled bool
	OriginalSize                                         int64
	OriginalIops                                         *int64
	OriginalVolumeType                                   string
	OriginalThroughput                                   *int64
	Progress                                             int64
	StartTime, EndTime                                   emu.Time
}

// States of a modification.
const (
	modifying  = "modifying"
	optimizing = "optimizing"
)

// changing is the state of a volume's last modification, its progress in percent, and when it ended, 0 if it has not.
func (v *volume) changing(now emu.Time) (state string, progress int64, ended emu.Time) {
	m := v.Change
	if len(v.Modified) > 0 {
		switch d := now - v.Modified[len(v.Modified)-1]; {
		case d < m.Modifying:
			return modifying, 0, 0
		case d < m.Modifying+m.Optimizing:
			return optimizing, int64(100 * (d - m.Modifying) / m.Optimizing), 0
		}
	}
	return completed, 100, m.Started + m.Modifying + m.Optimizing
}

// beingModified says that a modification has not yet taken effect.
func (v *volume) beingModified(now emu.Time) bool {
	state, _, _ := v.changing(now)
	return state == modifying
}

func showModification(now emu.Time) func(row[volume]) VolumeModification {
	return func(r row[volume]) VolumeModification {
		m := r.V.Change
		state, progress, ended := r.V.changing(now)
		return VolumeModification{VolumeId: r.ID, ModificationState: state, Progress: progress, StartTime: m.Started, EndTime: ended,
			TargetSize: m.Size, TargetIops: positive(m.IOPS), TargetVolumeType: m.Type, TargetThroughput: positive(m.Throughput),
			OriginalSize: m.OldSize, OriginalIops: positive(m.OldIOPS), OriginalVolumeType: m.OldType, OriginalThroughput: positive(m.OldSpeed)}
	}
}

func (s *Service) modifyVolume(c *emu.Call, in *ModifyVolumeInput) (*ModifyVolumeOutput, error) {
	k := key{c.Region, in.VolumeId}
	v, ok := s.volumes.Get(k)
	switch {
	case !ok:
		return nil, kindVolume.missing(in.VolumeId)
	case in.Size == nil && in.VolumeType == "" && in.Iops == nil && in.Throughput == nil:
		return nil, invalidValue("Invalid input: Must specify at least one of size, type, iops, throughput or multi-attach.")
	case in.Size != nil && *in.Size < v.Size:
		return nil, invalidValue("New size cannot be smaller than existing size")
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
	if err := v.mayChange(c.Now, in.VolumeId); err != nil {
		return nil, err
	}
	v.Modified = append(v.Modified, c.Now)
	v.Change = &modification{second(c), c.Takes(modifyingTime), c.Takes(optimizingTime), v.Size, v.IOPS, v.Throughput, v.Type, was.Size, was.IOPS, was.Throughput, was.Type}
	s.volumes.Put(k, v)
	if v.Root {
		s.push(c, v.Instance)
	}
	return &ModifyVolumeOutput{ptr(showModification(c.Now)(row[volume]{in.VolumeId, v}))}, nil
}

// mayChange refuses a modification before the one before is completed, and the fifth in 24 hours. It forgets those that are
// older.
func (v *volume) mayChange(now emu.Time, id string) error {
	if v.State != available && v.State != inUse {
		return fail("IncorrectState", "Volume '%s' is in the '%s' state.", id, v.State)
	}
	if v.Change != nil {
		if state, _, _ := v.changing(now); state != completed {
			return fail("IncorrectModificationState", "Volume %s cannot be modified in modification state %s", id, strings.ToUpper(state))
		}
	}
	v.Modified = slices.DeleteFunc(slices.Clone(v.Modified), func(t emu.Time) bool { return now-t >= modificationWindow })
	if len(v.Modified) >= maxModifications {
		return fail("VolumeModificationRateExceeded", "You've reached the maximum modification rate per volume limit. Wait until %s before you can issue the next modification request for this volume.",
			(v.Modified[0] + modificationWindow).Std().Format("2006-01-02T15:04:05.000Z"))
	}
	return nil
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
		}
		if r.V.Change == nil { // no row, but the question whether there is such a filter
			r.V.Change = &modification{}
		}
		state, _, _ := r.V.changing(c.Now)
		switch m := r.V.Change; name {
		case "modification-state":
			return oneOf(state)
		case "original-size":
			return oneOf(strconv.FormatInt(m.OldSize, 10))
		case "original-iops":
			return oneOf(strconv.FormatInt(m.OldIOPS, 10))
		case "original-volume-type":
			return oneOf(m.OldType)
		case "target-size":
			return oneOf(strconv.FormatInt(m.Size, 10))
		case "target-iops":
			return oneOf(strconv.FormatInt(m.IOPS, 10))
		case "target-volume-type":
			return oneOf(m.Type)
		case "start-time":
			return oneTime(m.Started)
		}
		return nil, false
	})
	return &DescribeVolumesModificationsOutput{shown(found, showModification(c.Now)), next}, err
}
