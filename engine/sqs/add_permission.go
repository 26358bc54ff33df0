package sqs

import (
	"encoding/json"
	"strings"

	"haneul/engine/emu"
)

// AddPermissionInput names the queue, a label, and who may do what.
type AddPermissionInput struct {
	QueueUrl      string   `is:"required"`
	Label         string   `is:"required"`
	AWSAccountIds []string `query:"AWSAccountId,flat" is:"required"`
	Actions       []string `query:"ActionName,flat" is:"required"`
}

// Resource implements [emu.Input].
func (in *AddPermissionInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// addPermission adds a statement to the queue's policy.
func (s *service) addPermission(c *emu.Call, in *AddPermissionInput) (*emu.NoOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if len(in.Label) > maxNameLength || !isWord(in.Label) {
		return nil, invalidValue(in.Label, "Label", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.")
	}
	if err := checkActions(in.Actions); err != nil {
		return nil, err
	}
	var who, what []string
	for _, account := range in.AWSAccountIds {
		if len(account) != 12 || strings.Trim(account, "0123456789") != "" {
			return nil, invalidValue("["+account+"]", "PrincipalId", "Unable to verify.")
		}
		who = append(who, "arn:aws:iam::"+account+":root")
	}
	for _, name := range in.Actions {
		what = append(what, "SQS:"+name)
	}
	d, ok := parseDocument(q.Policy)
	if !ok {
		d = document{Version: "2008-10-17", ID: k.arn(c) + "/SQSDefaultPolicy"}
	}
	if d.find(in.Label) >= 0 {
		return nil, invalidValue(in.Label, "Label", "Already exists.")
	}
	st, err := json.Marshal(grant{in.Label, "Allow", principal{oneOrMany(who)}, oneOrMany(what), k.arn(c)})
	if err != nil {
		return nil, err
	}
	d.Statement = append(d.Statement, st)
	if n := len(d.Statement); n > maxStatements {
		return nil, overLimit("%d Statements were found, maximum allowed is %d.", n, maxStatements)
	}
	q.Policy, q.Modified = d.String(), c.Now
	s.queues.Put(k, q)
	return &emu.NoOutput{}, nil
}
