//go:build unix

package main

import "syscall"

// processorTime is how many seconds all processors worked for this program, 0 where the system does not tell.
func processorTime() float64 {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}
