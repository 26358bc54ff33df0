// Package emu is the kernel of the little cloud: it knows operations, calls, tables, the clock and the journal,
// and nothing about any one AWS service.
//
// A [Cloud] is one account. It has one lock, one virtual clock, one seed and one journal. A service gives the kernel
// typed operations ([Op], [External]) and keeps all of its state in tables ([NewTable]); its handlers are pure
// functions of the call and the tables. Everything else that makes a cloud a cloud happens here, once:
//
//	authenticate → fault → authorise → { run, journal } → encode → effects
//
// The first and the fifth stage are package wire's, the others are in stages.go.
//
// # Where things are
//
//   - A call: do.go (its way in and out), stages.go, park.go (calls that wait), fault.go, effect.go, call.go (what a
//     handler sees), operation.go and service.go (what a service registers).
//   - State: tree.go (an ordered copy-on-write map), table.go, index.go (indexes and deadlines), change.go (rows as bytes).
//   - Time: clock.go, advance.go (everything due, in order), follow.go (the one goroutine that follows the clock).
//   - The journal: frame.go and transaction.go (its bytes), journal.go (the queue in front of the files), segment.go,
//     disk.go (files, syncs, rotation), snapshot.go, open.go and recover.go (a restart), stall.go (a full disk),
//     entries.go (reading it).
//   - Copies: branch.go, rebuild.go, digest.go. Package emutest holds services to the rules.
//
// # What is safe when
//
// Do answers once the call's record is in the journal's file: a process that is killed loses nothing that it has answered. The
// file is synced once a second, so that a power cut costs about a second; with [JournalOptions].SyncAlways it is synced
// before every answer. A restart applies changes and runs no handler.
package emu
