package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// CreateDraft implements survey.Drafts.
func (s *Store) CreateDraft(ctx context.Context, d survey.Draft) error {
	d.Revision = 1
	body, err := encode(d)
	if err != nil {
		return err
	}
	return s.change(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO drafts (id, revision, last_page, body) VALUES (?, 1, ?, ?)",
			d.ID, d.LastPage, body)
		return err
	})
}

// Draft implements survey.Drafts.
func (s *Store) Draft(ctx context.Context, id string) (survey.Draft, error) {
	return find[survey.Draft](ctx, s, selectDraft, id)
}

const selectDraft = "SELECT body FROM drafts WHERE id = ?"

// UpdateDraft implements survey.Drafts.
func (s *Store) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (survey.Draft, error) {
	var before exercise.Day
	return update(ctx, s, func(conn *sqlite.Conn) (survey.Draft, int, error) {
		d, err := one[survey.Draft](conn, selectDraft, id)
		before = d.LastPage
		return d, d.Revision, err
	}, change, func(d *survey.Draft, revision int) (row, error) {
		d.ID, d.Revision = id, revision+1
		body, err := encode(d)
		if d.LastPage == before { // nearly always: the index is left alone
			return row{query: "UPDATE drafts SET revision = ?, body = ? WHERE id = ? AND revision = ?",
				args: []any{d.Revision, body, id, revision}}, err
		}
		return row{query: "UPDATE drafts SET revision = ?, last_page = ?, body = ? WHERE id = ? AND revision = ?",
			args: []any{d.Revision, d.LastPage, body, id, revision}}, err
	})
}

// DeleteDraft implements survey.Drafts.
func (s *Store) DeleteDraft(ctx context.Context, id string) error {
	return s.change(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "DELETE FROM drafts WHERE id = ?", id)
		return err
	})
}

// CountDrafts says how many drafts there are.
func (s *Store) CountDrafts(ctx context.Context) (n int, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		n, err = number(conn, "SELECT count(*) FROM drafts")
		return err
	})
	return n, err
}

// ExpireDrafts implements survey.Drafts.
func (s *Store) ExpireDrafts(ctx context.Context, before exercise.Day) (n int, err error) {
	err = s.wipe(ctx, func(conn *sqlite.Conn) (err error) {
		if _, err = execute(conn, `DELETE FROM receipts WHERE body ->> '$.day' IS NULL
			AND draft IN (SELECT id FROM drafts WHERE last_page < ?)`, before); err != nil {
			return err
		}
		n, err = execute(conn, "DELETE FROM drafts WHERE last_page < ?", before)
		return err
	})
	return n, err
}
