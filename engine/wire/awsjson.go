package wire

import (
	"net/http"
	"slices"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// awsJSON is awsJson 1.0 and 1.1: an operation in X-Amz-Target, JSON in and out. It is also the dialect of haneul's own
// clients, who reach any service as Haneul_<service>.
type awsJSON struct{}

const ownTarget = "Haneul_"

var (
	json10 = []string{"application/x-amz-json-1.0"}
	json11 = []string{"application/x-amz-json-1.1"}
)

func (awsJSON) route(rs routes, c *call) (t target, ok bool, err error) {
	header := c.http.Header["X-Amz-Target"]
	if len(header) == 0 {
		return target{}, false, nil
	}
	name, operation := "", header[0]
	if dot := strings.LastIndexByte(header[0], '.'); dot >= 0 {
		name, operation = header[0][:dot], header[0][dot+1:]
	}
	if service, own := strings.CutPrefix(name, ownTarget); own {
		t = target{service: rs.byName[service]}
	} else {
		t = rs.byTarget[name]
	}
	t.operation = operation
	if t.service == nil {
		if c.auth.Service != "" {
			name = c.auth.Service
		}
		return t, true, unknownService(name, operation)
	}
	return t, true, nil
}

func (awsJSON) decode(c *call, in any) (unknown []string, err error) {
	return c.op.Input().DecodeJSON(c.body, in)
}

func (awsJSON) encode(c *call, h http.Header, out any) {
	h["Content-Type"] = contentType(c)
	c.out = c.op.Output().AppendJSON(c.out, out)
}

func (awsJSON) encodeError(c *call, h http.Header, e *emu.Error) (status int) {
	h["Content-Type"] = contentType(c)
	status = e.HTTPStatus()
	code, text := queryWords(c.target, e)
	if queryCompatible(c.target) {
		h["X-Amzn-Query-Error"] = []string{code + ";" + blame(e)}
	} else if !e.Fault && status == http.StatusForbidden {
		status = http.StatusBadRequest // services that never spoke Query know no other status for a caller's mistake
	}
	c.out = append(c.out, `{"__type":`...)
	c.out = codec.AppendJSONString(c.out, errorType(c.target, e.Code))
	message := e.Message
	if c.target.protocol.Kind == "" { // our own clients speak of errors as the Query protocol does
		message = text
	}
	c.out = append(c.out, `,"message":`...)
	c.out = codec.AppendJSONString(c.out, message)
	c.out = append(c.out, '}')
	return status
}

// queryCompatible tells the services that once spoke Query: their JSON errors carry the Query code in a header.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
func queryCompatible(t target) bool {
	if t.service == nil {
		return false
	}
	return t.protocol.Kind == "" || slices.ContainsFunc(t.service.Wire, func(p emu.Protocol) bool { return p.Kind == emu.Query || p.Kind == emu.EC2 })
}

// queryWords are the code and the text of an error in the Query dialect of a service.
func queryWords(t target, e *emu.Error) (code, text string) {
	if t.service != nil && slices.ContainsFunc(t.service.Wire, func(p emu.Protocol) bool { return p.Kind == emu.EC2 }) {
		code, text, _ = ec2Error(e)
		return code, text
	}
	return e.Query(), e.QueryText()
}

func blame(e *emu.Error) string {
	if e.Fault {
		return "Receiver"
	}
	return "Sender"
}

const framework = "com.amazon.coral.service#"

// frameworkErrors are not in a service's model: AWS's framework types them as its own, and what only this cloud says has
// no namespace.
var frameworkErrors = map[string]string{
	"AccessDeniedException":               framework,
	"ExpiredTokenException":               framework,
	"IncompleteSignatureException":        framework,
	"InternalFailure":                     framework,
	"InvalidParameterValueException":      framework,
	"InvalidSignatureException":           framework,
	"MissingAuthenticationTokenException": framework,
	"MissingRequiredParameterException":   framework,
	"NotEmulated":                         "",
	"RequestEntityTooLarge":               framework,
	"SerializationException":              framework,
	"ServiceUnavailable":                  framework,
	"ThrottlingException":                 framework,
	"UnknownOperationException":           framework,
	"UnrecognizedClientException":         framework,
	"UnsupportedContentEncoding":          "",
	"ValidationException":                 "com.amazon.coral.validate#",
}

// errorType is the __type of an error: a shape of the service's model with its namespace, or the framework's. Our own
// dialect has the bare code.
func errorType(t target, code string) string {
	if t.protocol.Kind == "" {
		return code
	}
	if namespace, ok := frameworkErrors[code]; ok {
		return namespace + code
	}
	if t.protocol.Namespace != "" {
		return t.protocol.Namespace + "#" + code
	}
	return code
}

func contentType(c *call) []string {
	if c.target.protocol.Kind == emu.JSON11 {
		return json11
	}
	return json10
}
