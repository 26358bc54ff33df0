package engine

import (
	"strconv"
	"testing"

	"haneul/engine/emu/emutest"
)

// TestConformance holds every operation of every service to the kernel's rules.
func TestConformance(t *testing.T) {
	suite := &emutest.Suite{
		New:    New,
		Values: hints,
		Before: someOfEverything,
		Open:   []string{"sts:GetCallerIdentity", "sts:GetSessionToken"},
	}
	suite.Test(t)
}

const (
	trustPolicy   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`
	sendPolicy    = `{"Version":"2012-10-17","Statement":[{"Sid":"Send","Effect":"Allow","Action":"sqs:*","Resource":"*"}]}`
	redrivePolicy = `{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-2:111122223333:dead","maxReceiveCount":2}`
)

// hints are what the plans of inputs cannot tell: documents, and names that are settled elsewhere.
var hints = map[string][]string{
	// SQS
	"QueueName":                     {"orders", "dead", "events.fifo", "alpha"},
	"AttributeNames":                {"All", "QueueArn", "ApproximateNumberOfMessages", "RedrivePolicy"},
	"MessageSystemAttributeNames":   {"All", "SentTimestamp"},
	"MessageAttributeNames":         {"All", "kind"},
	"Attributes.key":                {"VisibilityTimeout", "DelaySeconds", "RedrivePolicy", "FifoQueue", "ContentBasedDeduplication", "ReceiveMessageWaitTimeSeconds"},
	"VisibilityTimeout":             {"0", "30"},
	"DelaySeconds":                  {"0", "5"},
	"FifoQueue":                     {"true"},
	"ContentBasedDeduplication":     {"true", "false"},
	"RedrivePolicy":                 {redrivePolicy},
	"ReceiveMessageWaitTimeSeconds": {"0", "2"},
	"MessageGroupId":                {"group-1", "group-2"},
	"Id":                            {"one", "two", "three"},
	"DataType":                      {"String", "Number", "Binary"},
	"StringValue":                   {"12", "text"},
	"Actions":                       {"SendMessage", "ReceiveMessage"},
	"AWSAccountIds":                 {"111122223333", "444455556666"},
	// EC2
	"CreateKeyPair.KeyType": {"ed25519"}, // an RSA key takes a second
	// EC2
	"KeyType": {"ed25519"}, // RSA keys take their time
	// IAM and STS
	"UserName":                 {"mina", "jimin"},
	"GroupName":                {"admins", "readers"},
	"RoleName":                 {"worker", "reader"},
	"PolicyName":               {"send", "receive"},
	"InstanceProfileName":      {"profile"},
	"PolicyDocument":           {sendPolicy},
	"AssumeRolePolicyDocument": {trustPolicy},
	"PolicyArn":                {"arn:aws:iam::aws:policy/AmazonSQSFullAccess", "arn:aws:iam::111122223333:policy/send"},
	"RoleArn":                  {"arn:aws:iam::111122223333:role/worker"},
	"RoleSessionName":          {"session"},
	"Path":                     {"/", "/team/"},
	"PathPrefix":               {"/"},
	"ActionNames":              {"sqs:SendMessage"},
	"PolicySourceArn":          {"arn:aws:iam::111122223333:user/mina"},
}

// someOfEverything gives the scripts something to work on.
func someOfEverything(r *emutest.Run) {
	for _, call := range [][2]string{
		{"sqs:CreateQueue", `{"QueueName":"dead"}`},
		{"sqs:CreateQueue", `{"QueueName":"orders","Attributes":{"VisibilityTimeout":"5","RedrivePolicy":` + strconv.Quote(redrivePolicy) + `}}`},
		{"sqs:CreateQueue", `{"QueueName":"events.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"true"}}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/orders","MessageBody":"first"}`},
		{"sqs:SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/dead","MessageBody":"second"}`},
		{"sqs:ReceiveMessage", `{"QueueUrl":"http://127.0.0.1:4566/111122223333/orders"}`},
		{"iam:CreateUser", `{"UserName":"mina"}`},
		{"iam:CreateGroup", `{"GroupName":"admins"}`},
		{"iam:CreateRole", `{"RoleName":"worker","AssumeRolePolicyDocument":` + strconv.Quote(trustPolicy) + `}`},
		{"iam:CreatePolicy", `{"PolicyName":"send","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
		{"iam:CreateInstanceProfile", `{"InstanceProfileName":"profile"}`},
		{"iam:AttachUserPolicy", `{"UserName":"mina","PolicyArn":"arn:aws:iam::111122223333:policy/send"}`},
		{"iam:PutRolePolicy", `{"RoleName":"worker","PolicyName":"send","PolicyDocument":` + strconv.Quote(sendPolicy) + `}`},
	} {
		r.Do(call[0], call[1])
	}
}
