package sqlite

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/survey"
)

// Inspect reads the whole file and says in English what is wrong with it: what SQLite finds damaged, and tables and
// indexes that are not as this Sayso makes them. The error is one of looking.
func (s *Store) Inspect(ctx context.Context) (faults []string, err error) {
	wanted, err := declared()
	if err != nil {
		return nil, fmt.Errorf("make an empty store to compare with: %w", err)
	}
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		found, err := texts(conn, "PRAGMA integrity_check")
		if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultCorrupt {
			found, err = []string{err.Error()}, nil
		}
		if err != nil {
			return err
		}
		for _, f := range found {
			if f != "ok" {
				faults = append(faults, "the file is damaged: "+f)
			}
		}
		has, err := texts(conn, selectSchema)
		if err != nil {
			return err
		}
		faults = append(faults, missing(wanted, has)...)
		return nil
	})
	return faults, err
}

const selectSchema = "SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"

// declared is the schema of an empty store.
func declared() (schema []string, err error) {
	conn, err := sqlite.OpenConn(":memory:", sqlite.OpenReadWrite)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for _, script := range migrations {
		if err := sqlitex.ExecuteScript(conn, script, nil); err != nil {
			return nil, err
		}
	}
	return texts(conn, selectSchema)
}

func missing(wanted, has []string) (faults []string) {
	there := map[string]bool{}
	for _, one := range has {
		there[one] = true
	}
	for _, one := range wanted {
		if !there[one] {
			faults = append(faults, "not there, or not as it should be: "+one)
		}
	}
	return faults
}

// texts returns the first column.
func texts(conn *sqlite.Conn, query string) (out []string, err error) {
	err = sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
		out = append(out, stmt.ColumnText(0))
		return nil
	}})
	return out, err
}

// DropBackground forgets who spoke, where nothing was said; a background with its response stays.
func (s *Store) DropBackground(ctx context.Context, ref survey.Ref) error {
	return s.wipe(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, `DELETE FROM backgrounds WHERE area = ?1 AND survey = ?2 AND day = ?3 AND id = ?4
			AND NOT EXISTS (SELECT 1 FROM responses WHERE area = ?1 AND survey = ?2 AND day = ?3 AND id = ?4)`,
			ref.Area, ref.Survey, ref.Day, ref.ID)
		return err
	})
}
