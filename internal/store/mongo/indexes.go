package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The collections.
const (
	surveys     = "surveys"
	drafts      = "drafts"
	responses   = "responses"
	backgrounds = "backgrounds"
	receipts    = "receipts"
	staff       = "staff"
	invitations = "invitations"
	sessions    = "sessions"
	audit       = "audit"
	reports     = "reports"
	folds       = "folds"
	spendings   = "spendings"
	meta        = "meta"

	exercises         = "exercises"
	ballots           = "ballots"
	ballotBackgrounds = "ballot_backgrounds"
	outcomes          = "outcomes"
	sheets            = "sheets"

	codeBatches = "code_batches"
	codes       = "codes"
)

// index is one index of a collection. Expire is for indexes on a time: seconds after which MongoDB forgets a document,
// -1 for never. That is a safety net: the sweeps of the stores do the same earlier. Only is which documents are in the
// index, nil for all.
type index struct {
	collection string
	keys       bson.D
	unique     bool
	expire     int32
	only       bson.D
}

const (
	never  = -1
	onTime = 0 // at the time the document holds
	month  = 30 * 24 * 60 * 60
)

// indexes are all indexes beside those on _id.
var indexes = []index{
	{surveys, bson.D{{Key: "id", Value: 1}, {Key: "version", Value: -1}}, true, never, nil},
	{drafts, bson.D{{Key: "last_page", Value: 1}}, false, never, nil},
	{drafts, bson.D{{Key: "gone", Value: 1}}, false, onTime, nil},
	{responses, log, false, never, nil},
	{responses, ascending("area", "survey", "_id", "changes"), false, never, bson.D{{Key: "changes", Value: wereChanged}}},
	{backgrounds, log, false, never, nil},
	{receipts, bson.D{{Key: "draft", Value: 1}}, false, never, nil},
	{staff, bson.D{{Key: "name", Value: 1}}, true, never, nil},
	{invitations, bson.D{{Key: "expires", Value: 1}}, false, month, nil},
	{sessions, bson.D{{Key: "staff", Value: 1}}, false, never, nil},
	{sessions, bson.D{{Key: "begun", Value: 1}}, false, month, nil},
	{sessions, bson.D{{Key: "seen", Value: 1}}, false, month, nil},
	{spendings, bson.D{{Key: "gone", Value: 1}}, false, onTime, nil},
	{audit, bson.D{{Key: "area", Value: 1}, {Key: "_id", Value: -1}}, false, never, nil},
	{reports, bson.D{{Key: "survey", Value: 1}, {Key: "number", Value: -1}}, true, never, nil},
	{reports, bson.D{{Key: "state", Value: 1}, {Key: "survey", Value: 1}, {Key: "number", Value: -1}}, false, never, nil},
	{exercises, bson.D{{Key: "id", Value: 1}, {Key: "version", Value: -1}}, true, never, nil},
	{ballots, ofExercise, false, never, nil},
	{ballotBackgrounds, ofExercise, false, never, nil},
	{codeBatches, ofExercise, false, never, nil},
	{codes, ascending("batch", "_id"), false, never, nil}, // never of spent: it would change when a code is
	{sheets, ofExercise, false, never, nil},
	{outcomes, bson.D{{Key: "exercise", Value: 1}, {Key: "number", Value: -1}}, true, never, nil},
}

// log is the order of the log.
var log = bson.D{{Key: "area", Value: 1}, {Key: "survey", Value: 1}, {Key: "_id", Value: 1}}

// ofExercise is the order in which the ballots of an exercise are counted.
var ofExercise = bson.D{{Key: "exercise", Value: 1}, {Key: "_id", Value: 1}}

// ShardKeys says by which key each collection that grows with the number of people is to be sharded; the others are
// small and stay on one shard. Every filter that is sent often holds the key's first field: see queries. A survey's
// responses lie together, and those of one day in random order, so that chunks can be split anywhere.
var ShardKeys = map[string]bson.D{
	responses:   log,
	backgrounds: log,
	drafts:      {{Key: "_id", Value: "hashed"}},
	receipts:    {{Key: "_id", Value: "hashed"}},

	ballots:           {{Key: "_id", Value: "hashed"}},
	ballotBackgrounds: {{Key: "_id", Value: "hashed"}},

	codes: {{Key: "_id", Value: "hashed"}},
}

// ensure makes the indexes that are missing. It may run twice, and in two processes at once.
func ensure(ctx context.Context, db *mongo.Database, declared []index) error {
	for _, i := range declared {
		o := options.Index().SetUnique(i.unique)
		if i.expire != never {
			o.SetExpireAfterSeconds(i.expire)
		}
		if i.only != nil {
			o.SetPartialFilterExpression(i.only)
		}
		if _, err := db.Collection(i.collection).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: i.keys, Options: o}); err != nil {
			return fmt.Errorf("make the index %v of %s: %w", i.keys, i.collection, err)
		}
	}
	return nil
}
