package admin

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var days = regexp.MustCompile(`^(\d+(?:\.\d+)?)([dw])`)

// ParseDuration reads what learners type: 90s, 5m, 2h30m, 14d, 1w, 1d12h. Negative durations are refused: a clock
// does not run backwards.
func ParseDuration(s string) (time.Duration, error) {
	var sum time.Duration
	rest := s
	for {
		m := days.FindStringSubmatch(rest)
		if m == nil {
			break
		}
		n, err := strconv.ParseFloat(m[1], 64)
		unit := 24 * time.Hour
		if m[2] == "w" {
			unit *= 7
		}
		if err != nil || n > float64(maxSpan/unit) {
			return 0, durationError(s)
		}
		sum += time.Duration(n * float64(unit))
		rest = rest[len(m[0]):]
	}
	if rest != "" || s == "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return 0, durationError(s)
		}
		sum += d
	}
	if sum > maxSpan {
		return 0, durationError(s)
	}
	return sum, nil
}

// maxSpan keeps the virtual clock within what AWS's retention times need.
const maxSpan = 3660 * 24 * time.Hour

func durationError(s string) error {
	return fmt.Errorf("%q is not a duration: write 30s, 5m, 2h, 14d or 1w, at most ten years", s)
}
