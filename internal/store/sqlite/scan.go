package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"

	"zombiezen.com/go/sqlite"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// Scan implements survey.Responses. It reads the log in chunks, each one state of it, and holds nothing of the
// file while the caller looks at a chunk.
func (s *Store) Scan(ctx context.Context, r survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		c := chunk{rng: r}
		d := newDecoder(r.Area, r.Survey)
		for {
			if err := s.read(ctx, c.fill); err != nil {
				yield(nil, err)
				return
			}
			for _, row := range c.rows {
				response, err := d.response(&c, row)
				if !yield(response, err) || err != nil {
					return
				}
			}
			if len(c.rows) < pageSize {
				return
			}
		}
	}
}

// chunk is a stretch of the log as bytes. Filling it again goes on where it ended.
type chunk struct {
	rng   survey.Range // what is still to be read
	bytes []byte
	rows  []stretch
}

// stretch is where one response's parts lie in the bytes of its chunk: each part ends where the next begins.
type stretch struct{ day, id, body, about, end int }

const (
	whereFrom = " WHERE area = ?1 AND survey = ?2 AND (day, id) >= (?3, ?4)"
	andBefore = " AND (day, id) < (?5, ?6)"
	inOrder   = " ORDER BY day, id"
)

// fill reads the next responses of the range and joins their backgrounds, which lie in the same order.
func (c *chunk) fill(conn *sqlite.Conn) error {
	c.bytes, c.rows = c.bytes[:0], c.rows[:0]
	responses, err := c.prepare(conn, "SELECT day, id, body FROM responses")
	if err != nil {
		return err
	}
	defer responses.Reset()
	backgrounds, err := c.prepare(conn, "SELECT day, id, body FROM backgrounds")
	if err != nil {
		return err
	}
	defer backgrounds.Reset()
	side := merge{stmt: backgrounds}
	for len(c.rows) < pageSize {
		more, err := responses.Step()
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		var row stretch
		row.day, row.id, row.body = c.take(responses, 0), c.take(responses, 1), c.take(responses, 2)
		row.about = len(c.bytes)
		if err := c.join(&side, row); err != nil {
			return err
		}
		row.end = len(c.bytes)
		c.rows = append(c.rows, row)
	}
	last := c.rows[len(c.rows)-1]
	c.rng.From = after(survey.Position{Day: exercise.Day(c.bytes[last.day:last.id]), ID: string(c.bytes[last.id:last.body])})
	return nil
}

func (c *chunk) prepare(conn *sqlite.Conn, query string) (*sqlite.Stmt, error) {
	query += whereFrom
	open := c.rng.To == survey.Position{}
	if !open {
		query += andBefore
	}
	stmt, err := conn.Prepare(query + inOrder)
	if err != nil {
		return nil, err
	}
	bindRef(stmt, survey.Ref{Area: c.rng.Area, Survey: c.rng.Survey, Day: c.rng.From.Day, ID: c.rng.From.ID})
	if !open {
		stmt.BindText(5, string(c.rng.To.Day))
		stmt.BindText(6, c.rng.To.ID)
	}
	return stmt, nil
}

// take copies a column to the end of the bytes and returns where it begins.
func (c *chunk) take(stmt *sqlite.Stmt, col int) int {
	at, n := len(c.bytes), stmt.ColumnLen(col)
	c.bytes = slices.Grow(c.bytes, n)[:at+n]
	stmt.ColumnBytes(col, c.bytes[at:])
	return at
}

// merge is a query in the order of the log that is read beside the responses.
type merge struct {
	stmt   *sqlite.Stmt
	ahead  bool // its row belongs to a later response
	ending bool
}

// join adds the background of the row to the bytes, nothing if it has none.
func (c *chunk) join(m *merge, row stretch) error {
	for !m.ending {
		if !m.ahead {
			more, err := m.stmt.Step()
			if err != nil {
				return err
			}
			if m.ending = !more; m.ending {
				return nil
			}
		}
		order := c.compare(m.stmt, row)
		m.ahead = order > 0
		if order == 0 {
			c.take(m.stmt, 2)
		}
		if order >= 0 {
			return nil
		}
	}
	return nil
}

// compare says whether the background comes before, with or after the row: -1, 0 or 1.
func (c *chunk) compare(background *sqlite.Stmt, row stretch) int {
	day := c.take(background, 0)
	id := c.take(background, 1)
	order := cmp.Or(
		bytes.Compare(c.bytes[day:id], c.bytes[row.day:row.id]),
		bytes.Compare(c.bytes[id:], c.bytes[row.id:row.body]),
	)
	c.bytes = c.bytes[:day]
	return order
}

// after is the place right behind the position.
func after(p survey.Position) survey.Position { return survey.Position{Day: p.Day, ID: p.ID + "\x00"} }
