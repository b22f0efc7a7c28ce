//go:build !linux

package main

import "testing"

// limitFiles is there on Linux alone.
func limitFiles(t *testing.T, _ *process, _ uint64) (end func()) {
	t.Helper()
	t.Skip("only Linux can limit the files of a running process")
	return nil
}
