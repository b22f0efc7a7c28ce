package sqlite

import (
	"context"
	"iter"

	"zombiezen.com/go/sqlite"

	"sayso/internal/survey"
)

// PublishSurvey implements survey.Definitions.
func (s *Store) PublishSurvey(ctx context.Context, v survey.Survey) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		newest, err := number(conn, "SELECT max(version) FROM surveys WHERE id = ?", v.ID)
		if err != nil {
			return err
		}
		if v.Version != newest+1 {
			return conflict
		}
		_, err = execute(conn, "INSERT INTO surveys (id, version, body) VALUES (?, ?, ?)", v.ID, v.Version, body)
		return err
	})
}

// Survey implements survey.Definitions.
func (s *Store) Survey(ctx context.Context, id string, version int) (survey.Survey, error) {
	if version == 0 {
		return find[survey.Survey](ctx, s, "SELECT body FROM surveys WHERE id = ? ORDER BY version DESC LIMIT 1", id)
	}
	return find[survey.Survey](ctx, s, "SELECT body FROM surveys WHERE id = ? AND version = ?", id, version)
}

// Surveys implements survey.Definitions.
func (s *Store) Surveys(ctx context.Context) iter.Seq2[survey.Survey, error] {
	return func(yield func(survey.Survey, error) bool) {
		after := ""
		for v, err := range pages(ctx, s, func(conn *sqlite.Conn) ([]survey.Survey, error) {
			return list[survey.Survey](conn, `SELECT body FROM surveys AS v WHERE id > ? AND version =
				(SELECT max(version) FROM surveys WHERE id = v.id) ORDER BY id LIMIT ?`, after, pageSize)
		}) {
			after = v.ID
			if !yield(v, err) {
				return
			}
		}
	}
}
