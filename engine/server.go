package engine

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"haneul/engine/admin"
	"haneul/engine/emu"
)

// refuse makes an admin API error.
func refuse(status int, code, format string, args ...any) error {
	return &admin.Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// api is the admin API of a host: one handler a route, each returning what to answer or an error.
func (h *Host) api() http.Handler {
	mux := http.NewServeMux()
	route := func(pattern string, f func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, f) })
	}
	at := func(method, path string) string { return method + " " + admin.Prefix + path }
	route(at("GET", "status"), func(*http.Request) (any, error) { return h.status(), nil })
	route(at("POST", "shutdown"), h.leave)
	route(at("GET", "coverage"), func(*http.Request) (any, error) { return Coverage(), nil })
	route(at("GET", "runtime"), h.runtime)
	route(at("POST", "runtime/image"), h.prepareRuntime)
	route(at("GET", "clouds"), func(*http.Request) (any, error) { return h.Clouds(), nil })
	route(at("POST", "clouds"), h.createCloud)
	route(at("GET", "clouds/{cloud}"), h.on(func(x *hosted, _ *http.Request) (any, error) { return x.describe(), nil }))
	route(at("DELETE", "clouds/{cloud}"), func(r *http.Request) (any, error) { return nil, h.Delete(r.PathValue("cloud")) })
	route(at("POST", "clouds/{cloud}/reset"), h.on(func(x *hosted, _ *http.Request) (any, error) { return nil, x.Reset() }))
	route(at("POST", "clouds/{cloud}/branch"), h.branchCloud)
	route(at("GET", "clouds/{cloud}/clock"), h.on(func(x *hosted, _ *http.Request) (any, error) { return x.clock(0), nil }))
	route(at("POST", "clouds/{cloud}/clock"), h.on(turnClock))
	route(at("POST", "clouds/{cloud}/warm"), h.on(h.warm))
	route(at("POST", "clouds/{cloud}/sleep"), h.on(sleep))
	route(at("POST", "clouds/{cloud}/quiet"), h.on(quiet))
	route(at("GET", "clouds/{cloud}/faults"), h.on(func(x *hosted, _ *http.Request) (any, error) { return faults(x), nil }))
	route(at("POST", "clouds/{cloud}/faults"), h.on(addFault))
	route(at("DELETE", "clouds/{cloud}/faults"), h.on(clearFaults))
	route(at("DELETE", "clouds/{cloud}/faults/{id}"), h.on(clearFaults))
	route(at("GET", "clouds/{cloud}/times"), h.on(func(x *hosted, _ *http.Request) (any, error) { return times(x), nil }))
	route(at("PUT", "clouds/{cloud}/times/{name}"), h.on(setTime))
	route(at("DELETE", "clouds/{cloud}/times/{name}"), h.on(resetTime))
	route(at("GET", "clouds/{cloud}/resources"), h.on(func(x *hosted, _ *http.Request) (any, error) { return resources(x), nil }))
	route(at("GET", "clouds/{cloud}/journal/{request}"), h.on(findEntry))
	route(at("GET", "clouds/{cloud}/access-keys/{key}"), h.on(accessKey))
	route(at("GET", "clouds/{cloud}/instances"), h.on(instances))
	route(at("GET", "clouds/{cloud}/instances/{instance}"), h.on(instance))
	route(at("GET", "clouds/{cloud}/instances/{instance}/console"), h.on(console))
	route(at("POST", "clouds/{cloud}/strikes"), h.on(strike))
	mux.HandleFunc(at("POST", "clouds/{cloud}/instances/{instance}/exec"), h.stream(serveExec))
	mux.HandleFunc(at("POST", "clouds/{cloud}/instances/{instance}/dial"), h.stream(serveDial))
	mux.HandleFunc(at("GET", "clouds/{cloud}/journal"), h.serveJournal)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, refuse(404, "NoSuchRoute", "The admin API has no %s %s.", r.Method, r.URL.Path))
	})
	return h.guard(mux)
}

// guard lets in who knows the token.
func (h *Host) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get(admin.TokenHeader)
		if h.options.Token == "" || subtle.ConstantTimeCompare([]byte(given), []byte(h.options.Token)) != 1 {
			fail(w, refuse(403, "BadToken", "The admin API needs the token from the engine's state file in the header %s.", admin.TokenHeader))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *Host) answer(w http.ResponseWriter, r *http.Request, f func(*http.Request) (any, error)) {
	out, err := f(r)
	if err != nil {
		fail(w, err)
		return
	}
	if out == nil {
		out = struct{}{}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(out)
}

func fail(w http.ResponseWriter, err error) {
	var refused *admin.Error
	var aws *emu.Error
	switch {
	case errors.As(err, &refused):
	case errors.As(err, &aws):
		refused = &admin.Error{Status: aws.HTTPStatus(), Code: aws.Code, Message: aws.Message}
	default:
		refused = &admin.Error{Status: 500, Code: "InternalFailure", Message: err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.Status)
	json.NewEncoder(w).Encode(refused)
}

// on finds the cloud that a route names.
func (h *Host) on(f func(*hosted, *http.Request) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		h.used.touch()
		x, err := h.find(r.PathValue("cloud"))
		if err != nil {
			return nil, err
		}
		return f(x, r)
	}
}

// read decodes a request's body and refuses members it does not know.
func read(r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return refuse(400, "BadBody", "The body is not what this route takes: %v.", err)
	}
	return nil
}

func (h *Host) status() admin.Status {
	s := admin.Status{Endpoint: h.Endpoint(), PID: os.Getpid(), Build: h.options.Build, Auth: "strict", Data: h.options.Dir, SetAside: h.setAside}
	if h.options.AuthOff {
		s.Auth = "off"
	}
	s.Clouds = h.Clouds()
	return s
}

// Clouds describes the clouds in the order of their names.
func (h *Host) Clouds() (cs []admin.Cloud) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, name := range h.names() {
		cs = append(cs, h.clouds[name].describe())
	}
	return cs
}

func (h *Host) leave(*http.Request) (any, error) {
	h.stopping.Do(func() { close(h.shutdown) })
	return nil, nil
}

func (h *Host) createCloud(r *http.Request) (any, error) {
	var s admin.CloudSpec
	if err := read(r, &s); err != nil {
		return nil, err
	}
	if _, err := h.Create(s); err != nil {
		return nil, err
	}
	x, err := h.find(s.Name)
	if err != nil {
		return nil, err
	}
	return x.describe(), nil
}

func (h *Host) branchCloud(r *http.Request) (any, error) {
	var s admin.BranchSpec
	if err := read(r, &s); err != nil {
		return nil, err
	}
	if _, err := h.Branch(r.PathValue("cloud"), s); err != nil {
		return nil, err
	}
	x, err := h.find(s.Name)
	if err != nil {
		return nil, err
	}
	return x.describe(), nil
}

func (x *hosted) clock(steps int) admin.Clock {
	return admin.Clock{Now: wallTime(x.Now()), Frozen: x.Frozen(), Steps: steps}
}

func turnClock(x *hosted, r *http.Request) (any, error) {
	var change struct {
		Advance string `json:"advance"`
		Freeze  bool   `json:"freeze"`
		Resume  bool   `json:"resume"`
	}
	if err := read(r, &change); err != nil {
		return nil, err
	}
	switch {
	case change.Advance != "" && !change.Freeze && !change.Resume:
		d, err := admin.ParseDuration(change.Advance)
		if err != nil {
			return nil, refuse(400, "BadDuration", "%s", err)
		}
		steps, err := x.Advance(d)
		return x.clock(steps), err
	case change.Freeze && change.Advance == "" && !change.Resume:
		err := x.Freeze()
		return x.clock(0), err
	case change.Resume && change.Advance == "" && !change.Freeze:
		err := x.Resume()
		return x.clock(0), err
	}
	return nil, refuse(400, "BadBody", "Say one of advance, freeze and resume.")
}

func sleep(x *hosted, r *http.Request) (any, error) {
	var body struct {
		For string `json:"for"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	d, err := admin.ParseDuration(body.For)
	if err != nil {
		return nil, refuse(400, "BadDuration", "%s", err)
	}
	return nil, x.Sleep(r.Context(), d)
}

// quiet answers when the cloud has nothing in flight, twice in a row: a client between two calls counts as busy.
func quiet(x *hosted, r *http.Request) (any, error) {
	var body struct {
		Timeout string `json:"timeout"`
	}
	if err := read(r, &body); err != nil {
		return nil, err
	}
	timeout, err := admin.ParseDuration(body.Timeout)
	if err != nil {
		return nil, refuse(400, "BadDuration", "%s", err)
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for calm := 0; calm < 2; {
		if calm++; x.Busy() > 0 {
			calm = 0
		}
		select {
		case <-ctx.Done():
			return nil, refuse(408, "NotQuiet", "The cloud %s still had %d calls in flight after %s.", x.Name(), x.Busy(), timeout)
		case <-tick.C:
		}
	}
	return admin.Quiet{Waiting: x.Waiting()}, nil
}

func faults(x *hosted) []admin.Fault {
	fs := []admin.Fault{}
	for _, f := range x.Faults() {
		fs = append(fs, shownFault(f))
	}
	return fs
}

func shownFault(f emu.Fault) admin.Fault {
	return admin.Fault{ID: f.ID, Kind: f.Kind, Service: f.Service, Operation: f.Operation, ARN: f.ARN, Zone: f.Zone, Code: f.Code,
		Message: f.Message, LatencyMS: f.LatencyMS, Count: f.Count, Rate: f.Rate}
}

func addFault(x *hosted, r *http.Request) (any, error) {
	var f admin.Fault
	if err := read(r, &f); err != nil {
		return nil, err
	}
	return x.addFault(emu.Fault{Kind: f.Kind, Service: f.Service, Operation: f.Operation, ARN: f.ARN, Zone: f.Zone, Code: f.Code,
		Message: f.Message, LatencyMS: f.LatencyMS, Count: f.Count, Rate: f.Rate})
}

func (x *hosted) addFault(f emu.Fault) (admin.Fault, error) {
	out, err := x.Admin("AddFault", &emu.AddFaultInput{Fault: f})
	if err != nil {
		return admin.Fault{}, err
	}
	added := out.(*emu.AddFaultOutput)
	shown := shownFault(added.Fault)
	shown.Struck = added.Struck
	return shown, nil
}

func clearFaults(x *hosted, r *http.Request) (any, error) {
	return x.Admin("ClearFaults", &emu.ClearFaultsInput{ID: r.PathValue("id")})
}

func times(x *hosted) []admin.ModelledTime {
	all := []admin.ModelledTime{}
	for _, m := range x.Times() {
		all = append(all, admin.ModelledTime{Name: m.Name, TimeMS: int64(m.Time / emu.Millisecond), DefaultMS: int64(m.Default / emu.Millisecond), AWS: m.AWS})
	}
	return all
}

func setTime(x *hosted, r *http.Request) (any, error) {
	var in admin.ModelledTime
	if err := read(r, &in); err != nil {
		return nil, err
	}
	_, err := x.Admin("SetTime", &emu.SetTimeInput{Name: r.PathValue("name"), Time: emu.Time(in.TimeMS) * emu.Millisecond})
	return nil, err
}

func resetTime(x *hosted, r *http.Request) (any, error) {
	_, err := x.Admin("SetTime", &emu.SetTimeInput{Name: r.PathValue("name"), Default: true})
	return nil, err
}

func resources(x *hosted) []admin.Resource {
	rs := []admin.Resource{}
	for _, l := range x.Resources() {
		for _, r := range l.Resources {
			rs = append(rs, admin.Resource{Service: l.Service, Kind: r.Kind, Name: r.Name, ARN: r.ARN, Region: r.Region, State: shownNotes(r.State), Sight: sightOf(r.Detail)})
		}
	}
	return rs
}

func findEntry(x *hosted, r *http.Request) (any, error) {
	e, ok := x.Find(r.PathValue("request"))
	if !ok {
		return nil, refuse(404, "NoSuchRequest", "The journal of %s has no request %s.", x.Name(), r.PathValue("request"))
	}
	return shownEntry(e), nil
}

// serveJournal writes entries as JSON lines, and with follow=1 goes on until the reader leaves.
func (h *Host) serveJournal(w http.ResponseWriter, r *http.Request) {
	x, err := h.find(r.PathValue("cloud"))
	if err != nil {
		fail(w, err)
		return
	}
	q := r.URL.Query()
	from, err1 := strconv.ParseUint("0"+q.Get("from"), 10, 64)
	limit, err2 := strconv.Atoi("0" + q.Get("limit"))
	if err := errors.Join(err1, err2); err != nil {
		fail(w, refuse(400, "BadQuery", "from and limit are numbers."))
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	for {
		es := x.Entries(from, limit)
		if err := writeEntries(w, es); err != nil || q.Get("follow") == "" {
			return
		}
		if len(es) > 0 {
			from = es[len(es)-1].Seq + 1
		}
		if x.WaitEntry(r.Context(), from) != nil {
			return
		}
	}
}

func writeEntries(w http.ResponseWriter, es []emu.Entry) error {
	lines := json.NewEncoder(w)
	for _, e := range es {
		if err := lines.Encode(shownEntry(e)); err != nil {
			return err
		}
	}
	err := http.NewResponseController(w).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

var kindNames = map[emu.EntryKind]string{
	emu.EntryCall: "call", emu.EntryBegin: "begin", emu.EntryFinish: "finish",
	emu.EntryDue: "due", emu.EntryEffect: "effect", emu.EntryClock: "clock", emu.EntryReset: "reset",
}

func shownEntry(e emu.Entry) admin.Entry {
	shown := admin.Entry{
		Seq: e.Seq, Kind: kindNames[e.Kind], At: wallTime(e.At), Started: wallTime(e.Started), RequestID: e.RequestID,
		Service: e.Service, Operation: e.Op, Principal: e.Principal, AccessKey: e.AccessKey, Region: e.Region,
		SourceIP: e.SourceIP, ARN: e.ARN, Code: e.Code, Message: e.Message, Decision: e.Decision, Cause: e.Cause,
		Notes: shownNotes(e.Notes), Input: e.Input, Changed: e.Changed,
	}
	for _, u := range e.Units {
		shown.Units = append(shown.Units, admin.Unit{Metric: u.Metric, N: u.N})
	}
	return shown
}

func shownNotes(ns []emu.Note) (shown []admin.Note) {
	for _, n := range ns {
		shown = append(shown, admin.Note{Key: n.Key, Value: n.Value})
	}
	return shown
}

// Coverage says what is emulated, from the tables of operations themselves.
func Coverage() []admin.Coverage {
	var cs []admin.Coverage
	for _, s := range Services() {
		if len(s.Wire) == 0 {
			continue // the kernel's own operations
		}
		c := admin.Coverage{Service: s.Name, Title: s.Title, Missing: s.Missing}
		for _, op := range s.Ops {
			row := admin.CoverageOperation{Name: op.Name}
			for _, f := range op.Input().Fields() {
				row.Parameters = append(row.Parameters, f.Name)
			}
			c.Operations = append(c.Operations, row)
		}
		cs = append(cs, c)
	}
	return cs
}
