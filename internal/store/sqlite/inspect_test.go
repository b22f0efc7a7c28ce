package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	zombie "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/store/sqlite"
	"sayso/internal/store/storetest"
)

func TestInspect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	inspect := func(prepare func(s *sqlite.Store)) []string {
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		prepare(s)
		faults, err := s.Inspect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return faults
	}
	if faults := inspect(func(s *sqlite.Store) { storetest.Fill(t, s, 2000) }); len(faults) > 0 {
		t.Errorf("a sound file: %q", faults)
	}
	conn, err := zombie.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteScript(conn, "DROP INDEX receipts_by_draft", nil); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if faults := inspect(func(*sqlite.Store) {}); len(faults) != 1 || !strings.Contains(faults[0], "receipts_by_draft") {
		t.Errorf("without an index: %q", faults)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(20); page < 60; page++ {
		if _, err := file.WriteAt([]byte("damaged"), page*8192+100); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if faults := inspect(func(*sqlite.Store) {}); len(faults) < 2 || !strings.Contains(strings.Join(faults, "\n"), "the file is damaged") {
		t.Errorf("a damaged file: %q", faults)
	}
}

func TestDropBackground(t *testing.T) {
	s, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := marked("one")
	if _, err := s.Append(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), "backgrounds", [][]byte{[]byte(`{"a":"riverside","v":"worries","d":"2126-05-01","i":"alone"}`)}); err != nil {
		t.Fatal(err)
	}
	alone := r.Ref
	alone.Day, alone.ID = "2126-05-01", "alone"
	for range 2 {
		if err := s.DropBackground(t.Context(), alone); err != nil {
			t.Error(err)
		}
		if err := s.DropBackground(t.Context(), r.Ref); err != nil {
			t.Error(err)
		}
	}
	left := -1
	err = s.View(t.Context(), func(v storetest.View) (err error) {
		left, err = v.Count("backgrounds")
		return err
	})
	if err != nil || left != 1 {
		t.Errorf("%d backgrounds are left, %v", left, err)
	}
}
