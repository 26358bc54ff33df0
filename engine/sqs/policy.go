package sqs

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"haneul/engine/emu"
)

// document is a queue policy as far as this service reads it. IAM evaluates it.
type document struct {
	Version   string            `json:"Version,omitempty"`
	ID        string            `json:"Id,omitempty"`
	Statement []json.RawMessage `json:"Statement"`
}

// grant is a statement as AddPermission writes it. What is one is a string, what is more is a list.
type grant struct {
	Sid       string    `json:"Sid"`
	Effect    string    `json:"Effect"`
	Principal principal `json:"Principal"`
	Action    any       `json:"Action"`
	Resource  string    `json:"Resource"`
}

type principal struct {
	AWS any `json:"AWS"`
}

// parseDocument reads a policy whose Statement may be one object or a list.
func parseDocument(text string) (d document, ok bool) {
	var loose struct {
		Version   string          `json:"Version"`
		ID        string          `json:"Id"`
		Statement json.RawMessage `json:"Statement"`
	}
	r := json.NewDecoder(strings.NewReader(text))
	r.DisallowUnknownFields()
	if r.Decode(&loose) != nil || r.More() {
		return d, false
	}
	d = document{Version: loose.Version, ID: loose.ID}
	switch raw := bytes.TrimSpace(loose.Statement); {
	case len(raw) == 0:
		return d, false
	case raw[0] == '{':
		d.Statement = []json.RawMessage{raw}
	default:
		if json.Unmarshal(raw, &d.Statement) != nil {
			return d, false
		}
	}
	return d, len(d.Statement) > 0
}

// setPolicy sets the queue's policy, or removes it with "".
func setPolicy(a *assignment, text string) error {
	if text == "" {
		a.q.Policy = ""
		return nil
	}
	d, ok := parseDocument(text)
	if !ok || d.Version != "" && d.Version != "2008-10-17" && d.Version != "2012-10-17" {
		return invalidAttribute("Policy")
	}
	for _, raw := range d.Statement {
		if !validStatement(raw) {
			return invalidAttribute("Policy")
		}
	}
	if n := len(d.Statement); n > maxStatements {
		return overLimit("%d statements were found in the submitted policy, max allowed is %d", n, maxStatements)
	}
	a.q.Policy = text
	return nil
}

// validStatement checks the parts without which a resource policy's statement means nothing.
func validStatement(raw json.RawMessage) bool {
	var st map[string]json.RawMessage
	if json.Unmarshal(raw, &st) != nil {
		return false
	}
	var effect string
	has := func(name string) bool { return len(st[name]) > 0 || len(st["Not"+name]) > 0 }
	return json.Unmarshal(st["Effect"], &effect) == nil && (effect == "Allow" || effect == "Deny") &&
		has("Principal") && has("Action") && has("Resource")
}

// sid is a statement's label.
func sid(raw json.RawMessage) string {
	var st struct{ Sid string }
	if json.Unmarshal(raw, &st) != nil {
		return ""
	}
	return st.Sid
}

func (d *document) find(label string) int {
	return slices.IndexFunc(d.Statement, func(raw json.RawMessage) bool { return sid(raw) == label })
}

func (d *document) String() string {
	if len(d.Statement) == 0 {
		return ""
	}
	b, err := json.Marshal(d)
	if err != nil {
		return "" // not reached: every part was parsed or made here
	}
	return string(b)
}

// oneOrMany writes a list of one as its element, as AWS does.
func oneOrMany(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// Actions that a queue's owner can share, and those it cannot.
var (
	sharedActions = []string{"*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl",
		"ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage"}
	ownerActions = []string{"AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks",
		"ListQueues", "ListQueueTags", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue"}
)

func checkActions(actions []string) *emu.Error {
	for _, name := range actions {
		switch {
		case slices.Contains(ownerActions, name):
			return invalidValue("SQS:"+name, "ActionName", "Only the queue owner is allowed to invoke this action.")
		case !slices.Contains(sharedActions, name):
			return invalidValue("SQS:"+name, "ActionName", "Please refer to the appropriate WSDL for a list of valid actions.")
		}
	}
	return nil
}
