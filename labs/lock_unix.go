//go:build unix

package labs

import (
	"os"
	"syscall"
)

// lockNow takes the lock on a file, which the system drops when the file is closed or the process ends.
func lockNow(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return ErrBusy
	}
	return err
}
