package engine

import (
	"haneul/engine/ec2"
	"haneul/engine/emu"
	"haneul/engine/iam"
	"haneul/engine/sqs"
)

// New makes an empty cloud with every service. This is the one place that knows them all; an eleventh service is one
// more line.
func New(o emu.Options) *emu.Cloud { return newCloud(o, nil) }

// newCloud is New with machines to run instances; nil for none.
func newCloud(o emu.Options, m ec2.Machines) *emu.Cloud {
	c := emu.New(o)
	iam.New(c)
	sqs.New(c)
	ec2.New(c, m, instanceRoles{})
	return c
}

// Services describes what every cloud offers, without one running.
func Services() []*emu.Service {
	return New(emu.Options{Name: "catalogue", Account: "000000000000"}).Services()
}
