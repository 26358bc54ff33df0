package iam

import (
	"slices"
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

type putInline struct {
	PolicyName     string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
	PolicyDocument string `is:"required,len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
}

type oneInline struct {
	PolicyName string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
}

// The inputs and outputs of the operations on inline policies, three kinds of entities alike.
type (
	PutUserPolicyInput struct {
		onUser
		putInline
	}
	PutGroupPolicyInput struct {
		onGroup
		putInline
	}
	PutRolePolicyInput struct {
		onRole
		putInline
	}
	GetUserPolicyInput struct {
		onUser
		oneInline
	}
	GetGroupPolicyInput struct {
		onGroup
		oneInline
	}
	GetRolePolicyInput struct {
		onRole
		oneInline
	}
	GetUserPolicyOutput  struct{ UserName, PolicyName, PolicyDocument string }
	GetGroupPolicyOutput struct{ GroupName, PolicyName, PolicyDocument string }
	GetRolePolicyOutput  struct{ RoleName, PolicyName, PolicyDocument string }

	DeleteUserPolicyInput struct {
		onUser
		oneInline
	}
	DeleteGroupPolicyInput struct {
		onGroup
		oneInline
	}
	DeleteRolePolicyInput struct {
		onRole
		oneInline
	}
	ListUserPoliciesInput struct {
		onUser
		paging
	}
	ListGroupPoliciesInput struct {
		onGroup
		paging
	}
	ListRolePoliciesInput struct {
		onRole
		paging
	}
	ListInlineOutput struct {
		PolicyNames []string
		paged
	}
)

func (s *Service) putUserPolicy(_ *emu.Call, in *PutUserPolicyInput) (*emu.NoOutput, error) {
	return s.putInline(aUser, in.UserName, &in.putInline)
}

func (s *Service) putGroupPolicy(_ *emu.Call, in *PutGroupPolicyInput) (*emu.NoOutput, error) {
	return s.putInline(aGroup, in.GroupName, &in.putInline)
}

func (s *Service) putRolePolicy(_ *emu.Call, in *PutRolePolicyInput) (*emu.NoOutput, error) {
	return s.putInline(aRole, in.RoleName, &in.putInline)
}

func (s *Service) putInline(k entityKind, name string, in *putInline) (*emu.NoOutput, error) {
	h, name, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	if _, err := policy.Parse(in.PolicyDocument, policy.Identity); err != nil {
		return nil, malformed(err.Error())
	}
	i, found := h.find(in.PolicyName)
	p := inline{in.PolicyName, in.PolicyDocument}
	if h.Inline = slices.Clone(h.Inline); found {
		h.Inline[i] = p
	} else {
		h.Inline = slices.Insert(h.Inline, i, p)
	}
	size := 0
	for _, p := range h.Inline {
		size += policy.Size(p.Document)
	}
	if limit := k.inlineLimit(); size > limit {
		return nil, limitExceeded("Maximum policy size of %d bytes exceeded for %s %s", limit, k, name)
	}
	s.setHolder(k, name, h)
	return &emu.NoOutput{}, nil
}

// find is the place of an inline policy among the others, which are in order of name.
func (h *holder) find(name string) (int, bool) {
	return slices.BinarySearchFunc(h.Inline, name, func(p inline, name string) int { return strings.Compare(p.Name, name) })
}

func (s *Service) getUserPolicy(_ *emu.Call, in *GetUserPolicyInput) (*GetUserPolicyOutput, error) {
	name, document, err := s.getInline(aUser, in.UserName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &GetUserPolicyOutput{name, in.PolicyName, document}, nil
}

func (s *Service) getGroupPolicy(_ *emu.Call, in *GetGroupPolicyInput) (*GetGroupPolicyOutput, error) {
	name, document, err := s.getInline(aGroup, in.GroupName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &GetGroupPolicyOutput{name, in.PolicyName, document}, nil
}

func (s *Service) getRolePolicy(_ *emu.Call, in *GetRolePolicyInput) (*GetRolePolicyOutput, error) {
	name, document, err := s.getInline(aRole, in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &GetRolePolicyOutput{name, in.PolicyName, document}, nil
}

func (s *Service) getInline(k entityKind, name, policyName string) (entity, document string, err error) {
	h, name, err := s.holder(k, name)
	if err != nil {
		return "", "", err
	}
	i, found := h.find(policyName)
	if !found {
		return "", "", noInline(k, policyName)
	}
	return name, encode(h.Inline[i].Document), nil
}

func noInline(k entityKind, name string) *emu.Error {
	return noSuchEntity("The %s policy with name %s cannot be found.", k, name)
}

func (s *Service) deleteUserPolicy(_ *emu.Call, in *DeleteUserPolicyInput) (*emu.NoOutput, error) {
	return s.deleteInline(aUser, in.UserName, in.PolicyName)
}

func (s *Service) deleteGroupPolicy(_ *emu.Call, in *DeleteGroupPolicyInput) (*emu.NoOutput, error) {
	return s.deleteInline(aGroup, in.GroupName, in.PolicyName)
}

func (s *Service) deleteRolePolicy(_ *emu.Call, in *DeleteRolePolicyInput) (*emu.NoOutput, error) {
	return s.deleteInline(aRole, in.RoleName, in.PolicyName)
}

func (s *Service) deleteInline(k entityKind, name, policyName string) (*emu.NoOutput, error) {
	h, name, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	i, found := h.find(policyName)
	if !found {
		return nil, noInline(k, policyName)
	}
	h.Inline = slices.Delete(slices.Clone(h.Inline), i, i+1)
	s.setHolder(k, name, h)
	return &emu.NoOutput{}, nil
}

func (s *Service) listUserPolicies(_ *emu.Call, in *ListUserPoliciesInput) (*ListInlineOutput, error) {
	return s.listInline(aUser, in.UserName, in.paging)
}

func (s *Service) listGroupPolicies(_ *emu.Call, in *ListGroupPoliciesInput) (*ListInlineOutput, error) {
	return s.listInline(aGroup, in.GroupName, in.paging)
}

func (s *Service) listRolePolicies(_ *emu.Call, in *ListRolePoliciesInput) (*ListInlineOutput, error) {
	return s.listInline(aRole, in.RoleName, in.paging)
}

func (s *Service) listInline(k entityKind, name string, in paging) (*ListInlineOutput, error) {
	h, _, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, p := range h.Inline {
		all = append(all, p.Name)
	}
	names, more, err := page(in, all, func(n string) string { return n })
	if err != nil {
		return nil, err
	}
	return &ListInlineOutput{names, more}, nil
}
