package sqlite

import (
	"context"
	"iter"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// Folds implements report.Folds.
func (s *Store) Folds(ctx context.Context, area, surveyID string) iter.Seq2[report.Fold, error] {
	at := survey.Position{}
	return pages(ctx, s, func(conn *sqlite.Conn) (found []report.Fold, err error) {
		err = sqlitex.Execute(conn, `SELECT day, first, last, received, changed, plan, body FROM folds
			WHERE area = ? AND survey = ? AND (day, first) > (?, ?) ORDER BY day, first LIMIT ?`, &sqlitex.ExecOptions{
			Args: []any{area, surveyID, string(at.Day), at.ID, pageSize},
			ResultFunc: func(stmt *sqlite.Stmt) error {
				found = append(found, readFold(stmt, area, surveyID))
				return nil
			},
		})
		if len(found) > 0 {
			at = found[len(found)-1].From
		}
		return found, err
	})
}

func readFold(stmt *sqlite.Stmt, area, surveyID string) report.Fold {
	f := report.Fold{Plan: stmt.ColumnText(5), Body: column(stmt, 6)}
	f.Area, f.Survey, f.Received, f.Changed = area, surveyID, stmt.ColumnInt(3), stmt.ColumnInt(4)
	f.From = survey.Position{Day: exercise.Day(stmt.ColumnText(0)), ID: stmt.ColumnText(1)}
	f.To = survey.Position{Day: f.From.Day, ID: stmt.ColumnText(2)}
	if f.To.ID == "" {
		f.To.Day = f.To.Day.Add(1)
	}
	return f
}

// KeepFolds implements report.Folds.
func (s *Store) KeepFolds(ctx context.Context, folds ...report.Fold) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		for _, f := range folds {
			if _, err := execute(conn, `INSERT OR REPLACE INTO folds (area, survey, day, first, last, received, changed, plan, body)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.Area, f.Survey, string(f.From.Day), f.From.ID, f.To.ID, f.Received, f.Changed,
				f.Plan, f.Body); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropFolds implements report.Folds.
func (s *Store) DropFolds(ctx context.Context, folds ...report.Fold) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		for _, f := range folds {
			if _, err := execute(conn, "DELETE FROM folds WHERE area = ? AND survey = ? AND day = ? AND first = ?",
				f.Area, f.Survey, string(f.From.Day), f.From.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
