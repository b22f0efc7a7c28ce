package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"zombiezen.com/go/sqlite"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// view is what View lends: everything that outlives a restart, but for sessions and invitations, for what was spent of
// limits, which comes back by itself, and for folds, which are made anew.
type view = interface {
	Count(collection string) (int, error)
	Each(collection string) iter.Seq2[[]byte, error]
}

// Engine is the name of this kind of store.
func (s *Store) Engine() string { return "sqlite" }

// Steady says that a view is of one moment.
func (s *Store) Steady(context.Context) (bool, error) { return true, nil }

// View lends read the store as it is at one moment: one reading transaction, which the write-ahead log lets go on
// beside the writer. It makes no copy, as SQLite's backup interface and VACUUM INTO would: there is no second file
// with people's words, sessions and all, and nothing begins again because somebody wrote. For as long, the log grows,
// and words that were withdrawn or expired stay in it, as with any long reader.
func (s *Store) View(ctx context.Context, read func(view) error) error {
	return s.read(ctx, func(conn *sqlite.Conn) error { return read(moment{conn}) })
}

// moment is the store as one transaction sees it.
type moment struct{ conn *sqlite.Conn }

// background is who said something, as a document.
type background struct {
	survey.Ref
	About []survey.Answer `json:"about"`
}

// shelf is how one collection becomes documents, in an order that all stores have, and rows again.
type shelf struct {
	query  string
	doc    func(*sqlite.Stmt) (any, error)
	insert func(*sqlite.Conn, []byte) error
}

var shelves = map[string]shelf{
	"audit": {"SELECT body FROM audit ORDER BY number", body[people.Entry],
		rows("INSERT INTO audit (number, area, body) VALUES (?, ?, ?)", func(e *people.Entry) []any { return []any{e.Number, e.Area} })},
	"staff": {"SELECT body FROM staff ORDER BY id", body[people.Staff],
		rows("INSERT INTO staff (id, revision, name, body) VALUES (?, ?, ?, ?)",
			func(m *people.Staff) []any { return []any{m.ID, m.Revision, m.Name} })},
	"drafts": {"SELECT body FROM drafts ORDER BY id", body[survey.Draft],
		rows("INSERT INTO drafts (id, revision, last_page, body) VALUES (?, ?, ?, ?)",
			func(d *survey.Draft) []any { return []any{d.ID, d.Revision, d.LastPage} })},
	"receipts": {"SELECT body FROM receipts ORDER BY hash", body[people.Receipt],
		rows("INSERT INTO receipts (hash, draft, body) VALUES (?, ?, ?)", func(r *people.Receipt) []any { return []any{r.Hash, r.Draft} })},
	"surveys": {"SELECT body FROM surveys ORDER BY id, version DESC", body[survey.Survey],
		rows("INSERT INTO surveys (id, version, body) VALUES (?, ?, ?)", func(v *survey.Survey) []any { return []any{v.ID, v.Version} })},
	"backgrounds": {"SELECT area, survey, day, id, body FROM backgrounds ORDER BY area, survey, day, id", backgroundDoc, insertBackground},
	"responses":   {"SELECT area, survey, day, id, body FROM responses ORDER BY area, survey, day, id", responseDoc, insertSaid},
	"exercises": {"SELECT body FROM exercises ORDER BY id, version DESC", body[ballot.Exercise],
		rows("INSERT INTO exercises (id, version, body) VALUES (?, ?, ?)", func(e *ballot.Exercise) []any { return []any{e.ID, e.Version} })},
	"ballots": {"SELECT body FROM ballots ORDER BY id", body[ballot.Ballot],
		rows("INSERT INTO ballots (id, exercise, revision, body) VALUES (?, ?, ?, ?)",
			func(b *ballot.Ballot) []any { return []any{b.ID, b.Exercise, b.Revision} })},
	"ballot_backgrounds": {"SELECT body FROM ballot_backgrounds ORDER BY id", body[ballot.Background],
		rows("INSERT INTO ballot_backgrounds (id, exercise, revision, body) VALUES (?, ?, ?, ?)",
			func(b *ballot.Background) []any { return []any{b.ID, b.Exercise, b.Revision} })},
	"code_batches": {"SELECT body FROM code_batches ORDER BY id", body[admission.Batch],
		rows("INSERT INTO code_batches (id, exercise, revision, body) VALUES (?, ?, ?, ?)",
			func(b *admission.Batch) []any { return []any{b.ID, string(b.Exercise), b.Revision} })},
	"codes": {"SELECT hash, batch, spent FROM codes ORDER BY hash", slipDoc, insertSlip},
	"sheets": {"SELECT body FROM sheets ORDER BY hash", body[ballot.Sheet],
		rows("INSERT INTO sheets (hash, exercise, revision, body) VALUES (?, ?, ?, ?)",
			func(sh *ballot.Sheet) []any { return []any{sh.Hash, sh.Exercise, sh.Revision} })},
	"outcomes": {"SELECT about, result, file FROM outcomes ORDER BY exercise, number DESC", outcomeDoc, insertOutcome},
	"reports":  {"SELECT about, body FROM reports ORDER BY survey, number DESC", recordDoc, insertRecord},
}

func (m moment) Count(collection string) (int, error) {
	n, err := number(m.conn, "SELECT count(*) FROM "+collection)
	return n, describe(err)
}

func (m moment) Each(collection string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := shelves[collection]
		stmt, err := m.conn.Prepare(s.query)
		if err != nil {
			yield(nil, describe(err))
			return
		}
		defer stmt.Reset()
		for {
			doc, more, err := s.next(stmt)
			if !more && err == nil || !yield(doc, describe(err)) || err != nil {
				return
			}
		}
	}
}

func (s shelf) next(stmt *sqlite.Stmt) (doc []byte, more bool, err error) {
	if more, err = stmt.Step(); err != nil || !more {
		return nil, false, err
	}
	v, err := s.doc(stmt)
	if err != nil {
		return nil, false, fmt.Errorf("read a document: %w", err)
	}
	doc, err = encode(v)
	return doc, true, err
}

// body is the document in the first column. It is read and written anew, so that an old one is as a new one would be.
func body[T any](stmt *sqlite.Stmt) (any, error) {
	var doc T
	err := json.Unmarshal(column(stmt, 0), &doc)
	return doc, err
}

func refOf(stmt *sqlite.Stmt) survey.Ref {
	return survey.Ref{Area: stmt.ColumnText(0), Survey: stmt.ColumnText(1), Day: exercise.Day(stmt.ColumnText(2)), ID: stmt.ColumnText(3)}
}

func backgroundDoc(stmt *sqlite.Stmt) (any, error) {
	b := background{Ref: refOf(stmt)}
	err := json.Unmarshal(column(stmt, 4), &b.About)
	return b, err
}

func responseDoc(stmt *sqlite.Stmt) (any, error) {
	var s said
	err := json.Unmarshal(column(stmt, 4), &s)
	return survey.Response{Ref: refOf(stmt), Version: s.Version, Language: s.Language, Voice: s.Voice, Channel: s.Channel,
		Withdrawn: s.Withdrawn, Held: s.Held, Answers: s.Answers}, err
}

func recordDoc(stmt *sqlite.Stmt) (any, error) {
	var r report.Record
	err := json.Unmarshal(column(stmt, 0), &r)
	r.Body = column(stmt, 1)
	return r, err
}

// Load keeps documents as View yields them, just as they are; Conflict if one is there already.
func (s *Store) Load(ctx context.Context, collection string, docs [][]byte) error {
	to, ok := shelves[collection]
	if !ok {
		return fmt.Errorf("there is no collection %q", collection)
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		for _, doc := range docs {
			if err := to.insert(conn, doc); err != nil {
				return err
			}
		}
		_, err := execute(conn, "DELETE FROM folds") // they may be of what was there before
		return err
	})
}

// rows inserts documents as the last column, behind those that columns makes of them.
func rows[T any](query string, columns func(*T) []any) func(*sqlite.Conn, []byte) error {
	return func(conn *sqlite.Conn, doc []byte) error {
		var v T
		if err := json.Unmarshal(doc, &v); err != nil {
			return fmt.Errorf("load a document: %w", err)
		}
		b, err := encode(v)
		if err != nil {
			return err
		}
		_, err = execute(conn, query, append(columns(&v), b)...)
		return err
	}
}

func insertBackground(conn *sqlite.Conn, doc []byte) error {
	var b background
	if err := json.Unmarshal(doc, &b); err != nil {
		return fmt.Errorf("load a background: %w", err)
	}
	about, err := encode(b.About)
	if err != nil {
		return err
	}
	return insert(conn, "INSERT INTO backgrounds (area, survey, day, id, body) VALUES (?, ?, ?, ?, ?)", b.Ref, about)
}

func insertSaid(conn *sqlite.Conn, doc []byte) error {
	var r survey.Response
	if err := json.Unmarshal(doc, &r); err != nil {
		return fmt.Errorf("load a response: %w", err)
	}
	e, err := encodeResponse(&r)
	if err != nil {
		return err
	}
	if err := insert(conn, "INSERT INTO responses (area, survey, day, id, body) VALUES (?, ?, ?, ?, ?)", e.ref, e.body); err != nil {
		return err
	}
	one := arrivals{}
	one.add(e.ref)
	return come(conn, one)
}

func insertRecord(conn *sqlite.Conn, doc []byte) error {
	var r report.Record
	if err := json.Unmarshal(doc, &r); err != nil {
		return fmt.Errorf("load a report: %w", err)
	}
	about, err := encodeRecord(&r)
	if err != nil {
		return err
	}
	_, err = execute(conn, `INSERT INTO reports (survey, number, revision, state, about, body)
		VALUES (?, ?, ?, ?, ?, ?)`, r.Survey, r.Number, r.Revision, string(r.State), about, r.Body)
	return err
}
