package iam

import "haneul/engine/emu"

type boundary struct {
	PermissionsBoundary string `is:"required,len=20..2048"`
}

// The inputs of the operations on permissions boundaries.
type (
	PutUserPermissionsBoundaryInput struct {
		onUser
		boundary
	}
	PutRolePermissionsBoundaryInput struct {
		onRole
		boundary
	}
	DeleteUserPermissionsBoundaryInput struct{ onUser }
	DeleteRolePermissionsBoundaryInput struct{ onRole }
)

// checkBoundary refuses a boundary that is no policy; "" is none.
func (s *Service) checkBoundary(arn string) error {
	if arn == "" {
		return nil
	}
	return s.attachable(arn)
}

func (s *Service) putUserPermissionsBoundary(_ *emu.Call, in *PutUserPermissionsBoundaryInput) (*emu.NoOutput, error) {
	return s.changeUser(in.UserName, func(u *user) error {
		u.Boundary = in.PermissionsBoundary
		return s.checkBoundary(u.Boundary)
	})
}

func (s *Service) putRolePermissionsBoundary(_ *emu.Call, in *PutRolePermissionsBoundaryInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		r.Boundary = in.PermissionsBoundary
		return s.checkBoundary(r.Boundary)
	})
}

func (s *Service) deleteUserPermissionsBoundary(_ *emu.Call, in *DeleteUserPermissionsBoundaryInput) (*emu.NoOutput, error) {
	return s.changeUser(in.UserName, func(u *user) error { u.Boundary = ""; return nil })
}

func (s *Service) deleteRolePermissionsBoundary(_ *emu.Call, in *DeleteRolePermissionsBoundaryInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) error { r.Boundary = ""; return nil })
}
