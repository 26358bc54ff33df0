package emu

import (
	"time"

	"haneul/engine/codec"
)

// Time is a moment on a cloud's virtual clock, in nanoseconds since 1970 UTC.
type Time = codec.Time

// Units of virtual time, for arithmetic on [Time].
const (
	Millisecond Time = 1e6
	Second      Time = 1e9
	Minute           = 60 * Second
	Hour             = 60 * Minute
	Day              = 24 * Hour
)

// Span converts a duration to virtual time.
func Span(d time.Duration) Time { return Time(d) }
