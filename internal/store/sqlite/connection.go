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

// busyTimeout is how long one process waits for another that is writing.
const busyTimeout = 5 * time.Second

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
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

func prepareReader(conn *sqlite.Conn) error {
	conn.SetBusyTimeout(busyTimeout)
	return sqlitex.ExecuteTransient(conn, "PRAGMA query_only = ON", nil)
}
