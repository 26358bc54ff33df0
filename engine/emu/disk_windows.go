package emu

import (
	"os"
	"syscall"
)

// syncDir does nothing: a directory cannot be synced there, and NTFS journals a rename by itself.
func syncDir(string) error { return nil }

// lockFile opens a file that nobody else can have open meanwhile.
func lockFile(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), path), nil
}
