package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"haneul/engine/compute"
	"haneul/engine/emu"
)

// machineOf is the machine that an instance's row describes.
func (s *Service) machineOf(c *emu.Call, k key, i *instance) Machine {
	t, _ := typeNamed(i.Type)
	v, _ := s.vpcs.Get(key{k.Region, i.VPC})
	sub, _ := s.subnets.Get(key{k.Region, i.Subnet})
	m := Machine{ID: k.ID, VPC: i.VPC, VPCRange: v.CIDR, Subnet: sub.CIDR, IP: i.IP, VCPUs: t.vcpus, Memory: t.memory, Store: t.store, Settings: s.settings(c, k, i)}
	if !public(i.Image) {
		m.Image = i.Image
	}
	for _, id := range i.Volumes {
		vol, _ := s.volumes.Get(key{k.Region, id})
		if !vol.Root && vol.Attachment != detaching {
			mount := Mount{Volume: id, Path: mountPath(vol.Device)}
			if !i.Booted {
				mount.From = vol.Snapshot
			}
			m.Mounts = append(m.Mounts, mount)
		}
	}
	return m
}

// settings are what an instance's machine may talk to and what it is told, as of this call.
func (s *Service) settings(c *emu.Call, k key, i *instance) Settings {
	return Settings{Version: c.Seq(), Disk: s.rootSize(k.Region, i), Rules: s.firewall(k.Region, i), Metadata: s.metadata(c, k, i)}
}

// rootSize is how large an instance's root disk is, in GiB.
func (s *Service) rootSize(region string, i *instance) int64 {
	for _, id := range i.Volumes {
		if v, _ := s.volumes.Get(key{region, id}); v.Root {
			return v.Size
		}
	}
	return 0
}

// push sends an instance's machine its settings, if it runs. One that boots gets them when it has.
func (s *Service) push(c *emu.Call, id string) {
	k := key{c.Region, id}
	i, ok := s.instances.Get(k)
	if !ok || i.State != running && i.State != pending {
		return
	}
	if i.Pushed = c.Seq(); i.State == running {
		s.configure.After(c, configuring{k.Region, id, s.settings(c, k, &i)})
	}
	s.instances.Put(k, i)
}

// pushGroup sends new settings to all machines that a group's rules or members concern.
func (s *Service) pushGroup(c *emu.Call, id string) {
	var concerned []string
	for _, g := range rows(s.groups, c.Region) {
		if g.ID == id || slices.ContainsFunc(g.V.Rules, func(r rule) bool { return r.Group == id }) {
			concerned = append(concerned, g.ID)
		}
	}
	for _, i := range rows(s.instances, c.Region) {
		if slices.ContainsFunc(i.V.Groups, func(g string) bool { return slices.Contains(concerned, g) }) {
			s.push(c, i.ID)
		}
	}
}

// firewall is the union of an instance's groups, with the members' addresses in place of groups.
func (s *Service) firewall(region string, i *instance) (allowed []Allowed) {
	for _, id := range i.Groups {
		g, _ := s.groups.Get(key{region, id})
		for _, r := range g.Rules {
			a := Allowed{Egress: r.Egress, Protocol: r.Protocol, From: r.From, To: r.To}
			switch {
			case r.CIDR != "":
				a.Peers = []string{r.CIDR}
			case r.Group != "":
				a.Peers = s.members(region, r.Group)
			}
			if len(a.Peers) > 0 && r.Protocol != "icmpv6" {
				allowed = append(allowed, a)
			}
		}
	}
	return allowed
}

// members are the addresses of a group's instances.
func (s *Service) members(region, group string) (addresses []string) {
	for _, i := range rows(s.instances, region) {
		if i.V.State != terminated && slices.Contains(i.V.Groups, group) {
			addresses = append(addresses, i.V.IP+"/32")
		}
	}
	return addresses
}

const rfc3339 = "2006-01-02T15:04:05Z"

// metadata is what 169.254.169.254 tells an instance.
func (s *Service) metadata(c *emu.Call, k key, i *instance) compute.Metadata {
	z, _ := zoneIn(k.Region, i.Zone)
	v, _ := s.vpcs.Get(key{k.Region, i.VPC})
	sub, _ := s.subnets.Get(key{k.Region, i.Subnet})
	m := compute.Metadata{
		Disabled: i.Metadata.Endpoint == "disabled", TokenOptional: i.Metadata.Tokens == "optional",
		Account: c.Account, Region: k.Region, Zone: i.Zone, ZoneID: z.id, InstanceID: k.ID, InstanceType: i.Type, ImageID: i.Image,
		ReservationID: i.Reservation, LaunchIndex: int(i.Index), LifeCycle: "on-demand", LaunchedAt: i.Launched.Std().Format(rfc3339),
		PrivateIP: i.IP, PrivateDNS: privateName(k.Region, i.IP), PublicIP: i.PublicIP, PublicDNS: publicName(k.Region, i.PublicIP), MAC: i.MAC,
		InterfaceID: i.Interface, VPCID: i.VPC, VPCCIDR: v.CIDR, SubnetID: i.Subnet, SubnetCIDR: sub.CIDR, GroupIDs: i.Groups, KeyName: i.KeyName,
		PublicKey: i.PublicKey, UserData: i.UserData,
	}
	if i.Spot != "" {
		m.LifeCycle = "spot"
	}
	for _, id := range i.Groups {
		g, _ := s.groups.Get(key{k.Region, id})
		m.SecurityGroups = append(m.SecurityGroups, g.Name)
	}
	if i.Metadata.Tags == "enabled" {
		for _, t := range i.Tags {
			m.Tags = append(m.Tags, compute.Tag{Key: t.Key, Value: *t.Value})
		}
	}
	m.BlockDevices = []compute.Tag{{Key: "ami", Value: i.RootDevice}, {Key: "root", Value: i.RootDevice}}
	if p := i.Profile; p != nil && p.Role != "" {
		m.Role = &compute.Role{Name: p.Role, ProfileARN: p.ARN, ProfileID: p.ID, AccessKeyID: i.Keys.AccessKeyID, Secret: i.Keys.Secret, Token: i.Keys.Token,
			LastUpdated: i.Keys.Issued.Std().Format(rfc3339), Expiration: i.Keys.Expires.Std().Format(rfc3339)}
	}
	if i.Notice != 0 {
		m.SpotAction = &compute.SpotAction{Action: s.spotBehavior(k.Region, i), Time: i.Notice.Std().Format(rfc3339)}
	}
	return m
}

// privateName is the name of an address inside a VPC.
func privateName(region, ip string) string {
	if ip == "" {
		return ""
	}
	domain := region + ".compute.internal"
	if region == "us-east-1" {
		domain = "ec2.internal"
	}
	return "ip-" + strings.ReplaceAll(ip, ".", "-") + "." + domain
}

// publicName is the name of a public address.
func publicName(region, ip string) string {
	if ip == "" {
		return ""
	}
	domain := region + ".compute"
	if region == "us-east-1" {
		domain = "compute-1"
	}
	return "ec2-" + strings.ReplaceAll(ip, ".", "-") + "." + domain + ".amazonaws.com"
}

// publicAddress draws an address that an instance shows to the internet. It is of 198.18.0.0/15, which is kept for
// tests: no machine of the real internet answers there.
func (s *Service) publicAddress(c *emu.Call) string {
	for {
		r := c.Rand()
		ip := netip.AddrFrom4([4]byte{198, 18 + byte(r>>16)&1, byte(r >> 8), byte(r)}).String()
		taken := false
		s.instances.All(func(_ key, i instance) bool { taken = i.PublicIP == ip; return !taken })
		if !taken {
			return ip
		}
	}
}
