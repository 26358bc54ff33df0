package ec2

import "haneul/engine/emu"

// writes makes a handler of one that changes the region: the region's default network is there when it runs, and a dry
// run is undone.
func writes[I emu.Input, O any](s *Service, h func(*emu.Call, I) (*O, error)) func(*emu.Call, I) (*O, error) {
	return func(c *emu.Call, in I) (*O, error) {
		s.settle(c.Account, c.Region)
		return reads(h)(c, in)
	}
}

// reads makes a handler that understands dry runs.
func reads[I emu.Input, O any](h func(*emu.Call, I) (*O, error)) func(*emu.Call, I) (*O, error) {
	return func(c *emu.Call, in I) (*O, error) {
		out, err := h(c, in)
		if err == nil && isDry(in) {
			return nil, dryRunSucceeded()
		}
		return out, err
	}
}

func isDry(in any) bool {
	d, ok := in.(interface{ dryRun() bool })
	return ok && d.dryRun()
}

// ReturnOutput is the answer of operations that only say yes.
type ReturnOutput struct{ Return bool }

func done() *ReturnOutput { return &ReturnOutput{true} }
