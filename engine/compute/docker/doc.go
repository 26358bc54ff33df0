// Package docker runs instances as Docker containers; see package compute for the pieces.
//
// Everything it makes carries labels, and it never touches anything without them. State is kept in Docker, not here: after
// a crash of the engine [Runtime.List] finds the same instances again by their labels and names. Nothing of it runs before
// it is needed: [New] costs nothing, and Docker is looked for at the first use.
//
// A VPC that is in use has a pool of interfaces, each with a machine that stands by; a launch that finds one takes as long as
// telling it who it is.
package docker
