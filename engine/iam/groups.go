package iam

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// Group is a group as IAM answers it.
type Group struct {
	Path, GroupName, GroupId, Arn string
	CreateDate                    emu.Time
}

func (g *group) show(c *emu.Call) Group {
	return Group{g.Path, g.Name, g.ID, arn(c.Account, "group", g.Path, g.Name), g.Created}
}

// CreateGroupInput is CreateGroup's.
type CreateGroupInput struct {
	Path      string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	GroupName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// Resource implements [emu.Input].
func (in *CreateGroupInput) Resource(c *emu.Call) string {
	return arn(c.Account, "group", orSlash(in.Path), in.GroupName)
}

// CreateGroupOutput is CreateGroup's.
type CreateGroupOutput struct{ Group Group }

func (s *Service) createGroup(c *emu.Call, in *CreateGroupInput) (*CreateGroupOutput, error) {
	if _, taken := s.groups.Get(keyOf(in.GroupName)); taken {
		return nil, exists("Group with name %s already exists.", in.GroupName)
	}
	if s.groups.Len() >= groupsQuota {
		return nil, quota("GroupsPerAccount", groupsQuota)
	}
	g := group{Name: in.GroupName, Path: orSlash(in.Path), ID: "AGPA" + c.Token(17), Created: second(c)}
	s.groups.Put(keyOf(g.Name), g)
	return &CreateGroupOutput{g.show(c)}, nil
}

// GetGroupInput is GetGroup's.
type GetGroupInput struct {
	onGroup
	paging
}

// GetGroupOutput is GetGroup's.
type GetGroupOutput struct {
	Group Group
	Users []User
	paged
}

func (s *Service) getGroup(c *emu.Call, in *GetGroupInput) (*GetGroupOutput, error) {
	g, ok := s.groups.Get(keyOf(in.GroupName))
	if !ok {
		return nil, noGroup(in.GroupName)
	}
	var all []User
	for _, u := range s.members(g.Name) {
		all = append(all, u.brief(c))
	}
	users, more, err := page(in.paging, all, func(u User) string { return u.UserName })
	if err != nil {
		return nil, err
	}
	return &GetGroupOutput{g.show(c), users, more}, nil
}

// members lists a group's users in order of name.
func (s *Service) members(group string) (all []user) {
	s.users.All(func(_ key, u user) bool {
		if slices.Contains(u.Groups, group) {
			all = append(all, u)
		}
		return true
	})
	return all
}

// ListGroupsInput is ListGroups'.
type ListGroupsInput struct{ listing }

// Resource implements [emu.Input].
func (in *ListGroupsInput) Resource(c *emu.Call) string {
	return arn(c.Account, "group", orSlash(in.PathPrefix), "")
}

// ListGroupsOutput is ListGroups' and ListGroupsForUser's.
type ListGroupsOutput struct {
	Groups []Group
	paged
}

func (s *Service) listGroups(c *emu.Call, in *ListGroupsInput) (*ListGroupsOutput, error) {
	var all []Group
	s.groups.All(func(_ key, g group) bool {
		if strings.HasPrefix(g.Path, orSlash(in.PathPrefix)) {
			all = append(all, g.show(c))
		}
		return true
	})
	return groupPage(in.paging, all)
}

func groupPage(in paging, all []Group) (*ListGroupsOutput, error) {
	groups, more, err := page(in, all, func(g Group) string { return g.GroupName })
	if err != nil {
		return nil, err
	}
	return &ListGroupsOutput{groups, more}, nil
}

// ListGroupsForUserInput is ListGroupsForUser's.
type ListGroupsForUserInput struct {
	onUser
	paging
}

func (s *Service) listGroupsForUser(c *emu.Call, in *ListGroupsForUserInput) (*ListGroupsOutput, error) {
	u, ok := s.users.Get(keyOf(in.UserName))
	if !ok {
		return nil, noUser(in.UserName)
	}
	var all []Group
	for _, name := range u.Groups {
		g, _ := s.groups.Get(keyOf(name))
		all = append(all, g.show(c))
	}
	slices.SortFunc(all, func(a, b Group) int { return keyOf(a.GroupName).Compare(keyOf(b.GroupName)) })
	return groupPage(in.paging, all)
}

// UpdateGroupInput is UpdateGroup's.
type UpdateGroupInput struct {
	onGroup
	NewPath      string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	NewGroupName string `is:"len=1..128,pattern=[\\w+=,.@-]+"`
}

func (s *Service) updateGroup(_ *emu.Call, in *UpdateGroupInput) (*emu.NoOutput, error) {
	old := keyOf(in.GroupName)
	g, ok := s.groups.Get(old)
	if !ok {
		return nil, noGroup(in.GroupName)
	}
	if in.NewPath != "" {
		g.Path = in.NewPath
	}
	if in.NewGroupName != "" {
		if _, taken := s.groups.Get(keyOf(in.NewGroupName)); taken && keyOf(in.NewGroupName) != old {
			return nil, exists("Group with name %s already exists.", in.NewGroupName)
		}
		for _, u := range s.members(g.Name) {
			u.Groups = slices.Clone(u.Groups)
			u.Groups[slices.Index(u.Groups, g.Name)] = in.NewGroupName
			s.users.Put(keyOf(u.Name), u)
		}
		g.Name = in.NewGroupName
		s.groups.Delete(old)
	}
	s.groups.Put(keyOf(g.Name), g)
	return &emu.NoOutput{}, nil
}

// DeleteGroupInput is DeleteGroup's.
type DeleteGroupInput struct{ onGroup }

func (s *Service) deleteGroup(_ *emu.Call, in *DeleteGroupInput) (*emu.NoOutput, error) {
	g, ok := s.groups.Get(keyOf(in.GroupName))
	if !ok {
		return nil, noGroup(in.GroupName)
	}
	switch {
	case len(g.Attached) > 0:
		return nil, conflict("Cannot delete entity, must detach all policies first.")
	case len(g.Inline) > 0:
		return nil, conflict("Cannot delete entity, must delete policies first.")
	case len(s.members(g.Name)) > 0:
		return nil, conflict("Cannot delete entity, must remove users from group first.")
	}
	s.groups.Delete(keyOf(g.Name))
	return &emu.NoOutput{}, nil
}

// membership is the input of the two operations on a group's members.
type membership struct {
	onGroup
	UserName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// AddUserToGroupInput is AddUserToGroup's.
type AddUserToGroupInput struct{ membership }

func (s *Service) addUserToGroup(_ *emu.Call, in *AddUserToGroupInput) (*emu.NoOutput, error) {
	u, g, err := s.membership(&in.membership)
	if err != nil {
		return nil, err
	}
	if slices.Contains(u.Groups, g.Name) {
		return &emu.NoOutput{}, nil
	}
	if len(u.Groups) >= groupsPerUser {
		return nil, quota("GroupsPerUser", groupsPerUser)
	}
	u.Groups = append(slices.Clone(u.Groups), g.Name)
	s.users.Put(keyOf(u.Name), u)
	return &emu.NoOutput{}, nil
}

// RemoveUserFromGroupInput is RemoveUserFromGroup's.
type RemoveUserFromGroupInput struct{ membership }

func (s *Service) removeUserFromGroup(_ *emu.Call, in *RemoveUserFromGroupInput) (*emu.NoOutput, error) {
	u, g, err := s.membership(&in.membership)
	if err != nil {
		return nil, err
	}
	if i := slices.Index(u.Groups, g.Name); i >= 0 {
		u.Groups = slices.Delete(slices.Clone(u.Groups), i, i+1)
		s.users.Put(keyOf(u.Name), u)
	}
	return &emu.NoOutput{}, nil
}

// membership finds both; IAM looks for the user first.
func (s *Service) membership(in *membership) (u user, g group, err error) {
	u, ok := s.users.Get(keyOf(in.UserName))
	if !ok {
		return u, g, noUser(in.UserName)
	}
	if g, ok = s.groups.Get(keyOf(in.GroupName)); !ok {
		return u, g, noGroup(in.GroupName)
	}
	return u, g, nil
}
