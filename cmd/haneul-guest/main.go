//go:build linux

// Command haneul-guest is the program inside every instance; see package guest.
package main

import (
	"os"

	"haneul/engine/compute/guest"
)

func main() { os.Exit(guest.Main(os.Args)) }
