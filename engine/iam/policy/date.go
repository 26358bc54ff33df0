package policy

import (
	"strconv"
	"strings"
	"time"
)

// parseDate reads a date of a condition: seconds since 1970, or ISO 8601 with any of its right-hand parts left out.
// The ranges are those that IAM checks ("2016-12-13t2:00:00.593194+23" is a date, "234-13" is not).
func parseDate(s string) (t time.Time, ok bool) {
	s = strings.ToUpper(s)
	if !strings.ContainsAny(s, "T-") {
		n, err := strconv.ParseInt(s, 10, 64)
		return time.Unix(n, 0), err == nil && n >= 0
	}
	day, clock, _ := strings.Cut(s, "T")
	sign := 1
	if rest, negative := strings.CutPrefix(day, "-"); negative {
		day, sign = rest, -1
	}
	date := [3]int{1, 1, 1}
	if !numbers(date[:], day, "-", [][2]int{{0, 292278993}, {1, 12}, {1, 31}}) {
		return t, false
	}
	clock, zone, ok := cutZone(clock)
	if !ok {
		return t, false
	}
	clock, fraction, hasFraction := strings.Cut(clock, ".")
	var hms [3]int
	if clock != "" && !numbers(hms[:], clock, ":", [][2]int{{0, 23}, {0, 59}, {0, 59}}) {
		return t, false
	}
	nanos := 0
	if hasFraction {
		if len(fraction) == 0 || len(fraction) > 9 {
			return t, false
		}
		n, err := strconv.ParseUint(fraction+strings.Repeat("0", 9-len(fraction)), 10, 32)
		if err != nil {
			return t, false
		}
		nanos = int(n)
	}
	return time.Date(sign*date[0], time.Month(date[1]), date[2], hms[0], hms[1], hms[2], nanos, time.UTC).Add(-zone), true
}

// numbers reads decimal fields within limits into dst; fields on the right may be missing.
func numbers(dst []int, s, separator string, limits [][2]int) bool {
	fields := strings.Split(s, separator)
	if len(fields) > len(dst) {
		return false
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 32)
		if err != nil || int(n) < limits[i][0] || int(n) > limits[i][1] {
			return false
		}
		dst[i] = int(n)
	}
	return true
}

// cutZone takes Z, +hh or +hh:mm from the end of a time of day.
func cutZone(s string) (clock string, offset time.Duration, ok bool) {
	if clock, found := strings.CutSuffix(s, "Z"); found {
		return clock, 0, true
	}
	i := strings.IndexAny(s, "+-")
	if i < 0 {
		return s, 0, true
	}
	var hm [2]int
	h, m, colon := strings.Cut(s[i+1:], ":")
	if len(h) != 2 || colon && len(m) != 2 || !numbers(hm[:], s[i+1:], ":", [][2]int{{0, 23}, {0, 59}}) {
		return s, 0, false
	}
	offset = time.Duration(hm[0])*time.Hour + time.Duration(hm[1])*time.Minute
	if s[i] == '-' {
		offset = -offset
	}
	return s[:i], offset, true
}
