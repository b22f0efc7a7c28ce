package sqlite

import (
	"context"
	"iter"

	"zombiezen.com/go/sqlite"

	"sayso/internal/ballot"
)

// PublishExercise implements ballot.Definitions.
func (s *Store) PublishExercise(ctx context.Context, e ballot.Exercise) error {
	body, err := encode(e)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		newest, err := number(conn, "SELECT max(version) FROM exercises WHERE id = ?", e.ID)
		if err != nil {
			return err
		}
		if e.Version != newest+1 {
			return conflict
		}
		_, err = execute(conn, "INSERT INTO exercises (id, version, body) VALUES (?, ?, ?)", e.ID, e.Version, body)
		return err
	})
}

// Exercise implements ballot.Definitions.
func (s *Store) Exercise(ctx context.Context, id string, version int) (ballot.Exercise, error) {
	if version == 0 {
		return find[ballot.Exercise](ctx, s, "SELECT body FROM exercises WHERE id = ? ORDER BY version DESC LIMIT 1", id)
	}
	return find[ballot.Exercise](ctx, s, "SELECT body FROM exercises WHERE id = ? AND version = ?", id, version)
}

// Exercises implements ballot.Definitions.
func (s *Store) Exercises(ctx context.Context) iter.Seq2[ballot.Exercise, error] {
	return following(ctx, s, func(e ballot.Exercise) string { return e.ID }, `SELECT body FROM exercises AS e WHERE id > ? AND version =
		(SELECT max(version) FROM exercises WHERE id = e.id) ORDER BY id LIMIT ?`)
}

// following yields documents in the order of their ids, page by page; the last parameters of the query are the id after
// which a page begins, and its size.
func following[T any](ctx context.Context, s *Store, id func(T) string, query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		after := ""
		for doc, err := range pages(ctx, s, func(conn *sqlite.Conn) ([]T, error) {
			return list[T](conn, query, append(args[:len(args):len(args)], after, pageSize)...)
		}) {
			after = id(doc)
			if !yield(doc, err) {
				return
			}
		}
	}
}

// CreateBallot implements ballot.Ballots.
func (s *Store) CreateBallot(ctx context.Context, b ballot.Ballot) error {
	b.Revision = 1
	return s.create(ctx, "INSERT INTO ballots (id, exercise, revision, body) VALUES (?, ?, 1, ?)", b.ID, b.Exercise, b)
}

// create inserts a document behind its id and its exercise.
func (s *Store) create(ctx context.Context, query, id, exercise string, doc any) error {
	body, err := encode(doc)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, query, id, exercise, body)
		return err
	})
}

const selectBallot = "SELECT body FROM ballots WHERE id = ?"

// Ballot implements ballot.Ballots.
func (s *Store) Ballot(ctx context.Context, id string) (ballot.Ballot, error) {
	return find[ballot.Ballot](ctx, s, selectBallot, id)
}

// UpdateBallot implements ballot.Ballots.
func (s *Store) UpdateBallot(ctx context.Context, id string, change func(*ballot.Ballot) error) (ballot.Ballot, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (ballot.Ballot, int, error) {
		b, err := one[ballot.Ballot](conn, selectBallot, id)
		return b, b.Revision, err
	}, change, func(b *ballot.Ballot, revision int) (row, error) {
		b.ID, b.Revision = id, revision+1
		body, err := encode(b)
		return row{query: "UPDATE ballots SET revision = ?, body = ? WHERE id = ? AND revision = ?",
			args: []any{b.Revision, body, id, revision}}, err
	})
}

// DeleteBallot implements ballot.Ballots.
func (s *Store) DeleteBallot(ctx context.Context, id string) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "DELETE FROM ballots WHERE id = ?", id)
		return err
	})
}

// ScanBallots implements ballot.Ballots.
func (s *Store) ScanBallots(ctx context.Context, exercise string) iter.Seq2[ballot.Ballot, error] {
	return following(ctx, s, func(b ballot.Ballot) string { return b.ID },
		"SELECT body FROM ballots WHERE exercise = ? AND id > ? ORDER BY id LIMIT ?", exercise)
}

// CountBallots implements ballot.Ballots.
func (s *Store) CountBallots(ctx context.Context, exercise string) (n int, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		n, err = number(conn, "SELECT count(*) FROM ballots WHERE exercise = ?", exercise)
		return err
	})
	return n, err
}

// CreateBackground implements ballot.Backgrounds.
func (s *Store) CreateBackground(ctx context.Context, b ballot.Background) error {
	b.Revision = 1
	return s.create(ctx, "INSERT INTO ballot_backgrounds (id, exercise, revision, body) VALUES (?, ?, 1, ?)", b.ID, b.Exercise, b)
}

const selectBackground = "SELECT body FROM ballot_backgrounds WHERE id = ?"

// Background implements ballot.Backgrounds.
func (s *Store) Background(ctx context.Context, id string) (ballot.Background, error) {
	return find[ballot.Background](ctx, s, selectBackground, id)
}

// UpdateBackground implements ballot.Backgrounds.
func (s *Store) UpdateBackground(ctx context.Context, id string, change func(*ballot.Background) error) (ballot.Background, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (ballot.Background, int, error) {
		b, err := one[ballot.Background](conn, selectBackground, id)
		return b, b.Revision, err
	}, change, func(b *ballot.Background, revision int) (row, error) {
		b.ID, b.Revision = id, revision+1
		body, err := encode(b)
		return row{query: "UPDATE ballot_backgrounds SET revision = ?, body = ? WHERE id = ? AND revision = ?",
			args: []any{b.Revision, body, id, revision}}, err
	})
}

// DeleteBackground implements ballot.Backgrounds.
func (s *Store) DeleteBackground(ctx context.Context, id string) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "DELETE FROM ballot_backgrounds WHERE id = ?", id)
		return err
	})
}

// ScanBackgrounds implements ballot.Backgrounds.
func (s *Store) ScanBackgrounds(ctx context.Context, exercise string) iter.Seq2[ballot.Background, error] {
	return following(ctx, s, func(b ballot.Background) string { return b.ID },
		"SELECT body FROM ballot_backgrounds WHERE exercise = ? AND id > ? ORDER BY id LIMIT ?", exercise)
}
