package labs

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var processMemory = windows.NewLazySystemDLL("psapi.dll").NewProc("GetProcessMemoryInfo")

// counters is PROCESS_MEMORY_COUNTERS.
type counters struct {
	size, faults                                             uint32
	peakWorkingSet, workingSet                               uintptr
	peakPagedPool, pagedPool, peakNonPagedPool, nonPagedPool uintptr
	pagefile, peakPagefile                                   uintptr
}

// resident is how much memory a process holds, in bytes; false if nobody knows.
func resident(pid int) (int64, bool) {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.PROCESS_VM_READ, false, uint32(pid))
	if err != nil {
		return 0, false
	}
	defer windows.CloseHandle(h)
	c := counters{}
	c.size = uint32(unsafe.Sizeof(c))
	ok, _, _ := processMemory.Call(uintptr(h), uintptr(unsafe.Pointer(&c)), uintptr(c.size))
	return int64(c.workingSet), ok != 0
}
