// Package engine composes the little cloud: the services on the kernel ([New]), the links between them, and a [Host]
// that keeps many clouds in one process and serves them over HTTP.
//
// The rooms behind it: emu is the kernel, codec the compiled plans between structs and bytes, wire the AWS protocols,
// admin the client of the engine's own API, and each service has a package of its own. Decisions are in DESIGN.md.
package engine
