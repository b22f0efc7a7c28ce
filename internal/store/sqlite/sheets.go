package sqlite

import (
	"context"
	"iter"

	"zombiezen.com/go/sqlite"

	"sayso/internal/ballot"
)

// CreateSheets implements ballot.Sheets.
func (s *Store) CreateSheets(ctx context.Context, sheets []ballot.Sheet) (fresh int, err error) {
	bodies := make([][]byte, len(sheets))
	for i, sh := range sheets {
		sh.Revision = 1
		if bodies[i], err = encode(sh); err != nil {
			return 0, err
		}
	}
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		fresh = 0
		for i, sh := range sheets {
			n, err := execute(conn, "INSERT INTO sheets (hash, exercise, revision, body) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
				sh.Hash, sh.Exercise, bodies[i])
			if err != nil {
				return err
			}
			fresh += n
		}
		return nil
	})
	return fresh, err
}

const selectSheet = "SELECT body FROM sheets WHERE hash = ?"

// Sheet implements ballot.Sheets.
func (s *Store) Sheet(ctx context.Context, hash string) (ballot.Sheet, error) {
	return find[ballot.Sheet](ctx, s, selectSheet, hash)
}

// UpdateSheet implements ballot.Sheets.
func (s *Store) UpdateSheet(ctx context.Context, hash string, change func(*ballot.Sheet) error) (ballot.Sheet, error) {
	typings := 0
	return update(ctx, s, func(conn *sqlite.Conn) (ballot.Sheet, int, error) {
		sh, err := one[ballot.Sheet](conn, selectSheet, hash)
		typings = len(sh.Typings)
		return sh, sh.Revision, err
	}, change, func(sh *ballot.Sheet, revision int) (row, error) {
		sh.Hash, sh.Revision = hash, revision+1
		body, err := encode(sh)
		return row{query: "UPDATE sheets SET revision = ?, body = ? WHERE hash = ? AND revision = ?",
			args: []any{sh.Revision, body, hash, revision}, wipes: len(sh.Typings) < typings}, err
	})
}

// ScanSheets implements ballot.Sheets.
func (s *Store) ScanSheets(ctx context.Context, exercise string) iter.Seq2[ballot.Sheet, error] {
	return following(ctx, s, func(sh ballot.Sheet) string { return sh.Hash },
		"SELECT body FROM sheets WHERE exercise = ? AND hash > ? ORDER BY hash LIMIT ?", exercise)
}
