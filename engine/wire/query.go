package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// query is AWS Query: Action, Version and parameters in a form or a query string, XML out. It takes every request that no
// other protocol recognised.
type query struct{}

func (query) route(rs routes, c *call) (t target, ok bool, err error) {
	action, version := formValue(c.form, "Action"), formValue(c.form, "Version")
	scope := c.auth.Service
	if action == "" {
		t = rs.speaker(scope)
		return t, true, missingAction(scope)
	}
	if scope != "" && rs.byName[scope] == nil {
		return target{}, true, unknownService(scope, action)
	}
	t, ok = rs.query(scope, version, action)
	t.operation = action
	if !ok {
		return t, true, noSuchVersion(scope, version, action)
	}
	return t, true, nil
}

// speaker is the Query side of a service, zero if it has none.
func (rs routes) speaker(name string) target {
	if s := rs.byName[name]; s != nil {
		for _, p := range s.Wire {
			if p.Kind == emu.Query || p.Kind == emu.EC2 {
				return target{service: s, protocol: p}
			}
		}
	}
	return target{}
}

// query finds the service by signing scope and version. Either may be absent: unsigned calls have no scope, and calls by
// hand often no version.
func (rs routes) query(scope, version, action string) (t target, ok bool) {
	if version == "" && scope != "" {
		t = rs.speaker(scope)
		return t, t.service != nil
	}
	var candidates []target
	for v, ts := range rs.byVersion {
		for _, t := range ts {
			if (version == "" || v == version) && (scope == "" || t.service.Name == scope) {
				candidates = append(candidates, t)
			}
		}
	}
	if len(candidates) > 1 {
		candidates = slices.DeleteFunc(candidates, func(t target) bool { return !t.has(action) })
	}
	if len(candidates) == 1 {
		return candidates[0], true
	}
	return rs.speaker(scope), false
}

func (t target) has(operation string) bool {
	return slices.Contains(t.service.Missing, operation) ||
		slices.ContainsFunc(t.service.Ops, func(o *emu.Operation) bool { return o.Name == operation })
}

// formOf is the parameters of a request without a target, of the query string and of the body.
func formOf(c *call) string {
	switch {
	case len(c.http.Header["X-Amz-Target"]) > 0:
		return ""
	case len(c.body) == 0:
		return c.http.URL.RawQuery
	case c.http.URL.RawQuery == "":
		return string(c.body)
	}
	return c.http.URL.RawQuery + "&" + string(c.body)
}

func formValue(form, name string) string {
	for form != "" {
		var pair string
		pair, form, _ = strings.Cut(form, "&")
		if key, value, _ := strings.Cut(pair, "="); key == name {
			if plain, err := url.QueryUnescape(value); err == nil {
				return plain
			}
			return value
		}
	}
	return ""
}

func (query) decode(c *call, in any) (unknown []string, err error) {
	return c.op.Input().DecodeQuery(c.form, in, func(name string) bool {
		return name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-")
	})
}

var xmlType = []string{"text/xml"}

func (query) encode(c *call, h http.Header, out any) {
	h["Content-Type"] = xmlType
	name := c.op.Name
	b := append(c.out, '<')
	b = append(append(b, name...), `Response xmlns="`...)
	b = append(append(b, c.target.protocol.Namespace...), `"><`...)
	b = append(append(b, name...), `Result>`...)
	b = c.op.Output().AppendXML(b, out)
	b = append(append(append(b, `</`...), name...), `Result><ResponseMetadata><RequestId>`...)
	b = append(append(b, c.requestID...), `</RequestId></ResponseMetadata></`...)
	c.out = append(append(b, name...), `Response>`...)
}

// faultNamespace is that of errors which belong to no service.
const faultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09"

func (query) encodeError(c *call, h http.Header, e *emu.Error) (status int) {
	h["Content-Type"] = xmlType
	namespace := c.target.protocol.Namespace
	if namespace == "" {
		namespace = faultNamespace
	}
	b := append(c.out, `<?xml version="1.0"?><ErrorResponse xmlns="`...)
	b = append(append(b, namespace...), `"><Error><Type>`...)
	b = append(append(b, blame(e)...), `</Type><Code>`...)
	b = append(codec.AppendXMLText(b, e.Query()), `</Code><Message>`...)
	b = append(codec.AppendXMLText(b, e.QueryText()), `</Message><Detail/></Error><RequestId>`...)
	c.out = append(append(b, c.requestID...), `</RequestId></ErrorResponse>`...)
	return e.HTTPStatus()
}
