package ec2

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"

	"haneul/engine/emu"
)

// onInstance is for operations on one instance.
type onInstance struct {
	InstanceId string `is:"required"`
}

// Resource implements [emu.Input].
func (in *onInstance) Resource(c *emu.Call) string { return arn(c, "instance", in.InstanceId) }

// ModifyInstanceAttributeInput changes one attribute, given in a member of its own or as Attribute and Value.
type ModifyInstanceAttributeInput struct {
	dry
	onInstance
	SourceDestCheck                   *AttributeBooleanValue
	Attribute                         string
	BlockDeviceMappings               []InstanceBlockDeviceMappingSpecification `query:"blockDeviceMapping"`
	DisableApiTermination             *AttributeBooleanValue
	EbsOptimized                      *AttributeBooleanValue
	Groups                            []string `query:"GroupId"`
	InstanceInitiatedShutdownBehavior *AttributeValue
	InstanceType                      *AttributeValue
	UserData                          *BlobAttributeValue
	Value                             string
	DisableApiStop                    *AttributeBooleanValue
}

// BlobAttributeValue is bytes in an object of their own.
type BlobAttributeValue struct{ Value []byte }

// InstanceBlockDeviceMappingSpecification says whether a volume goes with its instance.
type InstanceBlockDeviceMappingSpecification struct {
	DeviceName string
	Ebs        *EbsInstanceBlockDeviceSpecification
}

// EbsInstanceBlockDeviceSpecification is the part of it that can be changed.
type EbsInstanceBlockDeviceSpecification struct {
	DeleteOnTermination *bool
	VolumeId            string
}

// spell turns Attribute and Value into the member that they mean.
func (in *ModifyInstanceAttributeInput) spell() error {
	flag := &AttributeBooleanValue{ptr(in.Value == "true" || in.Value == "True")}
	switch in.Attribute {
	case "", "blockDeviceMapping", "groupSet":
	case "instanceType":
		in.InstanceType = &AttributeValue{in.Value}
	case "disableApiTermination":
		in.DisableApiTermination = flag
	case "disableApiStop":
		in.DisableApiStop = flag
	case "sourceDestCheck":
		in.SourceDestCheck = flag
	case "ebsOptimized":
		in.EbsOptimized = flag
	case "instanceInitiatedShutdownBehavior":
		in.InstanceInitiatedShutdownBehavior = &AttributeValue{in.Value}
	case "userData":
		b, err := base64.StdEncoding.DecodeString(in.Value)
		if err != nil {
			return fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
		}
		in.UserData = &BlobAttributeValue{b}
	default:
		return notEmulated("the attribute %s", in.Attribute)
	}
	return nil
}

func (s *Service) modifyInstanceAttribute(c *emu.Call, in *ModifyInstanceAttributeInput) (*emu.NoOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	copied := *in // the journal keeps the input as it came
	if err := copied.spell(); err != nil {
		return nil, err
	}
	if i.State == terminated || i.State == shuttingDown {
		return nil, incorrectState("The instance '%s' is not in a state from which its attributes can be modified.", in.InstanceId)
	}
	if err := oneAttribute(
		mention{"sourceDestCheck", copied.SourceDestCheck != nil}, mention{"blockDeviceMapping", len(copied.BlockDeviceMappings) > 0},
		mention{"disableApiTermination", copied.DisableApiTermination != nil}, mention{"ebsOptimized", copied.EbsOptimized != nil},
		mention{"groupSet", len(copied.Groups) > 0}, mention{"instanceInitiatedShutdownBehavior", copied.InstanceInitiatedShutdownBehavior != nil},
		mention{"instanceType", copied.InstanceType != nil}, mention{"userData", copied.UserData != nil}, mention{"disableApiStop", copied.DisableApiStop != nil},
	); err != nil {
		return nil, err
	}
	if err := s.setAttribute(c, in.InstanceId, &i, &copied); err != nil {
		return nil, err
	}
	before, _ := s.instances.Get(key{c.Region, in.InstanceId})
	s.instances.Put(key{c.Region, in.InstanceId}, i)
	if !slices.Equal(before.Groups, i.Groups) {
		for _, g := range append(slices.Clone(before.Groups), i.Groups...) {
			s.pushGroup(c, g)
		}
	}
	s.push(c, in.InstanceId)
	return &emu.NoOutput{}, nil
}

func (s *Service) setAttribute(c *emu.Call, id string, i *instance, in *ModifyInstanceAttributeInput) (err error) {
	switch {
	case in.InstanceType != nil:
		return s.setType(id, i, in.InstanceType.Value)
	case in.UserData != nil:
		if i.State != stopped {
			return incorrectState("The instance '%s' is not in the 'stopped' state.", id)
		}
		if len(in.UserData.Value) > maxUserData {
			return fail("InvalidUserData.Malformed", "User data is limited to %d bytes", maxUserData)
		}
		i.UserData = in.UserData.Value
	case in.EbsOptimized != nil:
		if i.State != stopped {
			return incorrectState("The instance '%s' is not in the 'stopped' state.", id)
		}
		i.EBSOptimized = value(in.EbsOptimized.Value)
	case in.SourceDestCheck != nil:
		i.NoSourceCheck = !value(in.SourceDestCheck.Value)
	case in.DisableApiTermination != nil:
		if i.Spot != "" && value(in.DisableApiTermination.Value) {
			return fail("UnsupportedOperation", "Modifying 'disableApiTermination' is not supported for spot instances.")
		}
		i.Protected = value(in.DisableApiTermination.Value)
	case in.DisableApiStop != nil:
		i.NoStop = value(in.DisableApiStop.Value)
	case in.InstanceInitiatedShutdownBehavior != nil:
		b := in.InstanceInitiatedShutdownBehavior.Value
		if b != "stop" && b != "terminate" {
			return invalidValue("Invalid value '%s' for InstanceInitiatedShutdownBehavior.", b)
		}
		i.OnShutdown = b
	case len(in.Groups) > 0:
		i.Groups, err = s.groupsIn(c, i, in.Groups)
	default:
		return s.setKept(c, i, in.BlockDeviceMappings)
	}
	return err
}

func (s *Service) setType(id string, i *instance, name string) error {
	t, ok := typeNamed(name)
	switch {
	case !ok:
		return invalidValue("Invalid value '%s' for InstanceType.", name)
	case i.State != stopped:
		return incorrectState("The instance '%s' is not in the 'stopped' state.", id)
	case t.arch != i.Arch:
		return fail("InvalidInstanceAttributeValue", "'%s' is not a valid instance type for instance '%s' of architecture '%s'.", name, id, i.Arch)
	}
	i.Type = name
	return nil
}

// setKept says which volumes go with their instance.
func (s *Service) setKept(c *emu.Call, i *instance, asked []InstanceBlockDeviceMappingSpecification) error {
	for _, b := range asked {
		n := slices.IndexFunc(i.Volumes, func(id string) bool { v, _ := s.volumes.Get(key{c.Region, id}); return v.Device == b.DeviceName })
		if n < 0 {
			return fail("InvalidInstanceAttributeValue", "No device is currently mapped at %s", b.DeviceName)
		}
		if b.Ebs == nil || b.Ebs.DeleteOnTermination == nil {
			continue
		}
		k := key{c.Region, i.Volumes[n]}
		v, _ := s.volumes.Get(k)
		v.DeleteOnTermination = *b.Ebs.DeleteOnTermination
		s.volumes.Put(k, v)
	}
	return nil
}

// DescribeInstanceAttributeInput asks for one attribute.
type DescribeInstanceAttributeInput struct {
	dry
	onInstance
	Attribute string `is:"required"`
}

// DescribeInstanceAttributeOutput has the one that was asked for.
type DescribeInstanceAttributeOutput struct {
	Groups                            []GroupIdentifier            `query:"groupSet"`
	BlockDeviceMappings               []InstanceBlockDeviceMapping `query:"blockDeviceMapping"`
	DisableApiTermination             *AttributeBooleanValue
	EnaSupport                        *AttributeBooleanValue
	EbsOptimized                      *AttributeBooleanValue
	InstanceId                        string
	InstanceInitiatedShutdownBehavior *AttributeValue
	InstanceType                      *AttributeValue
	RootDeviceName                    *AttributeValue
	SourceDestCheck                   *AttributeBooleanValue
	UserData                          *AttributeValue
	DisableApiStop                    *AttributeBooleanValue
}

func (s *Service) describeInstanceAttribute(c *emu.Call, in *DescribeInstanceAttributeInput) (*DescribeInstanceAttributeOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	out, flag := &DescribeInstanceAttributeOutput{InstanceId: in.InstanceId}, func(b bool) *AttributeBooleanValue { return &AttributeBooleanValue{&b} }
	switch in.Attribute {
	case "instanceType":
		out.InstanceType = &AttributeValue{i.Type}
	case "userData":
		out.UserData = &AttributeValue{base64.StdEncoding.EncodeToString(i.UserData)}
	case "disableApiTermination":
		out.DisableApiTermination = flag(i.Protected)
	case "disableApiStop":
		out.DisableApiStop = flag(i.NoStop)
	case "instanceInitiatedShutdownBehavior":
		out.InstanceInitiatedShutdownBehavior = &AttributeValue{i.OnShutdown}
	case "rootDeviceName":
		out.RootDeviceName = &AttributeValue{i.RootDevice}
	case "blockDeviceMapping":
		out.BlockDeviceMappings = s.mappings(c.Region, &i)
	case "sourceDestCheck":
		out.SourceDestCheck = flag(!i.NoSourceCheck)
	case "groupSet":
		out.Groups = s.identifiers(c.Region, i.Groups)
	case "ebsOptimized":
		out.EbsOptimized = flag(i.EBSOptimized)
	case "enaSupport":
		out.EnaSupport = flag(true)
	default:
		return nil, notEmulated("the attribute %s", in.Attribute)
	}
	return out, nil
}

// ModifyInstanceMetadataOptionsInput changes how the metadata service answers, at once.
type ModifyInstanceMetadataOptionsInput struct {
	dry
	onInstance
	HttpTokens              string `is:"enum=optional|required"`
	HttpPutResponseHopLimit *int64
	HttpEndpoint            string `is:"enum=disabled|enabled"`
	InstanceMetadataTags    string `is:"enum=disabled|enabled"`
}

// ModifyInstanceMetadataOptionsOutput tells the options in force.
type ModifyInstanceMetadataOptionsOutput struct {
	InstanceId              string
	InstanceMetadataOptions InstanceMetadataOptionsResponse
}

func (s *Service) modifyInstanceMetadataOptions(c *emu.Call, in *ModifyInstanceMetadataOptionsInput) (*ModifyInstanceMetadataOptionsOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	if i.State == terminated {
		return nil, incorrectState("The instance '%s' is not in a state from which its metadata options can be modified.", in.InstanceId)
	}
	if err := i.Metadata.set(in.HttpTokens, in.HttpEndpoint, in.InstanceMetadataTags, in.HttpPutResponseHopLimit); err != nil {
		return nil, err
	}
	s.instances.Put(key{c.Region, in.InstanceId}, i)
	s.push(c, in.InstanceId)
	return &ModifyInstanceMetadataOptionsOutput{in.InstanceId, showMetadata(i.Metadata)}, nil
}

// GetConsoleOutputInput asks for what an instance printed.
type GetConsoleOutputInput struct {
	dry
	onInstance
	Latest bool // it always is
}

// GetConsoleOutputOutput is the last 64 KB of it, in base64.
type GetConsoleOutputOutput struct {
	InstanceId string
	Output     string
	Timestamp  emu.Time
}

// reading is whose console is to be read, "" for nobody's.
type reading struct{ id string }

// printed is what was read.
type printed struct{ Text []byte }

func (s *Service) beginConsole(c *emu.Call, in *GetConsoleOutputInput) (reading, error) {
	i, err := s.instance(c, in.InstanceId)
	switch {
	case err != nil:
		return reading{}, err
	case in.DryRun:
		return reading{}, dryRunSucceeded()
	case i.State == terminated || !i.Booted && i.State != pending:
		return reading{}, nil
	}
	return reading{in.InstanceId}, nil
}

func (s *Service) readConsole(ctx context.Context, r reading) (printed, error) {
	if r.id == "" {
		return printed{}, nil
	}
	b, err := s.machines.Console(ctx, r.id)
	if errors.Is(err, ErrGone) {
		err = nil
	}
	return printed{b}, err
}

func (s *Service) finishConsole(c *emu.Call, in *GetConsoleOutputInput, p printed, failed error) (*GetConsoleOutputOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, cannotRun(failed.Error())
	}
	if i.State == terminated {
		p.Text = i.Console
	}
	return &GetConsoleOutputOutput{in.InstanceId, base64.StdEncoding.EncodeToString(p.Text), second(c)}, nil
}
