package emu

// kernelName is the service that holds the kernel's own operations. It has no protocol: nobody reaches it over the
// wire but the admin API.
const kernelName = "haneul"

// DueInput names the table whose deadline passed.
type DueInput struct{ Table string }

// Resource implements [Input].
func (*DueInput) Resource(*Call) string { return "*" }

// NoInput is the input of operations that need none.
type NoInput struct{}

// Resource implements [Input].
func (*NoInput) Resource(*Call) string { return "*" }

// EffectInput names the effect whose result is recorded, and its row in the outbox.
type EffectInput struct {
	Effect string
	Row    effectKey
}

// Resource implements [Input].
func (*EffectInput) Resource(*Call) string { return "*" }

// AddFaultInput describes a fault to add; its ID is given by the cloud.
type AddFaultInput struct{ Fault Fault }

// Resource implements [Input].
func (*AddFaultInput) Resource(*Call) string { return "*" }

// AddFaultOutput is the fault as it is in force, and the ids of what it hit at once.
type AddFaultOutput struct {
	Fault  Fault
	Struck []string
}

// ClearFaultsInput names the fault to clear, "" for all.
type ClearFaultsInput struct{ ID string }

// Resource implements [Input].
func (*ClearFaultsInput) Resource(*Call) string { return "*" }

// ClearFaultsOutput says how many were cleared.
type ClearFaultsOutput struct{ Cleared int64 }

// NoOutput is the answer of operations that answer nothing.
type NoOutput struct{}

func (c *Cloud) registerKernel() {
	c.faults = NewTable[faultKey, Fault](c, "haneul.faults")
	c.times = NewTable[modelledKey, modelledRow](c, "haneul.times")
	c.outbox = NewTable[effectKey, outboxRow](c, "haneul.outbox")
	c.Register(&Service{Name: kernelName, Title: "haneul", Ops: []*Operation{
		Op("Due", notCallable[*DueInput]),
		Op("Effect", notCallable[*EffectInput]),
		Op("Advance", notCallable[*NoInput]),
		Op("Freeze", notCallable[*NoInput]),
		Op("Resume", notCallable[*NoInput]),
		Op("Reset", notCallable[*NoInput]),
		Op("Sleep", c.sleep).Reads(),
		Op("AddFault", c.addFault),
		Op("ClearFaults", c.clearFaults),
		Op("SetTime", c.setTime),
	}})
}

// notCallable stands for what the kernel does itself and records under an operation's name.
func notCallable[P any](*Call, P) (*NoOutput, error) {
	return nil, Errorf("InvalidAction", "This operation is the kernel's own.")
}

func (c *Cloud) kernelPrincipal() Principal {
	return Principal{ARN: "arn:aws:iam::" + c.account + ":root", ID: c.account, Account: c.account, Type: Root, Name: kernelName}
}

func (c *Cloud) addFault(call *Call, in *AddFaultInput) (*AddFaultOutput, error) {
	f := in.Fault
	switch f.Kind {
	case FaultKill, FaultInterrupt, FaultOutage:
	case FaultError, FaultThrottle, FaultDuplicate, FaultReorder:
	case FaultLatency:
		if f.LatencyMS <= 0 {
			return nil, Errorf("InvalidParameterValue", "A latency fault needs a latency above 0 ms.")
		}
	default:
		return nil, Errorf("InvalidParameterValue", "Unknown kind of fault %q: use error, latency, throttle, duplicate, reorder, kill, interrupt or outage.", f.Kind)
	}
	if f.Rate < 0 || f.Rate > 1 || f.Count < 0 {
		return nil, Errorf("InvalidParameterValue", "A fault's rate is between 0 and 1 and its count is not negative.")
	}
	if f.Service != "" && c.byName[f.Service] == nil {
		return nil, Errorf("InvalidParameterValue", "There is no service %q in this cloud.", f.Service)
	}
	if f.Service != "" && f.Operation != "" && c.Operation(f.Service, f.Operation) == nil {
		return nil, Errorf("InvalidParameterValue", "%s has no operation %q in this cloud.", f.Service, f.Operation)
	}
	if f.Zone != "" && !f.strikes() {
		return nil, Errorf("InvalidParameterValue", "Only an outage and a kill take an availability zone.")
	}
	f.ID = ""
	out := &AddFaultOutput{Fault: f}
	if f.strikes() {
		var err error
		if out.Struck, err = c.strike(call, &f); err != nil || f.Kind != FaultOutage {
			return out, err
		}
	}
	out.Fault.ID = faultKey(call.seq).id()
	c.faults.Put(faultKey(call.seq), out.Fault)
	return out, nil
}

func (c *Cloud) clearFaults(_ *Call, in *ClearFaultsInput) (*ClearFaultsOutput, error) {
	var keys []faultKey
	c.faults.All(func(k faultKey, f Fault) bool {
		if in.ID == "" || in.ID == f.ID {
			keys = append(keys, k)
		}
		return true
	})
	if in.ID != "" && len(keys) == 0 {
		return nil, &Error{Code: "NoSuchEntity", Message: "There is no fault " + in.ID + ".", Status: 404}
	}
	for _, k := range keys {
		c.faults.Delete(k)
	}
	return &ClearFaultsOutput{int64(len(keys))}, nil
}

// Admin runs one of the kernel's own operations as root.
func (c *Cloud) Admin(op string, in any) (any, error) {
	r := c.Do(&Request{Op: c.Operation(kernelName, op), In: in, Principal: c.kernelPrincipal(), AccessKeyID: c.root.AccessKeyID})
	return r.Out, r.Err
}
