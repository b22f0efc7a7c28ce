package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"

	"sayso/internal/people"
)

// CreateSession implements people.SessionStore.
func (s *Store) CreateSession(ctx context.Context, v people.Session) error {
	v.Begun, v.Seen = millis(v.Begun), millis(v.Seen)
	body, err := encode(v)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO sessions (hash, revision, staff, begun, seen, body) VALUES (?, 1, ?, ?, ?, ?)",
			v.Hash, v.Staff, v.Begun.UnixMilli(), v.Seen.UnixMilli(), body)
		return err
	})
}

const selectSession = "SELECT body FROM sessions WHERE hash = ?"

// Session implements people.SessionStore.
func (s *Store) Session(ctx context.Context, hash string) (people.Session, error) {
	return find[people.Session](ctx, s, selectSession, hash)
}

// revisedSession is a session with its revision, read by one query: between two it could change.
type revisedSession struct {
	people.Session
	Revision int `json:"revision"`
}

// UpdateSession implements people.SessionStore.
func (s *Store) UpdateSession(ctx context.Context, hash string, change func(*people.Session) error) (people.Session, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (people.Session, int, error) {
		v, err := one[revisedSession](conn, "SELECT json_set(body, '$.revision', revision) FROM sessions WHERE hash = ?", hash)
		return v.Session, v.Revision, err
	}, change, func(v *people.Session, revision int) (row, error) {
		v.Hash, v.Begun, v.Seen = hash, millis(v.Begun), millis(v.Seen)
		body, err := encode(v)
		return row{query: "UPDATE sessions SET revision = ?, staff = ?, begun = ?, seen = ?, body = ? WHERE hash = ? AND revision = ?",
			args: []any{revision + 1, v.Staff, v.Begun.UnixMilli(), v.Seen.UnixMilli(), body, hash, revision}}, err
	})
}

// DeleteSession implements people.SessionStore.
func (s *Store) DeleteSession(ctx context.Context, hash string) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "DELETE FROM sessions WHERE hash = ?", hash)
		return err
	})
}

// SessionsOf implements people.SessionStore.
func (s *Store) SessionsOf(ctx context.Context, staff string, limit int) (all []people.Session, err error) {
	err = s.look(ctx, func(conn *sqlite.Conn) (err error) {
		all, err = list[people.Session](conn,
			"SELECT body FROM sessions WHERE staff = ? AND body ->> 'entered' ORDER BY begun DESC, hash LIMIT ?", staff, limit)
		return err
	})
	return all, err
}

// DeleteSessionsOf implements people.SessionStore.
func (s *Store) DeleteSessionsOf(ctx context.Context, staff, but string) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "DELETE FROM sessions WHERE staff = ? AND hash <> ?", staff, but)
		return err
	})
}

// ExpireSessions implements people.SessionStore.
func (s *Store) ExpireSessions(ctx context.Context, begun, seen time.Time) (n int, err error) {
	err = s.write(ctx, func(conn *sqlite.Conn) (err error) {
		n, err = execute(conn, "DELETE FROM sessions WHERE begun < ? OR seen < ?",
			millis(begun).UnixMilli(), millis(seen).UnixMilli())
		return err
	})
	return n, err
}
