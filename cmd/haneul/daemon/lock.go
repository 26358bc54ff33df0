package daemon

import (
	"context"
	"errors"
	"os"
	"time"
)

// errHeld says that another process holds the lock.
var errHeld = errors.New("locked by another process")

// tryLock takes the lock on a file, which the system drops when the process ends, however it ends. Closing the file
// releases it.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockNow(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// lock waits for the lock.
func lock(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := tryLock(path)
		if !errors.Is(err, errHeld) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
