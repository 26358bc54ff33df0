# IAM and STS as boto3 sees them. Everything is asserted here; a Go test runs it against a fresh cloud.
import datetime
import json
import os

import boto3
from botocore.exceptions import ClientError

endpoint = os.environ["ENDPOINT"]


def client(service, credentials=None):
    c = credentials or {}
    return boto3.client(service, endpoint_url=endpoint, aws_access_key_id=c.get("AccessKeyId"),
                        aws_secret_access_key=c.get("SecretAccessKey"), aws_session_token=c.get("SessionToken"))


def fails(code, call, **args):
    try:
        call(**args)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return e.response["Error"]["Message"]
    raise AssertionError(f"no {code}")


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


iam, sts = client("iam"), client("sts")
account = sts.get_caller_identity()["Account"]
assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{account}:root"

# users, groups, keys
user = iam.create_user(UserName="jimin", Path="/team/", Tags=[{"Key": "Team", "Value": "a"}])["User"]
assert user["Arn"] == f"arn:aws:iam::{account}:user/team/jimin" and user["UserId"].startswith("AIDA")
assert isinstance(user["CreateDate"], datetime.datetime)
assert [u["UserName"] for u in iam.list_users()["Users"]] == ["jimin"]
assert iam.get_user(UserName="jimin")["User"]["Tags"] == [{"Key": "Team", "Value": "a"}]
iam.create_group(GroupName="devs")
iam.add_user_to_group(GroupName="devs", UserName="jimin")
assert iam.get_group(GroupName="devs")["Users"][0]["UserName"] == "jimin"
assert iam.list_groups_for_user(UserName="jimin")["Groups"][0]["GroupName"] == "devs"
key = iam.create_access_key(UserName="jimin")["AccessKey"]
assert key["AccessKeyId"].startswith("AKIA") and len(key["SecretAccessKey"]) == 40
message = fails("NoSuchEntity", iam.get_user, UserName="nobody")
assert message == "The user with name nobody cannot be found."
assert fails("ValidationError", iam.create_user, UserName="a b").startswith("The specified value for userName is invalid.")

# policies
document = policy(allow("sqs:*", f"arn:aws:sqs:*:{account}:${{aws:username}}-*"))
arn = iam.create_policy(PolicyName="own-queues", PolicyDocument=document, Description="queues of one's own")["Policy"]["Arn"]
assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == json.loads(document)
iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
assert iam.list_attached_group_policies(GroupName="devs")["AttachedPolicies"] == [{"PolicyName": "own-queues", "PolicyArn": arn}]
assert iam.list_entities_for_policy(PolicyArn=arn)["PolicyGroups"][0]["GroupName"] == "devs"
assert fails("MalformedPolicyDocument", iam.create_policy, PolicyName="x", PolicyDocument="{}") == "Syntax errors in policy."
iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v2", "v1"]
pages = iam.get_paginator("list_policies").paginate(Scope="AWS", PaginationConfig={"PageSize": 7})
names = [p["PolicyName"] for page in pages for p in page["Policies"]]
assert len(names) == len(set(names)) and "AWSLambdaBasicExecutionRole" in names

# what the key may do
jimin = client("sqs", key)
jimin.create_queue(QueueName="jimin-1")
message = fails("AccessDenied", jimin.create_queue, QueueName="other")
assert message == (f"User: arn:aws:iam::{account}:user/team/jimin is not authorized to perform: sqs:CreateQueue on resource: "
                   f"arn:aws:sqs:ap-northeast-2:{account}:other because no identity-based policy allows the sqs:CreateQueue action"), message
iam.put_user_policy(UserName="jimin", PolicyName="stop", PolicyDocument=policy({"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}))
assert fails("AccessDenied", jimin.list_queues).endswith("with an explicit deny in an identity-based policy")
iam.delete_user_policy(UserName="jimin", PolicyName="stop")
iam.update_access_key(UserName="jimin", AccessKeyId=key["AccessKeyId"], Status="Inactive")
fails("InvalidClientTokenId", client("sts", key).get_caller_identity)
iam.update_access_key(UserName="jimin", AccessKeyId=key["AccessKeyId"], Status="Active")
assert iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]["ServiceName"] == "sqs"

# roles and sessions
trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "sts:AssumeRole",
                                                            "Condition": {"StringEquals": {"sts:ExternalId": "e-7"}}}]})
role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust)["Role"]
assert role["AssumeRolePolicyDocument"] == json.loads(trust)
iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=policy(allow("sqs:ListQueues")))
assert iam.get_role_policy(RoleName="worker", PolicyName="p")["PolicyDocument"]["Version"] == "2012-10-17"
assume = client("sts", key).assume_role
fails("AccessDenied", assume, RoleArn=role["Arn"], RoleSessionName="s1")
answer = assume(RoleArn=role["Arn"], RoleSessionName="s1", ExternalId="e-7", DurationSeconds=900)
session = answer["Credentials"]
assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/worker/s1"
assert answer["AssumedRoleUser"]["AssumedRoleId"] == role["RoleId"] + ":s1"
assert session["AccessKeyId"].startswith("ASIA")
client("sqs", session).list_queues()
fails("AccessDenied", client("sqs", session).create_queue, QueueName="x")
fails("InvalidClientTokenId", client("sts", {**session, "SessionToken": "wrong"}).get_caller_identity)
fails("ValidationError", assume, RoleArn=role["Arn"], RoleSessionName="s 1")
token = client("sts", key).get_session_token()["Credentials"]
assert client("sts", token).get_caller_identity()["Arn"] == user["Arn"]

# instance profiles, tags, simulator, account
iam.create_instance_profile(InstanceProfileName="web")
iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="worker")
assert iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Roles"][0]["RoleName"] == "worker"
iam.tag_role(RoleName="worker", Tags=[{"Key": "empty", "Value": ""}])
assert iam.list_role_tags(RoleName="worker")["Tags"] == [{"Key": "empty", "Value": ""}]
result = iam.simulate_principal_policy(PolicySourceArn=role["Arn"], ActionNames=["sqs:ListQueues", "sqs:SendMessage"])["EvaluationResults"]
assert [r["EvalDecision"] for r in result] == ["allowed", "implicitDeny"]
assert iam.get_account_summary()["SummaryMap"]["Users"] == 1
iam.create_account_alias(AccountAlias="haneul")
assert iam.list_account_aliases()["AccountAliases"] == ["haneul"]
fails("DeleteConflict", iam.delete_role, RoleName="worker")

# what is not emulated says so by name
message = fails("NotEmulated", iam.create_login_profile, UserName="jimin", Password="x" * 12)
assert "CreateLoginProfile" in message, message
