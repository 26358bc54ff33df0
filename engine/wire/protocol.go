package wire

import (
	"net/http"

	"haneul/engine/codec"
	"haneul/engine/emu"
	"haneul/engine/wire/sigv4"
)

// protocol is one way to say an operation, its input, its output and its errors over HTTP.
type protocol interface {
	// route says what a request asks for. ok is false for a request of another protocol; err is a request of this protocol
	// that asks for nothing we know.
	route(rs routes, c *call) (t target, ok bool, err error)
	// decode fills in, an input of c.op, and returns the parameters that c.op does not have. The error is a
	// *codec.Problem.
	decode(c *call, in any) (unknown []string, err error)
	// encode appends an output to c.out and sets the headers it needs.
	encode(c *call, h http.Header, out any)
	// encodeError does so with an error, and returns the status. It works at any stage: c.target may be empty.
	encodeError(c *call, h http.Header, e *emu.Error) (status int)
}

// protocols are asked in order; the last one takes what nobody recognised.
var protocols = [...]protocol{awsJSON{}, stranger{}, ec2Query{}, query{}}

// target is what a request asks for.
type target struct {
	service   *emu.Service
	operation string
	protocol  emu.Protocol // the service's, that the request came by; zero for our own dialect
}

func (t target) String() string {
	if t.service == nil {
		return "no service"
	}
	return t.service.Name + ":" + t.operation
}

// routes find services by what the protocols name them with. They are the same in every cloud of the process.
type routes struct {
	byName    map[string]*emu.Service
	byTarget  map[string]target   // JSON: the prefix of X-Amz-Target
	byVersion map[string][]target // Query: the API version, which several services may share
}

func newRoutes(services []*emu.Service) routes {
	rs := routes{map[string]*emu.Service{}, map[string]target{}, map[string][]target{}}
	for _, s := range services {
		if len(s.Wire) == 0 {
			continue // not to be reached from outside
		}
		rs.byName[s.Name] = s
		for _, p := range s.Wire {
			if p.Target != "" {
				rs.byTarget[p.Target] = target{service: s, protocol: p}
			}
			if p.Version != "" {
				rs.byVersion[p.Version] = append(rs.byVersion[p.Version], target{service: s, protocol: p})
			}
		}
	}
	return rs
}

// route is the first stage: it reads the request and finds the protocol, the service and the operation's name. A body
// that cannot be read is answered in the protocol that the headers tell.
func (s *Server) route(c *call) error {
	unread := s.readBody(c)
	c.auth, c.authErr = sigv4.Parse(c.http)
	c.form = formOf(c)
	for _, p := range protocols {
		t, ok, err := p.route(s.routes, c)
		if !ok {
			continue
		}
		c.protocol, c.target = p, t
		if unread != nil {
			return unread
		}
		return err
	}
	return nil
}

// decode is the third stage: it finds the operation in the caller's cloud and reads and checks its input.
func (s *Server) decode(c *call) error {
	service := c.target.service
	c.op = c.cloud.Operation(service.Name, c.target.operation)
	if c.op == nil {
		return unknownOperation(c.target)
	}
	c.in = c.op.NewInput()
	unknown, err := c.protocol.decode(c, c.in)
	if err != nil {
		return undecodable(err.(*codec.Problem))
	}
	if len(unknown) > 0 {
		return unknownParameters(c.target, unknown)
	}
	addressByPath(c)
	if violations := c.op.Input().Validate(c.in); violations != nil {
		if service.Invalid != nil {
			return service.Invalid(violations)
		}
		return invalid(violations)
	}
	return nil
}
