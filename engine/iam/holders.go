package iam

import "strings"

// entityKind tells users, groups and roles apart where they are alike: as holders of policies.
type entityKind string

const (
	aUser  entityKind = "user"
	aGroup entityKind = "group"
	aRole  entityKind = "role"
)

func (k entityKind) title() string { return strings.ToUpper(string(k[:1])) + string(k[1:]) }

// inlineLimit is how large all inline policies of one entity may be together.
func (k entityKind) inlineLimit() int {
	switch k {
	case aUser:
		return userInlineSize
	case aGroup:
		return groupInlineSize
	}
	return roleInlineSize
}

// entity names a holder.
type entity struct {
	kind           entityKind
	name, path, id string
}

// holders visits every user, group and role.
func (s *Service) holders(visit func(entity, *holder)) {
	s.users.All(func(_ key, u user) bool { visit(entity{aUser, u.Name, u.Path, u.ID}, &u.holder); return true })
	s.groups.All(func(_ key, g group) bool { visit(entity{aGroup, g.Name, g.Path, g.ID}, &g.holder); return true })
	s.roles.All(func(_ key, r role) bool { visit(entity{aRole, r.Name, r.Path, r.ID}, &r.holder); return true })
}

// holder finds the policies of an entity, and the entity's name as it was given.
func (s *Service) holder(k entityKind, name string) (holder, string, error) {
	switch k {
	case aUser:
		if u, ok := s.users.Get(keyOf(name)); ok {
			return u.holder, u.Name, nil
		}
		return holder{}, "", noUser(name)
	case aGroup:
		if g, ok := s.groups.Get(keyOf(name)); ok {
			return g.holder, g.Name, nil
		}
		return holder{}, "", noGroup(name)
	}
	if r, ok := s.roles.Get(keyOf(name)); ok {
		return r.holder, r.Name, nil
	}
	return holder{}, "", noRole(name)
}

// setHolder replaces the policies of an entity that exists.
func (s *Service) setHolder(k entityKind, name string, h holder) {
	switch k {
	case aUser:
		u, _ := s.users.Get(keyOf(name))
		u.holder = h
		s.users.Put(keyOf(name), u)
	case aGroup:
		g, _ := s.groups.Get(keyOf(name))
		g.holder = h
		s.groups.Put(keyOf(name), g)
	case aRole:
		r, _ := s.roles.Get(keyOf(name))
		r.holder = h
		s.roles.Put(keyOf(name), r)
	}
}
