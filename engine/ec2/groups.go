package ec2

import (
	"slices"
	"strings"
	"unicode"

	"haneul/engine/emu"
)

// CreateSecurityGroupInput makes a group that lets nothing in and everything out.
type CreateSecurityGroupInput struct {
	dry
	GroupName         string `is:"required"`
	Description       string `query:"GroupDescription" is:"required"`
	VpcId             string
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (*CreateSecurityGroupInput) Resource(c *emu.Call) string { return arn(c, "security-group", "") }

// CreateSecurityGroupOutput names the group.
type CreateSecurityGroupOutput struct {
	GroupId string
	Tags    []Tag `query:"tagSet"`
}

// SecurityGroup is a group on the wire, its rules gathered by protocol and ports.
type SecurityGroup struct {
	Description                        string `query:"groupDescription"`
	GroupName, OwnerId, GroupId, VpcId string
	IpPermissions, IpPermissionsEgress []IpPermission
	Tags                               []Tag `query:"tagSet"`
}

// GroupIdentifier names a group in other shapes.
type GroupIdentifier struct{ GroupName, GroupId string }

func (s *Service) createSecurityGroup(c *emu.Call, in *CreateSecurityGroupInput) (*CreateSecurityGroupOutput, error) {
	in.VpcId = s.orDefaultVPC(c, in.VpcId)
	if _, ok := s.vpcs.Get(key{c.Region, in.VpcId}); !ok {
		return nil, kindVPC.missing(in.VpcId)
	}
	switch {
	case strings.HasPrefix(in.GroupName, "sg-"):
		return nil, invalidValue("Value (%s) for parameter GroupName is invalid. Group names may not be in the format sg-*.", in.GroupName)
	case in.GroupName == "default":
		return nil, invalidValue("Cannot use reserved security group name: default")
	case !ascii(in.GroupName):
		return nil, invalidValue("Value (%s) for parameter %s is invalid. Character sets beyond ASCII are not supported.", in.GroupName, "GroupName")
	case !ascii(in.Description):
		return nil, invalidValue("Value (%s) for parameter %s is invalid. Character sets beyond ASCII are not supported.", in.Description, "GroupDescription")
	case !groupText(in.GroupName):
		return nil, invalidValue("Invalid security group name. Valid names are non-empty strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
	case !groupText(in.Description):
		return nil, invalidValue("Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
	}
	if _, taken := s.groupNamed(c.Region, in.VpcId, in.GroupName); taken {
		return nil, fail("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", in.GroupName, in.VpcId)
	}
	tags, err := tagsFor(kindGroup, in.TagSpecifications)
	if err != nil {
		return nil, err
	}
	id := newID(c, "sg")
	s.groups.Put(key{c.Region, id}, group{VPC: in.VpcId, Name: in.GroupName, Description: in.Description, Tags: tags,
		Rules: []rule{{ID: newID(c, "sgr"), Egress: true, Protocol: "-1", From: -1, To: -1, CIDR: "0.0.0.0/0"}}})
	return &CreateSecurityGroupOutput{id, list(tags)}, nil
}

// groupText reports whether a text may be the name or the description of a group, or the description of a rule.
func groupText(s string) bool {
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789. _-:/()#,@[]+=&;{}!$*"
	return len(s) < 256 && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(alphabet, r) })
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// orDefaultVPC is the region's default VPC where a call names none.
func (s *Service) orDefaultVPC(c *emu.Call, id string) string {
	if id != "" {
		return id
	}
	n := s.network(c)
	return n.defaultVPC()
}

func (s *Service) groupNamed(region, vpc, name string) (row[group], bool) {
	for _, r := range rows(s.groups, region) {
		if r.V.VPC == vpc && r.V.Name == name {
			return r, true
		}
	}
	return row[group]{}, false
}

// onGroup is for operations on one group, by id, or by name in the default VPC.
type onGroup struct {
	GroupId   string
	GroupName string
}

// Resource implements [emu.Input].
func (in *onGroup) Resource(c *emu.Call) string { return arn(c, "security-group", in.GroupId) }

func (s *Service) theGroup(c *emu.Call, in onGroup) (row[group], error) {
	switch {
	case in.GroupId != "":
		g, ok := s.groups.Get(key{c.Region, in.GroupId})
		if !ok {
			return row[group]{}, kindGroup.missing(in.GroupId)
		}
		return row[group]{in.GroupId, g}, nil
	case in.GroupName != "":
		v := s.orDefaultVPC(c, "")
		g, ok := s.groupNamed(c.Region, v, in.GroupName)
		if !ok {
			return g, fail("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC '%s'", in.GroupName, v)
		}
		return g, nil
	}
	return row[group]{}, missingParameter("groupName or groupId")
}

// DeleteSecurityGroupInput names a group that nothing uses.
type DeleteSecurityGroupInput struct {
	dry
	onGroup
}

// DeleteSecurityGroupOutput says which group is gone.
type DeleteSecurityGroupOutput struct {
	Return  bool
	GroupId string
}

func (s *Service) deleteSecurityGroup(c *emu.Call, in *DeleteSecurityGroupInput) (*DeleteSecurityGroupOutput, error) {
	g, err := s.theGroup(c, in.onGroup)
	if err != nil {
		return nil, err
	}
	if g.V.Name == "default" {
		return nil, fail("CannotDelete", "the specified group: \"%s\" name: \"default\" cannot be deleted by a user", g.ID)
	}
	inUse := fail("DependencyViolation", "resource %s has a dependent object", g.ID)
	for _, i := range rows(s.instances, c.Region) {
		if i.V.State != terminated && slices.Contains(i.V.Groups, g.ID) {
			return nil, inUse
		}
	}
	for _, other := range rows(s.groups, c.Region) {
		if other.ID != g.ID && slices.ContainsFunc(other.V.Rules, func(r rule) bool { return r.Group == g.ID }) {
			return nil, inUse
		}
	}
	s.groups.Delete(key{c.Region, g.ID})
	return &DeleteSecurityGroupOutput{Return: true, GroupId: g.ID}, nil
}

// DescribeSecurityGroupsInput chooses groups.
type DescribeSecurityGroupsInput struct {
	onAll
	dry
	Filters    []Filter `query:"Filter"`
	GroupIds   []string `query:"GroupId"`
	GroupNames []string `query:"GroupName"`
	paging
}

// DescribeSecurityGroupsOutput is a page of groups.
type DescribeSecurityGroupsOutput struct {
	SecurityGroups []SecurityGroup `query:"securityGroupInfo"`
	NextToken      string
}

func (s *Service) describeSecurityGroups(c *emu.Call, in *DescribeSecurityGroupsInput) (*DescribeSecurityGroupsOutput, error) {
	n := s.network(c)
	ids := slices.Clone(in.GroupIds)
	for _, name := range in.GroupNames {
		v := n.defaultVPC()
		i := slices.IndexFunc(n.groups, func(g row[group]) bool { return g.V.Name == name && g.V.VPC == v })
		if i < 0 {
			return nil, fail("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC '%s'", name, v)
		}
		ids = append(ids, n.groups[i].ID)
	}
	found, next, err := described(kindGroup, ids, in.Filters, in.paging, n.groups, groupValues(c.Account))
	return &DescribeSecurityGroupsOutput{shown(found, showGroup(c.Account)), next}, err
}

func showGroup(account string) func(row[group]) SecurityGroup {
	return func(r row[group]) SecurityGroup {
		return SecurityGroup{Description: r.V.Description, GroupName: r.V.Name, OwnerId: account, GroupId: r.ID, VpcId: r.V.VPC,
			IpPermissions: permissions(account, r.V.Rules, false), IpPermissionsEgress: permissions(account, r.V.Rules, true), Tags: list(r.V.Tags)}
	}
}

func groupValues(account string) func(*row[group], string) ([]string, bool) {
	return func(r *row[group], name string) (values []string, known bool) {
		switch name {
		case "group-id":
			return oneOf(r.ID)
		case "group-name":
			return oneOf(r.V.Name)
		case "description":
			return oneOf(r.V.Description)
		case "vpc-id":
			return oneOf(r.V.VPC)
		case "owner-id":
			return oneOf(account)
		}
		direction, property, _ := strings.Cut(name, "ip-permission.")
		if direction == "" || direction == "egress." {
			known = true
			for _, x := range append([]rule{{}}, r.V.Rules...) {
				v, ok := ruleValue(x, property)
				if known = known && ok; x.ID != "" && x.Egress == (direction == "egress.") && v != "" {
					values = append(values, v)
				}
			}
			return values, known
		}
		return tagged(name, r.V.Tags)
	}
}
