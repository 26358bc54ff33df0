package shell

import "time"

// GroupTime is not known on Windows.
func GroupTime(int) (time.Duration, bool) { return 0, false }
