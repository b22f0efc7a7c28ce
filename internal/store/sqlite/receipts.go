package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"sayso/internal/people"
)

// CreateReceipt implements people.Receipts.
func (s *Store) CreateReceipt(ctx context.Context, r people.Receipt) error {
	body, err := encode(r)
	if err != nil {
		return err
	}
	return s.change(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO receipts (hash, draft, body) VALUES (?, ?, ?)", r.Hash, r.Draft, body)
		return err
	})
}

const selectReceipt = "SELECT body FROM receipts WHERE hash = ?"

// Receipt implements people.Receipts.
func (s *Store) Receipt(ctx context.Context, hash string) (people.Receipt, error) {
	return find[people.Receipt](ctx, s, selectReceipt, hash)
}

// SubmitReceipt implements people.Receipts.
func (s *Store) SubmitReceipt(ctx context.Context, hash, day string) error {
	return s.change(ctx, func(conn *sqlite.Conn) error {
		r, err := one[people.Receipt](conn, selectReceipt, hash)
		if err != nil {
			return err
		}
		r.Day = day
		body, err := encode(r)
		if err != nil {
			return err
		}
		return replace(conn, row{query: "UPDATE receipts SET body = ? WHERE hash = ?", args: []any{body, hash}})
	})
}

// DeleteReceipts implements people.Receipts.
func (s *Store) DeleteReceipts(ctx context.Context, drafts ...string) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		for _, draft := range drafts {
			if _, err := execute(conn, "DELETE FROM receipts WHERE draft = ?", draft); err != nil {
				return err
			}
		}
		return nil
	})
}
