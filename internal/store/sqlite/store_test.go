package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	zombie "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/fault"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	for i := range 3 {
		s, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := s.CountResponses(t.Context(), "riverside", "worries"); err != nil || n != i {
			t.Errorf("counted %d, %v, want %d", n, err, i)
		}
		if _, err := s.Append(t.Context(), marked(fmt.Sprint(i))); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) != 1 {
			t.Errorf("left %v, %v", files, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the file: %v, %v", info.Mode(), err)
	}
}

// TestOpenAtOnce opens a new file in several stores at the same time, as several processes would.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s, err := sqlite.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.Append(t.Context(), marked(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.CountResponses(t.Context(), "riverside", "worries"); err != nil || n != 8 {
		t.Errorf("counted %d, %v", n, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	alter := func(name, script string) string {
		path := filepath.Join(folder, name)
		conn, err := zombie.OpenConn(path)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := sqlitex.ExecuteScript(conn, script, nil); err != nil {
			t.Fatal(err)
		}
		return path
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "newer.db"))
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := sqlite.Open(t.Context(), alter("newer.db", "PRAGMA user_version = 99")); !errors.Is(err, sqlite.ErrNewer) {
		t.Errorf("a newer file: %v", err)
	}
	if _, err := sqlite.Open(t.Context(), alter("foreign.db", "CREATE TABLE t (a)")); !errors.Is(err, sqlite.ErrForeign) {
		t.Errorf("another program's file: %v", err)
	}
	text := filepath.Join(folder, "text.db")
	if err := os.WriteFile(text, []byte("not a database, but long enough to look like one to somebody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), text); err == nil {
		t.Error("a text file was opened")
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(folder, "nowhere", "sayso.db")); err == nil {
		t.Error("a file in no folder was opened")
	}
}

// TestCloseDrains closes the store under load: what was acknowledged is there, the rest was refused.
func TestCloseDrains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	kept := make([]int, 32)
	started := make(chan bool, len(kept))
	var all sync.WaitGroup
	for g := range kept {
		all.Go(func() {
			for i := 0; ; i++ {
				if _, err := s.Append(context.Background(), marked(fmt.Sprintf("%d-%d", g, i))); err != nil {
					if !fault.Is(err, fault.Unavailable) {
						t.Error(err)
					}
					return
				}
				if kept[g]++; i == 0 {
					started <- true
				}
			}
		})
	}
	for range kept {
		<-started
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	if _, err := s.Draft(t.Context(), "x"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("reading a closed store: %v", err)
	}
	sum := 0
	for _, n := range kept {
		sum += n
	}
	s, err = sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.CountResponses(t.Context(), "riverside", "worries"); err != nil || n != sum {
		t.Errorf("%d are there, %v, of %d acknowledged", n, err, sum)
	}
}

// TestCancelledWhileWaiting cancels callers at any moment: each of them is told the truth.
func TestCancelledWhileWaiting(t *testing.T) {
	s, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all sync.WaitGroup
	for g := range 64 {
		all.Go(func() {
			for i := range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				r := marked(fmt.Sprintf("%d-%d", g, i))
				go cancel()
				_, err := s.Append(ctx, r)
				_, read := s.Response(context.Background(), r.Ref)
				if there := read == nil; there != (err == nil) {
					t.Errorf("append said %v, but reading says %v", err, read)
				}
			}
		})
	}
	all.Wait()
}

// TestARefusedChangeLeavesItsBatch creates every draft twice at once: one of each is refused, in whatever batch it is,
// and the others of that batch are kept.
func TestARefusedChangeLeavesItsBatch(t *testing.T) {
	s, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const n = 300
	var kept, refused atomic.Int64
	var all sync.WaitGroup
	for i := range 2 * n {
		all.Go(func() {
			switch err := s.CreateDraft(t.Context(), survey.Draft{ID: fmt.Sprint(i % n), LastPage: "2026-05-01"}); {
			case err == nil:
				kept.Add(1)
			case fault.Is(err, fault.Conflict):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	there, err := s.CountDrafts(t.Context())
	if err != nil || there != n || kept.Load() != n || refused.Load() != n {
		t.Errorf("%d are there, %d were kept and %d refused of %d: %v", there, kept.Load(), refused.Load(), 2*n, err)
	}
}
