package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/ballot"
)

// CreateOutcome implements ballot.Outcomes.
func (s *Store) CreateOutcome(ctx context.Context, o ballot.Outcome) error {
	o.Revision = 1
	about, err := encodeOutcome(&o)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO outcomes (exercise, number, revision, about, result, file) VALUES (?, ?, 1, ?, ?, ?)",
			o.Exercise, o.Number, about, o.Result, o.File)
		return err
	})
}

// encodeOutcome encodes all but Result and File, which have columns of their own.
func encodeOutcome(o *ballot.Outcome) ([]byte, error) {
	about := *o
	about.Result, about.File = nil, nil
	return encode(about)
}

// outcomes returns what the query selects: about, and where it has them result and file.
func outcomes(conn *sqlite.Conn, query string, args ...any) (found []ballot.Outcome, err error) {
	err = sqlitex.Execute(conn, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(stmt *sqlite.Stmt) error {
		o, err := outcomeIn(stmt)
		found = append(found, o)
		return err
	}})
	return found, err
}

func outcomeIn(stmt *sqlite.Stmt) (o ballot.Outcome, err error) {
	if err := json.Unmarshal(column(stmt, 0), &o); err != nil {
		return o, fmt.Errorf("read an outcome: %w", err)
	}
	if stmt.ColumnCount() > 1 {
		o.Result, o.File = column(stmt, 1), column(stmt, 2)
	}
	return o, nil
}

func outcome(conn *sqlite.Conn, exercise string, number int) (ballot.Outcome, error) {
	found, err := outcomes(conn, `SELECT about, result, file FROM outcomes WHERE exercise = ?1 AND (number = ?2 OR ?2 = 0)
		ORDER BY number DESC LIMIT 1`, exercise, number)
	if err == nil && len(found) == 0 {
		err = notFound
	}
	if err != nil {
		return ballot.Outcome{}, err
	}
	return found[0], nil
}

// Outcome implements ballot.Outcomes.
func (s *Store) Outcome(ctx context.Context, exercise string, number int) (o ballot.Outcome, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		o, err = outcome(conn, exercise, number)
		return err
	})
	return o, err
}

// UpdateOutcome implements ballot.Outcomes.
func (s *Store) UpdateOutcome(ctx context.Context, exercise string, number int, change func(*ballot.Outcome) error) (ballot.Outcome, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (ballot.Outcome, int, error) {
		o, err := outcome(conn, exercise, number)
		return o, o.Revision, err
	}, func(o *ballot.Outcome) error {
		made := *o
		if err := change(o); err != nil {
			return err
		}
		o.Exercise, o.Number, o.Result, o.File = exercise, made.Number, made.Result, made.File
		return nil
	}, func(o *ballot.Outcome, revision int) (row, error) {
		o.Revision = revision + 1
		about, err := encodeOutcome(o)
		return row{query: "UPDATE outcomes SET revision = ?, about = ? WHERE exercise = ? AND number = ? AND revision = ?",
			args: []any{o.Revision, about, exercise, o.Number, revision}}, err
	})
}

// Outcomes implements ballot.Outcomes.
func (s *Store) Outcomes(ctx context.Context, exercise string) (found []ballot.Outcome, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		found, err = outcomes(conn, "SELECT about FROM outcomes WHERE exercise = ? ORDER BY number DESC", exercise)
		return err
	})
	return found, err
}

func outcomeDoc(stmt *sqlite.Stmt) (any, error) { return outcomeIn(stmt) }

func insertOutcome(conn *sqlite.Conn, doc []byte) error {
	var o ballot.Outcome
	if err := json.Unmarshal(doc, &o); err != nil {
		return fmt.Errorf("load an outcome: %w", err)
	}
	about, err := encodeOutcome(&o)
	if err != nil {
		return err
	}
	_, err = execute(conn, "INSERT INTO outcomes (exercise, number, revision, about, result, file) VALUES (?, ?, ?, ?, ?, ?)",
		o.Exercise, o.Number, o.Revision, about, o.Result, o.File)
	return err
}
