package wire

import (
	"fmt"
	"slices"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// The errors of the machinery itself, in AWS's codes where it has one. Those that say what is not emulated name both the
// service and the operation.

func internalFailure() *emu.Error {
	return &emu.Error{Code: "InternalFailure", Message: "The request processing has failed because of an unknown error, exception or failure.", Status: 500, Fault: true}
}

func tooLarge() *emu.Error {
	return &emu.Error{Code: "RequestEntityTooLarge", Message: fmt.Sprintf("The request is larger than %d bytes, the most this cloud accepts.", maxBody), Status: 413}
}

func unknownEncoding(encoding string) *emu.Error {
	return &emu.Error{Code: "UnsupportedContentEncoding", Message: fmt.Sprintf("The content encoding %q is not supported: send gzip or none.", encoding), Status: 415}
}

// malformed is the answer to input that cannot be read.
func malformed(message string) *emu.Error {
	return &emu.Error{Code: "SerializationException", QueryCode: "MalformedInput", Message: message}
}

func undecodable(p *codec.Problem) *emu.Error {
	if p.Path == "" {
		return malformed(p.Reason)
	}
	return malformed(p.Reason + " (at " + p.Path + ")")
}

// unknownOperation tells what AWS has and we have not from what nobody has.
func unknownOperation(t target) *emu.Error {
	if slices.Contains(t.service.Missing, t.operation) {
		return emu.Errorf("NotEmulated", "haneul does not emulate %s, which %s has.", t, t.service.Title)
	}
	return &emu.Error{Code: "UnknownOperationException", QueryCode: "InvalidAction",
		Message: fmt.Sprintf("The action %s is not valid for this endpoint: %s has no such operation.", t.operation, t.service.Name)}
}

// unknownService is for requests to services that this cloud does not have.
func unknownService(service, operation string) *emu.Error {
	return &emu.Error{Code: "UnknownOperationException", QueryCode: "InvalidAction",
		Message: fmt.Sprintf("haneul does not emulate the service %s, so %s is not answered here.", service, operation)}
}

func unknownParameters(t target, names []string) *emu.Error {
	s := ""
	if len(names) > 1 {
		s = "s"
	}
	const shown = 10
	if len(names) > shown {
		names = append(slices.Clone(names[:shown]), "…")
	}
	return emu.Errorf("NotEmulated", "haneul does not emulate the parameter%s %s of %s.", s, strings.Join(names, ", "), t)
}

// invalid is AWS's general wording for input that breaks its model.
func invalid(vs []codec.Violation) *emu.Error {
	s := ""
	if len(vs) > 1 {
		s = "s"
	}
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = v.String()
	}
	return &emu.Error{Code: "ValidationException", QueryCode: "ValidationError",
		Message: fmt.Sprintf("%d validation error%s detected: %s", len(vs), s, strings.Join(texts, "; "))}
}

// missingAction is for requests that no protocol recognises, too.
func missingAction(service string) *emu.Error {
	if service == "" {
		service = "a service of this cloud"
	}
	return emu.Errorf("MissingAction", "The request to %s has neither an X-Amz-Target header nor the parameter Action.", service)
}

func noSuchVersion(service, version, action string) *emu.Error {
	if service == "" {
		service = "any service of this cloud"
	}
	return emu.Errorf("NoSuchVersion", "The requested version ( %s ) is not valid for %s, asked for the action %s.", version, service, action)
}
