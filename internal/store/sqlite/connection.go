package sqlite

import (
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// durability says whether a commit waits until the disk has it.
type durability string

const (
	durable durability = "FULL"
	hasty   durability = "OFF"
)

// How long one process waits for another that is writing, and from one try to the next.
const (
	busyTimeout = 5 * time.Second
	busyPause   = 5 * time.Millisecond
)

// connect opens the connection that writes. Pages of 8 KiB hold a usual response whole.
func connect(path string, d durability) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	for _, pragma := range []string{
		"PRAGMA page_size = 8192",
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + string(d),
		"PRAGMA secure_delete = ON",
		"PRAGMA foreign_keys = OFF",
		"PRAGMA temp_store = MEMORY",
		"PRAGMA cache_size = -32768",
		"PRAGMA wal_autocheckpoint = 4000",
	} {
		if err := patiently(func() error { return sqlitex.ExecuteTransient(conn, pragma, nil) }); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// patiently tries again while another process opens the same new file: a change of the journal's mode says that the
// file is locked at once, whatever the busy timeout is (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY").
func patiently(try func() error) error {
	for end := time.Now().Add(busyTimeout); ; time.Sleep(busyPause) {
		err := try()
		if sqlite.ErrCode(err).ToPrimary() != sqlite.ResultBusy || time.Now().After(end) {
			return err
		}
	}
}

func prepareReader(conn *sqlite.Conn) error {
	conn.SetBusyTimeout(busyTimeout)
	return sqlitex.ExecuteTransient(conn, "PRAGMA query_only = ON", nil)
}
