package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"sayso/internal/fault"
)

// ErrNewer says that the database was written by a newer Sayso.
var ErrNewer = errors.New("the database was written by a newer Sayso: please use that one")

// step brings the database one version further. Steps must bear being run twice, and by two processes at once.
type step func(context.Context, *mongo.Database) error

// steps are all steps in order. What was released is never changed, only added to.
func steps(declared []index) []step {
	indexed := func(ctx context.Context, db *mongo.Database) error { return ensure(ctx, db, declared) }
	return []step{
		indexed,
		indexed, // the index on responses that were changed came later
		indexed, // those of ballots
		indexed, // those of what was spent of limits
		indexed, // those of invitation codes
		indexed, // those of paper ballots
	}
}

// schema is the document in meta that says how far the database is.
type schema struct {
	ID      string `bson:"_id"`
	Version int    `bson:"version"`
}

const schemaID = "schema"

// migrate runs the steps that the database has not had. The version moves on after its step, by compare-and-set.
func (s *Store) migrate(ctx context.Context, steps []step) error {
	at, err := s.version(ctx)
	if err != nil {
		return err
	}
	if at > len(steps) {
		return fmt.Errorf("%w (its schema is %d, ours %d)", ErrNewer, at, len(steps))
	}
	for ; at < len(steps); at++ {
		if err := steps[at](ctx, s.db); err != nil {
			return describe(ctx, err)
		}
		_, err := s.db.Collection(meta).UpdateOne(ctx, schema{schemaID, at}, bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: at + 1}}}})
		if err != nil {
			return describe(ctx, err)
		}
	}
	return nil
}

func (s *Store) version(ctx context.Context) (int, error) {
	v, err := find[schema](ctx, s.db.Collection(meta), byID(schemaID))
	if !fault.Is(err, fault.NotFound) {
		return v.Version, err
	}
	err = s.insert(ctx, meta, schema{ID: schemaID})
	if fault.Is(err, fault.Conflict) { // another process was faster
		return 0, nil
	}
	return 0, err
}
