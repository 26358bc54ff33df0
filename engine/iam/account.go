package iam

import "haneul/engine/emu"

// The account has one row.
const theAccount key = "account"

type alias struct {
	onAll
	AccountAlias string `is:"required,len=3..63,pattern=[a-z0-9]([a-z0-9]|-[a-z0-9]){1,61}"`
}

// The inputs of the operations on the account.
type (
	CreateAccountAliasInput struct{ alias }
	DeleteAccountAliasInput struct{ alias }
	ListAccountAliasesInput struct {
		onAll
		paging
	}
	GetAccountSummaryInput struct{ onAll }
)

func (s *Service) createAccountAlias(_ *emu.Call, in *CreateAccountAliasInput) (*emu.NoOutput, error) {
	s.account.Put(theAccount, account{in.AccountAlias})
	return &emu.NoOutput{}, nil
}

func (s *Service) deleteAccountAlias(_ *emu.Call, in *DeleteAccountAliasInput) (*emu.NoOutput, error) {
	if a, ok := s.account.Get(theAccount); !ok || a.Alias != in.AccountAlias {
		return nil, noSuchEntity("The account alias with name %s cannot be found.", in.AccountAlias) // the text is ours
	}
	s.account.Delete(theAccount)
	return &emu.NoOutput{}, nil
}

// ListAccountAliasesOutput is ListAccountAliases'.
type ListAccountAliasesOutput struct {
	AccountAliases []string
	paged
}

func (s *Service) listAccountAliases(_ *emu.Call, in *ListAccountAliasesInput) (*ListAccountAliasesOutput, error) {
	out := &ListAccountAliasesOutput{AccountAliases: []string{}}
	if a, ok := s.account.Get(theAccount); ok {
		out.AccountAliases = append(out.AccountAliases, a.Alias)
	}
	return out, nil
}

// GetAccountSummaryOutput is GetAccountSummary's.
type GetAccountSummaryOutput struct{ SummaryMap map[string]int64 }

func (s *Service) getAccountSummary(*emu.Call, *GetAccountSummaryInput) (*GetAccountSummaryOutput, error) {
	versions := 0
	s.policies.All(func(_ key, m managed) bool { versions += len(m.Versions); return true })
	return &GetAccountSummaryOutput{map[string]int64{
		"Users": int64(s.users.Len()), "UsersQuota": usersQuota,
		"Groups": int64(s.groups.Len()), "GroupsQuota": groupsQuota, "GroupsPerUserQuota": groupsPerUser,
		"Roles": int64(s.roles.Len()), "RolesQuota": rolesQuota, "AssumeRolePolicySizeQuota": trustPolicySize,
		"InstanceProfiles": int64(s.profiles.Len()), "InstanceProfilesQuota": instanceProfilesQuota,
		"Policies": int64(s.policies.Len()), "PoliciesQuota": policiesQuota, "PolicySizeQuota": managedPolicySize,
		"PolicyVersionsInUse": int64(versions), "PolicyVersionsInUseQuota": policyVersionsQuota, "VersionsPerPolicyQuota": versionsPerPolicy,
		"AttachedPoliciesPerUserQuota": attachedPerEntity, "AttachedPoliciesPerGroupQuota": attachedPerEntity, "AttachedPoliciesPerRoleQuota": attachedPerEntity,
		"UserPolicySizeQuota": userInlineSize, "GroupPolicySizeQuota": groupInlineSize, "RolePolicySizeQuota": roleInlineSize,
		"AccessKeysPerUserQuota": accessKeysPerUser, "AccountAccessKeysPresent": 1,
		"AccountMFAEnabled": 0, "AccountPasswordPresent": 0, "AccountSigningCertificatesPresent": 0,
		"MFADevices": 0, "MFADevicesInUse": 0, "Providers": 0, "GlobalEndpointTokenVersion": 1,
		"ServerCertificates": 0, "ServerCertificatesQuota": serverCertificates, "SigningCertificatesPerUserQuota": signingCertificates,
	}}, nil
}
