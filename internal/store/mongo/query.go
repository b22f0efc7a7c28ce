package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func byID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

func ascending(fields ...string) bson.D {
	var d bson.D
	for _, f := range fields {
		d = append(d, bson.E{Key: f, Value: 1})
	}
	return d
}

// insert keeps a new document.
func (s *Store) insert(ctx context.Context, collection string, doc any) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, doc)
	return describe(ctx, err)
}

// find returns the first document.
func find[T any](ctx context.Context, c *mongo.Collection, filter bson.D, o ...options.Lister[options.FindOneOptions]) (T, error) {
	var doc T
	if err := c.FindOne(ctx, filter, o...).Decode(&doc); err != nil {
		var none T
		return none, describe(ctx, err)
	}
	return doc, nil
}

// list returns the documents.
func list[T any](ctx context.Context, c *mongo.Collection, filter bson.D, o ...options.Lister[options.FindOptions]) ([]T, error) {
	cursor, err := c.Find(ctx, filter, o...)
	if err != nil {
		return nil, describe(ctx, err)
	}
	var docs []T
	return docs, describe(ctx, cursor.All(ctx, &docs))
}

// delete forgets the documents and says how many there were.
func (s *Store) delete(ctx context.Context, collection string, filter bson.D) (int, error) {
	r, err := s.db.Collection(collection).DeleteMany(ctx, filter)
	if err != nil {
		return 0, describe(ctx, err)
	}
	return int(r.DeletedCount), nil
}

// forget deletes the document of the id, if it is there.
func (s *Store) forget(ctx context.Context, collection, id string) error {
	_, err := s.db.Collection(collection).DeleteOne(ctx, byID(id))
	return describe(ctx, err)
}

const (
	attempts = 200
	pause    = 2 * time.Millisecond
	longest  = 100 * time.Millisecond
)

// update reads a document, lets change change it, and puts what keep makes of it in its place if its revision is
// still the one that keep says it was read with; otherwise it begins again after a pause of random length.
func update[T any](
	ctx context.Context, c *mongo.Collection, id string, change func(*T) error, keep func(*T) (doc any, was int),
) (T, error) {
	var none T
	for try := range attempts {
		v, err := find[T](ctx, c, byID(id))
		if err != nil {
			return none, err
		}
		if err := change(&v); err != nil {
			return none, err
		}
		doc, was := keep(&v)
		r, err := c.ReplaceOne(ctx, append(byID(id), bson.E{Key: "revision", Value: was}), doc)
		if err != nil {
			return none, describe(ctx, err)
		}
		if r.MatchedCount == 1 {
			return v, nil
		}
		if err := wait(ctx, try); err != nil {
			return none, err
		}
	}
	return none, conflict.Because(fmt.Errorf("%d others changed it meanwhile", attempts))
}

// wait pauses, longer the more often somebody else was faster.
func wait(ctx context.Context, try int) error {
	most := min(pause*time.Duration(try+1), longest)
	t := time.NewTimer(rand.N(most))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return unavailable.Because(ctx.Err())
	}
}

// millis is the one place where times are cut to what both stores can keep: milliseconds, UTC.
func millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
