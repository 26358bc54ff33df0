package iam

import (
	"slices"

	"haneul/engine/emu"
)

// PolicyVersion is a version of a managed policy as IAM answers it.
type PolicyVersion struct {
	Document         string
	VersionId        string
	IsDefaultVersion bool
	CreateDate       emu.Time
}

func (m *managed) showVersion(v *version) PolicyVersion {
	return PolicyVersion{VersionId: versionID(v.Number), IsDefaultVersion: v.Number == m.Default, CreateDate: v.Created}
}

// CreatePolicyVersionInput is CreatePolicyVersion's.
type CreatePolicyVersionInput struct {
	onPolicy
	PolicyDocument string `is:"required,len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	SetAsDefault   bool
}

// PolicyVersionOutput is CreatePolicyVersion's and GetPolicyVersion's.
type PolicyVersionOutput struct{ PolicyVersion PolicyVersion }

func (s *Service) createPolicyVersion(c *emu.Call, in *CreatePolicyVersionInput) (*PolicyVersionOutput, error) {
	var out PolicyVersion
	_, err := s.changePolicy(c, "CreatePolicyVersion", in.PolicyArn, func(m *managed) error {
		if err := checkManaged(in.PolicyDocument); err != nil {
			return err
		}
		if len(m.Versions) >= versionsPerPolicy {
			return limitExceeded("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", versionsPerPolicy)
		}
		m.Last++
		v := version{m.Last, in.PolicyDocument, second(c)}
		m.Versions, m.Updated = append(slices.Clone(m.Versions), v), second(c)
		if in.SetAsDefault {
			m.Default = v.Number
		}
		out = m.showVersion(&v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &PolicyVersionOutput{out}, nil
}

// onVersion is the part of an input that names one version of a policy.
type onVersion struct {
	onPolicy
	VersionId string `is:"required,pattern=v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"`
}

func (in *onVersion) find(m *managed) (version, error) {
	for _, v := range m.Versions {
		if versionID(v.Number) == in.VersionId {
			return v, nil
		}
	}
	return version{}, noVersion(in.PolicyArn, in.VersionId)
}

// GetPolicyVersionInput is GetPolicyVersion's.
type GetPolicyVersionInput struct{ onVersion }

func (s *Service) getPolicyVersion(_ *emu.Call, in *GetPolicyVersionInput) (*PolicyVersionOutput, error) {
	m, ok := s.policy(in.PolicyArn)
	if !ok {
		return nil, noVersion(in.PolicyArn, in.VersionId)
	}
	v, err := in.find(&m)
	if err != nil {
		return nil, err
	}
	out := m.showVersion(&v)
	out.Document = encode(v.Document)
	return &PolicyVersionOutput{out}, nil
}

// ListPolicyVersionsInput is ListPolicyVersions'.
type ListPolicyVersionsInput struct {
	onPolicy
	paging
}

// ListPolicyVersionsOutput is ListPolicyVersions', newest first.
type ListPolicyVersionsOutput struct {
	Versions []PolicyVersion
	paged
}

func (s *Service) listPolicyVersions(_ *emu.Call, in *ListPolicyVersionsInput) (*ListPolicyVersionsOutput, error) {
	m, ok := s.policy(in.PolicyArn)
	if !ok {
		return nil, noPolicy(in.PolicyArn)
	}
	var all []PolicyVersion
	for _, v := range slices.Backward(m.Versions) {
		all = append(all, m.showVersion(&v))
	}
	versions, more, err := page(in.paging, all, func(v PolicyVersion) string { return v.VersionId })
	if err != nil {
		return nil, err
	}
	return &ListPolicyVersionsOutput{versions, more}, nil
}

// SetDefaultPolicyVersionInput is SetDefaultPolicyVersion's.
type SetDefaultPolicyVersionInput struct{ onVersion }

func (s *Service) setDefaultPolicyVersion(c *emu.Call, in *SetDefaultPolicyVersionInput) (*emu.NoOutput, error) {
	if _, ok := s.policy(in.PolicyArn); !ok {
		return nil, noVersion(in.PolicyArn, in.VersionId)
	}
	return s.changePolicy(c, "SetDefaultPolicyVersion", in.PolicyArn, func(m *managed) error {
		v, err := in.find(m)
		m.Default, m.Updated = v.Number, second(c)
		return err
	})
}

// DeletePolicyVersionInput is DeletePolicyVersion's.
type DeletePolicyVersionInput struct{ onVersion }

func (s *Service) deletePolicyVersion(c *emu.Call, in *DeletePolicyVersionInput) (*emu.NoOutput, error) {
	return s.changePolicy(c, "DeletePolicyVersion", in.PolicyArn, func(m *managed) error {
		v, err := in.find(m)
		if err != nil {
			return err
		}
		if v.Number == m.Default {
			return conflict("Cannot delete the default version of a policy.")
		}
		m.Versions = slices.DeleteFunc(slices.Clone(m.Versions), func(x version) bool { return x.Number == v.Number })
		return nil
	})
}
