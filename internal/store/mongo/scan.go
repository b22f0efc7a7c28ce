package mongo

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// pageSize is how many documents are read at once, in one answer of the server. A page that fails is tried again by
// the driver, which it cannot do in the middle of a cursor, and no cursor waits for a slow caller.
const pageSize = 1000

// bounds are the _ids between which the range lies: from ≤ _id < to.
func bounds(r survey.Range) (from, to string) {
	prefix := r.Area + separator + r.Survey
	from, to = prefix+separator, prefix+behind
	if r.From != (survey.Position{}) {
		from = key(survey.Ref{Area: r.Area, Survey: r.Survey, Day: r.From.Day, ID: r.From.ID})
	}
	if r.To != (survey.Position{}) {
		to = key(survey.Ref{Area: r.Area, Survey: r.Survey, Day: r.To.Day, ID: r.To.ID})
	}
	return from, to
}

func between(r survey.Range, from, to string) bson.D {
	return bson.D{
		{Key: "area", Value: r.Area}, {Key: "survey", Value: r.Survey},
		{Key: "_id", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}},
	}
}

// Scan implements survey.Responses.
func (s *Store) Scan(ctx context.Context, r survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		from, to := bounds(r)
		d := newDecoder(r.Area, r.Survey)
		var said, about page
		for {
			if err := said.read(ctx, s.db.Collection(responses), between(r, from, to), pageSize); err != nil {
				yield(nil, err)
				return
			}
			if len(said.ends) == 0 {
				return
			}
			from = string(said.id(len(said.ends)-1)) + "\x00"
			if err := about.read(ctx, s.db.Collection(backgrounds), between(r, string(said.id(0)), from), 0); err != nil {
				yield(nil, err)
				return
			}
			for i := range said.ends {
				response, err := d.response(said.doc(i), about.join(said.id(i)))
				if !yield(response, err) || err != nil {
					return
				}
			}
			if len(said.ends) < pageSize {
				return
			}
		}
	}
}

// errDamaged says that a document does not hold what Append wrote.
var errDamaged = errors.New("a response cannot be read")

// page is some documents in the order of their _ids, as bytes.
type page struct {
	bytes []byte
	ends  []int // where the documents end, and the next ones begin
	next  int   // the first document that join has not passed
}

func (p *page) doc(i int) bson.Raw {
	start := 0
	if i > 0 {
		start = p.ends[i-1]
	}
	return bson.Raw(p.bytes[start:p.ends[i]])
}

// id returns the _id without copying it: four bytes of length stand before it, a zero behind it.
func (p *page) id(i int) []byte {
	v := p.doc(i).Lookup("_id")
	if v.Type != bson.TypeString || len(v.Value) < 5 {
		return nil
	}
	return v.Value[4 : len(v.Value)-1]
}

// read reads at most limit documents, all for 0.
func (p *page) read(ctx context.Context, c *mongo.Collection, filter bson.D, limit int64) (err error) {
	p.bytes, p.ends, p.next = p.bytes[:0], p.ends[:0], 0
	cursor, err := c.Find(ctx, filter, options.Find().SetSort(ascending("area", "survey", "_id")).SetLimit(limit).SetBatchSize(2*pageSize))
	if err != nil {
		return describe(ctx, err)
	}
	defer func() {
		if cerr := cursor.Close(context.WithoutCancel(ctx)); err == nil {
			err = describe(ctx, cerr)
		}
	}()
	for cursor.Next(ctx) {
		p.bytes = append(p.bytes, cursor.Current...)
		p.ends = append(p.ends, len(p.bytes))
	}
	return describe(ctx, cursor.Err())
}

// join returns the document of the id, nil if there is none. The ids must come in order.
func (p *page) join(id []byte) bson.Raw {
	for ; p.next < len(p.ends); p.next++ {
		switch bytes.Compare(p.id(p.next), id) {
		case 0:
			return p.doc(p.next)
		case 1:
			return nil
		}
	}
	return nil
}

// position takes the place out of an _id.
func position(id string) (survey.Position, error) {
	parts := strings.Split(id, separator)
	if len(parts) != 4 {
		return survey.Position{}, errDamaged
	}
	return survey.Position{Day: exercise.Day(parts[2]), ID: parts[3]}, nil
}
