// Package admin is the client of the engine's own API under /_haneul/v1/: clouds, their clocks, faults, journals and
// resources. The AWS API of a cloud is reached with AWS's own protocols, not with this.
//
// Every request carries the token from the engine's state file. The server is in package engine.
package admin
