package iam

// Quotas, from https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and, for the numbers, an
// answer of GetAccountSummary recorded from AWS on 2026-02-17 by the LocalStack project.
const (
	usersQuota             = 5000
	groupsQuota            = 300
	rolesQuota             = 1000
	instanceProfilesQuota  = 1000
	policiesQuota          = 1500
	policyVersionsQuota    = 10000
	versionsPerPolicy      = 5
	groupsPerUser          = 10
	accessKeysPerUser      = 2
	attachedPerEntity      = 10
	rolesPerProfile        = 1
	tagsPerEntity          = 50
	managedPolicySize      = 6144 // sizes do not count white space
	trustPolicySize        = 2048
	userInlineSize         = 2048 // all inline policies of one user together
	groupInlineSize        = 5120
	roleInlineSize         = 10240
	sessionPolicySize      = 2048
	serverCertificates     = 20
	signingCertificates    = 2
	defaultPage            = 100
	defaultSession         = 3600  // seconds
	chainedSession         = 3600  // the longest session of a role assumed by a role
	rootSession            = 3600  // the longest session token of root
	defaultSessionToken    = 43200 // seconds
	defaultMaxSessionOfAll = 3600  // a new role's MaxSessionDuration
)
