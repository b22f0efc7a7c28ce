package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/store/storetest"
)

// Tables implements storetest.Raw.
func (s *Store) Tables(ctx context.Context) (all []storetest.Table, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		names, err := texts(conn, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
		if err != nil {
			return err
		}
		for _, name := range names {
			t := storetest.Table{Name: name}
			err := sqlitex.ExecuteTransient(conn, "SELECT * FROM "+name, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
				t.Rows = append(t.Rows, fields(stmt))
				return nil
			}})
			if err != nil {
				return fmt.Errorf("read %s: %w", name, err)
			}
			all = append(all, t)
		}
		return nil
	})
	return all, err
}

func fields(stmt *sqlite.Stmt) map[string]string {
	row := map[string]string{}
	for i := range stmt.ColumnCount() {
		var doc any
		if stmt.ColumnType(i) == sqlite.TypeBlob && json.Unmarshal(column(stmt, i), &doc) == nil {
			storetest.Flatten(row, stmt.ColumnName(i), doc)
		} else {
			row[stmt.ColumnName(i)] = stmt.ColumnText(i)
		}
	}
	return row
}
