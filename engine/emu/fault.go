package emu

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Fault is something that goes wrong on purpose: for calls that match, or to what services run.
type Fault struct {
	ID        string // "" for a blow that is over: kill and interrupt
	Kind      string // see the constants
	Service   string // "" for any
	Operation string // "" for any
	ARN       string // a pattern with * and ?; "" for any. kill and interrupt take an id alone as well
	Zone      string // outage, kill: an availability zone
	Code      string // error: the code to answer with; "" for InternalFailure
	Message   string
	LatencyMS int64   // latency: virtual milliseconds
	Count     int64   // how many calls it hits before it is used up; 0 for no limit
	Rate      float64 // the share of matching calls it hits; 0 for all
}

// The kinds of faults. Duplicate and reorder are for services whose contract allows them (a standard queue):
// their handlers ask with [Call.Fault].
const (
	FaultError     = "error"
	FaultLatency   = "latency"
	FaultThrottle  = "throttle"
	FaultDuplicate = "duplicate"
	FaultReorder   = "reorder"
)

// The kinds that hit what services run ([Service.Strike]), in the call that adds them.
const (
	FaultKill      = "kill"      // what it names dies without warning
	FaultInterrupt = "interrupt" // what it names gets a notice, and goes when that has run out
	FaultOutage    = "outage"    // everything in a zone dies, and nothing starts there until the fault is cleared
)

// strikes reports whether a fault hits what services run, and not calls.
func (f *Fault) strikes() bool {
	return f.Kind == FaultKill || f.Kind == FaultInterrupt || f.Kind == FaultOutage
}

// Names reports whether the fault's pattern matches a resource, by its ARN or by its id: what follows the last slash, or
// the last colon.
func (f *Fault) Names(arn string) bool {
	return f.ARN != "" && (globMatch(f.ARN, arn) || globMatch(f.ARN, arn[strings.LastIndexAny(arn, "/:")+1:]))
}

// Down reports whether a zone is out of order.
func (c *Call) Down(zone string) (down bool) {
	if c.cloud.faults.Len() == 0 {
		return false
	}
	c.cloud.faults.All(func(_ faultKey, f Fault) bool {
		down = f.Kind == FaultOutage && f.Zone == zone
		return !down
	})
	return down
}

type faultKey uint64

func (a faultKey) Compare(b faultKey) int { return cmp.Compare(a, b) }

func (a faultKey) id() string { return "fault-" + strconv.FormatUint(uint64(a), 10) }

func (f *Fault) matches(c *Call) bool {
	return (f.Service == "" || f.Service == c.op.service.Name) &&
		(f.Operation == "" || f.Operation == c.op.Name) &&
		(f.ARN == "" || globMatch(f.ARN, c.arn))
}

// globMatch reports whether an ARN matches a pattern with * and ?, where * may stand for anything.
func globMatch(pattern, arn string) bool {
	star, from := -1, 0 // the last * met, and where in arn its match ends
	p := 0
	for i := 0; i < len(arn); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == arn[i]):
			p++
			i++
		case star >= 0: // let the * take one more
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// fault is the stage that lets calls fail on purpose. Which faults strike is decided once, when a call arrives: a call
// that is parked and tried again does not run the risk again.
func (c *Cloud) fault(call *Call) error {
	if c.faults.Len() == 0 || call.op.service.Name == kernelName {
		return nil
	}
	if !call.chosen {
		call.choose()
	}
	for _, k := range call.faults {
		f, ok := c.faults.Get(k)
		if !ok {
			continue // cleared while the call was parked
		}
		if f.Kind == FaultLatency {
			if err := call.Wait("fault", call.Started+Time(f.LatencyMS)*Millisecond, 0); err != nil {
				return err
			}
		}
		call.used = append(call.used, k)
		if f.Kind != FaultLatency {
			return f.error()
		}
	}
	return nil
}

// choose decides which faults strike a call: at most one latency, then at most one error. A call from service to
// service cannot wait, so latency passes it by.
func (c *Call) choose() {
	c.chosen = true
	salt := c.seq
	if c.cause == 0 {
		c.cloud.arrivals++ // parked calls may arrive at the same number
		salt = c.cloud.arrivals
		if k, ok := c.find(salt, FaultLatency); ok {
			c.arrival.faults = append(c.arrival.faults, k)
		}
	}
	if k, ok := c.find(salt, FaultError, FaultThrottle); ok {
		c.arrival.faults = append(c.arrival.faults, k)
	}
}

// find is the first fault of one of the kinds that strikes this call.
func (c *Call) find(salt uint64, kinds ...string) (hit faultKey, ok bool) {
	c.cloud.faults.All(func(k faultKey, f Fault) bool {
		ok = slices.Contains(kinds, f.Kind) && f.matches(c) && !c.spent(k, f) && f.chance(mix(c.cloud.seed^uint64(k), salt))
		hit = k
		return !ok
	})
	return hit, ok
}

// spent reports whether this call itself has used the fault up.
func (c *Call) spent(k faultKey, f Fault) bool {
	var n int64
	for _, u := range c.used {
		if u == k {
			n++
		}
	}
	return f.Count > 0 && n >= f.Count
}

// chance draws whether a matching call is hit.
func (f *Fault) chance(random uint64) bool {
	return f.Rate == 0 || float64(random>>11)/(1<<53) < f.Rate
}

func (f *Fault) error() *Error {
	switch {
	case f.Kind == FaultThrottle:
		return &Error{Code: "ThrottlingException", QueryCode: "Throttling", Message: "Rate exceeded"}
	case f.Code != "":
		return &Error{Code: f.Code, Message: f.Message}
	}
	return &Error{Code: "InternalFailure", Message: "We encountered an internal error. Please try again.", Fault: true}
}

// Fault reports whether a fault of this kind (duplicate, reorder) strikes the call; ask once for each thing it may strike.
func (c *Call) Fault(kind string) bool {
	if c.cloud.faults.Len() == 0 {
		return false
	}
	k, ok := c.find(c.Rand(), kind)
	if ok {
		c.used = append(c.used, k)
	}
	return ok
}

// useFaults counts down the faults that struck a call, also one that failed.
func (c *Cloud) useFaults(used []faultKey) {
	for _, k := range used {
		f, ok := c.faults.Get(k)
		if !ok || f.Count == 0 {
			continue
		}
		if f.Count--; f.Count == 0 {
			c.faults.Delete(k)
		} else {
			c.faults.Put(k, f)
		}
	}
}

// Faults lists the faults in force.
func (c *Cloud) Faults() (fs []Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults.All(func(_ faultKey, f Fault) bool { fs = append(fs, f); return true })
	return fs
}

// strike lets services be hit by a fault that is not about calls, and returns what they lost.
func (c *Cloud) strike(call *Call, f *Fault) (hit []string, err error) {
	if err := f.complete(); err != nil {
		return nil, err
	}
	for _, s := range c.services {
		if s.Strike == nil || f.Service != "" && f.Service != s.Name {
			continue
		}
		region := call.Region
		names, err := s.Strike(call, f)
		if call.Region = region; err != nil {
			return nil, err
		}
		hit = append(hit, names...)
	}
	if len(hit) == 0 && f.ARN != "" {
		return nil, Errorf("InvalidParameterValue", "Nothing that runs here is named %s.", f.ARN)
	}
	return hit, nil
}

// complete reports what is missing in a fault that strikes, or is too much.
func (f *Fault) complete() error {
	bare := Fault{Kind: f.Kind, Service: f.Service, ARN: f.ARN, Zone: f.Zone}
	switch {
	case *f != bare:
		return Errorf("InvalidParameterValue", "A fault of the kind %s happens to what runs, not to calls: it takes a service, an ARN or a zone, and nothing else.", f.Kind)
	case f.Kind == FaultOutage && (f.Zone == "" || f.ARN != "" || f.Service != ""):
		return Errorf("InvalidParameterValue", "An outage needs an availability zone, and takes nothing else.")
	case f.Kind == FaultKill && (f.ARN == "") == (f.Zone == ""):
		return Errorf("InvalidParameterValue", "A kill needs the ARN or the id of what it hits, or an availability zone.")
	case f.Kind == FaultInterrupt && (f.ARN == "" || f.Zone != ""):
		return Errorf("InvalidParameterValue", "An interrupt needs the ARN or the id of what it hits.")
	}
	return nil
}
