//go:build linux

package eni

import "runtime"

// arch is the machine's architecture as AWS names it.
func arch() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	default:
		return runtime.GOARCH
	}
}
