package iam

import (
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// Policy is a managed policy as IAM answers it.
type Policy struct {
	PolicyName, PolicyId, Arn, Path, DefaultVersionId string
	AttachmentCount, PermissionsBoundaryUsageCount    int64
	IsAttachable                                      bool
	Description                                       string
	CreateDate, UpdateDate                            emu.Time
	Tags                                              []Tag
}

func versionID(n int64) string { return "v" + strconv.FormatInt(n, 10) }

func (m *managed) show(arn string) Policy {
	return Policy{PolicyName: m.Name, PolicyId: m.ID, Arn: arn, Path: m.Path, DefaultVersionId: versionID(m.Default),
		IsAttachable: true, CreateDate: m.Created, UpdateDate: m.Updated}
}

// policy finds a managed policy, the account's or AWS's.
func (s *Service) policy(arn string) (managed, bool) {
	if strings.HasPrefix(arn, awsPolicies) {
		m := s.aws[arn]
		if m == nil {
			return managed{}, false
		}
		return *m, true
	}
	return s.policies.Get(key(arn))
}

// changePolicy changes one of the account's own policies.
func (s *Service) changePolicy(c *emu.Call, action, arn string, change func(*managed) error) (*emu.NoOutput, error) {
	m, ok := s.policy(arn)
	switch {
	case !ok:
		return nil, noPolicy(arn)
	case strings.HasPrefix(arn, awsPolicies):
		return nil, unmodifiable(c, action, arn)
	}
	if err := change(&m); err != nil {
		return nil, err
	}
	s.policies.Put(key(arn), m)
	return &emu.NoOutput{}, nil
}

// CreatePolicyInput is CreatePolicy's.
type CreatePolicyInput struct {
	PolicyName     string `is:"required,len=1..128,pattern=[\\w+=,.@-]+"`
	Path           string `is:"len=1..512,pattern=((/[A-Za-z0-9\\.,\\+@=_-]+)*)/"`
	PolicyDocument string `is:"required,len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	Description    string `is:"len=0..1000"`
	Tags           []Tag  `is:"len=0..50"`
}

// Resource implements [emu.Input].
func (in *CreatePolicyInput) Resource(c *emu.Call) string {
	return arn(c.Account, "policy", orSlash(in.Path), in.PolicyName)
}

// CreatePolicyOutput is CreatePolicy's.
type CreatePolicyOutput struct{ Policy Policy }

func (s *Service) createPolicy(c *emu.Call, in *CreatePolicyInput) (*CreatePolicyOutput, error) {
	if err := checkManaged(in.PolicyDocument); err != nil {
		return nil, err
	}
	taken := false
	s.policies.All(func(_ key, m managed) bool {
		taken = strings.EqualFold(m.Name, in.PolicyName)
		return !taken
	})
	if taken {
		return nil, exists("A policy called %s already exists. Duplicate names are not allowed.", in.PolicyName)
	}
	if s.policies.Len() >= policiesQuota {
		return nil, quota("PoliciesPerAccount", policiesQuota)
	}
	if err := uniqueTags(in.Tags); err != nil {
		return nil, err
	}
	m := managed{Name: in.PolicyName, Path: orSlash(in.Path), ID: "ANPA" + c.Token(17), Description: in.Description,
		Created: second(c), Updated: second(c), Default: 1, Last: 1, Tags: in.Tags,
		Versions: []version{{1, in.PolicyDocument, second(c)}}}
	a := in.Resource(c)
	s.policies.Put(key(a), m)
	out := m.show(a)
	out.Tags = m.Tags
	return &CreatePolicyOutput{out}, nil
}

func checkManaged(document string) error {
	if _, err := policy.Parse(document, policy.Identity); err != nil {
		return malformed(err.Error())
	}
	if policy.Size(document) > managedPolicySize {
		return quota("PolicySize", managedPolicySize)
	}
	return nil
}

// GetPolicyInput is GetPolicy's.
type GetPolicyInput struct{ onPolicy }

// GetPolicyOutput is GetPolicy's.
type GetPolicyOutput struct{ Policy Policy }

func (s *Service) getPolicy(_ *emu.Call, in *GetPolicyInput) (*GetPolicyOutput, error) {
	m, ok := s.policy(in.PolicyArn)
	if !ok {
		return nil, noPolicy(in.PolicyArn)
	}
	out := m.show(in.PolicyArn)
	out.Description, out.Tags = m.Description, notNil(m.Tags)
	use := s.usage()[in.PolicyArn]
	out.AttachmentCount, out.PermissionsBoundaryUsageCount = use.attached, use.boundaries
	return &GetPolicyOutput{out}, nil
}

// usage counts by ARN how often every policy is used.
func (s *Service) usage() map[string]use {
	count := map[string]use{}
	s.holders(func(_ entity, h *holder) {
		for _, arn := range h.Attached {
			u := count[arn]
			u.attached++
			count[arn] = u
		}
		if h.Boundary != "" {
			u := count[h.Boundary]
			u.boundaries++
			count[h.Boundary] = u
		}
	})
	return count
}

type use struct{ attached, boundaries int64 }

// ListPoliciesInput is ListPolicies'.
type ListPoliciesInput struct {
	onAll
	Scope             string `is:"enum=All|AWS|Local"`
	OnlyAttached      bool
	PathPrefix        string `is:"len=1..512,pattern=((/[A-Za-z0-9\\.,\\+@=_-]+)*)/"`
	PolicyUsageFilter string `is:"enum=PermissionsPolicy|PermissionsBoundary"`
	paging
}

// ListPoliciesOutput is ListPolicies'.
type ListPoliciesOutput struct {
	Policies []Policy
	paged
}

func (s *Service) listPolicies(_ *emu.Call, in *ListPoliciesInput) (*ListPoliciesOutput, error) {
	counts := s.usage()
	var all []Policy
	add := func(arn string, m *managed) {
		p := m.show(arn)
		use := counts[arn]
		p.AttachmentCount, p.PermissionsBoundaryUsageCount = use.attached, use.boundaries
		switch {
		case !strings.HasPrefix(m.Path, orSlash(in.PathPrefix)),
			in.OnlyAttached && use.attached+use.boundaries == 0,
			in.PolicyUsageFilter == "PermissionsPolicy" && use.attached == 0,
			in.PolicyUsageFilter == "PermissionsBoundary" && use.boundaries == 0:
			return
		}
		all = append(all, p)
	}
	if in.Scope != "AWS" {
		s.policies.All(func(arn key, m managed) bool { add(string(arn), &m); return true })
	}
	if in.Scope != "Local" {
		for _, arn := range s.awsOrder {
			add(arn, s.aws[arn])
		}
	}
	policies, more, err := page(in.paging, all, func(p Policy) string { return p.Arn })
	if err != nil {
		return nil, err
	}
	return &ListPoliciesOutput{policies, more}, nil
}

// DeletePolicyInput is DeletePolicy's.
type DeletePolicyInput struct{ onPolicy }

func (s *Service) deletePolicy(c *emu.Call, in *DeletePolicyInput) (*emu.NoOutput, error) {
	out, err := s.changePolicy(c, "DeletePolicy", in.PolicyArn, func(m *managed) error {
		if use := s.usage()[in.PolicyArn]; use.attached+use.boundaries > 0 {
			return conflict("Cannot delete a policy attached to entities.")
		}
		if len(m.Versions) > 1 {
			return conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
		}
		return nil
	})
	if err == nil {
		s.policies.Delete(key(in.PolicyArn))
	}
	return out, err
}

// ListEntitiesForPolicyInput is ListEntitiesForPolicy's.
type ListEntitiesForPolicyInput struct {
	onPolicy
	EntityFilter      string `is:"enum=User|Role|Group|LocalManagedPolicy|AWSManagedPolicy"`
	PathPrefix        string `is:"len=1..512,pattern=(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"`
	PolicyUsageFilter string `is:"enum=PermissionsPolicy|PermissionsBoundary"`
	paging
}

// ListEntitiesForPolicyOutput is ListEntitiesForPolicy's.
type ListEntitiesForPolicyOutput struct {
	PolicyGroups []PolicyGroup
	PolicyUsers  []PolicyUser
	PolicyRoles  []PolicyRole
	paged
}

// PolicyGroup, PolicyUser and PolicyRole are whom a policy is attached to.
type (
	PolicyGroup struct{ GroupName, GroupId string }
	PolicyUser  struct{ UserName, UserId string }
	PolicyRole  struct{ RoleName, RoleId string }
)

func (s *Service) listEntitiesForPolicy(_ *emu.Call, in *ListEntitiesForPolicyInput) (*ListEntitiesForPolicyOutput, error) {
	if _, ok := s.policy(in.PolicyArn); !ok {
		return nil, noPolicy(in.PolicyArn)
	}
	var all []entity
	s.holders(func(e entity, h *holder) {
		attached := in.PolicyUsageFilter != "PermissionsBoundary" && slices.Contains(h.Attached, in.PolicyArn)
		bounds := in.PolicyUsageFilter != "PermissionsPolicy" && h.Boundary == in.PolicyArn
		if (attached || bounds) && strings.HasPrefix(e.path, orSlash(in.PathPrefix)) && (in.EntityFilter == "" || in.EntityFilter == e.kind.title()) {
			all = append(all, e)
		}
	})
	found, more, err := page(in.paging, all, func(e entity) string { return e.id })
	if err != nil {
		return nil, err
	}
	out := &ListEntitiesForPolicyOutput{PolicyGroups: []PolicyGroup{}, PolicyUsers: []PolicyUser{}, PolicyRoles: []PolicyRole{}, paged: more}
	for _, e := range found {
		switch e.kind {
		case aGroup:
			out.PolicyGroups = append(out.PolicyGroups, PolicyGroup{e.name, e.id})
		case aUser:
			out.PolicyUsers = append(out.PolicyUsers, PolicyUser{e.name, e.id})
		case aRole:
			out.PolicyRoles = append(out.PolicyRoles, PolicyRole{e.name, e.id})
		}
	}
	return out, nil
}
