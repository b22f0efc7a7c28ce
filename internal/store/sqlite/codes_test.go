package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"sayso/internal/store/sqlite"
)

const headerBytes = 100 // of the file, where SQLite counts its changes

// TestSpendingLeavesNoTrace reads the file as it lies on the disk: spending a code changes one byte of its row and nothing
// else, whatever came before it, and the write-ahead log holds nothing once the caller hears.
func TestSpendingLeavesNoTrace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sayso.db")
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var hashes []string
	for i := range 3000 {
		hashes = append(hashes, fmt.Sprintf("k1:%064d", i))
	}
	if _, err := s.AddSlips(t.Context(), "one", hashes); err != nil {
		t.Fatal(err)
	}
	spend := func(hash string) []byte {
		if err := s.SpendSlip(t.Context(), hash); err != nil {
			t.Fatal(err)
		}
		if log, err := os.Stat(file + "-wal"); err != nil || log.Size() != 0 {
			t.Fatalf("the write-ahead log holds %v, %v", log, err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	before := spend(hashes[0])
	var after []byte
	const spent = 200
	for _, i := range rand.Perm(len(hashes) - 1)[:spent] {
		after = spend(hashes[i+1])
	}
	if len(before) != len(after) {
		t.Fatalf("the file grew from %d to %d", len(before), len(after))
	}
	changed := 0
	for i := headerBytes; i < len(before); i++ {
		if before[i] != after[i] {
			changed++
		}
	}
	if changed != spent {
		t.Errorf("%d codes were spent, and %d bytes are others", spent, changed)
	}
}
