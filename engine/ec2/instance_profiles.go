package ec2

import (
	"haneul/engine/emu"
)

// profileOf finds the instance profile that a request names.
func (s *Service) profileOf(c *emu.Call, in *IamInstanceProfileSpecification) (*profile, error) {
	name, parameter, noun := in.Name, "iamInstanceProfile.name", "name"
	switch {
	case in.Arn != "" && in.Name != "":
		return nil, invalidCombination("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
	case in.Arn != "":
		name, parameter, noun = in.Arn, "iamInstanceProfile.arn", "ARN"
	case in.Name == "":
		return nil, missingParameter("iamInstanceProfile.arn or iamInstanceProfile.name")
	}
	p, err := s.roles.Profile(c, name)
	if err != nil {
		return nil, invalidValue("Value (%s) for parameter %s is invalid. Invalid IAM Instance Profile %s", name, parameter, noun)
	}
	return &profile{ARN: p.ARN, ID: p.ID, Role: p.Role, RoleARN: p.RoleARN, Since: second(c)}, nil
}

// renewKeys gives an instance with a role new credentials. A role that does not trust EC2 gives none, and the metadata
// service says so; the launch goes on, as on AWS.
func (s *Service) renewKeys(c *emu.Call, id string, i *instance) {
	i.Keys = roleKeys{}
	if i.Profile == nil || i.Profile.RoleARN == "" {
		return
	}
	k, err := s.roles.Keys(c, i.Profile.RoleARN, id)
	if err != nil {
		c.Note("NoCredentials", err.Error())
		return
	}
	i.Keys = roleKeys{k.AccessKeyID, k.Secret, k.Token, c.Now, k.Expires}
}

// keysDue is when an instance's credentials are replaced.
func keysDue(_ key, i *instance) (emu.Time, bool) {
	return i.Keys.Expires - credentialsSoon, i.Keys.Expires != 0 && (i.State == running || i.State == pending)
}

func (s *Service) replaceKeys(c *emu.Call, k key) {
	i, _ := s.instances.Get(k)
	c.Region = k.Region
	s.renewKeys(c, k.ID, &i)
	s.instances.Put(k, i)
	s.push(c, k.ID)
}

// AssociateIamInstanceProfileInput gives a role to an instance that has none.
type AssociateIamInstanceProfileInput struct {
	IamInstanceProfile *IamInstanceProfileSpecification `is:"required"`
	InstanceId         string                           `is:"required"`
}

// Resource implements [emu.Input].
func (in *AssociateIamInstanceProfileInput) Resource(c *emu.Call) string {
	return arn(c, "instance", in.InstanceId)
}

// AssociationOutput tells of a profile and its instance.
type AssociationOutput struct {
	IamInstanceProfileAssociation *IamInstanceProfileAssociation
}

// IamInstanceProfileAssociation is an instance profile in use.
type IamInstanceProfileAssociation struct {
	AssociationId, InstanceId string
	IamInstanceProfile        IamInstanceProfile
	State                     string
	Timestamp                 emu.Time
}

// IamInstanceProfile names an instance profile in answers.
type IamInstanceProfile struct{ Arn, Id string }

func showAssociation(id string, p *profile, state string) *IamInstanceProfileAssociation {
	return &IamInstanceProfileAssociation{p.Association, id, IamInstanceProfile{p.ARN, p.ID}, state, p.Since}
}

func (s *Service) associateIamInstanceProfile(c *emu.Call, in *AssociateIamInstanceProfileInput) (*AssociationOutput, error) {
	i, err := s.instance(c, in.InstanceId)
	switch {
	case err != nil:
		return nil, err
	case i.State != running && i.State != stopped:
		return nil, incorrectState("The instance '%s' is not in the 'running' or 'stopped' states.", in.InstanceId)
	case i.Profile != nil:
		return nil, fail("IncorrectState", "There is an existing association for instance %s", in.InstanceId)
	}
	return s.give(c, in.InstanceId, i, in.IamInstanceProfile)
}

// give gives an instance a profile.
func (s *Service) give(c *emu.Call, id string, i instance, spec *IamInstanceProfileSpecification) (*AssociationOutput, error) {
	p, err := s.profileOf(c, spec)
	if err != nil {
		return nil, err
	}
	if p.RoleARN != "" {
		if err := c.Allow("iam:PassRole", p.RoleARN); err != nil {
			return nil, err
		}
	}
	p.Association = newID(c, "iip-assoc")
	i.Profile = p
	s.renewKeys(c, id, &i)
	s.instances.Put(key{c.Region, id}, i)
	s.push(c, id)
	return &AssociationOutput{showAssociation(id, p, "associating")}, nil
}

// onAssociation is for operations on one association.
type onAssociation struct {
	AssociationId string `is:"required"`
}

// Resource implements [emu.Input].
func (*onAssociation) Resource(c *emu.Call) string { return arn(c, "instance", "") }

func (s *Service) associated(c *emu.Call, id string) (row[instance], error) {
	for _, r := range rows(s.instances, c.Region) {
		if p := r.V.Profile; p != nil && p.Association == id && r.V.State != terminated {
			return r, nil
		}
	}
	return row[instance]{}, fail("InvalidAssociationID.NotFound", "An invalid association-id of '%s' was given", id)
}

// DisassociateIamInstanceProfileInput takes the role away.
type DisassociateIamInstanceProfileInput struct{ onAssociation }

func (s *Service) disassociateIamInstanceProfile(c *emu.Call, in *DisassociateIamInstanceProfileInput) (*AssociationOutput, error) {
	r, err := s.associated(c, in.AssociationId)
	if err != nil {
		return nil, err
	}
	p := r.V.Profile
	r.V.Profile, r.V.Keys = nil, roleKeys{}
	s.instances.Put(key{c.Region, r.ID}, r.V)
	s.push(c, r.ID)
	return &AssociationOutput{showAssociation(r.ID, p, "disassociating")}, nil
}

// ReplaceIamInstanceProfileAssociationInput gives an instance another role.
type ReplaceIamInstanceProfileAssociationInput struct {
	onAssociation
	IamInstanceProfile *IamInstanceProfileSpecification `is:"required"`
}

func (s *Service) replaceIamInstanceProfileAssociation(c *emu.Call, in *ReplaceIamInstanceProfileAssociationInput) (*AssociationOutput, error) {
	r, err := s.associated(c, in.AssociationId)
	if err != nil {
		return nil, err
	}
	return s.give(c, r.ID, r.V, in.IamInstanceProfile)
}

// DescribeIamInstanceProfileAssociationsInput chooses associations.
type DescribeIamInstanceProfileAssociationsInput struct {
	onAll
	AssociationIds []string `query:"AssociationId"`
	Filters        []Filter `query:"Filter"`
	paging
}

// DescribeIamInstanceProfileAssociationsOutput is a page of associations.
type DescribeIamInstanceProfileAssociationsOutput struct {
	IamInstanceProfileAssociations []IamInstanceProfileAssociation `query:"iamInstanceProfileAssociationSet"`
	NextToken                      string
}

func (s *Service) describeIamInstanceProfileAssociations(c *emu.Call, in *DescribeIamInstanceProfileAssociationsInput) (*DescribeIamInstanceProfileAssociationsOutput, error) {
	for _, id := range in.AssociationIds {
		if _, err := s.associated(c, id); err != nil {
			return nil, err
		}
	}
	var all []row[IamInstanceProfileAssociation]
	for _, r := range rows(s.instances, c.Region) {
		if r.V.Profile != nil && r.V.State != terminated {
			all = append(all, row[IamInstanceProfileAssociation]{r.V.Profile.Association, *showAssociation(r.ID, r.V.Profile, "associated")})
		}
	}
	found, next, err := described(kindInstance, in.AssociationIds, in.Filters, in.paging, all, func(r *row[IamInstanceProfileAssociation], name string) ([]string, bool) {
		switch name {
		case "instance-id":
			return oneOf(r.V.InstanceId)
		case "state":
			return oneOf(r.V.State)
		}
		return nil, false
	})
	return &DescribeIamInstanceProfileAssociationsOutput{shown(found, func(r row[IamInstanceProfileAssociation]) IamInstanceProfileAssociation { return r.V }), next}, err
}
