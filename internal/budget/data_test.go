package budget

import (
	"os"
	"path/filepath"
	"testing"
)

// shared returns the folder of real elections, which lies beside the repository and is no part of it.
func shared(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	data := filepath.Join(dir, "..", "shared", "data", "pabulib")
	if _, err := os.Stat(data); err != nil {
		t.Skipf("NOT TESTED: the real elections are missing: %s", data)
	}
	return data
}

// election reads an election that must be sound.
func election(t testing.TB, path string) *Election {
	t.Helper()
	e, _, err := read(t, path).Election()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func read(t testing.TB, path string) *File {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	f, err := ReadPB(filepath.Base(path), in)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
