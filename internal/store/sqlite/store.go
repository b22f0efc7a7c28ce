// Package sqlite keeps every subject in one SQLite file, the default when no database is configured.
//
// One goroutine writes, for many callers at once: their writes share one transaction and one fsync (group
// commit), and a caller hears of success only after that fsync. Readers have connections of their own.
//
// Documents are JSON, beside the columns that are searched or unique. The tables that hold people's words have no
// rowid, so that they say nothing of the order in which people came. Withdrawn and expired words are overwritten
// with zeros in the file and gone from the write-ahead log beside it ("-wal") before the caller hears of it; the
// words of a deleted draft, or of an answer that was changed, within a minute, and at Close.
package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

var (
	_ survey.Definitions    = (*Store)(nil)
	_ survey.Drafts         = (*Store)(nil)
	_ survey.Responses      = (*Store)(nil)
	_ people.StaffStore     = (*Store)(nil)
	_ people.SessionStore   = (*Store)(nil)
	_ people.AuditStore     = (*Store)(nil)
	_ people.Receipts       = (*Store)(nil)
	_ people.Spendings      = (*Store)(nil)
	_ report.Store          = (*Store)(nil)
	_ report.Folds          = (*Store)(nil)
	_ people.InvitationList = (*Store)(nil)
	_ ballot.Store          = (*Store)(nil)
	_ admission.Store       = (*Store)(nil)
)

// Store is every subject's store on one file. It is safe for use by many goroutines, and by several processes.
type Store struct {
	path      string
	temporary string // the folder to remove at Close; empty: keep the file
	writer    *writer
	readers   *sqlitex.Pool
}

// Open opens the file, which is made if it is not there, and brings its tables up to date.
func Open(ctx context.Context, path string) (*Store, error) { return open(ctx, path, durable) }

// OpenTemporary opens a store on a file in a temporary folder that goes at Close. It does not wait for the disk,
// and is otherwise the same: for tests and for trying things out.
func OpenTemporary(ctx context.Context) (*Store, error) {
	folder, err := os.MkdirTemp("", "sayso-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary store: %w", err)
	}
	s, err := open(ctx, filepath.Join(folder, "sayso.db"), hasty)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	s.temporary = folder
	return s, nil
}

func open(ctx context.Context, path string, d durability) (*Store, error) {
	if err := touch(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	conn, err := connect(path, d)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	if err := migrate(ctx, conn, migrations); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	readers, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags:       sqlite.OpenReadWrite,
		PoolSize:    max(4, 2*runtime.GOMAXPROCS(0)),
		PrepareConn: prepareReader,
	})
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return &Store{path: path, readers: readers, writer: startWriter(path, d, conn)}, nil
}

// Close writes what is queued, empties the write-ahead log and closes the file.
func (s *Store) Close() error {
	s.writer.stop()
	err := s.readers.Close()
	if werr := s.writer.close(); err == nil {
		err = werr
	}
	if s.temporary != "" {
		if rerr := os.RemoveAll(s.temporary); err == nil {
			err = rerr
		}
	}
	if err != nil {
		return fmt.Errorf("close store %s: %w", s.path, err)
	}
	return nil
}

// touch makes the file readable by nobody else; SQLite gives the files beside it the same rights.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
