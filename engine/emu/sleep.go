package emu

import (
	"context"
	"time"
)

// SleepInput says for how long to wait on the virtual clock.
type SleepInput struct{ Milliseconds int64 }

// Resource implements [Input].
func (*SleepInput) Resource(*Call) string { return "*" }

func (c *Cloud) sleep(call *Call, in *SleepInput) (*NoOutput, error) {
	deadline := call.Started + Time(in.Milliseconds)*Millisecond
	if err := call.Wait("sleep", deadline, 0); err != nil {
		return nil, err
	}
	return &NoOutput{}, nil
}

// Sleep returns when d has passed on the virtual clock: as a parked call, it keeps nobody busy. While the clock is
// frozen and nobody advances it, it ends after d in wall time.
func (c *Cloud) Sleep(ctx context.Context, d time.Duration) error {
	return c.Do(&Request{Op: c.Operation(kernelName, "Sleep"), In: &SleepInput{d.Milliseconds()}, Principal: c.kernelPrincipal(), Context: ctx}).Err
}
