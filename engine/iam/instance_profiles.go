package iam

import (
	"strings"

	"haneul/engine/emu"
)

// InstanceProfile is an instance profile as IAM answers it.
type InstanceProfile struct {
	Path, InstanceProfileName, InstanceProfileId, Arn string
	CreateDate                                        emu.Time
	Roles                                             []Role
	Tags                                              []Tag
}

func (s *Service) showProfile(c *emu.Call, p *profile) InstanceProfile {
	out := InstanceProfile{Path: p.Path, InstanceProfileName: p.Name, InstanceProfileId: p.ID,
		Arn: arn(c.Account, "instance-profile", p.Path, p.Name), CreateDate: p.Created, Roles: []Role{}}
	if r, ok := s.roles.Get(keyOf(p.Role)); ok {
		out.Roles = append(out.Roles, r.show(c))
	}
	return out
}

// CreateInstanceProfileInput is CreateInstanceProfile's.
type CreateInstanceProfileInput struct {
	InstanceProfileName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
	Path                string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	Tags                []Tag  `is:"len=0..50"`
}

// Resource implements [emu.Input].
func (in *CreateInstanceProfileInput) Resource(c *emu.Call) string {
	return arn(c.Account, "instance-profile", orSlash(in.Path), in.InstanceProfileName)
}

// InstanceProfileOutput is CreateInstanceProfile's and GetInstanceProfile's.
type InstanceProfileOutput struct{ InstanceProfile InstanceProfile }

func (s *Service) createInstanceProfile(c *emu.Call, in *CreateInstanceProfileInput) (*InstanceProfileOutput, error) {
	k := keyOf(in.InstanceProfileName)
	if _, taken := s.profiles.Get(k); taken {
		return nil, exists("Instance Profile %s already exists.", in.InstanceProfileName)
	}
	if s.profiles.Len() >= instanceProfilesQuota {
		return nil, quota("InstanceProfilesPerAccount", instanceProfilesQuota)
	}
	if err := uniqueTags(in.Tags); err != nil {
		return nil, err
	}
	p := profile{Name: in.InstanceProfileName, Path: orSlash(in.Path), ID: "AIPA" + c.Token(17), Created: second(c), Tags: in.Tags}
	s.profiles.Put(k, p)
	out := s.showProfile(c, &p)
	out.Tags = p.Tags
	return &InstanceProfileOutput{out}, nil
}

// GetInstanceProfileInput is GetInstanceProfile's.
type GetInstanceProfileInput struct{ onProfile }

func (s *Service) getInstanceProfile(c *emu.Call, in *GetInstanceProfileInput) (*InstanceProfileOutput, error) {
	p, ok := s.profiles.Get(keyOf(in.InstanceProfileName))
	if !ok {
		return nil, noProfile(in.InstanceProfileName)
	}
	out := s.showProfile(c, &p)
	out.Tags = notNil(p.Tags)
	return &InstanceProfileOutput{out}, nil
}

// ListInstanceProfilesInput is ListInstanceProfiles'.
type ListInstanceProfilesInput struct{ listing }

// Resource implements [emu.Input].
func (in *ListInstanceProfilesInput) Resource(c *emu.Call) string {
	return arn(c.Account, "instance-profile", orSlash(in.PathPrefix), "")
}

// ListInstanceProfilesOutput is ListInstanceProfiles' and ListInstanceProfilesForRole's.
type ListInstanceProfilesOutput struct {
	InstanceProfiles []InstanceProfile
	paged
}

func (s *Service) listInstanceProfiles(c *emu.Call, in *ListInstanceProfilesInput) (*ListInstanceProfilesOutput, error) {
	return s.profilePage(c, in.paging, func(p *profile) bool { return strings.HasPrefix(p.Path, orSlash(in.PathPrefix)) })
}

func (s *Service) profilePage(c *emu.Call, in paging, want func(*profile) bool) (*ListInstanceProfilesOutput, error) {
	var all []InstanceProfile
	s.profiles.All(func(_ key, p profile) bool {
		if want(&p) {
			all = append(all, s.showProfile(c, &p))
		}
		return true
	})
	profiles, more, err := page(in, all, func(p InstanceProfile) string { return p.InstanceProfileName })
	if err != nil {
		return nil, err
	}
	return &ListInstanceProfilesOutput{profiles, more}, nil
}

// ListInstanceProfilesForRoleInput is ListInstanceProfilesForRole's.
type ListInstanceProfilesForRoleInput struct {
	onRole
	paging
}

func (s *Service) listInstanceProfilesForRole(c *emu.Call, in *ListInstanceProfilesForRoleInput) (*ListInstanceProfilesOutput, error) {
	r, ok := s.roles.Get(keyOf(in.RoleName))
	if !ok {
		return nil, noRole(in.RoleName)
	}
	return s.profilePage(c, in.paging, func(p *profile) bool { return p.Role == r.Name })
}

// profilesOf names the instance profiles that hold a role.
func (s *Service) profilesOf(role string) (names []string) {
	s.profiles.All(func(_ key, p profile) bool {
		if p.Role == role {
			names = append(names, p.Name)
		}
		return true
	})
	return names
}

// DeleteInstanceProfileInput is DeleteInstanceProfile's.
type DeleteInstanceProfileInput struct{ onProfile }

func (s *Service) deleteInstanceProfile(_ *emu.Call, in *DeleteInstanceProfileInput) (*emu.NoOutput, error) {
	k := keyOf(in.InstanceProfileName)
	p, ok := s.profiles.Get(k)
	if !ok {
		return nil, noProfile(in.InstanceProfileName)
	}
	if p.Role != "" {
		return nil, conflict("Cannot delete entity, must remove roles from instance profile first.")
	}
	s.profiles.Delete(k)
	return &emu.NoOutput{}, nil
}

// profileRole is the input of the two operations on a profile's role.
type profileRole struct {
	onProfile
	RoleName string `is:"required,len=1..64,pattern=[\\w+=,.@-]+"`
}

func (s *Service) profileRole(in *profileRole) (p profile, r role, err error) {
	p, ok := s.profiles.Get(keyOf(in.InstanceProfileName))
	if !ok {
		return p, r, noProfile(in.InstanceProfileName)
	}
	if r, ok = s.roles.Get(keyOf(in.RoleName)); !ok {
		return p, r, noRole(in.RoleName)
	}
	return p, r, nil
}

// AddRoleToInstanceProfileInput is AddRoleToInstanceProfile's.
type AddRoleToInstanceProfileInput struct{ profileRole }

func (s *Service) addRoleToInstanceProfile(c *emu.Call, in *AddRoleToInstanceProfileInput) (*emu.NoOutput, error) {
	p, r, err := s.profileRole(&in.profileRole)
	if err != nil {
		return nil, err
	}
	if p.Role != "" {
		return nil, quota("InstanceSessionsPerInstanceProfile", rolesPerProfile)
	}
	// Whoever puts a role into a profile hands it to instances, and needs leave to do so.
	if err := c.Allow("iam:PassRole", arn(c.Account, "role", r.Path, r.Name)); err != nil {
		return nil, err
	}
	p.Role = r.Name
	s.profiles.Put(keyOf(p.Name), p)
	return &emu.NoOutput{}, nil
}

// RemoveRoleFromInstanceProfileInput is RemoveRoleFromInstanceProfile's.
type RemoveRoleFromInstanceProfileInput struct{ profileRole }

func (s *Service) removeRoleFromInstanceProfile(_ *emu.Call, in *RemoveRoleFromInstanceProfileInput) (*emu.NoOutput, error) {
	p, r, err := s.profileRole(&in.profileRole)
	if err != nil {
		return nil, err
	}
	if p.Role != r.Name {
		return nil, noSuchEntity("Role %s in Instance Profile %s cannot be found.", in.RoleName, in.InstanceProfileName)
	}
	p.Role = ""
	s.profiles.Put(keyOf(p.Name), p)
	return &emu.NoOutput{}, nil
}
