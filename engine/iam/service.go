package iam

import (
	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// Service is IAM and STS of one cloud, and its [emu.Authority].
type Service struct {
	cloud *emu.Cloud
	tables
	aws      map[string]*managed // AWS's managed policies by ARN, never changed
	awsOrder []string
	cache    policy.Cache // compiled policies: a memory, not state
	question question     // the one being answered
}

// New adds IAM and STS to a cloud and makes them its authority.
func New(c *emu.Cloud) *Service {
	s := &Service{cloud: c, tables: newTables(c)}
	s.aws, s.awsOrder = awsManaged()
	c.Register(s.iam())
	c.Register(s.sts())
	c.SetAuthority(s)
	return s
}

func (s *Service) iam() *emu.Service {
	return &emu.Service{
		Name: "iam", Title: "AWS Identity and Access Management",
		Wire:    []emu.Protocol{{Kind: emu.Query, Version: "2010-05-08", Namespace: "https://iam.amazonaws.com/doc/2010-05-08/"}},
		Ops:     s.operations(),
		Missing: missing,
		Invalid: invalid,
	}
}

func (s *Service) operations() []*emu.Operation {
	return []*emu.Operation{
		// users.go
		emu.Op("CreateUser", s.createUser),
		emu.Op("GetUser", s.getUser).Reads(),
		emu.Op("ListUsers", s.listUsers).Reads(),
		emu.Op("UpdateUser", s.updateUser),
		emu.Op("DeleteUser", s.deleteUser),
		// groups.go
		emu.Op("CreateGroup", s.createGroup),
		emu.Op("GetGroup", s.getGroup).Reads(),
		emu.Op("ListGroups", s.listGroups).Reads(),
		emu.Op("ListGroupsForUser", s.listGroupsForUser).Reads(),
		emu.Op("UpdateGroup", s.updateGroup),
		emu.Op("DeleteGroup", s.deleteGroup),
		emu.Op("AddUserToGroup", s.addUserToGroup),
		emu.Op("RemoveUserFromGroup", s.removeUserFromGroup),
		// access_keys.go
		emu.Op("CreateAccessKey", s.createAccessKey),
		emu.Op("ListAccessKeys", s.listAccessKeys).Reads(),
		emu.Op("UpdateAccessKey", s.updateAccessKey),
		emu.Op("DeleteAccessKey", s.deleteAccessKey),
		emu.Op("GetAccessKeyLastUsed", s.getAccessKeyLastUsed).Reads(),
		// roles.go
		emu.Op("CreateRole", s.createRole),
		emu.Op("GetRole", s.getRole).Reads(),
		emu.Op("ListRoles", s.listRoles).Reads(),
		emu.Op("UpdateRole", s.updateRole),
		emu.Op("UpdateRoleDescription", s.updateRoleDescription),
		emu.Op("UpdateAssumeRolePolicy", s.updateAssumeRolePolicy),
		emu.Op("DeleteRole", s.deleteRole),
		// instance_profiles.go
		emu.Op("CreateInstanceProfile", s.createInstanceProfile),
		emu.Op("GetInstanceProfile", s.getInstanceProfile).Reads(),
		emu.Op("ListInstanceProfiles", s.listInstanceProfiles).Reads(),
		emu.Op("ListInstanceProfilesForRole", s.listInstanceProfilesForRole).Reads(),
		emu.Op("DeleteInstanceProfile", s.deleteInstanceProfile),
		emu.Op("AddRoleToInstanceProfile", s.addRoleToInstanceProfile),
		emu.Op("RemoveRoleFromInstanceProfile", s.removeRoleFromInstanceProfile),
		// policies.go, policy_versions.go
		emu.Op("CreatePolicy", s.createPolicy),
		emu.Op("GetPolicy", s.getPolicy).Reads(),
		emu.Op("ListPolicies", s.listPolicies).Reads(),
		emu.Op("ListEntitiesForPolicy", s.listEntitiesForPolicy).Reads(),
		emu.Op("DeletePolicy", s.deletePolicy),
		emu.Op("CreatePolicyVersion", s.createPolicyVersion),
		emu.Op("GetPolicyVersion", s.getPolicyVersion).Reads(),
		emu.Op("ListPolicyVersions", s.listPolicyVersions).Reads(),
		emu.Op("SetDefaultPolicyVersion", s.setDefaultPolicyVersion),
		emu.Op("DeletePolicyVersion", s.deletePolicyVersion),
		// attachments.go
		emu.Op("AttachUserPolicy", s.attachUserPolicy),
		emu.Op("AttachGroupPolicy", s.attachGroupPolicy),
		emu.Op("AttachRolePolicy", s.attachRolePolicy),
		emu.Op("DetachUserPolicy", s.detachUserPolicy),
		emu.Op("DetachGroupPolicy", s.detachGroupPolicy),
		emu.Op("DetachRolePolicy", s.detachRolePolicy),
		emu.Op("ListAttachedUserPolicies", s.listAttachedUserPolicies).Reads(),
		emu.Op("ListAttachedGroupPolicies", s.listAttachedGroupPolicies).Reads(),
		emu.Op("ListAttachedRolePolicies", s.listAttachedRolePolicies).Reads(),
		// inline_policies.go
		emu.Op("PutUserPolicy", s.putUserPolicy),
		emu.Op("PutGroupPolicy", s.putGroupPolicy),
		emu.Op("PutRolePolicy", s.putRolePolicy),
		emu.Op("GetUserPolicy", s.getUserPolicy).Reads(),
		emu.Op("GetGroupPolicy", s.getGroupPolicy).Reads(),
		emu.Op("GetRolePolicy", s.getRolePolicy).Reads(),
		emu.Op("DeleteUserPolicy", s.deleteUserPolicy),
		emu.Op("DeleteGroupPolicy", s.deleteGroupPolicy),
		emu.Op("DeleteRolePolicy", s.deleteRolePolicy),
		emu.Op("ListUserPolicies", s.listUserPolicies).Reads(),
		emu.Op("ListGroupPolicies", s.listGroupPolicies).Reads(),
		emu.Op("ListRolePolicies", s.listRolePolicies).Reads(),
		// boundaries.go
		emu.Op("PutUserPermissionsBoundary", s.putUserPermissionsBoundary),
		emu.Op("PutRolePermissionsBoundary", s.putRolePermissionsBoundary),
		emu.Op("DeleteUserPermissionsBoundary", s.deleteUserPermissionsBoundary),
		emu.Op("DeleteRolePermissionsBoundary", s.deleteRolePermissionsBoundary),
		// tags.go
		emu.Op("TagUser", s.tagUser),
		emu.Op("UntagUser", s.untagUser),
		emu.Op("ListUserTags", s.listUserTags).Reads(),
		emu.Op("TagRole", s.tagRole),
		emu.Op("UntagRole", s.untagRole),
		emu.Op("ListRoleTags", s.listRoleTags).Reads(),
		emu.Op("TagPolicy", s.tagPolicy),
		emu.Op("UntagPolicy", s.untagPolicy),
		emu.Op("ListPolicyTags", s.listPolicyTags).Reads(),
		emu.Op("TagInstanceProfile", s.tagInstanceProfile),
		emu.Op("UntagInstanceProfile", s.untagInstanceProfile),
		emu.Op("ListInstanceProfileTags", s.listInstanceProfileTags).Reads(),
		// account.go
		emu.Op("CreateAccountAlias", s.createAccountAlias),
		emu.Op("DeleteAccountAlias", s.deleteAccountAlias),
		emu.Op("ListAccountAliases", s.listAccountAliases).Reads(),
		emu.Op("GetAccountSummary", s.getAccountSummary).Reads(),
		// simulate.go
		emu.Op("SimulateCustomPolicy", s.simulateCustomPolicy).Reads(),
		emu.Op("SimulatePrincipalPolicy", s.simulatePrincipalPolicy).Reads(),
	}
}
