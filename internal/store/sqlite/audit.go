package sqlite

import (
	"context"
	"iter"
	"math"

	"zombiezen.com/go/sqlite"

	"sayso/internal/people"
)

// AppendEntry implements people.AuditStore.
func (s *Store) AppendEntry(ctx context.Context, e people.Entry) error {
	e.At = millis(e.At)
	body, err := encode(e)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO audit (number, area, body) VALUES (?, ?, ?)", e.Number, e.Area, body)
		return err
	})
}

// LastEntry implements people.AuditStore.
func (s *Store) LastEntry(ctx context.Context) (people.Entry, error) {
	return find[people.Entry](ctx, s, "SELECT body FROM audit ORDER BY number DESC LIMIT 1")
}

// Entries implements people.AuditStore. An entry beside which a column says something else was changed: it is not read,
// so that the chain breaks there.
func (s *Store) Entries(ctx context.Context, from int64) iter.Seq2[people.Entry, error] {
	return func(yield func(people.Entry, error) bool) {
		next := from
		for e, err := range pages(ctx, s, func(conn *sqlite.Conn) ([]people.Entry, error) {
			return list[people.Entry](conn, `SELECT body FROM audit WHERE number >= ?
				AND number = body ->> 'number' AND area = body ->> 'area' ORDER BY number LIMIT ?`, next, pageSize)
		}) {
			next = e.Number + 1
			if !yield(e, err) {
				return
			}
		}
	}
}

// EntriesBefore implements people.AuditStore.
func (s *Store) EntriesBefore(ctx context.Context, areas []string, before int64, limit int) (entries []people.Entry, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		if areas == nil {
			entries, err = list[people.Entry](conn,
				"SELECT body FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?", before, limit)
			return err
		}
		among, err := encode(areas)
		if err != nil {
			return err
		}
		entries, err = list[people.Entry](conn, `SELECT body FROM audit WHERE number < ?
			AND area IN (SELECT value FROM json_each(?)) ORDER BY number DESC LIMIT ?`, before, string(among), limit)
		return err
	})
	return entries, err
}
