package iam

import (
	"strings"

	"haneul/engine/emu"
)

// User is a user as IAM answers it.
type User struct {
	Path, UserName, UserId, Arn string
	CreateDate                  emu.Time
	PermissionsBoundary         *AttachedPermissionsBoundary
	Tags                        []Tag
}

// AttachedPermissionsBoundary names the policy that bounds a user's or a role's permissions.
type AttachedPermissionsBoundary struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

func showBoundary(arn string) *AttachedPermissionsBoundary {
	if arn == "" {
		return nil
	}
	return &AttachedPermissionsBoundary{"Policy", arn}
}

// show is the user in full, as CreateUser and GetUser answer; lists leave out tags and boundary.
func (u *user) show(c *emu.Call) User {
	out := u.brief(c)
	out.Tags, out.PermissionsBoundary = u.Tags, showBoundary(u.Boundary)
	return out
}

func (u *user) brief(c *emu.Call) User {
	return User{Path: u.Path, UserName: u.Name, UserId: u.ID, Arn: arn(c.Account, "user", u.Path, u.Name), CreateDate: u.Created}
}

// CreateUserInput is CreateUser's.
type CreateUserInput struct {
	Path                string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	UserName            string `is:"required,len=1..64,pattern=[\\w+=,.@-]+"`
	PermissionsBoundary string `is:"len=20..2048"`
	Tags                []Tag  `is:"len=0..50"`
}

// Resource implements [emu.Input].
func (in *CreateUserInput) Resource(c *emu.Call) string {
	return arn(c.Account, "user", orSlash(in.Path), in.UserName)
}

// CreateUserOutput is CreateUser's.
type CreateUserOutput struct{ User User }

func (s *Service) createUser(c *emu.Call, in *CreateUserInput) (*CreateUserOutput, error) {
	if _, taken := s.users.Get(keyOf(in.UserName)); taken {
		return nil, exists("User with name %s already exists.", in.UserName)
	}
	if s.users.Len() >= usersQuota {
		return nil, quota("UsersPerAccount", usersQuota)
	}
	if err := uniqueTags(in.Tags); err != nil {
		return nil, err
	}
	if err := s.checkBoundary(in.PermissionsBoundary); err != nil {
		return nil, err
	}
	u := user{Name: in.UserName, Path: orSlash(in.Path), ID: "AIDA" + c.Token(17), Created: second(c), Tags: in.Tags}
	u.Boundary = in.PermissionsBoundary
	s.users.Put(keyOf(u.Name), u)
	return &CreateUserOutput{u.show(c)}, nil
}

// GetUserInput is GetUser's; without a name it is the caller.
type GetUserInput struct{ onSelf }

// GetUserOutput is GetUser's.
type GetUserOutput struct{ User User }

func (s *Service) getUser(c *emu.Call, in *GetUserInput) (*GetUserOutput, error) {
	if in.UserName == "" && c.Principal.Type == emu.Root {
		// Root is not a user, but IAM describes it to itself.
		return &GetUserOutput{User{UserId: c.Account, Arn: c.Principal.ARN}}, nil
	}
	name, err := in.name(c)
	if err != nil {
		return nil, err
	}
	u, ok := s.users.Get(keyOf(name))
	if !ok {
		return nil, noUser(name)
	}
	return &GetUserOutput{u.show(c)}, nil
}

// ListUsersInput is ListUsers'.
type ListUsersInput struct{ listing }

// Resource implements [emu.Input].
func (in *ListUsersInput) Resource(c *emu.Call) string {
	return arn(c.Account, "user", orSlash(in.PathPrefix), "")
}

// ListUsersOutput is ListUsers'.
type ListUsersOutput struct {
	Users []User
	paged
}

func (s *Service) listUsers(c *emu.Call, in *ListUsersInput) (*ListUsersOutput, error) {
	var all []User
	s.users.All(func(_ key, u user) bool {
		if strings.HasPrefix(u.Path, orSlash(in.PathPrefix)) {
			all = append(all, u.brief(c))
		}
		return true
	})
	users, more, err := page(in.paging, all, func(u User) string { return u.UserName })
	if err != nil {
		return nil, err
	}
	return &ListUsersOutput{users, more}, nil
}

// UpdateUserInput is UpdateUser's.
type UpdateUserInput struct {
	onUser
	NewPath     string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	NewUserName string `is:"len=1..64,pattern=[\\w+=,.@-]+"`
}

func (s *Service) updateUser(_ *emu.Call, in *UpdateUserInput) (*emu.NoOutput, error) {
	old := keyOf(in.UserName)
	u, ok := s.users.Get(old)
	if !ok {
		return nil, noUser(in.UserName)
	}
	if in.NewPath != "" {
		u.Path = in.NewPath
	}
	if in.NewUserName != "" {
		if _, taken := s.users.Get(keyOf(in.NewUserName)); taken && keyOf(in.NewUserName) != old {
			return nil, exists("User with name %s already exists.", in.NewUserName)
		}
		for _, id := range s.keyIDs(u.Name) {
			k, _ := s.keys.Get(id)
			k.User = in.NewUserName
			s.keys.Put(id, k)
		}
		u.Name = in.NewUserName
		s.users.Delete(old)
	}
	s.users.Put(keyOf(u.Name), u)
	return &emu.NoOutput{}, nil
}

// DeleteUserInput is DeleteUser's.
type DeleteUserInput struct{ onUser }

func (s *Service) deleteUser(_ *emu.Call, in *DeleteUserInput) (*emu.NoOutput, error) {
	u, ok := s.users.Get(keyOf(in.UserName))
	if !ok {
		return nil, noUser(in.UserName)
	}
	switch {
	case len(u.Attached) > 0:
		return nil, conflict("Cannot delete entity, must detach all policies first.")
	case len(u.Inline) > 0:
		return nil, conflict("Cannot delete entity, must delete policies first.")
	case len(s.keyIDs(u.Name)) > 0:
		return nil, conflict("Cannot delete entity, must delete access keys first.")
	case len(u.Groups) > 0:
		return nil, conflict("Cannot delete entity, must remove users from group first.")
	}
	s.users.Delete(keyOf(u.Name))
	return &emu.NoOutput{}, nil
}
