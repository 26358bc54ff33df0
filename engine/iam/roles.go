package iam

import (
	"net/url"
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// Role is a role as IAM answers it. Operations differ in what they leave out.
type Role struct {
	Path, RoleName, RoleId, Arn string
	CreateDate                  emu.Time
	AssumeRolePolicyDocument    string
	Description                 string
	MaxSessionDuration          *int64
	PermissionsBoundary         *AttachedPermissionsBoundary
	Tags                        []Tag
	RoleLastUsed                *RoleLastUsed
}

// RoleLastUsed is when and where a role was last used; empty for never.
type RoleLastUsed struct {
	LastUsedDate emu.Time
	Region       string
}

// encode writes a policy document as IAM answers it: in URL encoding, with %20 for a space.
func encode(document string) string { return strings.ReplaceAll(url.QueryEscape(document), "+", "%20") }

func (r *role) show(c *emu.Call) Role {
	return Role{Path: r.Path, RoleName: r.Name, RoleId: r.ID, Arn: arn(c.Account, "role", r.Path, r.Name),
		CreateDate: r.Created, AssumeRolePolicyDocument: encode(r.Trust)}
}

func (r *role) listed(c *emu.Call) Role {
	out := r.show(c)
	out.Description, out.MaxSessionDuration = r.Description, &r.MaxSession
	return out
}

func (s *Service) full(c *emu.Call, r *role) Role {
	out := r.listed(c)
	out.Tags, out.PermissionsBoundary, out.RoleLastUsed = r.Tags, showBoundary(r.Boundary), &RoleLastUsed{}
	if last, ok := s.used.Get(key(r.ID)); ok {
		out.RoleLastUsed = &RoleLastUsed{last.At, last.Region}
	}
	return out
}

// CreateRoleInput is CreateRole's.
type CreateRoleInput struct {
	Path                     string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	RoleName                 string `is:"required,len=1..64,pattern=[\\w+=,.@-]+"`
	AssumeRolePolicyDocument string `is:"required,len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	Description              string `is:"len=0..1000,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"`
	MaxSessionDuration       *int64 `is:"range=3600..43200"`
	PermissionsBoundary      string `is:"len=20..2048"`
	Tags                     []Tag  `is:"len=0..50"`
}

// Resource implements [emu.Input].
func (in *CreateRoleInput) Resource(c *emu.Call) string {
	return arn(c.Account, "role", orSlash(in.Path), in.RoleName)
}

// CreateRoleOutput is CreateRole's.
type CreateRoleOutput struct{ Role Role }

func (s *Service) createRole(c *emu.Call, in *CreateRoleInput) (*CreateRoleOutput, error) {
	if err := s.checkTrust(c, in.AssumeRolePolicyDocument); err != nil {
		return nil, err
	}
	if _, taken := s.roles.Get(keyOf(in.RoleName)); taken {
		return nil, exists("Role with name %s already exists.", in.RoleName)
	}
	if s.roles.Len() >= rolesQuota {
		return nil, quota("RolesPerAccount", rolesQuota)
	}
	if err := uniqueTags(in.Tags); err != nil {
		return nil, err
	}
	if err := s.checkBoundary(in.PermissionsBoundary); err != nil {
		return nil, err
	}
	r := role{Name: in.RoleName, Path: orSlash(in.Path), ID: "AROA" + c.Token(17), Description: in.Description,
		Created: second(c), Trust: in.AssumeRolePolicyDocument, MaxSession: defaultSession, Tags: in.Tags}
	if in.MaxSessionDuration != nil {
		r.MaxSession = *in.MaxSessionDuration
	}
	r.Boundary = in.PermissionsBoundary
	s.roles.Put(keyOf(r.Name), r)
	out := r.show(c)
	out.Description, out.Tags, out.PermissionsBoundary = r.Description, r.Tags, showBoundary(r.Boundary)
	if r.MaxSession != defaultSession {
		out.MaxSessionDuration = &r.MaxSession
	}
	return &CreateRoleOutput{out}, nil
}

// checkTrust refuses a trust policy that IAM would refuse. Principals of this account must exist; other accounts are
// names only.
func (s *Service) checkTrust(c *emu.Call, document string) error {
	d, err := policy.Parse(document, policy.Trust)
	if err != nil {
		return malformed(err.Error())
	}
	for _, name := range d.Principals() {
		if !s.principalExists(c, name) {
			return malformed(policy.InvalidPrincipal("AWS", name))
		}
	}
	if policy.Size(document) > trustPolicySize {
		return quota("ACLSizePerRole", trustPolicySize)
	}
	return nil
}

func (s *Service) principalExists(c *emu.Call, name string) bool {
	rest, own := strings.CutPrefix(name, "arn:aws:iam::"+c.Account+":")
	if !own {
		return true
	}
	kind, full, _ := strings.Cut(rest, "/")
	base := full[strings.LastIndex(full, "/")+1:]
	return s.fullARN(c.Account, arn(c.Account, kind, "/", base)) == name && s.has(kind, base)
}

func (s *Service) has(kind, name string) (ok bool) {
	if kind == "user" {
		_, ok = s.users.Get(keyOf(name))
	} else {
		_, ok = s.roles.Get(keyOf(name))
	}
	return ok
}

// GetRoleInput is GetRole's.
type GetRoleInput struct{ onRole }

// GetRoleOutput is GetRole's.
type GetRoleOutput struct{ Role Role }

func (s *Service) getRole(c *emu.Call, in *GetRoleInput) (*GetRoleOutput, error) {
	r, ok := s.roles.Get(keyOf(in.RoleName))
	if !ok {
		return nil, noRole(in.RoleName)
	}
	return &GetRoleOutput{s.full(c, &r)}, nil
}

// ListRolesInput is ListRoles'.
type ListRolesInput struct{ listing }

// Resource implements [emu.Input].
func (in *ListRolesInput) Resource(c *emu.Call) string {
	return arn(c.Account, "role", orSlash(in.PathPrefix), "")
}

// ListRolesOutput is ListRoles'.
type ListRolesOutput struct {
	Roles []Role
	paged
}

func (s *Service) listRoles(c *emu.Call, in *ListRolesInput) (*ListRolesOutput, error) {
	var all []Role
	s.roles.All(func(_ key, r role) bool {
		if strings.HasPrefix(r.Path, orSlash(in.PathPrefix)) {
			all = append(all, r.listed(c))
		}
		return true
	})
	roles, more, err := page(in.paging, all, func(r Role) string { return r.RoleName })
	if err != nil {
		return nil, err
	}
	return &ListRolesOutput{roles, more}, nil
}

// UpdateRoleInput is UpdateRole's.
type UpdateRoleInput struct {
	onRole
	Description        *string `is:"len=0..1000,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"`
	MaxSessionDuration *int64  `is:"range=3600..43200"`
}

func (s *Service) updateRole(_ *emu.Call, in *UpdateRoleInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if in.Description != nil {
			r.Description = *in.Description
		}
		if in.MaxSessionDuration != nil {
			r.MaxSession = *in.MaxSessionDuration
		}
		return nil
	})
}

func (s *Service) changeRole(name string, change func(*role) error) (*emu.NoOutput, error) {
	r, ok := s.roles.Get(keyOf(name))
	if !ok {
		return nil, noRole(name)
	}
	if err := change(&r); err != nil {
		return nil, err
	}
	s.roles.Put(keyOf(name), r)
	return &emu.NoOutput{}, nil
}

// UpdateRoleDescriptionInput is UpdateRoleDescription's, UpdateRole's elder.
type UpdateRoleDescriptionInput struct {
	onRole
	Description *string `is:"required,len=0..1000,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"`
}

// UpdateRoleDescriptionOutput is UpdateRoleDescription's.
type UpdateRoleDescriptionOutput struct{ Role Role }

func (s *Service) updateRoleDescription(c *emu.Call, in *UpdateRoleDescriptionInput) (*UpdateRoleDescriptionOutput, error) {
	var out Role
	_, err := s.changeRole(in.RoleName, func(r *role) error {
		r.Description = *in.Description
		out = r.show(c)
		out.Description = r.Description
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &UpdateRoleDescriptionOutput{out}, nil
}

// UpdateAssumeRolePolicyInput is UpdateAssumeRolePolicy's.
type UpdateAssumeRolePolicyInput struct {
	onRole
	PolicyDocument string `is:"required,len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
}

func (s *Service) updateAssumeRolePolicy(c *emu.Call, in *UpdateAssumeRolePolicyInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		r.Trust = in.PolicyDocument
		return s.checkTrust(c, in.PolicyDocument)
	})
}

// DeleteRoleInput is DeleteRole's.
type DeleteRoleInput struct{ onRole }

func (s *Service) deleteRole(_ *emu.Call, in *DeleteRoleInput) (*emu.NoOutput, error) {
	r, ok := s.roles.Get(keyOf(in.RoleName))
	if !ok {
		return nil, noRole(in.RoleName)
	}
	switch {
	case len(s.profilesOf(r.Name)) > 0:
		return nil, conflict("Cannot delete entity, must remove roles from instance profile first.")
	case len(r.Attached) > 0:
		return nil, conflict("Cannot delete entity, must detach all policies first.")
	case len(r.Inline) > 0:
		return nil, conflict("Cannot delete entity, must delete policies first.")
	}
	s.roles.Delete(keyOf(r.Name))
	s.used.Delete(key(r.ID))
	return &emu.NoOutput{}, nil
}
