package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/report"
)

// CreateRecord implements report.Store.
func (s *Store) CreateRecord(ctx context.Context, r report.Record) error {
	r.Revision = 1
	about, err := encodeRecord(&r)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, `INSERT INTO reports (survey, number, revision, state, about, body)
			VALUES (?, ?, 1, ?, ?, ?)`, r.Survey, r.Number, string(r.State), about, r.Body)
		return err
	})
}

// encodeRecord cuts the times and encodes all but Body, which has a column of its own.
func encodeRecord(r *report.Record) ([]byte, error) {
	about := *r
	about.Body = nil
	return encode(about)
}

// records returns what the query selects: about, and where it has it body.
func records(conn *sqlite.Conn, query string, args ...any) (found []report.Record, err error) {
	err = sqlitex.Execute(conn, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(stmt *sqlite.Stmt) error {
		var r report.Record
		if err := json.Unmarshal(column(stmt, 0), &r); err != nil {
			return fmt.Errorf("read a report: %w", err)
		}
		if stmt.ColumnCount() > 1 {
			r.Body = column(stmt, 1)
		}
		found = append(found, r)
		return nil
	}})
	return found, err
}

// record returns the first of records, notFound if there is none.
func record(conn *sqlite.Conn, query string, args ...any) (report.Record, error) {
	found, err := records(conn, query, args...)
	if err == nil && len(found) == 0 {
		err = notFound
	}
	if err != nil {
		return report.Record{}, err
	}
	return found[0], nil
}

const selectRecord = "SELECT about, body FROM reports WHERE survey = ? AND number = ?"

// Record implements report.Store.
func (s *Store) Record(ctx context.Context, survey string, number int) (r report.Record, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		r, err = record(conn, selectRecord, survey, number)
		return err
	})
	return r, err
}

// UpdateRecord implements report.Store. Body stays as it was made.
func (s *Store) UpdateRecord(ctx context.Context, survey string, number int, change func(*report.Record) error) (report.Record, error) {
	words := 0
	return update(ctx, s, func(conn *sqlite.Conn) (report.Record, int, error) {
		r, err := record(conn, selectRecord, survey, number)
		return r, r.Revision, err
	}, func(r *report.Record) error {
		made := *r
		words = len(r.Words)
		if err := change(r); err != nil {
			return err
		}
		r.Survey, r.Number, r.Body = survey, number, made.Body
		return nil
	}, func(r *report.Record, revision int) (row, error) {
		r.Revision = revision + 1
		about, err := encodeRecord(r)
		return row{query: "UPDATE reports SET revision = ?, state = ?, about = ? WHERE survey = ? AND number = ? AND revision = ?",
			args: []any{r.Revision, string(r.State), about, survey, number, revision}, wipes: len(r.Words) < words}, err
	})
}

// Records implements report.Store.
func (s *Store) Records(ctx context.Context, survey string) (found []report.Record, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		found, err = records(conn, "SELECT about FROM reports WHERE survey = ? ORDER BY number DESC", survey)
		return err
	})
	return found, err
}

// LatestApproved implements report.Store.
func (s *Store) LatestApproved(ctx context.Context, survey string) (r report.Record, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		r, err = record(conn, `SELECT about, body FROM reports WHERE state = ? AND survey = ?
			ORDER BY number DESC LIMIT 1`, string(report.Approved), survey)
		return err
	})
	return r, err
}

// ApprovedRecords implements report.Store.
func (s *Store) ApprovedRecords(ctx context.Context, limit int) (found []report.Record, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		found, err = records(conn, `SELECT about FROM reports AS r WHERE state = ?1 AND number =
			(SELECT max(number) FROM reports WHERE state = ?1 AND survey = r.survey) ORDER BY survey LIMIT ?2`,
			string(report.Approved), limit)
		return err
	})
	return found, err
}
