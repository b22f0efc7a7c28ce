package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// pageSize is how many documents an iterator reads at a time. Between pages it holds no connection, so that a
// caller may take its time and use the store meanwhile.
const pageSize = 256

// read lends a reader to do, in one transaction: all its queries see the same state.
func (s *Store) read(ctx context.Context, do func(*sqlite.Conn) error) error {
	return s.look(ctx, func(conn *sqlite.Conn) error { return transact(conn, do) })
}

// look lends a reader for one query, which is a transaction by itself.
func (s *Store) look(ctx context.Context, do func(*sqlite.Conn) error) error {
	conn, err := s.take(ctx)
	if err == nil {
		err = do(conn)
		s.readers.Put(conn)
	}
	if cause := ctx.Err(); err != nil && cause != nil {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	return describe(err)
}

func (s *Store) take(ctx context.Context) (*sqlite.Conn, error) {
	conn, err := s.readers.Take(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	return conn, nil
}

func transact(conn *sqlite.Conn, do func(*sqlite.Conn) error) error {
	if err := sqlitex.Execute(conn, "BEGIN", nil); err != nil {
		return err
	}
	err := do(conn)
	if rerr := rollback(conn); err == nil {
		err = rerr
	}
	return err
}

// rollback ends a reading transaction, even one whose context has ended.
func rollback(conn *sqlite.Conn) error {
	conn.SetInterrupt(nil)
	if conn.AutocommitEnabled() {
		return nil
	}
	return sqlitex.Execute(conn, "ROLLBACK", nil)
}

// execute runs the query and says how many rows it changed.
func execute(conn *sqlite.Conn, query string, args ...any) (int, error) {
	if err := sqlitex.Execute(conn, query, &sqlitex.ExecOptions{Args: args}); err != nil {
		return 0, err
	}
	return conn.Changes(), nil
}

// row is an UPDATE of one row, on the condition that it is still as it was read.
type row struct {
	query string
	args  []any
	wipes bool // takes words away
}

func replace(conn *sqlite.Conn, r row) error {
	n, err := execute(conn, r.query, r.args...)
	if err == nil && n == 0 {
		return errStale
	}
	return err
}

// number returns the first column of the first row.
func number(conn *sqlite.Conn, query string, args ...any) (n int, err error) {
	err = sqlitex.Execute(conn, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(stmt *sqlite.Stmt) error {
		n = stmt.ColumnInt(0)
		return nil
	}})
	return n, err
}

// list returns the documents in the first column.
func list[T any](conn *sqlite.Conn, query string, args ...any) (docs []T, err error) {
	err = sqlitex.Execute(conn, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(stmt *sqlite.Stmt) error {
		var doc T
		if err := json.Unmarshal(column(stmt, 0), &doc); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		docs = append(docs, doc)
		return nil
	}})
	return docs, err
}

// one returns the document in the first column of the first row, notFound if there is none.
func one[T any](conn *sqlite.Conn, query string, args ...any) (T, error) {
	docs, err := list[T](conn, query, args...)
	if err != nil || len(docs) == 0 {
		var none T
		if err == nil {
			err = notFound
		}
		return none, err
	}
	return docs[0], nil
}

// find is one on a reader of its own.
func find[T any](ctx context.Context, s *Store, query string, args ...any) (doc T, err error) {
	err = s.look(ctx, func(conn *sqlite.Conn) error {
		doc, err = one[T](conn, query, args...)
		return err
	})
	return doc, err
}

// pages yields what next reads, page by page, until a page is not full.
func pages[T any](ctx context.Context, s *Store, next func(*sqlite.Conn) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			var docs []T
			err := s.read(ctx, func(conn *sqlite.Conn) (err error) {
				docs, err = next(conn)
				return err
			})
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, doc := range docs {
				if !yield(doc, nil) {
					return
				}
			}
			if len(docs) < pageSize {
				return
			}
		}
	}
}

// update reads a document with its revision, lets change change it in the caller's goroutine, and keeps it if
// nobody else did so meanwhile; otherwise it begins again. Of several callers one always gets through. load is one
// query.
func update[T any](
	ctx context.Context, s *Store,
	load func(*sqlite.Conn) (T, int, error), change func(*T) error, keep func(*T, int) (row, error),
) (T, error) {
	var none T
	for {
		var doc T
		var revision int
		err := s.look(ctx, func(conn *sqlite.Conn) (err error) {
			doc, revision, err = load(conn)
			return err
		})
		if err != nil {
			return none, err
		}
		if err := change(&doc); err != nil {
			return none, err
		}
		r, err := keep(&doc, revision)
		if err != nil {
			return none, err
		}
		err = describe(s.writer.submit(ctx, &write{
			do: func(conn *sqlite.Conn) error { return replace(conn, r) }, single: true, wipes: r.wipes, done: make(chan struct{}),
		}))
		if err == nil {
			return doc, nil
		}
		if !errors.Is(err, errStale) {
			return none, err
		}
	}
}

// encode returns the document as JSON.
func encode(doc any) ([]byte, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return b, nil
}

// column copies the bytes of a column.
func column(stmt *sqlite.Stmt, col int) []byte {
	b := make([]byte, stmt.ColumnLen(col))
	stmt.ColumnBytes(col, b)
	return b
}

// millis is the one place where times are cut to what both stores can keep: milliseconds, UTC.
func millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
