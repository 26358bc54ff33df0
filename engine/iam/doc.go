// Package iam emulates AWS Identity and Access Management and the Security Token Service, and is the cloud's
// [emu.Authority]: it says whose an access key is and what its owner may do.
//
// Emulated: users, groups, roles and instance profiles with paths and tags; access keys; managed policies with their
// versions, inline policies, permissions boundaries, and the AWS-managed policies of managed/; trust policies;
// sts:AssumeRole with external ids, session policies and session tags, GetSessionToken, GetCallerIdentity; the policy
// simulator; and the whole evaluation: explicit deny, identity, resource, boundary and session policies (see package
// policy).
//
// Not emulated, and named in service.go: passwords and the console, MFA, certificates, SAML and OIDC providers,
// service-linked roles, access reports.
//
// Different from AWS, on purpose:
//   - Nothing is eventual: a change of a policy holds for the next call.
//   - The account's root may assume a role whose trust policy names the account. AWS refuses it ("Roles may not be
//     assumed by root accounts."), but here root's is the only key a new cloud has.
//   - Resource policies cannot lock root out.
//   - A policy knows users and roles by name. AWS ties a trust policy to the id of the user it named when it was written,
//     and stops trusting a new user of the same name.
//   - Session tokens of users work everywhere; AWS keeps them from IAM's own operations unless MFA was used.
//   - SQS's refusals spell actions as policies do, sqs:SendMessage; AWS's SQS writes them in lower case.
//   - Other accounts exist as names in policies only; nobody can sign in from one.
//   - The wide AWS-managed policies (ReadOnlyAccess and its like) list the services of the course, not all of AWS's.
//
// References: https://docs.aws.amazon.com/IAM/latest/APIReference/ and https://docs.aws.amazon.com/STS/latest/APIReference/
package iam
