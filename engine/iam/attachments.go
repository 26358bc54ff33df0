package iam

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// AttachedPolicy is a managed policy at a user, a group or a role.
type AttachedPolicy struct{ PolicyName, PolicyArn string }

type attachment struct {
	PolicyArn string `is:"required,len=20..2048"`
}

// The inputs and outputs of the operations on attached policies, three kinds of entities alike.
type (
	AttachUserPolicyInput struct {
		onUser
		attachment
	}
	AttachGroupPolicyInput struct {
		onGroup
		attachment
	}
	AttachRolePolicyInput struct {
		onRole
		attachment
	}
	DetachUserPolicyInput struct {
		onUser
		attachment
	}
	DetachGroupPolicyInput struct {
		onGroup
		attachment
	}
	DetachRolePolicyInput struct {
		onRole
		attachment
	}
	ListAttachedUserPoliciesInput struct {
		onUser
		listing
	}
	ListAttachedGroupPoliciesInput struct {
		onGroup
		listing
	}
	ListAttachedRolePoliciesInput struct {
		onRole
		listing
	}
	ListAttachedOutput struct {
		AttachedPolicies []AttachedPolicy
		paged
	}
)

// Conditions gives policies the key iam:PolicyARN.
func (in *attachment) Conditions(*emu.Call) map[string][]string {
	return map[string][]string{"iam:policyarn": {in.PolicyArn}}
}

func (s *Service) attachUserPolicy(_ *emu.Call, in *AttachUserPolicyInput) (*emu.NoOutput, error) {
	return s.attach(aUser, in.UserName, in.PolicyArn)
}

func (s *Service) attachGroupPolicy(_ *emu.Call, in *AttachGroupPolicyInput) (*emu.NoOutput, error) {
	return s.attach(aGroup, in.GroupName, in.PolicyArn)
}

func (s *Service) attachRolePolicy(_ *emu.Call, in *AttachRolePolicyInput) (*emu.NoOutput, error) {
	return s.attach(aRole, in.RoleName, in.PolicyArn)
}

func (s *Service) attach(k entityKind, name, arn string) (*emu.NoOutput, error) {
	h, name, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	if err := s.attachable(arn); err != nil {
		return nil, err
	}
	if slices.Contains(h.Attached, arn) {
		return &emu.NoOutput{}, nil
	}
	if len(h.Attached) >= attachedPerEntity {
		return nil, quota("PoliciesPer"+k.title(), attachedPerEntity)
	}
	h.Attached = append(slices.Clone(h.Attached), arn)
	s.setHolder(k, name, h)
	return &emu.NoOutput{}, nil
}

func (s *Service) attachable(arn string) error {
	if f := strings.SplitN(arn, ":", 6); len(f) < 6 || f[0] != "arn" || f[2] != "iam" || !strings.HasPrefix(f[5], "policy/") {
		return invalidInput("ARN %s is not valid.", arn)
	}
	if _, ok := s.policy(arn); !ok {
		return notAttachable(arn)
	}
	return nil
}

func (s *Service) detachUserPolicy(_ *emu.Call, in *DetachUserPolicyInput) (*emu.NoOutput, error) {
	return s.detach(aUser, in.UserName, in.PolicyArn)
}

func (s *Service) detachGroupPolicy(_ *emu.Call, in *DetachGroupPolicyInput) (*emu.NoOutput, error) {
	return s.detach(aGroup, in.GroupName, in.PolicyArn)
}

func (s *Service) detachRolePolicy(_ *emu.Call, in *DetachRolePolicyInput) (*emu.NoOutput, error) {
	return s.detach(aRole, in.RoleName, in.PolicyArn)
}

func (s *Service) detach(k entityKind, name, arn string) (*emu.NoOutput, error) {
	h, name, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	i := slices.Index(h.Attached, arn)
	if i < 0 {
		return nil, noPolicy(arn)
	}
	h.Attached = slices.Delete(slices.Clone(h.Attached), i, i+1)
	s.setHolder(k, name, h)
	return &emu.NoOutput{}, nil
}

func (s *Service) listAttachedUserPolicies(_ *emu.Call, in *ListAttachedUserPoliciesInput) (*ListAttachedOutput, error) {
	return s.listAttached(aUser, in.UserName, &in.listing)
}

func (s *Service) listAttachedGroupPolicies(_ *emu.Call, in *ListAttachedGroupPoliciesInput) (*ListAttachedOutput, error) {
	return s.listAttached(aGroup, in.GroupName, &in.listing)
}

func (s *Service) listAttachedRolePolicies(_ *emu.Call, in *ListAttachedRolePoliciesInput) (*ListAttachedOutput, error) {
	return s.listAttached(aRole, in.RoleName, &in.listing)
}

func (s *Service) listAttached(k entityKind, name string, in *listing) (*ListAttachedOutput, error) {
	h, _, err := s.holder(k, name)
	if err != nil {
		return nil, err
	}
	var all []AttachedPolicy
	for _, arn := range h.Attached {
		if m, ok := s.policy(arn); ok && strings.HasPrefix(m.Path, orSlash(in.PathPrefix)) {
			all = append(all, AttachedPolicy{m.Name, arn})
		}
	}
	attached, more, err := page(in.paging, all, func(p AttachedPolicy) string { return p.PolicyArn })
	if err != nil {
		return nil, err
	}
	return &ListAttachedOutput{attached, more}, nil
}
