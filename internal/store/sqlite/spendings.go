package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// revisedSpending is a spending with its revision, read by one query.
type revisedSpending struct {
	people.Spending
	Revision int `json:"revision"`
}

// Spend implements people.Spendings.
func (s *Store) Spend(ctx context.Context, key string, change func(*people.Spending)) (people.Spending, error) {
	v, err := s.spendMore(ctx, key, change)
	if !fault.Is(err, fault.NotFound) {
		return v, err
	}
	if v, err = s.spendFirst(ctx, key, change); fault.Is(err, fault.Conflict) { // another was faster
		return s.spendMore(ctx, key, change)
	}
	return v, err
}

func (s *Store) spendMore(ctx context.Context, key string, change func(*people.Spending)) (people.Spending, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (people.Spending, int, error) {
		v, err := one[revisedSpending](conn, "SELECT json_set(body, '$.revision', revision) FROM spendings WHERE key = ?", key)
		return v.Spending, v.Revision, err
	}, func(v *people.Spending) error { change(v); return nil }, func(v *people.Spending, revision int) (row, error) {
		body, err := encodeSpending(v)
		return row{query: "UPDATE spendings SET revision = ?, gone = ?, body = ? WHERE key = ? AND revision = ?",
			args: []any{revision + 1, v.Gone.UnixMilli(), body, key, revision}}, err
	})
}

func (s *Store) spendFirst(ctx context.Context, key string, change func(*people.Spending)) (v people.Spending, err error) {
	change(&v)
	body, err := encodeSpending(&v)
	if err != nil {
		return v, err
	}
	return v, s.change(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO spendings (key, revision, gone, body) VALUES (?, 1, ?, ?)", key, v.Gone.UnixMilli(), body)
		return err
	})
}

func encodeSpending(v *people.Spending) ([]byte, error) {
	v.At, v.Gone = millis(v.At), millis(v.Gone)
	return encode(v)
}

// ExpireSpendings implements people.Spendings.
func (s *Store) ExpireSpendings(ctx context.Context, before time.Time) (n int, err error) {
	err = s.change(ctx, func(conn *sqlite.Conn) (err error) {
		n, err = execute(conn, "DELETE FROM spendings WHERE gone < ?", millis(before).UnixMilli())
		return err
	})
	return n, err
}
