package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"haneul/engine/compute"
	"haneul/engine/ec2"
)

// silent is a runtime whose Docker takes what it is told and never answers, not even to who has gone.
type silent struct{ compute.Runtime }

func (silent) Find(context.Context, string, string) (compute.Instance, error) {
	return nil, compute.ErrNotFound
}
func (silent) CreateVPC(context.Context, compute.VPC) error { return nil }
func (silent) AcquireENI(context.Context, string, string, compute.Address) (compute.ENI, error) {
	return deaf{}, nil
}

type deaf struct{ compute.ENI }

func (deaf) ApplySecurityGroups(ctx context.Context, _ compute.Rules) error {
	<-ctx.Done()
	return ctx.Err()
}
func (deaf) Release(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

// TestBootEnds: with a Docker that hangs an instance is not pending for ever, and says why it is not running.
func TestBootEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachines("default", silent{}, func() {})
		began := time.Now()
		_, err := m.Boot(t.Context(), ec2.Machine{ID: "i-1", VPC: "vpc-1", VPCRange: "172.31.0.0/16", Subnet: "172.31.0.0/20", IP: "172.31.0.4"})
		if err == nil || !strings.Contains(err.Error(), "it was not started by Docker within 5m0s") {
			t.Errorf("it says %v", err)
		}
		if took := time.Since(began); took > bootPatience+releaseGrace {
			t.Errorf("it took %s", took)
		}
	})
}
