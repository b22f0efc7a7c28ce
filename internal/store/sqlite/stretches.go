package sqlite

import (
	"context"
	"unicode/utf8"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// letter is one row of the table stretches. Triggers count what is changed; what comes is counted by come, since a
// trigger would make SQLite ready to undo each row by itself, which took two thirds of the time of an import.
type letter struct {
	day               exercise.Day
	part              string
	received, changed int
}

// Stretches implements survey.Responses. What it costs depends on the days, not on the responses.
func (s *Store) Stretches(ctx context.Context, area, surveyID string) ([]survey.Stretch, error) {
	var letters []letter
	err := s.read(ctx, func(conn *sqlite.Conn) error {
		letters = nil
		return sqlitex.Execute(conn, `SELECT day, part, received, changed FROM stretches WHERE area = ? AND survey = ?
			ORDER BY day, part`, &sqlitex.ExecOptions{Args: []any{area, surveyID}, ResultFunc: func(stmt *sqlite.Stmt) error {
			letters = append(letters, letter{exercise.Day(stmt.ColumnText(0)), stmt.ColumnText(1), stmt.ColumnInt(2), stmt.ColumnInt(3)})
			return nil
		}})
	})
	if err != nil {
		return nil, err
	}
	var stretches []survey.Stretch
	for len(letters) > 0 {
		n, received := 0, 0
		for n < len(letters) && letters[n].day == letters[0].day {
			received += letters[n].received
			n++
		}
		for _, r := range survey.CutDay(area, surveyID, letters[0].day, received) {
			stretches = append(stretches, add(r, letters[:n]))
		}
		letters = letters[n:]
	}
	return stretches, nil
}

// add adds up the letters of a day that lie in the range.
func add(r survey.Range, day []letter) survey.Stretch {
	s := survey.Stretch{Range: r}
	for _, l := range day {
		if l.part >= r.From.ID && (r.To.ID == "" || l.part < r.To.ID) {
			s.Received += l.received
			s.Changed += l.changed
		}
	}
	return s
}

// arrivals are how many responses came, by a Ref with the first letter of the id for the id.
type arrivals map[survey.Ref]int

func (a arrivals) add(ref survey.Ref) {
	_, n := utf8.DecodeRuneInString(ref.ID)
	ref.ID = ref.ID[:n]
	a[ref]++
}

// come counts what came, in the transaction in which it came.
func come(conn *sqlite.Conn, some arrivals) error {
	for ref, n := range some {
		if _, err := execute(conn, `INSERT INTO stretches VALUES (?, ?, ?, ?, ?, 0)
			ON CONFLICT DO UPDATE SET received = received + excluded.received`,
			ref.Area, ref.Survey, string(ref.Day), ref.ID, n); err != nil {
			return err
		}
	}
	return nil
}
