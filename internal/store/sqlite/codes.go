package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/admission"
)

// CreateBatch implements admission.Batches.
func (s *Store) CreateBatch(ctx context.Context, b admission.Batch) error {
	b.Revision, b.HeldTo = 1, millis(b.HeldTo)
	return s.create(ctx, "INSERT INTO code_batches (id, exercise, revision, body) VALUES (?, ?, 1, ?)", b.ID, string(b.Exercise), b)
}

const selectBatch = "SELECT body FROM code_batches WHERE id = ?"

// Batch implements admission.Batches.
func (s *Store) Batch(ctx context.Context, id string) (admission.Batch, error) {
	return find[admission.Batch](ctx, s, selectBatch, id)
}

// UpdateBatch implements admission.Batches.
func (s *Store) UpdateBatch(ctx context.Context, id string, change func(*admission.Batch) error) (admission.Batch, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (admission.Batch, int, error) {
		b, err := one[admission.Batch](conn, selectBatch, id)
		return b, b.Revision, err
	}, change, func(b *admission.Batch, revision int) (row, error) {
		b.ID, b.Revision, b.HeldTo = id, revision+1, millis(b.HeldTo)
		body, err := encode(b)
		return row{query: "UPDATE code_batches SET revision = ?, body = ? WHERE id = ? AND revision = ?",
			args: []any{b.Revision, body, id, revision}}, err
	})
}

// BatchesOf implements admission.Batches.
func (s *Store) BatchesOf(ctx context.Context, e admission.Exercise) (all []admission.Batch, err error) {
	err = s.look(ctx, func(conn *sqlite.Conn) error {
		all, err = list[admission.Batch](conn, "SELECT body FROM code_batches WHERE exercise = ? ORDER BY id", string(e))
		return err
	})
	return all, err
}

// AddSlips implements admission.Slips.
func (s *Store) AddSlips(ctx context.Context, batch string, hashes []string) (taken []string, err error) {
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		taken = nil
		for _, hash := range hashes {
			n, err := execute(conn, "INSERT INTO codes (hash, batch, spent) VALUES (?, ?, 0) ON CONFLICT DO NOTHING", hash, batch)
			if err != nil {
				return err
			}
			if n > 0 {
				continue
			}
			ours, err := number(conn, "SELECT count(*) FROM codes WHERE hash = ? AND batch = ?", hash, batch)
			if err != nil {
				return err
			}
			if ours == 0 {
				taken = append(taken, hash)
			}
		}
		return nil
	})
	return taken, err
}

// SlipsThere implements admission.Slips.
func (s *Store) SlipsThere(ctx context.Context, hashes []string) (there []string, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		for _, hash := range hashes {
			n, err := number(conn, "SELECT count(*) FROM codes WHERE hash = ?", hash)
			if err != nil {
				return err
			}
			if n > 0 {
				there = append(there, hash)
			}
		}
		return nil
	})
	return there, err
}

// Slip implements admission.Slips.
func (s *Store) Slip(ctx context.Context, hashes ...string) (slip admission.Slip, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		for _, hash := range hashes {
			found := false
			err := sqlitex.Execute(conn, "SELECT hash, batch, spent FROM codes WHERE hash = ?", &sqlitex.ExecOptions{
				Args: []any{hash}, ResultFunc: func(stmt *sqlite.Stmt) error { slip, found = slipIn(stmt), true; return nil },
			})
			if err != nil || found {
				return err
			}
		}
		return notFound
	})
	return slip, err
}

func slipIn(stmt *sqlite.Stmt) admission.Slip {
	return admission.Slip{Hash: stmt.ColumnText(0), Batch: stmt.ColumnText(1), Spent: stmt.ColumnBool(2)}
}

// SpendSlip implements admission.Slips. The mark is one byte of its row, changed where it stands. The write-ahead log tells
// in which order that was and which answers were begun beside it, so it is emptied at once.
func (s *Store) SpendSlip(ctx context.Context, hash string) error {
	return describe(s.writer.submit(ctx, &write{marks: true, done: make(chan struct{}), do: func(conn *sqlite.Conn) error {
		n, err := execute(conn, "UPDATE codes SET spent = 1 WHERE hash = ? AND spent = 0", hash)
		if err != nil || n > 0 {
			return err
		}
		there, err := number(conn, "SELECT count(*) FROM codes WHERE hash = ?", hash)
		switch {
		case err != nil:
			return err
		case there == 0:
			return notFound
		}
		return conflict
	}}))
}

// CountSlips implements admission.Slips.
func (s *Store) CountSlips(ctx context.Context, batch string) (made, spent int, err error) {
	err = s.look(ctx, func(conn *sqlite.Conn) error {
		return sqlitex.Execute(conn, "SELECT count(*), total(spent) FROM codes WHERE batch = ?", &sqlitex.ExecOptions{
			Args: []any{batch}, ResultFunc: func(stmt *sqlite.Stmt) error {
				made, spent = stmt.ColumnInt(0), stmt.ColumnInt(1)
				return nil
			},
		})
	})
	return made, spent, err
}

// DropSlips implements admission.Slips.
func (s *Store) DropSlips(ctx context.Context, batch string, limit int) (n int, err error) {
	err = s.change(ctx, func(conn *sqlite.Conn) (err error) {
		n, err = execute(conn, "DELETE FROM codes WHERE hash IN (SELECT hash FROM codes WHERE batch = ? LIMIT ?)", batch, limit)
		return err
	})
	return n, err
}

func slipDoc(stmt *sqlite.Stmt) (any, error) { return slipIn(stmt), nil }

func insertSlip(conn *sqlite.Conn, doc []byte) error {
	var slip admission.Slip
	if err := json.Unmarshal(doc, &slip); err != nil {
		return fmt.Errorf("load a code: %w", err)
	}
	_, err := execute(conn, "INSERT INTO codes (hash, batch, spent) VALUES (?, ?, ?)", slip.Hash, slip.Batch, slip.Spent)
	return err
}
