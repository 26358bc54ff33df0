// Package docker runs instances as Docker containers; see package compute for the pieces.
//
// Everything it makes carries labels, and it never touches anything without them. State is kept in Docker, not here: after
// a crash of the engine [Runtime.List] finds the same instances again by their labels. Nothing of it runs before it is
// needed: [New] costs nothing, and Docker is looked for at the first use.
package docker
