//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "haneul-guest runs inside instances, which are Linux: build it with GOOS=linux.")
	os.Exit(1)
}
