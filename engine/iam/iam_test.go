package iam_test

import (
	"fmt"
	"strings"
	"testing"
)

// step is one call by root and the answer it must have.
type step struct{ op, in, want string }

func run(t *testing.T, steps []step) {
	t.Helper()
	w := newWorld(t)
	for _, s := range steps {
		w.want(root, "iam:"+s.op, s.in, s.want)
	}
}

const (
	allowAll = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}`
	ec2Trust = `{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}`
)

func TestUsers(t *testing.T) {
	run(t, []step{
		{"CreateUser", `{"UserName":"jimin"}`, `{"User":{"UserName":"jimin","Path":"/","UserId":"*","Arn":"arn:aws:iam::111122223333:user/jimin","CreateDate":1795165200,"Tags":null}}`},
		{"CreateUser", `{"UserName":"JIMIN"}`, `EntityAlreadyExists: User with name JIMIN already exists.`},
		{"CreateUser", `{"UserName":"a b"}`, `ValidationError: The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`},
		{"CreateUser", `{}`, `ValidationError: 1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null`},
		{"CreateUser", `{"UserName":"` + strings.Repeat("a", 65) + `"}`, `ValidationError: 1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`},
		{"CreateUser", `{"UserName":"x","Path":"bad"}`, `ValidationError: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`},
		{"CreateUser", `{"UserName":"minji","Path":"/team/a/","Tags":[{"Key":"Team","Value":"A"},{"Key":"cost","Value":""}]}`, `{"User":{"Arn":"arn:aws:iam::111122223333:user/team/a/minji","Tags":[{"Key":"Team","Value":"A"},{"Key":"cost","Value":""}]}}`},
		{"CreateUser", `{"UserName":"x","Tags":[{"Key":"a","Value":"1"},{"Key":"A","Value":"2"}]}`, `InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.`},
		{"GetUser", `{"UserName":"minji"}`, `{"User":{"Path":"/team/a/","Tags":[{"Key":"Team"},{"Key":"cost"}]}}`},
		{"GetUser", `{"UserName":"nobody"}`, `NoSuchEntity: The user with name nobody cannot be found.`},
		{"GetUser", `{}`, `{"User":{"Arn":"arn:aws:iam::111122223333:root","UserId":"111122223333"}}`},
		{"ListUsers", `{}`, `{"IsTruncated":false,"Marker":null,"Users":[{"UserName":"jimin"},{"UserName":"minji","Tags":null}]}`},
		{"ListUsers", `{"PathPrefix":"/team/"}`, `{"Users":[{"UserName":"minji"}]}`},
		{"ListUsers", `{"PathPrefix":"/nothing"}`, `{"Users":[]}`},
		{"ListUsers", `{"MaxItems":1}`, `{"IsTruncated":true,"Marker":"*","Users":[{"UserName":"jimin"}]}`},
		{"ListUsers", `{"MaxItems":1,"Marker":"amltaW4"}`, `{"IsTruncated":false,"Users":[{"UserName":"minji"}]}`},
		{"ListUsers", `{"MaxItems":1001}`, `ValidationError: 1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000`},
		{"UpdateUser", `{"UserName":"minji","NewUserName":"jimin"}`, `EntityAlreadyExists: User with name jimin already exists.`},
		{"CreateAccessKey", `{"UserName":"minji"}`, `{"AccessKey":{"UserName":"minji","Status":"Active","AccessKeyId":"*","SecretAccessKey":"*"}}`},
		{"CreateGroup", `{"GroupName":"devs"}`, `{}`},
		{"AddUserToGroup", `{"GroupName":"devs","UserName":"minji"}`, `{}`},
		{"UpdateUser", `{"UserName":"minji","NewUserName":"haneul","NewPath":"/new/"}`, `{}`},
		{"GetUser", `{"UserName":"minji"}`, `NoSuchEntity: The user with name minji cannot be found.`},
		{"GetUser", `{"UserName":"haneul"}`, `{"User":{"Arn":"arn:aws:iam::111122223333:user/new/haneul"}}`},
		{"ListAccessKeys", `{"UserName":"haneul"}`, `{"AccessKeyMetadata":[{"UserName":"haneul"}]}`},
		{"GetGroup", `{"GroupName":"devs"}`, `{"Users":[{"UserName":"haneul"}]}`},
		{"AttachUserPolicy", `{"UserName":"haneul","PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}`, `{}`},
		{"DeleteUser", `{"UserName":"haneul"}`, `DeleteConflict: Cannot delete entity, must detach all policies first.`},
		{"DetachUserPolicy", `{"UserName":"haneul","PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}`, `{}`},
		{"PutUserPolicy", `{"UserName":"haneul","PolicyName":"p","PolicyDocument":"` + allowAll + `"}`, `{}`},
		{"DeleteUser", `{"UserName":"haneul"}`, `DeleteConflict: Cannot delete entity, must delete policies first.`},
		{"DeleteUserPolicy", `{"UserName":"haneul","PolicyName":"p"}`, `{}`},
		{"DeleteUser", `{"UserName":"haneul"}`, `DeleteConflict: Cannot delete entity, must delete access keys first.`},
		{"DeleteUser", `{"UserName":"jimin"}`, `{}`},
		{"DeleteUser", `{"UserName":"jimin"}`, `NoSuchEntity: The user with name jimin cannot be found.`},
	})
}

func TestGroups(t *testing.T) {
	run(t, []step{
		{"CreateGroup", `{"GroupName":"devs","Path":"/x/"}`, `{"Group":{"GroupName":"devs","GroupId":"*","Path":"/x/","Arn":"arn:aws:iam::111122223333:group/x/devs"}}`},
		{"CreateGroup", `{"GroupName":"devs"}`, `EntityAlreadyExists: Group with name devs already exists.`},
		{"CreateGroup", `{"GroupName":"ops"}`, `{}`},
		{"GetGroup", `{"GroupName":"devs"}`, `{"Group":{"GroupName":"devs"},"Users":[],"IsTruncated":false}`},
		{"GetGroup", `{"GroupName":"none"}`, `NoSuchEntity: The group with name none cannot be found.`},
		{"CreateUser", `{"UserName":"jimin"}`, `{}`},
		{"AddUserToGroup", `{"GroupName":"none","UserName":"jimin"}`, `NoSuchEntity: The group with name none cannot be found.`},
		{"AddUserToGroup", `{"GroupName":"none","UserName":"any"}`, `NoSuchEntity: The user with name any cannot be found.`},
		{"AddUserToGroup", `{"GroupName":"ops","UserName":"jimin"}`, `{}`},
		{"AddUserToGroup", `{"GroupName":"devs","UserName":"jimin"}`, `{}`},
		{"AddUserToGroup", `{"GroupName":"devs","UserName":"jimin"}`, `{}`},
		{"ListGroupsForUser", `{"UserName":"jimin"}`, `{"Groups":[{"GroupName":"devs"},{"GroupName":"ops"}]}`},
		{"ListGroups", `{"PathPrefix":"/x/"}`, `{"Groups":[{"GroupName":"devs"}]}`},
		{"UpdateGroup", `{"GroupName":"devs","NewGroupName":"ops"}`, `EntityAlreadyExists: Group with name ops already exists.`},
		{"UpdateGroup", `{"GroupName":"devs","NewGroupName":"makers","NewPath":"/"}`, `{}`},
		{"ListGroupsForUser", `{"UserName":"jimin"}`, `{"Groups":[{"GroupName":"makers","Path":"/"},{"GroupName":"ops"}]}`},
		{"DeleteUser", `{"UserName":"jimin"}`, `DeleteConflict: Cannot delete entity, must remove users from group first.`},
		{"DeleteGroup", `{"GroupName":"makers"}`, `DeleteConflict: Cannot delete entity, must remove users from group first.`},
		{"RemoveUserFromGroup", `{"GroupName":"makers","UserName":"jimin"}`, `{}`},
		{"RemoveUserFromGroup", `{"GroupName":"makers","UserName":"jimin"}`, `{}`},
		{"PutGroupPolicy", `{"GroupName":"makers","PolicyName":"p","PolicyDocument":"` + allowAll + `"}`, `{}`},
		{"DeleteGroup", `{"GroupName":"makers"}`, `DeleteConflict: Cannot delete entity, must delete policies first.`},
		{"GetGroupPolicy", `{"GroupName":"makers","PolicyName":"q"}`, `NoSuchEntity: The group policy with name q cannot be found.`},
		{"DeleteGroupPolicy", `{"GroupName":"makers","PolicyName":"p"}`, `{}`},
		{"DeleteGroup", `{"GroupName":"makers"}`, `{}`},
	})
}

func TestQuotas(t *testing.T) {
	w := newWorld(t)
	w.ok(root, "iam:CreateUser", `{"UserName":"u"}`)
	for i := range 10 {
		w.ok(root, "iam:CreateGroup", fmt.Sprintf(`{"GroupName":"g%d"}`, i))
		w.ok(root, "iam:AddUserToGroup", fmt.Sprintf(`{"GroupName":"g%d","UserName":"u"}`, i))
		w.ok(root, "iam:CreatePolicy", fmt.Sprintf(`{"PolicyName":"p%d","PolicyDocument":"%s"}`, i, allowAll))
		w.ok(root, "iam:AttachUserPolicy", fmt.Sprintf(`{"PolicyArn":"arn:aws:iam::111122223333:policy/p%d","UserName":"u"}`, i))
	}
	w.ok(root, "iam:CreateGroup", `{"GroupName":"g10"}`)
	w.want(root, "iam:AddUserToGroup", `{"GroupName":"g10","UserName":"u"}`, "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10")
	w.want(root, "iam:AttachUserPolicy", `{"UserName":"u","PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}`, "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10")
	for range 2 {
		w.ok(root, "iam:CreateAccessKey", `{"UserName":"u"}`)
	}
	w.want(root, "iam:CreateAccessKey", `{"UserName":"u"}`, "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2")
	long := quoted(document(`"Sid":"` + strings.Repeat("x", 2000) + `","Effect":"Allow","Action":"s3:*","Resource":"*"`))
	w.want(root, "iam:PutUserPolicy", `{"UserName":"u","PolicyName":"long","PolicyDocument":`+long+`}`, "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user u")
	longer := quoted(document(`"Sid":"` + strings.Repeat("x", 6100) + `","Effect":"Allow","Action":"s3:*","Resource":"*"`))
	w.want(root, "iam:CreatePolicy", `{"PolicyName":"long","PolicyDocument":`+longer+`}`, "LimitExceeded: Cannot exceed quota for PolicySize: 6144")
	trust := quoted(document(`"Sid":"` + strings.Repeat("x", 2000) + `","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"`))
	w.want(root, "iam:CreateRole", `{"RoleName":"r","AssumeRolePolicyDocument":`+trust+`}`, "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048")
}

func TestAccessKeys(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann", `"Effect":"Allow","Action":"iam:*","Resource":"*"`)
	w.want(ann, "iam:GetUser", `{}`, `{"User":{"UserName":"ann"}}`)
	w.want(ann, "iam:ListAccessKeys", `{}`, `{"AccessKeyMetadata":[{"AccessKeyId":"`+string(ann)+`","Status":"Active","UserName":"ann"}]}`)
	w.want(root, "iam:ListAccessKeys", `{}`, "ValidationError: Must specify userName when calling with non-User credentials")
	w.want(root, "iam:UpdateAccessKey", `{"UserName":"ann","AccessKeyId":"AKIAIOSFODNN7EXAMPLE","Status":"Inactive"}`, "NoSuchEntity: The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.")
	w.want(root, "iam:UpdateAccessKey", `{"UserName":"ann","AccessKeyId":"`+string(ann)+`","Status":"Off"}`, "ValidationError: 1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]")
	w.ok(root, "iam:UpdateAccessKey", `{"UserName":"ann","AccessKeyId":"`+string(ann)+`","Status":"Inactive"}`)
	if creds, ok := w.c.Identify(string(ann)); !ok || !creds.Inactive {
		t.Errorf("%+v %v", creds, ok)
	}
	w.ok(root, "iam:DeleteAccessKey", `{"UserName":"ann","AccessKeyId":"`+string(ann)+`"}`)
	if _, ok := w.c.Identify(string(ann)); ok {
		t.Error("a deleted key is still known")
	}
	w.want(root, "iam:GetAccessKeyLastUsed", `{"AccessKeyId":"`+string(ann)+`"}`,
		"AccessDenied: User: arn:aws:iam::111122223333:root is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key "+string(ann))
}

func TestLastUsed(t *testing.T) {
	w := newWorld(t)
	ann := w.user("ann", `"Effect":"Allow","Action":"box:Open","Resource":"*"`)
	get := `{"AccessKeyId":"` + string(ann) + `"}`
	w.want(root, "iam:GetAccessKeyLastUsed", get, `{"UserName":"ann","AccessKeyLastUsed":{"ServiceName":"N/A","Region":"N/A","LastUsedDate":null}}`)
	w.ok(ann, "box:Open", `{"Box":"a"}`)
	w.want(root, "iam:GetAccessKeyLastUsed", get, `{"AccessKeyLastUsed":{"ServiceName":"box","Region":"ap-northeast-2"}}`)
	w.role("worker", "")
	w.want(root, "iam:GetRole", `{"RoleName":"worker"}`, `{"Role":{"RoleLastUsed":{"Region":null}}}`)
	session := w.assume(root, "worker", "")
	w.ok(session, "sts:GetCallerIdentity", `{}`)
	w.want(root, "iam:GetRole", `{"RoleName":"worker"}`, `{"Role":{"RoleLastUsed":{"Region":"ap-northeast-2"}}}`)
}

func TestRoles(t *testing.T) {
	run(t, []step{
		{"CreateRole", `{"RoleName":"web","AssumeRolePolicyDocument":"{invalid"}`, "MalformedPolicyDocument: This policy contains invalid Json"},
		{"CreateRole", `{"RoleName":"web","Path":"/svc/","AssumeRolePolicyDocument":"` + ec2Trust + `","Description":"d"}`,
			`{"Role":{"RoleName":"web","RoleId":"*","Path":"/svc/","Arn":"arn:aws:iam::111122223333:role/svc/web","Description":"d","MaxSessionDuration":null,"RoleLastUsed":null,
			"AssumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"}}`},
		{"CreateRole", `{"RoleName":"Web","AssumeRolePolicyDocument":"` + ec2Trust + `"}`, "EntityAlreadyExists: Role with name Web already exists."},
		{"CreateRole", `{"RoleName":"x","MaxSessionDuration":100,"AssumeRolePolicyDocument":"` + ec2Trust + `"}`, "ValidationError: 1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"},
		{"CreateRole", `{"RoleName":"x","AssumeRolePolicyDocument":` + quoted(trusting(`"Principal":{"AWS":"arn:aws:iam::111122223333:user/nobody"}`)) + `}`, `MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/nobody"`},
		{"CreateRole", `{"RoleName":"x","AssumeRolePolicyDocument":` + quoted(trusting(`"Principal":{"AWS":"arn:aws:iam::111122223333:role/web"}`)) + `}`, `MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/web"`},
		{"CreateRole", `{"RoleName":"y","AssumeRolePolicyDocument":` + quoted(trusting(`"Principal":{"AWS":["arn:aws:iam::111122223333:role/svc/web","arn:aws:iam::999988887777:user/far"]}`)) + `}`, `{}`},
		{"GetRole", `{"RoleName":"web"}`, `{"Role":{"MaxSessionDuration":3600,"RoleLastUsed":{},"Tags":null}}`},
		{"GetRole", `{"RoleName":"none"}`, `NoSuchEntity: The role with name none cannot be found.`},
		{"UpdateRole", `{"RoleName":"web","MaxSessionDuration":7200}`, `{}`},
		{"UpdateRole", `{"RoleName":"web","Description":""}`, `{}`},
		{"UpdateRoleDescription", `{"RoleName":"web","Description":"new"}`, `{"Role":{"Description":"new","MaxSessionDuration":null}}`},
		{"GetRole", `{"RoleName":"web"}`, `{"Role":{"Description":"new","MaxSessionDuration":7200}}`},
		{"ListRoles", `{"PathPrefix":"/svc/"}`, `{"Roles":[{"RoleName":"web","MaxSessionDuration":7200,"RoleLastUsed":null}]}`},
		{"UpdateAssumeRolePolicy", `{"RoleName":"web","PolicyDocument":"` + allowAll + `"}`, "MalformedPolicyDocument: Has prohibited field Resource"},
		{"UpdateAssumeRolePolicy", `{"RoleName":"none","PolicyDocument":"` + ec2Trust + `"}`, "NoSuchEntity: The role with name none cannot be found."},
		{"UpdateAssumeRolePolicy", `{"RoleName":"web","PolicyDocument":"` + ec2Trust + `"}`, "{}"},
		{"PutRolePolicy", `{"RoleName":"web","PolicyName":"b","PolicyDocument":"` + allowAll + `"}`, "{}"},
		{"PutRolePolicy", `{"RoleName":"web","PolicyName":"a","PolicyDocument":"` + allowAll + `"}`, "{}"},
		{"PutRolePolicy", `{"RoleName":"web","PolicyName":"a","PolicyDocument":"{}"}`, "MalformedPolicyDocument: Syntax errors in policy."},
		{"PutRolePolicy", `{"RoleName":"none","PolicyName":"a","PolicyDocument":"{}"}`, "NoSuchEntity: The role with name none cannot be found."},
		{"ListRolePolicies", `{"RoleName":"web"}`, `{"PolicyNames":["a","b"],"IsTruncated":false}`},
		{"GetRolePolicy", `{"RoleName":"web","PolicyName":"a"}`, `{"RoleName":"web","PolicyName":"a","PolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"}`},
		{"DeleteRole", `{"RoleName":"web"}`, "DeleteConflict: Cannot delete entity, must delete policies first."},
		{"DeleteRolePolicy", `{"RoleName":"web","PolicyName":"a"}`, "{}"},
		{"DeleteRolePolicy", `{"RoleName":"web","PolicyName":"a"}`, "NoSuchEntity: The role policy with name a cannot be found."},
		{"DeleteRolePolicy", `{"RoleName":"web","PolicyName":"b"}`, "{}"},
		{"DeleteRole", `{"RoleName":"web"}`, "{}"},
	})
}

func TestPolicies(t *testing.T) {
	const arn = `"PolicyArn":"arn:aws:iam::111122223333:policy/x/writer"`
	run(t, []step{
		{"CreatePolicy", `{"PolicyName":"writer","PolicyDocument":"nope"}`, "MalformedPolicyDocument: Syntax errors in policy."},
		{"CreatePolicy", `{"PolicyName":"writer","Path":"/x/","Description":"d","PolicyDocument":"` + allowAll + `"}`,
			`{"Policy":{"PolicyName":"writer","PolicyId":"*","Arn":"arn:aws:iam::111122223333:policy/x/writer","Path":"/x/","DefaultVersionId":"v1","AttachmentCount":0,"PermissionsBoundaryUsageCount":0,"IsAttachable":true,"Description":null,"Tags":null}}`},
		{"CreatePolicy", `{"PolicyName":"Writer","PolicyDocument":"` + allowAll + `"}`, "EntityAlreadyExists: A policy called Writer already exists. Duplicate names are not allowed."},
		{"GetPolicy", `{` + arn + `}`, `{"Policy":{"Description":"d","Tags":[]}}`},
		{"GetPolicy", `{"PolicyArn":"arn:aws:iam::111122223333:policy/none"}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/none was not found."},
		{"GetPolicy", `{"PolicyArn":"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}`, `{"Policy":{"PolicyName":"AWSLambdaBasicExecutionRole","Path":"/service-role/","DefaultVersionId":"v1","Tags":[],"Description":"Provides write permissions to CloudWatch Logs."}}`},
		{"GetPolicyVersion", `{"PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess","VersionId":"v4"}`, `{"PolicyVersion":{"VersionId":"v4","IsDefaultVersion":true,"Document":"*"}}`},
		{"ListPolicies", `{"Scope":"Local"}`, `{"Policies":[{"PolicyName":"writer","AttachmentCount":0}],"IsTruncated":false}`},
		{"ListPolicies", `{"Scope":"AWS","MaxItems":2}`, `{"Policies":[{"PolicyName":"AWSBatchFullAccess"},{"PolicyName":"AWSElasticBeanstalkWebTier"}],"IsTruncated":true,"Marker":"*"}`},
		{"ListPolicies", `{"OnlyAttached":true}`, `{"Policies":[]}`},
		{"CreateUser", `{"UserName":"u"}`, `{}`},
		{"AttachUserPolicy", `{"UserName":"u","PolicyArn":"longpolicynamebutnoarn"}`, "InvalidInput: ARN longpolicynamebutnoarn is not valid."},
		{"AttachUserPolicy", `{"UserName":"u","PolicyArn":"arn:aws:iam::111122223333:policy/none"}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable."},
		{"AttachUserPolicy", `{"UserName":"u",` + arn + `}`, `{}`},
		{"AttachUserPolicy", `{"UserName":"u",` + arn + `}`, `{}`},
		{"AttachUserPolicy", `{"UserName":"u","PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}`, `{}`},
		{"ListAttachedUserPolicies", `{"UserName":"u"}`, `{"AttachedPolicies":[{"PolicyName":"writer","PolicyArn":"arn:aws:iam::111122223333:policy/x/writer"},{"PolicyName":"AmazonSQSFullAccess","PolicyArn":"*"}]}`},
		{"ListEntitiesForPolicy", `{` + arn + `}`, `{"PolicyUsers":[{"UserName":"u","UserId":"*"}],"PolicyGroups":[],"PolicyRoles":[]}`},
		{"ListEntitiesForPolicy", `{` + arn + `,"EntityFilter":"Role"}`, `{"PolicyUsers":[]}`},
		{"GetPolicy", `{` + arn + `}`, `{"Policy":{"AttachmentCount":1}}`},
		{"ListPolicies", `{"OnlyAttached":true}`, `{"Policies":[{"PolicyName":"writer"},{"PolicyName":"AmazonSQSFullAccess"}]}`},
		{"DeletePolicy", `{` + arn + `}`, "DeleteConflict: Cannot delete a policy attached to entities."},
		{"DetachUserPolicy", `{"UserName":"u",` + arn + `}`, `{}`},
		{"DetachUserPolicy", `{"UserName":"u",` + arn + `}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/x/writer was not found."},

		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `","SetAsDefault":true}`, `{"PolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,"Document":null}}`},
		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `"}`, `{"PolicyVersion":{"VersionId":"v3","IsDefaultVersion":false}}`},
		{"ListPolicyVersions", `{` + arn + `}`, `{"Versions":[{"VersionId":"v3","IsDefaultVersion":false},{"VersionId":"v2","IsDefaultVersion":true},{"VersionId":"v1"}]}`},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v2"}`, "DeleteConflict: Cannot delete the default version of a policy."},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v9"}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/x/writer version v9 does not exist or is not attachable."},
		{"GetPolicyVersion", `{` + arn + `,"VersionId":"1"}`, `ValidationError: 1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`},
		{"SetDefaultPolicyVersion", `{` + arn + `,"VersionId":"v1"}`, `{}`},
		{"SetDefaultPolicyVersion", `{"PolicyArn":"arn:aws:iam::111122223333:policy/none","VersionId":"v1"}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/none version v1 does not exist or is not attachable."},
		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `"}`, `{}`},
		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `"}`, `{}`},
		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `"}`, "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."},
		{"DeletePolicy", `{` + arn + `}`, "DeleteConflict: This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v5"}`, `{}`},
		{"CreatePolicyVersion", `{` + arn + `,"PolicyDocument":"` + allowAll + `"}`, `{"PolicyVersion":{"VersionId":"v6"}}`},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v6"}`, `{}`},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v4"}`, `{}`},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v3"}`, `{}`},
		{"DeletePolicyVersion", `{` + arn + `,"VersionId":"v2"}`, `{}`},
		{"DeletePolicy", `{` + arn + `}`, `{}`},
		{"DeletePolicy", `{` + arn + `}`, "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/x/writer was not found."},
		{"CreatePolicyVersion", `{"PolicyArn":"arn:aws:iam::aws:policy/AmazonSQSFullAccess","PolicyDocument":"` + allowAll + `"}`, "AccessDenied: User: arn:aws:iam::111122223333:root is not authorized to perform: iam:CreatePolicyVersion on resource: policy arn:aws:iam::aws:policy/AmazonSQSFullAccess"},
	})
}

func TestInstanceProfiles(t *testing.T) {
	run(t, []step{
		{"CreateInstanceProfile", `{"InstanceProfileName":"web","Path":"/p/"}`, `{"InstanceProfile":{"InstanceProfileName":"web","InstanceProfileId":"*","Arn":"arn:aws:iam::111122223333:instance-profile/p/web","Roles":[],"Tags":null}}`},
		{"CreateInstanceProfile", `{"InstanceProfileName":"web"}`, "EntityAlreadyExists: Instance Profile web already exists."},
		{"GetInstanceProfile", `{"InstanceProfileName":"web"}`, `{"InstanceProfile":{"Roles":[],"Tags":[]}}`},
		{"GetInstanceProfile", `{"InstanceProfileName":"none"}`, "NoSuchEntity: Instance Profile none cannot be found."},
		{"CreateRole", `{"RoleName":"r","AssumeRolePolicyDocument":"` + ec2Trust + `"}`, `{}`},
		{"AddRoleToInstanceProfile", `{"InstanceProfileName":"web","RoleName":"none"}`, "NoSuchEntity: The role with name none cannot be found."},
		{"RemoveRoleFromInstanceProfile", `{"InstanceProfileName":"web","RoleName":"r"}`, "NoSuchEntity: Role r in Instance Profile web cannot be found."},
		{"AddRoleToInstanceProfile", `{"InstanceProfileName":"web","RoleName":"r"}`, `{}`},
		{"AddRoleToInstanceProfile", `{"InstanceProfileName":"web","RoleName":"r"}`, "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"},
		{"GetInstanceProfile", `{"InstanceProfileName":"web"}`, `{"InstanceProfile":{"Roles":[{"RoleName":"r","MaxSessionDuration":null}]}}`},
		{"ListInstanceProfilesForRole", `{"RoleName":"r"}`, `{"InstanceProfiles":[{"InstanceProfileName":"web"}]}`},
		{"ListInstanceProfiles", `{"PathPrefix":"/q/"}`, `{"InstanceProfiles":[]}`},
		{"DeleteRole", `{"RoleName":"r"}`, "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."},
		{"DeleteInstanceProfile", `{"InstanceProfileName":"web"}`, "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."},
		{"RemoveRoleFromInstanceProfile", `{"InstanceProfileName":"web","RoleName":"r"}`, `{}`},
		{"TagInstanceProfile", `{"InstanceProfileName":"web","Tags":[{"Key":"a","Value":"1"}]}`, `{}`},
		{"ListInstanceProfileTags", `{"InstanceProfileName":"web"}`, `{"Tags":[{"Key":"a","Value":"1"}],"IsTruncated":false}`},
		{"UntagInstanceProfile", `{"InstanceProfileName":"web","TagKeys":["A"]}`, `{}`},
		{"ListInstanceProfileTags", `{"InstanceProfileName":"web"}`, `{"Tags":[]}`},
		{"DeleteInstanceProfile", `{"InstanceProfileName":"web"}`, `{}`},
	})
}

func TestTags(t *testing.T) {
	run(t, []step{
		{"CreateUser", `{"UserName":"u"}`, `{}`},
		{"TagUser", `{"UserName":"none","Tags":[]}`, "NoSuchEntity: The user with name none cannot be found."},
		{"TagUser", `{"UserName":"u","Tags":[{"Key":"Team","Value":"a"},{"Key":"x","Value":""}]}`, `{}`},
		{"TagUser", `{"UserName":"u","Tags":[{"Key":"team","Value":"b"}]}`, `{}`},
		{"ListUserTags", `{"UserName":"u"}`, `{"Tags":[{"Key":"team","Value":"b"},{"Key":"x","Value":""}],"IsTruncated":false}`},
		{"TagUser", `{"UserName":"u","Tags":[{"Key":"","Value":"b"}]}`, "ValidationError: 1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must not be null"},
		{"TagUser", `{"UserName":"u","Tags":[{"Key":"a!","Value":"b"}]}`, `ValidationError: 1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`},
		{"UntagUser", `{"UserName":"u","TagKeys":["TEAM"]}`, `{}`},
		{"ListUserTags", `{"UserName":"u"}`, `{"Tags":[{"Key":"x"}]}`},
		{"CreateRole", `{"RoleName":"r","AssumeRolePolicyDocument":"` + ec2Trust + `","Tags":[{"Key":"k","Value":"v"}]}`, `{"Role":{"Tags":[{"Key":"k","Value":"v"}]}}`},
		{"UntagRole", `{"RoleName":"r","TagKeys":["k"]}`, `{}`},
		{"ListRoleTags", `{"RoleName":"r"}`, `{"Tags":[]}`},
		{"CreatePolicy", `{"PolicyName":"p","PolicyDocument":"` + allowAll + `"}`, `{}`},
		{"TagPolicy", `{"PolicyArn":"arn:aws:iam::111122223333:policy/p","Tags":[{"Key":"k","Value":"v"}]}`, `{}`},
		{"ListPolicyTags", `{"PolicyArn":"arn:aws:iam::111122223333:policy/p"}`, `{"Tags":[{"Key":"k","Value":"v"}]}`},
		{"UntagPolicy", `{"PolicyArn":"arn:aws:iam::111122223333:policy/p","TagKeys":["k"]}`, `{}`},
	})
}

func TestAccount(t *testing.T) {
	run(t, []step{
		{"ListAccountAliases", `{}`, `{"AccountAliases":[]}`},
		{"CreateAccountAlias", `{"AccountAlias":"haneul-school"}`, `{}`},
		{"ListAccountAliases", `{}`, `{"AccountAliases":["haneul-school"],"IsTruncated":false}`},
		{"DeleteAccountAlias", `{"AccountAlias":"haneul-school"}`, `{}`},
		{"CreateUser", `{"UserName":"u"}`, `{}`},
		{"GetAccountSummary", `{}`, `{"SummaryMap":{"Users":1,"UsersQuota":5000,"AccessKeysPerUserQuota":2,"Roles":0}}`},
	})
}

func TestMarkersSurviveDeletion(t *testing.T) {
	w := newWorld(t)
	for i := range 6 {
		w.ok(root, "iam:CreateUser", fmt.Sprintf(`{"UserName":"u%d"}`, i))
	}
	out := w.ok(root, "iam:ListUsers", `{"MaxItems":3}`)
	w.ok(root, "iam:DeleteUser", `{"UserName":"u2"}`)
	w.want(root, "iam:ListUsers", `{"Marker":"`+field(t, out, "Marker")+`"}`, `{"Users":[{"UserName":"u3"},{"UserName":"u4"},{"UserName":"u5"}]}`)
	w.want(root, "iam:ListUsers", `{"Marker":"*"}`, "ValidationError: Invalid Marker.")
}

// TestDeterminism: the same calls on the same seed give the same ids and secrets.
func TestDeterminism(t *testing.T) {
	once := func() string {
		w := newWorld(t)
		w.role("worker", "")
		ann := w.user("ann", `"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"`)
		return w.ok(root, "iam:CreateAccessKey", `{"UserName":"ann"}`) + w.ok(ann, "sts:AssumeRole", `{"RoleArn":"arn:aws:iam::111122223333:role/worker","RoleSessionName":"s1"}`)
	}
	if a, b := once(), once(); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestIDs(t *testing.T) {
	w := newWorld(t)
	out := w.ok(root, "iam:CreateUser", `{"UserName":"u"}`)
	if id := field(t, out, "User", "UserId"); len(id) != 21 || !strings.HasPrefix(id, "AIDA") {
		t.Error(id)
	}
	out = w.ok(root, "iam:CreateAccessKey", `{"UserName":"u"}`)
	if id := field(t, out, "AccessKey", "AccessKeyId"); len(id) != 20 || !strings.HasPrefix(id, "AKIA") {
		t.Error(id)
	}
	if s := field(t, out, "AccessKey", "SecretAccessKey"); len(s) != 40 {
		t.Error(s)
	}
}
