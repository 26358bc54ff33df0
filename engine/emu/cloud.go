package emu

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Options are what a cloud is born with.
type Options struct {
	Name    string // "default"; what people call it
	Account string // twelve digits
	Seed    uint64 // ids, secrets and choices follow from it
	Region  string // default region; "" means ap-northeast-2
	Root    AccessKey
	// Wall is the wall clock, for tests; nil means the real one.
	Wall func() time.Time
	// InOrder runs effects one after the other, so that tests can compare what comes of two runs.
	InOrder bool
	// Log receives what an operator should know (internal failures with their cause); nil drops it.
	Log func(format string, args ...any)
}

// AccessKey is a long-lived key pair.
type AccessKey struct{ AccessKeyID, Secret string }

// Cloud is one account: its services, tables, clock and journal under one lock.
type Cloud struct {
	name, account, region string
	seed                  uint64
	root                  AccessKey
	log                   func(format string, args ...any)

	services []*Service
	byName   map[string]*Service
	ops      map[string]*Operation

	mu        sync.Mutex
	seq       uint64 // the last call's number
	clock     clock
	tables    []table
	dirty     []dirtyRow // what the running transaction changed, in order
	authority Authority
	faults    *Table[faultKey, Fault]
	times     *Table[modelledKey, modelledRow]
	arrivals  uint64 // counts calls for the chance of faults
	effects   map[string]effect
	outbox    *Table[effectKey, outboxRow]
	inOrder   bool
	queue     []effectKey // effects to run, if inOrder
	scratch   record
	input     []byte

	journal     *journal
	disk        *disk       // nil for a cloud in memory
	compacting  atomic.Bool // a snapshot is being written
	stalled     *Error      // why nothing can be recorded, and so no change is accepted
	broken      bool        // not even reads are
	triedToHeal time.Time
	rebuilding  bool // what happens has happened before

	timers      []timers
	nextTimer   Time // the earliest of them, unless timersMoved
	timersMoved bool
	wakesAt     Time // when the follower of the clock looks at deadlines again
	advancing   sync.Mutex

	lines    map[string][]*parked // by topic, in order of arrival
	retries  *tree[retryKey, *parked]
	parkings uint64
	woken    []string // topics whose lines are to be tried
	waking   bool

	busy   atomic.Int64  // calls and effects in flight, the parked ones not counted
	kick   chan struct{} // tells the follower that the earliest deadline has moved forward
	closed sync.WaitGroup
	life   context.Context
	end    context.CancelFunc
}

type dirtyRow struct {
	table table
	index int
}

// New makes an empty cloud without services. The caller registers services, then opens a journal with
// [Cloud.Open] or goes without, then calls [Cloud.Start].
func New(o Options) *Cloud {
	c := &Cloud{
		name: o.Name, account: o.Account, region: o.Region, seed: o.Seed, root: o.Root, log: o.Log, inOrder: o.InOrder,
		byName: map[string]*Service{}, ops: map[string]*Operation{}, effects: map[string]effect{},
		lines: map[string][]*parked{}, retries: newTree[retryKey, *parked](retryKey.Compare),
		nextTimer: never, kick: make(chan struct{}, 1),
	}
	if c.region == "" {
		c.region = "ap-northeast-2"
	}
	if c.log == nil {
		c.log = func(string, ...any) {}
	}
	wall := o.Wall
	if wall == nil {
		wall = time.Now
	}
	c.life, c.end = context.WithCancel(context.Background())
	c.clock = newClock(wall)
	c.journal = newJournal(&memory{cloud: c})
	c.registerKernel()
	return c
}

// Name is what people call the cloud.
func (c *Cloud) Name() string { return c.name }

// Account is the cloud's twelve-digit account id.
func (c *Cloud) Account() string { return c.account }

// Region is the default region.
func (c *Cloud) Region() string { return c.region }

// Seed is what ids and choices follow from.
func (c *Cloud) Seed() uint64 { return c.seed }

// RootKey is the account's own access key.
func (c *Cloud) RootKey() AccessKey { return c.root }

// Busy is the number of calls and effects in flight, calls that are parked not counted.
func (c *Cloud) Busy() int { return int(c.busy.Load()) }

// Waiting is the number of parked calls.
func (c *Cloud) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retries.len()
}
