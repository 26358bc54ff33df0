package iam

import (
	"fmt"
	"strconv"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// The texts were recorded from AWS in February 2026 by the LocalStack project, unless a comment says otherwise.

func noSuchEntity(format string, args ...any) *emu.Error {
	return &emu.Error{Code: "NoSuchEntity", Message: fmt.Sprintf(format, args...), Status: 404}
}

func noUser(name string) *emu.Error {
	return noSuchEntity("The user with name %s cannot be found.", name)
}

func noGroup(name string) *emu.Error {
	return noSuchEntity("The group with name %s cannot be found.", name)
}

func noRole(name string) *emu.Error {
	return noSuchEntity("The role with name %s cannot be found.", name)
}

func noProfile(name string) *emu.Error {
	return noSuchEntity("Instance Profile %s cannot be found.", name)
}

func noPolicy(arn string) *emu.Error { return noSuchEntity("Policy %s was not found.", arn) }

func notAttachable(arn string) *emu.Error {
	return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
}

func noVersion(arn, id string) *emu.Error {
	return noSuchEntity("Policy %s version %s does not exist or is not attachable.", arn, id)
}

func noKey(id string) *emu.Error {
	return noSuchEntity("The Access Key with id %s cannot be found.", id)
}

func exists(format string, args ...any) *emu.Error {
	return &emu.Error{Code: "EntityAlreadyExists", Message: fmt.Sprintf(format, args...), Status: 409}
}

func conflict(message string) *emu.Error {
	return &emu.Error{Code: "DeleteConflict", Message: message, Status: 409}
}

func limitExceeded(format string, args ...any) *emu.Error {
	return &emu.Error{Code: "LimitExceeded", Message: fmt.Sprintf(format, args...), Status: 409}
}

func quota(name string, n int) *emu.Error {
	return limitExceeded("Cannot exceed quota for %s: %d", name, n)
}

func malformed(message string) *emu.Error {
	return emu.Errorf("MalformedPolicyDocument", "%s", message)
}

func invalidInput(format string, args ...any) *emu.Error {
	return emu.Errorf("InvalidInput", format, args...)
}

func validation(format string, args ...any) *emu.Error {
	return emu.Errorf("ValidationError", format, args...)
}

// unmodifiable is for changes to AWS's own policies. The text is ours.
func unmodifiable(c *emu.Call, action, arn string) *emu.Error {
	return &emu.Error{Code: "AccessDenied", Status: 403,
		Message: "User: " + c.Principal.ARN + " is not authorized to perform: iam:" + action + " on resource: policy " + arn}
}

const (
	namePattern = `[\w+=,.@-]+`
	pathPattern = `(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`
)

// invalid words broken constraints as IAM does. Names and paths have sentences of their own; of other members it
// does not repeat the value.
func invalid(found []codec.Violation) *emu.Error {
	for _, v := range found {
		switch {
		case v.Field.Pattern == namePattern && strings.HasSuffix(v.Constraint, namePattern):
			return validation("The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", v.Path)
		case v.Field.Pattern == pathPattern && strings.HasSuffix(v.Constraint, pathPattern):
			return validation("The specified value for %s is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.", v.Path)
		}
	}
	return violations(found, func(v codec.Violation) string {
		return "Value at '" + v.Path + "' failed to satisfy constraint: " + v.Constraint
	})
}

// invalidSTS is the same for STS, which repeats values, and has a sentence for ARNs that are none.
func invalidSTS(found []codec.Violation) *emu.Error {
	for _, v := range found {
		if v.Field.Pattern == roleARNPattern && strings.HasSuffix(v.Constraint, roleARNPattern) {
			return validation("%s is invalid", strings.Trim(v.Value, "'"))
		}
	}
	return violations(found, codec.Violation.String)
}

func violations(found []codec.Violation, text func(codec.Violation) string) *emu.Error {
	texts := make([]string, len(found))
	for i, v := range found {
		texts[i] = text(v)
	}
	plural := ""
	if len(found) > 1 {
		plural = "s"
	}
	return validation("%s", strconv.Itoa(len(found))+" validation error"+plural+" detected: "+strings.Join(texts, "; "))
}
