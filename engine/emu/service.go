package emu

import "haneul/engine/codec"

// Kind names a wire protocol family.
type Kind string

// The protocols of the AWS API models.
const (
	JSON10 Kind = "awsJson1.0"
	JSON11 Kind = "awsJson1.1"
	Query  Kind = "query"
	EC2    Kind = "ec2"
)

// Protocol is one way to reach a service over HTTP. Package wire reads it.
type Protocol struct {
	Kind      Kind
	Target    string // JSON: the prefix of X-Amz-Target, e.g. AmazonSQS
	Version   string // Query: the API version, e.g. 2012-11-05
	Namespace string // Query: xmlns of an answer; JSON: prefix of __type, e.g. com.amazonaws.sqs
}

// Service is what a service package registers: its table of operations and how it speaks.
type Service struct {
	Name  string // IAM prefix and signing scope, e.g. sqs
	Title string // e.g. Amazon SQS
	Wire  []Protocol
	Ops   []*Operation
	// Missing names the AWS operations that are not emulated, for coverage and for errors.
	Missing []string
	// Invalid words a failed validation as this service does; nil: "1 validation error detected: …".
	Invalid func([]codec.Violation) *Error
	// Policy is the resource policy document attached to an ARN, "" if there is none; nil: the service has none.
	Policy func(c *Call, arn string) string
	// Strike lets a fault of the kind kill, interrupt or outage hit what the service runs, in the call that adds it, and
	// returns the ids of what was hit; nil: it runs nothing. That a zone is down afterwards it learns from [Call.Down].
	Strike func(c *Call, f *Fault) (hit []string, err error)
	// Modelled are the times that it makes up; see [Call.Takes].
	Modelled []Modelled
	// Resources lists what exists at a moment, in a stable order; nil: the service has nothing to show.
	Resources func(now Time) []Resource
}

// Register adds a service. Names are unique; a double registration is a programming error.
func (c *Cloud) Register(s *Service) {
	if c.byName[s.Name] != nil {
		panic("emu: service registered twice: " + s.Name)
	}
	c.byName[s.Name] = s
	c.services = append(c.services, s)
	for _, op := range s.Ops {
		key := s.Name + ":" + op.Name
		op.service, op.full = s, key
		if op.Action == "" {
			op.Action = key
		}
		if c.ops[key] != nil {
			panic("emu: operation registered twice: " + key)
		}
		c.ops[key] = op
	}
}

// Services lists what is registered, in order.
func (c *Cloud) Services() []*Service { return c.services }

// Operation finds an operation by service and name; nil if there is none.
func (c *Cloud) Operation(service, name string) *Operation { return c.ops[service+":"+name] }
