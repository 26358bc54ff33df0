package shell

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Sleep is the `sleep` command on another clock. It takes what sleep takes: 5, 0.5, 2m, 1h, 1d, and sums several.
func Sleep(wait func(context.Context, time.Duration) error) Command {
	return func(ctx context.Context, c Call) int {
		var sum time.Duration
		for _, arg := range c.Args[1:] {
			d, err := sleepTime(arg)
			if err != nil {
				fmt.Fprintln(c.Stderr, err)
				return 1
			}
			sum += d
		}
		if err := wait(ctx, sum); err != nil {
			if ctx.Err() == nil {
				fmt.Fprintln(c.Stderr, "sleep:", err)
			}
			return 1
		}
		return 0
	}
}

func sleepTime(arg string) (time.Duration, error) {
	unit := time.Second
	for suffix, u := range map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour} {
		if strings.HasSuffix(arg, suffix) {
			unit, arg = u, strings.TrimSuffix(arg, suffix)
			break
		}
	}
	n, err := strconv.ParseFloat(arg, 64)
	if err != nil || !(n >= 0 && n < 1e6) {
		return 0, fmt.Errorf("sleep: invalid time interval %q", arg)
	}
	return time.Duration(n * float64(unit)), nil
}
