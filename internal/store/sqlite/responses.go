package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// said is the body of a row of responses; the background is the JSON of the answers about the person alone.
type said struct {
	Version   int             `json:"version"`
	Language  string          `json:"lang"`
	Voice     exercise.Voice  `json:"voice"`
	Channel   survey.Channel  `json:"channel"`
	Withdrawn bool            `json:"withdrawn,omitempty"`
	Held      survey.Hold     `json:"held,omitempty"`
	Answers   []survey.Answer `json:"answers"`
}

// encoded is a response as its two rows keep it.
type encoded struct {
	ref         survey.Ref
	body, about []byte
}

func encodeResponse(r *survey.Response) (encoded, error) {
	e := encoded{ref: r.Ref}
	var err error
	if e.body, err = encode(said{r.Version, r.Language, r.Voice, r.Channel, r.Withdrawn, r.Held, r.Answers}); err != nil {
		return e, err
	}
	e.about, err = encode(r.About)
	return e, err
}

// appendSize is the most responses one write takes, so that a large import lets other people in between.
const appendSize = 500

// Append implements survey.Responses.
func (s *Store) Append(ctx context.Context, rs ...survey.Response) (added int, err error) {
	for len(rs) > 0 {
		n := min(len(rs), appendSize)
		some, err := s.append(ctx, rs[:n])
		if err != nil {
			return added, err
		}
		added += some
		rs = rs[n:]
	}
	return added, nil
}

func (s *Store) append(ctx context.Context, rs []survey.Response) (added int, err error) {
	rows := make([]encoded, len(rs))
	for i := range rs {
		if rows[i], err = encodeResponse(&rs[i]); err != nil {
			return 0, err
		}
	}
	err = s.write(ctx, func(conn *sqlite.Conn) error {
		fresh := arrivals{}
		for i := range rows {
			n, err := insertResponse(conn, &rows[i])
			if err != nil {
				return err
			}
			if added += n; n > 0 {
				fresh.add(rows[i].ref)
			}
		}
		return come(conn, fresh)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// insertResponse keeps the background, then the response, and says how many responses are new: 0 or 1.
func insertResponse(conn *sqlite.Conn, e *encoded) (int, error) {
	err := insert(conn, "INSERT INTO backgrounds (area, survey, day, id, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		e.ref, e.about)
	if err != nil {
		return 0, err
	}
	err = insert(conn, "INSERT INTO responses (area, survey, day, id, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		e.ref, e.body)
	return conn.Changes(), err
}

// insert is execute for the busiest statements.
func insert(conn *sqlite.Conn, query string, ref survey.Ref, body []byte) error {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return err
	}
	bindRef(stmt, ref)
	stmt.BindBytes(5, body)
	_, err = stmt.Step()
	if rerr := stmt.Reset(); err == nil {
		err = rerr
	}
	return err
}

func bindRef(stmt *sqlite.Stmt, ref survey.Ref) {
	stmt.BindText(1, ref.Area)
	stmt.BindText(2, ref.Survey)
	stmt.BindText(3, string(ref.Day))
	stmt.BindText(4, ref.ID)
}

// Response implements survey.Responses.
func (s *Store) Response(ctx context.Context, ref survey.Ref) (survey.Response, error) {
	var r survey.Response
	err := s.read(ctx, func(conn *sqlite.Conn) (err error) {
		r, err = response(conn, ref)
		return err
	})
	return r, err
}

func response(conn *sqlite.Conn, ref survey.Ref) (survey.Response, error) {
	at := survey.Position{Day: ref.Day, ID: ref.ID}
	c := chunk{rng: survey.Range{Area: ref.Area, Survey: ref.Survey, From: at, To: after(at)}}
	if err := c.fill(conn); err != nil {
		return survey.Response{}, err
	}
	if len(c.rows) == 0 {
		return survey.Response{}, notFound
	}
	r, err := newDecoder(ref.Area, ref.Survey).response(&c, c.rows[0])
	if err != nil {
		return survey.Response{}, err
	}
	return *r, nil
}

// Withdraw implements survey.Responses.
func (s *Store) Withdraw(ctx context.Context, ref survey.Ref) error {
	return s.wipe(ctx, func(conn *sqlite.Conn) error {
		r, err := response(conn, ref)
		if err != nil {
			return err
		}
		r.Withdrawn, r.Held, r.Answers, r.About = true, "", nil, nil
		e, err := encodeResponse(&r)
		if err != nil {
			return err
		}
		const where = " SET body = ? WHERE area = ? AND survey = ? AND day = ? AND id = ?"
		if _, err := execute(conn, "UPDATE backgrounds"+where, e.about, ref.Area, ref.Survey, ref.Day, ref.ID); err != nil {
			return err
		}
		_, err = execute(conn, "UPDATE responses"+where, e.body, ref.Area, ref.Survey, ref.Day, ref.ID)
		return err
	})
}

// Hold implements survey.Responses.
func (s *Store) Hold(ctx context.Context, ref survey.Ref, why survey.Hold) error {
	return s.write(ctx, func(conn *sqlite.Conn) error {
		r, err := response(conn, ref)
		if err != nil || r.Withdrawn {
			return err
		}
		r.Held = why
		e, err := encodeResponse(&r)
		if err != nil {
			return err
		}
		_, err = execute(conn, "UPDATE responses SET body = ? WHERE area = ? AND survey = ? AND day = ? AND id = ?",
			e.body, ref.Area, ref.Survey, ref.Day, ref.ID)
		return err
	})
}

// CountResponses implements survey.Responses.
func (s *Store) CountResponses(ctx context.Context, area, survey string) (n int, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		n, err = number(conn, "SELECT coalesce(sum(received), 0) FROM stretches WHERE area = ? AND survey = ?", area, survey)
		return err
	})
	return n, err
}
