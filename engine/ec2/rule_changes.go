package ec2

import (
	"slices"

	"haneul/engine/emu"
)

// AuthorizeSecurityGroupIngressInput adds rules for what may come in.
type AuthorizeSecurityGroupIngressInput struct {
	dry
	onGroup
	asked
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// AuthorizeSecurityGroupEgressInput adds rules for what may go out.
type AuthorizeSecurityGroupEgressInput struct {
	dry
	GroupId string `is:"required"`
	asked
	TagSpecifications []TagSpecification `query:"TagSpecification"`
}

// Resource implements [emu.Input].
func (in *AuthorizeSecurityGroupEgressInput) Resource(c *emu.Call) string {
	return arn(c, "security-group", in.GroupId)
}

// AuthorizeOutput lists the rules that were added.
type AuthorizeOutput struct {
	Return             bool
	SecurityGroupRules []SecurityGroupRule `query:"securityGroupRuleSet"`
}

// SecurityGroupRule is a single rule on the wire.
type SecurityGroupRule struct {
	SecurityGroupRuleId, GroupId, GroupOwnerId string
	IsEgress                                   bool
	IpProtocol                                 string
	FromPort, ToPort                           int64
	CidrIpv4, CidrIpv6                         string
	ReferencedGroupInfo                        *ReferencedSecurityGroup
	Description                                string
	Tags                                       []Tag `query:"tagSet"`
}

// ReferencedSecurityGroup is the group whose members a rule is about.
type ReferencedSecurityGroup struct{ GroupId, UserId string }

func showRule(account, groupID string, r rule) SecurityGroupRule {
	out := SecurityGroupRule{SecurityGroupRuleId: r.ID, GroupId: groupID, GroupOwnerId: account, IsEgress: r.Egress, IpProtocol: r.Protocol,
		FromPort: r.From, ToPort: r.To, CidrIpv4: r.CIDR, CidrIpv6: r.CIDR6, Description: r.Description, Tags: list(r.Tags)}
	if r.Group != "" {
		out.ReferencedGroupInfo = &ReferencedSecurityGroup{r.Group, account}
	}
	return out
}

func (s *Service) authorizeSecurityGroupIngress(c *emu.Call, in *AuthorizeSecurityGroupIngressInput) (*AuthorizeOutput, error) {
	g, err := s.theGroup(c, in.onGroup)
	if err != nil {
		return nil, err
	}
	return s.authorize(c, g, &in.asked, in.TagSpecifications, false)
}

func (s *Service) authorizeSecurityGroupEgress(c *emu.Call, in *AuthorizeSecurityGroupEgressInput) (*AuthorizeOutput, error) {
	g, err := s.theGroup(c, onGroup{GroupId: in.GroupId})
	if err != nil {
		return nil, err
	}
	return s.authorize(c, g, &in.asked, in.TagSpecifications, true)
}

func (s *Service) authorize(c *emu.Call, g row[group], in *asked, specs []TagSpecification, egress bool) (*AuthorizeOutput, error) {
	tags, err := tagsFor(kindRule, specs)
	if err != nil {
		return nil, err
	}
	more, err := s.rules(c, in, g, egress)
	if err != nil {
		return nil, err
	}
	all, n := slices.Clone(g.V.Rules), 0
	out := &AuthorizeOutput{Return: true, SecurityGroupRules: []SecurityGroupRule{}}
	for _, r := range more {
		if slices.ContainsFunc(all, func(o rule) bool { return o.same(&r) }) {
			return nil, fail("InvalidPermission.Duplicate", "the specified rule %q already exists", r.String())
		}
		r.ID, r.Tags = newID(c, "sgr"), tags
		all = append(all, r)
		out.SecurityGroupRules = append(out.SecurityGroupRules, showRule(c.Account, g.ID, r))
	}
	for _, r := range all {
		if r.Egress == egress {
			n++
		}
	}
	if n > maxRules {
		return nil, fail("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
	}
	s.setRules(c, g, all)
	return out, nil
}

// setRules changes a group's rules, in force at once in every machine that they concern.
func (s *Service) setRules(c *emu.Call, g row[group], rules []rule) {
	g.V.Rules = rules
	s.groups.Put(key{c.Region, g.ID}, g.V)
	s.pushGroup(c, g.ID)
}

// RevokeSecurityGroupIngressInput removes rules for what may come in, by what they say or by id.
type RevokeSecurityGroupIngressInput struct {
	dry
	onGroup
	asked
	SecurityGroupRuleIds []string `query:"SecurityGroupRuleId"`
}

// RevokeSecurityGroupEgressInput removes rules for what may go out.
type RevokeSecurityGroupEgressInput struct {
	dry
	GroupId string `is:"required"`
	asked
	SecurityGroupRuleIds []string `query:"SecurityGroupRuleId"`
}

// Resource implements [emu.Input].
func (in *RevokeSecurityGroupEgressInput) Resource(c *emu.Call) string {
	return arn(c, "security-group", in.GroupId)
}

func (s *Service) revokeSecurityGroupIngress(c *emu.Call, in *RevokeSecurityGroupIngressInput) (*ReturnOutput, error) {
	g, err := s.theGroup(c, in.onGroup)
	if err != nil {
		return nil, err
	}
	return s.revoke(c, g, &in.asked, in.SecurityGroupRuleIds, false)
}

func (s *Service) revokeSecurityGroupEgress(c *emu.Call, in *RevokeSecurityGroupEgressInput) (*ReturnOutput, error) {
	g, err := s.theGroup(c, onGroup{GroupId: in.GroupId})
	if err != nil {
		return nil, err
	}
	return s.revoke(c, g, &in.asked, in.SecurityGroupRuleIds, true)
}

func (s *Service) revoke(c *emu.Call, g row[group], in *asked, ids []string, egress bool) (*ReturnOutput, error) {
	all := slices.Clone(g.V.Rules)
	drop := func(is func(rule) bool) bool {
		before := len(all)
		all = slices.DeleteFunc(all, is)
		return len(all) < before
	}
	for _, id := range ids {
		if !drop(func(r rule) bool { return r.ID == id && r.Egress == egress }) {
			return nil, kindRule.missing(id)
		}
	}
	if len(ids) == 0 {
		gone, err := s.rules(c, in, g, egress)
		if err != nil {
			return nil, err
		}
		for _, x := range gone {
			if !drop(func(r rule) bool { return r.same(&x) }) {
				return nil, fail("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
			}
		}
	}
	s.setRules(c, g, all)
	return done(), nil
}

// ModifySecurityGroupRulesInput replaces rules, by id.
type ModifySecurityGroupRulesInput struct {
	dry
	GroupId            string                    `is:"required"`
	SecurityGroupRules []SecurityGroupRuleUpdate `query:"SecurityGroupRule" is:"required"`
}

// Resource implements [emu.Input].
func (in *ModifySecurityGroupRulesInput) Resource(c *emu.Call) string {
	return arn(c, "security-group", in.GroupId)
}

// SecurityGroupRuleUpdate is a rule's id and what it is to say.
type SecurityGroupRuleUpdate struct {
	SecurityGroupRuleId string `is:"required"`
	SecurityGroupRule   *SecurityGroupRuleRequest
}

// SecurityGroupRuleRequest is a single rule as a request has it.
type SecurityGroupRuleRequest struct {
	IpProtocol                                         string
	FromPort, ToPort                                   *int64
	CidrIpv4, CidrIpv6, ReferencedGroupId, Description string
}

func (s *Service) modifySecurityGroupRules(c *emu.Call, in *ModifySecurityGroupRulesInput) (*ReturnOutput, error) {
	g, err := s.theGroup(c, onGroup{GroupId: in.GroupId})
	if err != nil {
		return nil, err
	}
	all := slices.Clone(g.V.Rules)
	for _, u := range in.SecurityGroupRules {
		i := slices.IndexFunc(all, func(r rule) bool { return r.ID == u.SecurityGroupRuleId })
		if i < 0 {
			return nil, kindRule.missing(u.SecurityGroupRuleId)
		}
		if u.SecurityGroupRule == nil {
			return nil, missingParameter("securityGroupRule")
		}
		made, err := s.rules(c, u.SecurityGroupRule.asked(), g, all[i].Egress)
		if err != nil {
			return nil, err
		}
		if len(made) != 1 {
			return nil, invalidCombination("A security group rule has exactly one source or destination")
		}
		made[0].ID, made[0].Tags = all[i].ID, all[i].Tags
		all[i] = made[0]
	}
	s.setRules(c, g, all)
	return done(), nil
}

// asked is the rule as a permission with its one peer.
func (r *SecurityGroupRuleRequest) asked() *asked {
	p := IpPermission{FromPort: r.FromPort, ToPort: r.ToPort, IpProtocol: r.IpProtocol}
	if r.CidrIpv4 != "" {
		p.IpRanges = []IpRange{{r.CidrIpv4, r.Description}}
	}
	if r.CidrIpv6 != "" {
		p.Ipv6Ranges = []Ipv6Range{{r.CidrIpv6, r.Description}}
	}
	if r.ReferencedGroupId != "" {
		p.UserIdGroupPairs = []UserIdGroupPair{{GroupId: r.ReferencedGroupId, Description: r.Description}}
	}
	return &asked{IpPermissions: []IpPermission{p}}
}

// DescribeSecurityGroupRulesInput chooses rules.
type DescribeSecurityGroupRulesInput struct {
	onAll
	dry
	Filters              []Filter `query:"Filter"`
	SecurityGroupRuleIds []string `query:"SecurityGroupRuleId"`
	paging
}

// DescribeSecurityGroupRulesOutput is a page of rules.
type DescribeSecurityGroupRulesOutput struct {
	SecurityGroupRules []SecurityGroupRule `query:"securityGroupRuleSet"`
	NextToken          string
}

func (s *Service) describeSecurityGroupRules(c *emu.Call, in *DescribeSecurityGroupRulesInput) (*DescribeSecurityGroupRulesOutput, error) {
	var all []row[SecurityGroupRule]
	for _, g := range s.network(c).groups {
		for _, r := range g.V.Rules {
			all = append(all, row[SecurityGroupRule]{r.ID, showRule(c.Account, g.ID, r)})
		}
	}
	found, next, err := described(kindRule, in.SecurityGroupRuleIds, in.Filters, in.paging, all, func(r *row[SecurityGroupRule], name string) ([]string, bool) {
		switch name {
		case "group-id":
			return oneOf(r.V.GroupId)
		case "security-group-rule-id":
			return oneOf(r.ID)
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeSecurityGroupRulesOutput{shown(found, func(r row[SecurityGroupRule]) SecurityGroupRule { return r.V }), next}, err
}

// retagRule changes the tags of a rule, which live in its group.
func (s *Service) retagRule(c *emu.Call, id string, change func([]Tag) ([]Tag, error)) error {
	for _, g := range rows(s.groups, c.Region) {
		i := slices.IndexFunc(g.V.Rules, func(r rule) bool { return r.ID == id })
		if i < 0 {
			continue
		}
		tags, err := change(g.V.Rules[i].Tags)
		if err != nil {
			return err
		}
		g.V.Rules = slices.Clone(g.V.Rules)
		g.V.Rules[i].Tags = tags
		s.groups.Put(key{c.Region, g.ID}, g.V)
		return nil
	}
	return kindRule.missing(id)
}
