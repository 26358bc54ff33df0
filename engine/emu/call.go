package emu

import (
	"bytes"
	"math/rand/v2"
)

// Call is one call of an operation as its handler sees it: who, when, where, and nothing of HTTP, locks, disks or IAM.
type Call struct {
	Now       Time // this moment on the virtual clock
	Started   Time // when the call arrived; before Now for a call that was parked
	Principal Principal
	Account   string // the cloud's account id
	Region    string
	Endpoint  string // scheme and authority the caller used, e.g. http://127.0.0.1:4566, for URLs in answers
	SourceIP  string
	RequestID string

	arrival
	cloud    *Cloud
	op       *Operation
	in       any
	out      any
	seq      uint64
	cause    uint64
	rng      rand.PCG
	seeded   bool
	arn      string
	decision string
	units    []Unit
	notes    []Note
	wakes    []string
	effects  []effectKey
	used     []faultKey // the faults that struck
	inner    []record   // of the calls this one made in turn
}

// Unit is an amount that a call used, for the bill and the metrics.
type Unit struct {
	Metric string
	N      int64
}

// Note is a detail worth showing as evidence, e.g. MessageId.
type Note struct{ Key, Value string }

// Seq is the call's number in the journal: unique and increasing.
func (c *Call) Seq() int64 { return int64(c.seq) }

// AccessKeyID is the key the caller signed with; "" for calls that the cloud makes itself.
func (c *Call) AccessKeyID() string { return c.request.AccessKeyID }

// Rand draws a number that depends on the cloud's seed and the call's number only: no call shifts another's numbers.
func (c *Call) Rand() uint64 {
	if !c.seeded {
		c.rng.Seed(c.cloud.seed, c.seq)
		c.seeded = true
	}
	return c.rng.Uint64()
}

// NewID draws a version 4 UUID.
func (c *Call) NewID() string { return formatUUID(c.Rand(), c.Rand()) }

// Token draws n characters of the alphabet AWS uses for unique ids: A–Z and 2–7.
func (c *Call) Token(n int) string { return c.draw(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }

// Secret draws n characters of the base64 alphabet, as in a secret access key.
func (c *Call) Secret(n int) string {
	return c.draw(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}

// draw needs an alphabet whose length is a power of two.
func (c *Call) draw(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[c.Rand()&uint64(len(alphabet)-1)]
	}
	return string(b)
}

// Count adds to a metric of this call, e.g. Count("Requests", chunks).
func (c *Call) Count(metric string, n int64) { c.units = append(c.units, Unit{metric, n}) }

// Note records a detail in the journal as evidence.
func (c *Call) Note(key, value string) { c.notes = append(c.notes, Note{key, value}) }

// Wake runs the calls parked on topic again, in line order, once this one is committed.
func (c *Call) Wake(topic string) { c.wakes = append(c.wakes, topic) }

// Wait asks for patience: it returns nil if the wait is over and the handler must answer with what it has, else the
// [WaitError] to return. deadline is when the caller's patience ends; retry, if not 0, is an earlier moment at which
// looking again makes sense.
func (c *Call) Wait(topic string, deadline, retry Time) error {
	if max(c.Now, c.patience) >= deadline {
		return nil
	}
	return &WaitError{Topic: topic, Retry: retry, Deadline: deadline}
}

// Allow asks IAM for a secondary action, e.g. iam:PassRole; nil means allowed.
func (c *Call) Allow(action, arn string) error {
	d := c.cloud.authorize(c, Access{Action: action, ARN: arn, AccessKeyID: c.request.AccessKeyID})
	if d.Allowed {
		return nil
	}
	return denied(d)
}

// Do calls another operation ("sqs:SendMessage") as the given principal, in this call's transaction: IAM, faults and the
// journal apply as for any call. If it fails, what it changed is undone and this call goes on with the error.
func (c *Call) Do(operation string, as Principal, in any) (any, error) {
	op := c.cloud.ops[operation]
	if op == nil || op.ext != nil {
		return nil, Errorf("NotEmulated", "%s cannot be called from another service.", operation)
	}
	r := &Request{Op: op, In: in, Principal: as, Region: c.Region, Endpoint: c.Endpoint, SourceIP: "AWS Internal"}
	sub := c.cloud.newCall(arrival{request: r, started: c.Now}, c.Now)
	sub.cause = c.seq
	mark := len(c.cloud.dirty)
	err := c.cloud.stages(sub)
	if _, waits := err.(*WaitError); waits {
		err = Errorf("NotEmulated", "%s would wait; it cannot be called from another service.", operation)
	}
	if err != nil {
		c.cloud.rollback(mark)
		err = sub.fail(err)
	}
	rec := *sub.record(EntryCall, err, err == nil && len(c.cloud.dirty) > mark, nil)
	rec.Input = bytes.Clone(rec.Input)
	c.inner = append(append(c.inner, rec), sub.inner...)
	c.wakes = append(c.wakes, sub.wakes...)
	c.effects = append(c.effects, sub.effects...)
	c.used = append(c.used, sub.used...)
	return sub.out, err
}

// fail forgets what a call wanted to happen after it, as its changes are undone. Of the calls it made in turn only the
// failed ones stay on record: they changed nothing, and may be why. It returns the error as the caller sees it.
func (c *Call) fail(err error) error {
	c.out, c.wakes, c.effects = nil, nil, nil
	var failed []record
	for _, r := range c.inner {
		if r.Code != "" {
			failed = append(failed, r)
		}
	}
	c.inner = failed
	e, known := err.(*Error)
	if !known {
		c.cloud.log("internal failure in %s (request %s): %v", c.op.fullName(), c.RequestID, err)
		e = internalFailure()
	}
	return e
}
