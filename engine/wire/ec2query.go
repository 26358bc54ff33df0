package wire

import (
	"net/http"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// ec2Query is the Query protocol of EC2, the oldest of all: requests without .member., answers without a Result element,
// errors in lists. https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
type ec2Query struct{}

func (ec2Query) route(rs routes, c *call) (t target, ok bool, err error) {
	if t, ok, err = (query{}).route(rs, c); !ok || t.protocol.Kind != emu.EC2 {
		return target{}, false, nil
	}
	return t, true, err
}

func (ec2Query) decode(c *call, in any) (unknown []string, err error) {
	return c.op.Input().DecodeEC2(c.form, in, func(name string) bool {
		return name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-")
	})
}

var ec2XMLType = []string{"text/xml;charset=UTF-8"}

func (ec2Query) encode(c *call, h http.Header, out any) {
	h["Content-Type"] = ec2XMLType
	name := c.op.Name
	b := append(c.out, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<"...)
	b = append(append(b, name...), `Response xmlns="`...)
	b = append(append(b, c.target.protocol.Namespace...), `"><requestId>`...)
	b = append(append(b, c.requestID...), `</requestId>`...)
	b = c.op.Output().AppendEC2(b, out)
	c.out = append(append(append(b, `</`...), name...), `Response>`...)
}

func (ec2Query) encodeError(c *call, h http.Header, e *emu.Error) (status int) {
	h["Content-Type"] = ec2XMLType
	code, text, status := ec2Error(e)
	b := append(c.out, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<Response><Errors><Error><Code>"...)
	b = append(codec.AppendXMLText(b, code), `</Code><Message>`...)
	b = append(codec.AppendXMLText(b, text), `</Message></Error></Errors><RequestID>`...)
	c.out = append(append(b, c.requestID...), `</RequestID></Response>`...)
	return status
}

// ec2Error is an error in the codes and words of EC2, which has its own for what every service refuses.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
func ec2Error(e *emu.Error) (code, text string, status int) {
	text = e.QueryText()
	switch code = e.Query(); code {
	case "AccessDenied":
		return "UnauthorizedOperation", "You are not authorized to perform this operation. " + text, http.StatusForbidden
	case "InvalidClientTokenId", "SignatureDoesNotMatch", "MissingAuthenticationToken":
		return "AuthFailure", "AWS was not able to validate the provided access credentials", http.StatusUnauthorized
	case "ExpiredToken":
		return "RequestExpired", text, http.StatusBadRequest
	case "Throttling":
		return "RequestLimitExceeded", "Request limit exceeded.", http.StatusServiceUnavailable
	case "InternalFailure":
		return "InternalError", text, http.StatusInternalServerError
	case "MalformedInput":
		return "InvalidParameterValue", text, http.StatusBadRequest
	}
	return code, text, e.HTTPStatus()
}
