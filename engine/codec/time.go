package codec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Time is an instant in nanoseconds since 1970 UTC. The wire shows milliseconds: JSON as epoch seconds, XML as
// 2026-11-20T09:33:42Z or 2026-11-20T09:33:42.123Z. Rows keep every nanosecond. The zero Time means absent.
type Time int64

const millisecond = Time(time.Millisecond)

// TimeOf converts from the standard library's time.
func TimeOf(t time.Time) Time { return Time(t.UnixNano()) }

// Std converts to the standard library's time, in UTC.
func (t Time) Std() time.Time { return time.Unix(0, int64(t)).UTC() }

// Add returns t plus d.
func (t Time) Add(d time.Duration) Time { return t + Time(d) }

// Sub returns t minus u.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Compare orders times, earlier first.
func (t Time) Compare(u Time) int {
	switch {
	case t < u:
		return -1
	case t > u:
		return 1
	}
	return 0
}

// String is the XML form.
func (t Time) String() string { return string(t.appendISO(nil)) }

func (t Time) appendISO(b []byte) []byte {
	layout := "2006-01-02T15:04:05Z"
	if t.millis()%1000 != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	return time.UnixMilli(t.millis()).UTC().AppendFormat(b, layout)
}

// appendEpoch writes seconds since 1970, with three decimals when they are not zero.
func (t Time) appendEpoch(b []byte) []byte {
	ms := t.millis()
	if ms < 0 {
		b, ms = append(b, '-'), -ms
	}
	b = strconv.AppendInt(b, ms/1000, 10)
	if ms %= 1000; ms != 0 {
		b = append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	}
	return b
}

// millis rounds down, so that no instant is shown before it came.
func (t Time) millis() int64 {
	ms := t / millisecond
	if t%millisecond < 0 {
		ms--
	}
	return int64(ms)
}

// maxEpoch keeps seconds within what int64 nanoseconds can say (years 1678 to 2262).
const maxEpoch = math.MaxInt64 / 1e9

// parseEpoch reads epoch seconds, such as 1763631222, 1763631222.123 or 1.763631222123E9.
func parseEpoch(s string) (Time, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) >= maxEpoch {
		return 0, fmt.Errorf("not a timestamp: %q", s)
	}
	return Time(math.Round(f*1000)) * millisecond, nil
}

// parseTime reads what clients send in Query parameters: ISO 8601 with or without fraction and zone, or epoch seconds.
func parseTime(s string) (Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02"} {
		t, err := time.Parse(layout, s)
		if err == nil && math.Abs(float64(t.Unix())) < maxEpoch {
			return TimeOf(t), nil
		}
	}
	if strings.ContainsAny(s, "xXpP_") {
		return 0, fmt.Errorf("not a timestamp: %q", s)
	}
	return parseEpoch(s)
}
