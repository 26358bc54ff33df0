package ec2

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// CreateImageInput makes an image of an instance: its root disk, and snapshots of its volumes. A running instance is held
// still for a moment; AWS reboots it unless told not to.
type CreateImageInput struct {
	dry
	InstanceId        string `is:"required"`
	Name              string `is:"required"`
	Description       string
	NoReboot          bool
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (in *CreateImageInput) Resource(c *emu.Call) string { return arn(c, "instance", in.InstanceId) }

// CreateImageOutput names the image.
type CreateImageOutput struct{ ImageId string }

func (s *Service) createImage(c *emu.Call, in *CreateImageInput) (*CreateImageOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	switch i.State {
	case running, stopped:
	case stopping:
		return nil, notEmulated("an image of an instance that is stopping: wait until it is stopped")
	default:
		return nil, invalidValue("Invalid value '%s' for instanceId. Instance is not in state 'running' or 'stopping' or 'stopped'", in.InstanceId)
	}
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()[] ./-'@_" // as CreateImage's reference has it
	if len(in.Name) < 3 || len(in.Name) > 128 || strings.Trim(in.Name, alphabet) != "" {
		return nil, fail("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'")
	}
	for _, r := range rows(s.images, c.Region) {
		if r.V.Name == in.Name {
			return nil, fail("InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", in.Name, r.ID)
		}
	}
	tags, err := tagsFor(kindImage, in.TagSpecifications, kindSnapshot)
	if err != nil {
		return nil, err
	}
	snapTags, err := tagsFor(kindSnapshot, in.TagSpecifications, kindImage)
	if err != nil {
		return nil, err
	}
	id := newID(c, "ami")
	m := image{Name: in.Name, Description: in.Description, Arch: i.Arch, State: pendingCopy, Created: second(c), Source: in.InstanceId, Root: i.RootDevice, Tags: tags}
	work := capture{Region: c.Region, Instance: in.InstanceId, Image: id}
	for _, volumeID := range i.Volumes {
		v, _ := s.volumes.Get(key{c.Region, volumeID})
		snap := snapshot{Volume: volumeID, Description: "Created by CreateImage(" + in.InstanceId + ") for " + id, State: pendingCopy, Size: v.Size,
			Started: second(c), Encrypted: v.Encrypted, Root: v.Root, Image: id, Tags: snapTags}
		snapID := newID(c, "snap")
		s.snapshots.Put(key{c.Region, snapID}, snap)
		d := disk{Device: v.Device, Snapshot: snapID, Type: v.Type, Size: v.Size, IOPS: v.IOPS, Throughput: v.Throughput,
			Keep: !v.DeleteOnTermination, Encrypted: v.Encrypted}
		if v.Type == "gp2" {
			d.IOPS = 0 // they come with the size, and cannot be asked for
		}
		m.Disks = append(m.Disks, d)
		work.Snapshots = append(work.Snapshots, snapID)
		if !v.Root {
			work.From, work.To = append(work.From, volumeID), append(work.To, snapID)
		}
	}
	s.images.Put(key{c.Region, id}, m)
	s.captureImage.After(c, work)
	return &CreateImageOutput{id}, nil
}

// DeregisterImageInput names an image of the account. Its instances and snapshots stay. So does its id: AWS tells it from one
// that there never was.
type DeregisterImageInput struct {
	dry
	ImageId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *DeregisterImageInput) Resource(c *emu.Call) string { return arn(c, "image", in.ImageId) }

func (s *Service) deregisterImage(c *emu.Call, in *DeregisterImageInput) (*emu.NoOutput, error) {
	if public(in.ImageId) {
		return nil, &emu.Error{Code: "AuthFailure", Message: "Not authorized for image:" + in.ImageId, Status: 403}
	}
	if _, err := s.ownImage(c, in.ImageId); err != nil {
		return nil, err
	}
	s.images.Put(key{c.Region, in.ImageId}, image{State: deregistered})
	return &emu.NoOutput{}, nil
}

// ownImage finds an image of the account.
func (s *Service) ownImage(c *emu.Call, id string) (image, error) {
	m, ok := s.images.Get(key{c.Region, id})
	switch {
	case !ok:
		return image{}, kindImage.missing(id)
	case m.State == deregistered:
		return image{}, fail("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", id)
	}
	return m, nil
}

// DescribeImagesInput chooses images: the account's own, and the public ones of the catalogue.
type DescribeImagesInput struct {
	onAll
	dry
	ExecutableUsers   []string `query:"ExecutableBy"`
	Filters           []Filter `query:"Filter"`
	ImageIds          []string `query:"ImageId"`
	Owners            []string `query:"Owner"`
	IncludeDeprecated bool
	IncludeDisabled   bool
	paging
}

// DescribeImagesOutput is a page of images.
type DescribeImagesOutput struct {
	Images    []Image `query:"imagesSet"`
	NextToken string
}

// Image is an image on the wire.
type Image struct {
	Architecture, CreationDate, ImageId, ImageLocation, ImageType string
	Public                                                        bool   `query:"isPublic"`
	OwnerId                                                       string `query:"imageOwnerId"`
	PlatformDetails, UsageOperation                               string
	State                                                         string               `query:"imageState"`
	BlockDeviceMappings                                           []BlockDeviceMapping `query:"blockDeviceMapping"`
	Description                                                   string
	EnaSupport                                                    bool
	Hypervisor, ImageOwnerAlias, Name                             string
	RootDeviceName, RootDeviceType, SriovNetSupport               string
	StateReason                                                   *StateReason
	Tags                                                          []Tag `query:"tagSet"`
	VirtualizationType, BootMode, ImdsSupport, SourceInstanceId   string
}

// StateReason says why something is in its state.
type StateReason struct{ Code, Message string }

// BlockDeviceMapping is a disk of an image or of a launch.
type BlockDeviceMapping struct {
	DeviceName  string
	VirtualName string
	Ebs         *EbsBlockDevice
	NoDevice    *string
}

// EbsBlockDevice is a volume that a launch makes.
type EbsBlockDevice struct {
	DeleteOnTermination *bool
	Iops                *int64
	SnapshotId          string
	VolumeSize          *int64
	VolumeType          string
	Throughput          *int64
	Encrypted           *bool
}

// offer is an image with what the account's own images do not need to say.
type offer struct {
	image
	public                bool
	owner, alias, created string
}

func (s *Service) describeImages(c *emu.Call, in *DescribeImagesInput) (*DescribeImagesOutput, error) {
	var all []row[offer]
	for i := range catalogue {
		p := &catalogue[i]
		all = append(all, row[offer]{p.id, offer{p.asImage(), true, p.owner, p.alias, p.created}})
	}
	for _, r := range rows(s.images, c.Region) {
		if r.V.State == deregistered && len(in.ImageIds) == 0 {
			continue
		}
		all = append(all, row[offer]{r.ID, offer{r.V, false, c.Account, "", r.V.Created.Std().Format("2006-01-02T15:04:05.000Z")}})
	}
	if len(in.Owners) > 0 {
		all = slices.DeleteFunc(all, func(r row[offer]) bool {
			return !slices.Contains(in.Owners, r.V.owner) && !(r.V.alias != "" && slices.Contains(in.Owners, r.V.alias)) && !(!r.V.public && slices.Contains(in.Owners, "self"))
		})
	}
	if len(in.ExecutableUsers) > 0 && !slices.Contains(in.ExecutableUsers, "self") {
		everybody := slices.Contains(in.ExecutableUsers, "all")
		all = slices.DeleteFunc(all, func(r row[offer]) bool { return r.V.public != everybody })
	}
	found, next, err := described(kindImage, in.ImageIds, in.Filters, in.paging, all, offerValue)
	found = slices.DeleteFunc(found, func(r row[offer]) bool { return r.V.State == deregistered }) // asked for by id, which is no error
	return &DescribeImagesOutput{shown(found, showImage), next}, err
}

func showImage(r row[offer]) Image {
	out := Image{Architecture: r.V.Arch, CreationDate: r.V.created, ImageId: r.ID, ImageLocation: r.V.owner + "/" + r.V.Name, ImageType: "machine", Public: r.V.public,
		OwnerId: r.V.owner, PlatformDetails: "Linux/UNIX", UsageOperation: "RunInstances", State: r.V.State, Description: r.V.Description, EnaSupport: true,
		Hypervisor: "xen", ImageOwnerAlias: r.V.alias, Name: r.V.Name, RootDeviceName: r.V.Root, RootDeviceType: "ebs", SriovNetSupport: "simple",
		Tags: list(r.V.Tags), VirtualizationType: "hvm", BootMode: "uefi-preferred", SourceInstanceId: r.V.Source, BlockDeviceMappings: []BlockDeviceMapping{}}
	if r.V.public {
		out.ImdsSupport = "v2.0"
	}
	if r.V.Failure != "" {
		out.StateReason = &StateReason{"Server.InternalError", r.V.Failure}
	}
	for _, d := range r.V.Disks {
		out.BlockDeviceMappings = append(out.BlockDeviceMappings, BlockDeviceMapping{DeviceName: d.Device, Ebs: &EbsBlockDevice{
			ptr(!d.Keep), positive(d.IOPS), d.Snapshot, ptr(d.Size), d.Type, positive(d.Throughput), ptr(d.Encrypted)}})
	}
	return out
}

func offerValue(r *row[offer], name string) (values []string, known bool) {
	switch name {
	case "image-id":
		return oneOf(r.ID)
	case "name":
		return oneOf(r.V.Name)
	case "description":
		return oneOf(r.V.Description)
	case "architecture":
		return oneOf(r.V.Arch)
	case "state":
		return oneOf(r.V.State)
	case "owner-id":
		return oneOf(r.V.owner)
	case "owner-alias":
		return oneOf(r.V.alias)
	case "is-public":
		return oneOf(yes(r.V.public))
	case "root-device-name":
		return oneOf(r.V.Root)
	case "root-device-type":
		return oneOf("ebs")
	case "image-type":
		return oneOf("machine")
	case "virtualization-type":
		return oneOf("hvm")
	case "hypervisor":
		return oneOf("xen")
	case "ena-support":
		return oneOf("true")
	case "creation-date":
		return oneOf(r.V.created)
	case "platform-details":
		return oneOf("Linux/UNIX")
	case "platform":
		return nil, true
	case "source-instance-id":
		return oneOf(r.V.Source)
	case "block-device-mapping.volume-type", "block-device-mapping.snapshot-id":
		for _, d := range r.V.Disks {
			if name == "block-device-mapping.snapshot-id" {
				values = append(values, d.Snapshot)
			} else {
				values = append(values, d.Type)
			}
		}
		return values, true
	}
	return tagged(name, r.V.Tags)
}
