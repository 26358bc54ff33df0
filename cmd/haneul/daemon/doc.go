// Package daemon runs the engine as a process of its own, and finds it.
//
// There is one engine for each home. It holds a lock as long as it lives and writes a state file, readable by its owner
// only, once it answers: process id, address, admin token, build. A command that needs the engine reads that file and
// asks; if nobody answers it starts one in the background ([Home.Ensure]): its own session, its own copy of the
// program (that of `go run` vanishes), output to a log file. Of two commands that start one at the same moment, one
// wins and the other uses it. An engine of another build is asked to leave first. In the background it leaves by itself
// after half an hour without a call.
package daemon
