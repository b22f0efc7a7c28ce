package main

import (
	"syscall"
	"testing"
	"unsafe"
)

// limitFiles lets no file of the process grow beyond so many bytes: each write beyond that fails, as on a full disk.
func limitFiles(t *testing.T, p *process, most uint64) (end func()) {
	t.Helper()
	var was syscall.Rlimit
	limit := func(to, old *syscall.Rlimit) {
		if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.Process.Pid), syscall.RLIMIT_FSIZE,
			uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(old)), 0, 0); errno != 0 {
			t.Fatal(errno)
		}
	}
	limit(nil, &was)
	limit(&syscall.Rlimit{Cur: most, Max: was.Max}, nil)
	return func() { limit(&was, nil) }
}
