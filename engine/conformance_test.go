package engine

import (
	"maps"
	"strconv"
	"testing"

	"haneul/engine/emu"
	"haneul/engine/emu/emutest"
)

// TestConformance holds every operation of every service to the kernel's rules.
func TestConformance(t *testing.T) {
	suite := &emutest.Suite{
		New:    func(o emu.Options) *emu.Cloud { return newCloud(o, agreeable{}) },
		Values: merged(hints, ec2Hints),
		Before: func(r *emutest.Run) { someOfEverything(r); someInstances(r) },
		Open:   []string{"sts:GetCallerIdentity", "sts:GetSessionToken"},
	}
	suite.Test(t)
}

const (
	trustPolicy   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`
	serverTrust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	sendPolicy    = `{"Version":"2012-10-17","Statement":[{"Sid":"Send","Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`
	deadLetters   = "arn:aws:sqs:ap-northeast-2:111122223333:dead"
	redrivePolicy = `{"deadLetterTargetArn":"` + deadLetters + `","maxReceiveCount":2}`
)

// hints are what the plans of inputs cannot tell: documents, and names that are settled elsewhere.
var hints = map[string][]string{
	// SQS
	"QueueName":                           {"orders", "dead", "events.fifo", "alpha"},
	"AttributeNames":                      {"All", "QueueArn", "ApproximateNumberOfMessages", "RedrivePolicy"},
	"MessageSystemAttributeNames":         {"All", "SentTimestamp"},
	"MessageAttributeNames":               {"All", "kind"},
	"Attributes.key":                      {"VisibilityTimeout", "DelaySeconds", "RedrivePolicy", "FifoQueue", "ContentBasedDeduplication", "ReceiveMessageWaitTimeSeconds"},
	"VisibilityTimeout":                   {"0", "30"},
	"DelaySeconds":                        {"0", "5"},
	"FifoQueue":                           {"true"},
	"ContentBasedDeduplication":           {"true", "false"},
	"RedrivePolicy":                       {redrivePolicy},
	"ReceiveMessageWaitTimeSeconds":       {"0", "2"},
	"MessageGroupId":                      {"group-1", "group-2"},
	"Id":                                  {"one", "two", "three"},
	"DataType":                            {"String", "Number", "Binary"},
	"StringValue":                         {"12", "text"},
	"Actions":                             {"SendMessage", "ReceiveMessage"},
	"AWSAccountIds":                       {"111122223333", "444455556666"},
	"StartMessageMoveTask.SourceArn":      {deadLetters},
	"StartMessageMoveTask.DestinationArn": {""},
	"StartMessageMoveTask.MaxNumberOfMessagesPerSecond": {"1"},
	"ListMessageMoveTasks.SourceArn":                    {deadLetters},
	"CancelMessageMoveTask.TaskHandle":                  {"=TaskHandle"},
	// IAM and STS
	"UpdateAssumeRolePolicy.PolicyDocument":     {trustPolicy},
	"UpdateAssumeRolePolicy.RoleName":           {"worker"},
	"DeleteGroupPolicy.GroupName":               {"admins"},
	"DeleteGroupPolicy.PolicyName":              {"send"},
	"DeleteRole.RoleName":                       {"spare"},
	"DeletePolicy.PolicyArn":                    {"arn:aws:iam::111122223333:policy/spare"},
	"DeleteInstanceProfile.InstanceProfileName": {"spare"},
	"PermissionsBoundary":                       {"arn:aws:iam::111122223333:policy/send"},
	"UserName":                                  {"mina", "jimin"},
	"GroupName":                                 {"admins", "readers"},
	"RoleName":                                  {"worker", "reader"},
	"PolicyName":                                {"send", "receive"},
	"InstanceProfileName":                       {"profile"},
	"PolicyDocument":                            {sendPolicy},
	"AssumeRolePolicyDocument":                  {trustPolicy},
	"PolicyArn":                                 {"arn:aws:iam::aws:policy/AmazonSQSFullAccess", "arn:aws:iam::111122223333:policy/send"},
	"RoleArn":                                   {"arn:aws:iam::111122223333:role/worker"},
	"RoleSessionName":                           {"session"},
	"Path":                                      {"/", "/team/"},
	"PathPrefix":                                {"/"},
	"ActionNames":                               {"sqs:SendMessage"},
	"PolicySourceArn":                           {"arn:aws:iam::111122223333:user/mina"},
}

// someOfEverything gives the scripts something to work on.
func someOfEverything(r *emutest.Run) {
	for _, call := range [][2]string{
		{"sqs:CreateQueue", `{"QueueName":"dead"}`},
		{"sqs:CreateQueue", `{"QueueName":"orders","Attributes":{"VisibilityTimeout":"5","RedrivePolicy":` + strconv.Quote(redrivePolicy) + `}}`},
		{"sqs:CreateQueue", `{"QueueName":"events.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"true"}}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/orders","MessageBody":"first"}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/dead","MessageBody":"second"}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/dead","MessageBody":"third"}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/dead","MessageBody":"fourth"}`},
		{"sqs:ReceiveMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/orders"}`},
		{"iam:CreateUser", `{"UserName":"mina"}`},
		{"iam:CreateGroup", `{"GroupName":"admins"}`},
		{"iam:CreateRole", `{"RoleName":"worker","AssumeRolePolicyDocument":` + strconv.Quote(trustPolicy) + `}`},
		{"iam:CreatePolicy", `{"PolicyName":"send","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
		{"iam:CreateRole", `{"RoleName":"server","AssumeRolePolicyDocument":` + strconv.Quote(serverTrust) + `}`},
		{"iam:CreateRole", `{"RoleName":"spare","AssumeRolePolicyDocument":` + strconv.Quote(trustPolicy) + `}`},
		{"iam:CreatePolicy", `{"PolicyName":"spare","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
		{"iam:CreateInstanceProfile", `{"InstanceProfileName":"spare"}`},
		{"iam:CreateInstanceProfile", `{"InstanceProfileName":"profile"}`},
		{"iam:AddRoleToInstanceProfile", `{"InstanceProfileName":"profile","RoleName":"server"}`},
		{"iam:AttachUserPolicy", `{"UserName":"mina","PolicyArn":"arn:aws:iam::111122223333:policy/send"}`},
		{"iam:PutGroupPolicy", `{"GroupName":"admins","PolicyName":"send","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
		{"iam:PutRolePolicy", `{"RoleName":"worker","PolicyName":"send","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
	} {
		r.Do(call[0], call[1])
	}
}

func merged(a, b map[string][]string) map[string][]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
