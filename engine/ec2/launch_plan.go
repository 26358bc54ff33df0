package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"haneul/engine/emu"
)

// launchPlan is what a RunInstances comes to, checked: every instance of it is the same but for its address.
type launchPlan struct {
	instance   instance
	count      int64
	addresses  []string
	publicIP   bool
	volumes    []volume
	volumeTags []Tag
	spot       *SpotMarketOptions
	spotTags   []Tag
	imageID    string // as it was resolved
	subnetID   string
	asked      *RunInstancesInput
}

// plan checks a launch from its image to its addresses, in AWS's order of complaints as far as it is known.
func (s *Service) plan(c *emu.Call, in *RunInstancesInput) (*launchPlan, error) {
	l := &launchPlan{asked: in, instance: instance{Token: in.ClientToken, TokenOf: digest(in), State: pending, Launched: second(c), KeyName: in.KeyName,
		Protected: in.DisableApiTermination, NoStop: in.DisableApiStop, OnShutdown: "stop", EBSOptimized: in.EbsOptimized,
		Monitoring: in.Monitoring != nil && in.Monitoring.Enabled}}
	for _, step := range []func(*emu.Call, *RunInstancesInput, *launchPlan) error{
		s.planCounts, s.planImage, s.planNetwork, s.planAddresses, s.planDisks, s.planKeyAndProfile, s.planOptions, s.planMarket, s.planTags, s.planLimits,
	} {
		if err := step(c, in, l); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (s *Service) planCounts(_ *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	low, high := value(in.MinCount), value(in.MaxCount)
	switch {
	case high < 1:
		return invalidValue("Maximum instance count must be greater than zero")
	case low < 1:
		return invalidValue("Minimum instance count must be greater than zero")
	case low > high:
		return invalidValue("Maximum instance count must not be smaller than minimum instance count")
	case high > 1 && (in.PrivateIpAddress != "" || len(in.NetworkInterfaces) > 0 && in.NetworkInterfaces[0].PrivateIpAddress != ""):
		return invalidCombination("When a private IP address is specified, only one instance can be launched")
	}
	l.count = high
	return nil
}

func (s *Service) planImage(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	if in.ImageId == "" {
		return missingParameter("ImageId")
	}
	m, id, err := s.theImage(c, in.ImageId)
	if err != nil {
		return err
	}
	if m.State != available {
		return fail("InvalidAMIID.Unavailable", "AMI '%s' is %s, and cannot be run", id, m.State)
	}
	t, ok := typeNamed(in.InstanceType)
	switch {
	case in.InstanceType == "":
		return notEmulated("the default instance type m1.small: name one of those that describe-instance-types lists")
	case !ok:
		return invalidValue("Invalid value '%s' for InstanceType.", in.InstanceType)
	case t.arch != m.Arch:
		return invalidValue("The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.", t.arch, m.Arch)
	}
	l.instance.Image, l.instance.Type, l.instance.Arch, l.instance.RootDevice, l.imageID = id, t.name, t.arch, m.Root, id
	return s.planVolumes(c, in, l, &m)
}

// planNetwork finds the subnet and the security groups, which may be given in two places.
func (s *Service) planNetwork(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	var nic InstanceNetworkInterfaceSpecification
	switch {
	case len(in.NetworkInterfaces) > 1 || len(in.NetworkInterfaces) == 1 && value(in.NetworkInterfaces[0].DeviceIndex) != 0:
		return notEmulated("more than one network interface")
	case len(in.NetworkInterfaces) == 1:
		nic = in.NetworkInterfaces[0]
		for _, x := range []struct {
			what  string
			given bool
		}{{"subnet ID", in.SubnetId != ""}, {"security groups", len(in.SecurityGroupIds)+len(in.SecurityGroups) > 0}, {"private IP address", in.PrivateIpAddress != ""}} {
			if x.given {
				return invalidCombination("Network interfaces and an instance-level %s may not be specified on the same request", x.what)
			}
		}
	default:
		nic = InstanceNetworkInterfaceSpecification{Groups: in.SecurityGroupIds, SubnetId: in.SubnetId}
	}
	sub, err := s.launchSubnet(c, in, nic.SubnetId)
	if err != nil {
		return err
	}
	if c.Down(sub.V.Zone) {
		return noCapacity(in.InstanceType, sub.V.Zone, zonesUp(c))
	}
	l.subnetID = sub.ID
	l.instance.VPC, l.instance.Subnet, l.instance.Zone = sub.V.VPC, sub.ID, sub.V.Zone
	n := s.network(c)
	wants := sub.V.PublicIP
	if nic.AssociatePublicIpAddress != nil {
		wants = *nic.AssociatePublicIpAddress
	}
	l.publicIP = wants && n.public(sub.ID, sub.V.VPC)
	return s.planGroups(c, in, l, nic.Groups)
}

// launchSubnet is the subnet that a launch names, or the default one of the zone it names, or of the first zone that is up.
func (s *Service) launchSubnet(c *emu.Call, in *RunInstancesInput, id string) (r row[subnet], err error) {
	zoneAsked := ""
	if p := in.Placement; p != nil {
		if zoneAsked = p.AvailabilityZone; p.GroupName != "" || p.Tenancy != "" && p.Tenancy != "default" {
			return r, notEmulated("placement groups and tenancy")
		}
	}
	if _, ok := zoneIn(c.Region, zoneAsked); zoneAsked != "" && !ok {
		return r, invalidValue("Invalid availability zone: [%s]", zoneAsked)
	}
	if id != "" {
		sub, ok := s.subnets.Get(key{c.Region, id})
		if !ok {
			return r, kindSubnet.missing(id)
		}
		if zoneAsked != "" && zoneAsked != sub.Zone {
			return r, invalidValue("Value (%s) for parameter availabilityZone is invalid. Subnet '%s' is in the availability zone %s", zoneAsked, id, sub.Zone)
		}
		return row[subnet]{id, sub}, nil
	}
	if zoneAsked == "" {
		zoneAsked = append(zonesUp(c), zonesOf(c.Region)[0].name)[0]
	}
	for _, r := range rows(s.subnets, c.Region) {
		if r.V.DefaultForZone && r.V.Zone == zoneAsked {
			return r, nil
		}
	}
	if n := s.network(c); n.defaultVPC() == "" {
		return r, fail("VPCIdNotSpecified", "No default VPC for this user")
	}
	return r, fail("InvalidInput", "No default subnet for availability zone: '%s'.", zoneAsked)
}

func (s *Service) planGroups(c *emu.Call, in *RunInstancesInput, l *launchPlan, ids []string) error {
	groups := slices.Clone(ids)
	for _, name := range in.SecurityGroups {
		if in.SubnetId != "" {
			return invalidCombination("The parameter groupName cannot be used with the parameter subnet")
		}
		g, ok := s.groupNamed(c.Region, l.instance.VPC, name)
		if !ok {
			return fail("InvalidGroup.NotFound", "The security group '%s' does not exist in VPC '%s'", name, l.instance.VPC)
		}
		groups = append(groups, g.ID)
	}
	if len(groups) == 0 {
		g, _ := s.groupNamed(c.Region, l.instance.VPC, "default")
		groups = []string{g.ID}
	}
	var err error
	l.instance.Groups, err = s.groupsIn(c, &l.instance, groups)
	return err
}

// groupsIn checks that groups can be those of an instance, and names each once.
func (s *Service) groupsIn(c *emu.Call, i *instance, ids []string) ([]string, error) {
	var groups []string
	for _, id := range ids {
		g, ok := s.groups.Get(key{c.Region, id})
		switch {
		case !ok:
			return nil, kindGroup.missing(id)
		case g.VPC != i.VPC:
			return nil, fail("InvalidParameter", "Security group %s and subnet %s belong to different networks.", id, i.Subnet)
		}
		if !slices.Contains(groups, id) {
			groups = append(groups, id)
		}
	}
	if len(groups) > maxGroups {
		return nil, fail("SecurityGroupsPerInterfaceLimitExceeded", "The maximum number of security groups per interface has been reached.")
	}
	return groups, nil
}

// planAddresses takes the address that was asked for, or the lowest free ones; AWS draws them.
func (s *Service) planAddresses(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	sub, _ := s.subnets.Get(key{c.Region, l.subnetID})
	p := netip.MustParsePrefix(sub.CIDR)
	used := s.addressesIn(c.Region, l.subnetID)
	asked := in.PrivateIpAddress
	if len(in.NetworkInterfaces) == 1 {
		asked = in.NetworkInterfaces[0].PrivateIpAddress
	}
	if asked != "" {
		ip, err := netip.ParseAddr(asked)
		switch {
		case err != nil || !ip.Is4():
			return invalidValue("invalid value for parameter address: %s", asked)
		case !p.Contains(ip):
			return invalidValue("Address %s does not fall within the subnet's address range", asked)
		case reserved(p, ip):
			return invalidValue("Address %s is in subnet's reserved address range", asked)
		case slices.Contains(used, asked):
			return fail("InvalidIPAddress.InUse", "Address %s is in use.", asked)
		}
		l.addresses = []string{asked}
		return nil
	}
	free := s.free(c.Region, row[subnet]{l.subnetID, sub})
	if low := *in.MinCount; free < low {
		return fail("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet '%s' to satisfy the requested number of instances.", l.subnetID)
	}
	l.count = min(l.count, free)
	for ip := p.Addr(); int64(len(l.addresses)) < l.count && p.Contains(ip); ip = ip.Next() {
		if !reserved(p, ip) && !slices.Contains(used, ip.String()) {
			l.addresses = append(l.addresses, ip.String())
		}
	}
	return nil
}

// reserved reports whether AWS keeps an address for itself: the first four of a subnet, and the last.
func reserved(p netip.Prefix, ip netip.Addr) bool {
	first := p.Addr()
	for range 4 {
		if ip == first {
			return true
		}
		first = first.Next()
	}
	return !p.Contains(ip.Next())
}

func (s *Service) planDisks(_ *emu.Call, _ *RunInstancesInput, l *launchPlan) error {
	if len(l.volumes) == 0 || !l.volumes[0].Root {
		return invalidValue("The image has no root device")
	}
	for i := range l.volumes {
		l.volumes[i].Zone = l.instance.Zone
	}
	return nil
}

// planVolumes lays a launch's block device mappings over those of its image.
func (s *Service) planVolumes(c *emu.Call, in *RunInstancesInput, l *launchPlan, m *image) error {
	disks := slices.Clone(m.Disks)
	for _, b := range in.BlockDeviceMappings {
		i := slices.IndexFunc(disks, func(d disk) bool { return d.Device == b.DeviceName })
		switch {
		case b.DeviceName == "":
			return missingParameter("deviceName")
		case b.NoDevice != nil:
			if i >= 0 && b.DeviceName != m.Root {
				disks = slices.Delete(disks, i, i+1)
			}
			continue
		case b.VirtualName != "":
			continue // the instance store is there by itself, as on AWS's NVMe types
		case b.Ebs == nil:
			return invalidCombination("A block device mapping needs ebs, virtualName or noDevice")
		case i < 0 && !deviceName.MatchString(b.DeviceName):
			return fail("InvalidBlockDeviceMapping", "Invalid device name %s", b.DeviceName)
		case i < 0:
			i = len(disks)
			disks = append(disks, disk{Device: b.DeviceName, Type: "gp3"})
		}
		if err := overlay(&disks[i], b.Ebs, b.DeviceName == m.Root); err != nil {
			return err
		}
	}
	for _, d := range disks {
		v := volume{Type: d.Type, Snapshot: d.Snapshot, Size: d.Size, Encrypted: d.Encrypted, State: inUse, Device: d.Device, Attachment: attached,
			DeleteOnTermination: !d.Keep, Root: d.Device == m.Root}
		if !v.Root {
			if err := s.fromSnapshot(c, &v); err != nil {
				return err
			}
			v.State = inUse
		}
		if v.Size == 0 {
			return missingParameter("size/snapshot")
		}
		if err := v.shape(positive(d.IOPS), positive(d.Throughput)); err != nil {
			return err
		}
		if l.volumes = append(l.volumes, v); v.Root { // first, so that it is found
			last := len(l.volumes) - 1
			l.volumes[0], l.volumes[last] = l.volumes[last], l.volumes[0]
		}
	}
	return nil
}

func overlay(d *disk, b *EbsBlockDevice, root bool) error {
	if b.SnapshotId != "" {
		if root && b.SnapshotId != d.Snapshot {
			return invalidValue("snapshotId cannot be modified on root device")
		}
		d.Snapshot = b.SnapshotId
	}
	if b.VolumeSize != nil {
		if root && *b.VolumeSize < d.Size {
			return fail("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", *b.VolumeSize, d.Snapshot, d.Size)
		}
		d.Size = *b.VolumeSize
	}
	if b.VolumeType != "" && b.VolumeType != d.Type {
		d.Type, d.IOPS, d.Throughput = b.VolumeType, 0, 0
	}
	if b.Iops != nil {
		d.IOPS = *b.Iops
	} else if d.Type == "gp2" {
		d.IOPS = 0 // comes with the size
	}
	if b.Throughput != nil {
		d.Throughput = *b.Throughput
	}
	if b.DeleteOnTermination != nil {
		d.Keep = !*b.DeleteOnTermination
	}
	d.Encrypted = d.Encrypted || value(b.Encrypted)
	return nil
}

func (s *Service) planKeyAndProfile(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	kp, ok := s.keyPairs.Get(key{c.Region, in.KeyName})
	if in.KeyName != "" && !ok {
		return kindKeyPair.notFound(in.KeyName)
	}
	l.instance.PublicKey = kp.PublicKey
	if in.IamInstanceProfile == nil {
		return nil
	}
	p, err := s.profileOf(c, in.IamInstanceProfile)
	l.instance.Profile = p
	return err
}

func (s *Service) planOptions(_ *emu.Call, in *RunInstancesInput, l *launchPlan) (err error) {
	if in.UserData != "" {
		if l.instance.UserData, err = decodeUserData(in.UserData); err != nil {
			return err
		}
	}
	if in.InstanceInitiatedShutdownBehavior != "" {
		l.instance.OnShutdown = in.InstanceInitiatedShutdownBehavior
	}
	// Amazon Linux 2023 asks for tokens; so do all images here: it is the default of accounts opened since 2024.
	l.instance.Metadata = metadataOptions{Tokens: "required", Endpoint: "enabled", Tags: "disabled", Hops: 2}
	if in.MetadataOptions != nil {
		return l.instance.Metadata.set(in.MetadataOptions.HttpTokens, in.MetadataOptions.HttpEndpoint, in.MetadataOptions.InstanceMetadataTags, in.MetadataOptions.HttpPutResponseHopLimit)
	}
	return nil
}

func (m *metadataOptions) set(tokens, endpoint, tags string, hops *int64) error {
	if tokens != "" {
		m.Tokens = tokens
	}
	if endpoint != "" {
		m.Endpoint = endpoint
	}
	if tags != "" {
		m.Tags = tags
	}
	if hops != nil {
		if *hops < 1 || *hops > 64 {
			return invalidValue("Value (%d) for parameter HttpPutResponseHopLimit is invalid. It must be between 1 and 64.", *hops)
		}
		m.Hops = *hops
	}
	return nil
}

func (s *Service) planMarket(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	m := in.InstanceMarketOptions
	if m == nil {
		return nil
	}
	if m.MarketType != "spot" {
		return notEmulated("the market %q: only spot", m.MarketType)
	}
	o := value(m.SpotOptions)
	switch persistent := o.SpotInstanceType == "persistent"; {
	case o.InstanceInterruptionBehavior == "hibernate":
		return notEmulated("hibernation")
	case o.InstanceInterruptionBehavior == "stop" && !persistent:
		return invalidCombination("The interruption behavior 'stop' needs a persistent Spot request")
	case o.ValidUntil != 0 && !persistent:
		return invalidCombination("validUntil can be given for persistent Spot requests only")
	case o.ValidUntil != 0 && o.ValidUntil <= c.Now:
		return invalidValue("validUntil lies in the past")
	case l.instance.NoStop:
		return invalidCombination("Stop protection is not supported for Spot instances")
	}
	l.spot = &o
	return nil
}

func (s *Service) planTags(_ *emu.Call, in *RunInstancesInput, l *launchPlan) (err error) {
	kinds := []kind{kindInstance, kindVolume, kindSpot, {resource: "network-interface"}}
	if l.instance.Tags, err = tagsFor(kindInstance, in.TagSpecifications, kinds...); err != nil {
		return err
	}
	if l.volumeTags, err = tagsFor(kindVolume, in.TagSpecifications, kinds...); err != nil {
		return err
	}
	l.spotTags, err = tagsFor(kindSpot, in.TagSpecifications, kinds...)
	return err
}

// planLimits counts vCPUs: of on-demand and of Spot instances, each for itself.
func (s *Service) planLimits(c *emu.Call, in *RunInstancesInput, l *launchPlan) error {
	t, _ := typeNamed(l.instance.Type)
	var running int64
	for _, i := range rows(s.instances, c.Region) {
		if counts(i.V.State) && (i.V.Spot != "") == (l.spot != nil) {
			other, _ := typeNamed(i.V.Type)
			running += other.vcpus
		}
	}
	limit := int64(standardVCPUs)
	if l.spot != nil {
		limit = spotVCPUs
	}
	room := max(0, limit-running) / t.vcpus
	if room >= l.count {
		return nil
	}
	if room >= *in.MinCount {
		l.count, l.addresses = room, l.addresses[:room]
		return nil
	}
	if l.spot != nil {
		return fail("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
	}
	return fail("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %d allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", limit)
}

// counts reports whether an instance in a state uses up vCPUs.
func counts(state string) bool { return state == pending || state == running }

// allowed asks IAM about everything a launch uses: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html
func (l *launchPlan) allowed(c *emu.Call) error {
	ask := func(kind, id string) error { return c.Allow("ec2:RunInstances", arn(c, kind, id)) }
	checks := [][2]string{{"image", l.imageID}, {"subnet", l.subnetID}, {"network-interface", ""}, {"volume", ""}}
	for _, g := range l.instance.Groups {
		checks = append(checks, [2]string{"security-group", g})
	}
	if l.instance.KeyName != "" {
		checks = append(checks, [2]string{"key-pair", l.instance.KeyName})
	}
	for _, x := range checks {
		if err := ask(x[0], x[1]); err != nil {
			return err
		}
	}
	if p := l.instance.Profile; p != nil && p.RoleARN != "" {
		if err := c.Allow("iam:PassRole", p.RoleARN); err != nil {
			return err
		}
	}
	tagged := slices.ContainsFunc(l.asked.TagSpecifications, func(t TagSpecification) bool { return strings.TrimSpace(t.ResourceType) != "" })
	if tagged {
		return c.Allow("ec2:CreateTags", arn(c, "instance", ""))
	}
	return nil
}
