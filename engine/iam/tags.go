package iam

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// Tag keys are compared without regard to case, and kept as they were written.

func uniqueTags(tags []Tag) error {
	for i, t := range tags {
		for _, u := range tags[:i] {
			if strings.EqualFold(t.Key, u.Key) {
				return invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
			}
		}
	}
	return nil
}

func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// putTags returns old with the new tags set.
func putTags(old, tags []Tag) ([]Tag, error) {
	if err := uniqueTags(tags); err != nil {
		return nil, err
	}
	all := slices.Clone(old)
	for _, t := range tags {
		if i := findTag(all, t.Key); i >= 0 {
			all[i] = t
		} else {
			all = append(all, t)
		}
	}
	if len(all) > tagsPerEntity {
		return nil, limitExceeded("The number of tags has reached the maximum limit.")
	}
	return all, nil
}

func findTag(tags []Tag, key string) int {
	return slices.IndexFunc(tags, func(t Tag) bool { return strings.EqualFold(t.Key, key) })
}

func dropTags(old []Tag, keys []string) []Tag {
	var kept []Tag
	for _, t := range old {
		if !slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, t.Key) }) {
			kept = append(kept, t)
		}
	}
	return kept
}

type newTags struct {
	Tags []Tag `is:"required,len=0..50"`
}

type oldTags struct {
	TagKeys []string `is:"required,len=0..50,pattern=[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"`
}

// ListTagsOutput is that of every operation that lists tags.
type ListTagsOutput struct {
	Tags []Tag
	paged
}

func tagPage(in paging, tags []Tag) (*ListTagsOutput, error) {
	tags, more, err := page(in, tags, func(t Tag) string { return t.Key })
	if err != nil {
		return nil, err
	}
	return &ListTagsOutput{tags, more}, nil
}

// The inputs of the tagging operations, four to a kind of entity.
type (
	TagUserInput struct {
		onUser
		newTags
	}
	UntagUserInput struct {
		onUser
		oldTags
	}
	ListUserTagsInput struct {
		onUser
		paging
	}
	TagRoleInput struct {
		onRole
		newTags
	}
	UntagRoleInput struct {
		onRole
		oldTags
	}
	ListRoleTagsInput struct {
		onRole
		paging
	}
	TagPolicyInput struct {
		onPolicy
		newTags
	}
	UntagPolicyInput struct {
		onPolicy
		oldTags
	}
	ListPolicyTagsInput struct {
		onPolicy
		paging
	}
	TagInstanceProfileInput struct {
		onProfile
		newTags
	}
	UntagInstanceProfileInput struct {
		onProfile
		oldTags
	}
	ListInstanceProfileTagsInput struct {
		onProfile
		paging
	}
)

func (s *Service) tagUser(_ *emu.Call, in *TagUserInput) (*emu.NoOutput, error) {
	return s.changeUser(in.UserName, func(u *user) (err error) { u.Tags, err = putTags(u.Tags, in.Tags); return err })
}

func (s *Service) untagUser(_ *emu.Call, in *UntagUserInput) (*emu.NoOutput, error) {
	return s.changeUser(in.UserName, func(u *user) error { u.Tags = dropTags(u.Tags, in.TagKeys); return nil })
}

func (s *Service) listUserTags(_ *emu.Call, in *ListUserTagsInput) (*ListTagsOutput, error) {
	u, ok := s.users.Get(keyOf(in.UserName))
	if !ok {
		return nil, noUser(in.UserName)
	}
	return tagPage(in.paging, u.Tags)
}

func (s *Service) changeUser(name string, change func(*user) error) (*emu.NoOutput, error) {
	u, ok := s.users.Get(keyOf(name))
	if !ok {
		return nil, noUser(name)
	}
	if err := change(&u); err != nil {
		return nil, err
	}
	s.users.Put(keyOf(name), u)
	return &emu.NoOutput{}, nil
}

func (s *Service) tagRole(_ *emu.Call, in *TagRoleInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) (err error) { r.Tags, err = putTags(r.Tags, in.Tags); return err })
}

func (s *Service) untagRole(_ *emu.Call, in *UntagRoleInput) (*emu.NoOutput, error) {
	return s.changeRole(in.RoleName, func(r *role) error { r.Tags = dropTags(r.Tags, in.TagKeys); return nil })
}

func (s *Service) listRoleTags(_ *emu.Call, in *ListRoleTagsInput) (*ListTagsOutput, error) {
	r, ok := s.roles.Get(keyOf(in.RoleName))
	if !ok {
		return nil, noRole(in.RoleName)
	}
	return tagPage(in.paging, r.Tags)
}

func (s *Service) tagPolicy(c *emu.Call, in *TagPolicyInput) (*emu.NoOutput, error) {
	return s.changePolicy(c, "TagPolicy", in.PolicyArn, func(m *managed) (err error) { m.Tags, err = putTags(m.Tags, in.Tags); return err })
}

func (s *Service) untagPolicy(c *emu.Call, in *UntagPolicyInput) (*emu.NoOutput, error) {
	return s.changePolicy(c, "UntagPolicy", in.PolicyArn, func(m *managed) error { m.Tags = dropTags(m.Tags, in.TagKeys); return nil })
}

func (s *Service) listPolicyTags(_ *emu.Call, in *ListPolicyTagsInput) (*ListTagsOutput, error) {
	m, ok := s.policy(in.PolicyArn)
	if !ok {
		return nil, noPolicy(in.PolicyArn)
	}
	return tagPage(in.paging, m.Tags)
}

func (s *Service) tagInstanceProfile(_ *emu.Call, in *TagInstanceProfileInput) (*emu.NoOutput, error) {
	return s.changeProfile(in.InstanceProfileName, func(p *profile) (err error) { p.Tags, err = putTags(p.Tags, in.Tags); return err })
}

func (s *Service) untagInstanceProfile(_ *emu.Call, in *UntagInstanceProfileInput) (*emu.NoOutput, error) {
	return s.changeProfile(in.InstanceProfileName, func(p *profile) error { p.Tags = dropTags(p.Tags, in.TagKeys); return nil })
}

func (s *Service) listInstanceProfileTags(_ *emu.Call, in *ListInstanceProfileTagsInput) (*ListTagsOutput, error) {
	p, ok := s.profiles.Get(keyOf(in.InstanceProfileName))
	if !ok {
		return nil, noProfile(in.InstanceProfileName)
	}
	return tagPage(in.paging, p.Tags)
}

func (s *Service) changeProfile(name string, change func(*profile) error) (*emu.NoOutput, error) {
	p, ok := s.profiles.Get(keyOf(name))
	if !ok {
		return nil, noProfile(name)
	}
	if err := change(&p); err != nil {
		return nil, err
	}
	s.profiles.Put(keyOf(name), p)
	return &emu.NoOutput{}, nil
}
