package wire

import (
	"net/http"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// stranger answers REST calls signed for services that this cloud does not have, so that `aws lambda list-functions` says
// what is missing and not that it cannot read the answer.
type stranger struct{}

// restXML are the services whose clients expect XML; the others' expect JSON.
var restXML = map[string]bool{"s3": true, "route53": true, "cloudfront": true}

func (stranger) route(rs routes, c *call) (t target, ok bool, err error) {
	scope := c.auth.Service
	if scope == "" || rs.byName[scope] != nil || formValue(c.form, "Action") != "" {
		return target{}, false, nil
	}
	return target{}, true, unknownService(scope, c.http.Method+" "+c.http.URL.Path)
}

// decode and encode are never reached: route always fails.
func (stranger) decode(*call, any) ([]string, error) { return nil, nil }
func (stranger) encode(*call, http.Header, any)      {}

func (stranger) encodeError(c *call, h http.Header, e *emu.Error) (status int) {
	if restXML[c.auth.Service] {
		return query{}.encodeError(c, h, e)
	}
	h["Content-Type"] = []string{"application/json"}
	h["X-Amzn-Errortype"] = []string{e.Code}
	c.out = codec.AppendJSONString(append(c.out, `{"message":`...), e.Message)
	c.out = append(c.out, '}')
	return e.HTTPStatus()
}
