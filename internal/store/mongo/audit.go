package mongo

import (
	"context"
	"iter"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/people"
)

type entryDoc struct {
	Key          int64 `bson:"_id"`
	people.Entry `bson:",inline"`
}

// AppendEntry implements people.AuditStore.
func (s *Store) AppendEntry(ctx context.Context, e people.Entry) error {
	e.At = millis(e.At)
	return s.insert(ctx, audit, entryDoc{e.Number, e})
}

var latestFirst = bson.D{{Key: "_id", Value: -1}}

// LastEntry implements people.AuditStore.
func (s *Store) LastEntry(ctx context.Context) (people.Entry, error) {
	return find[people.Entry](ctx, s.db.Collection(audit), bson.D{}, options.FindOne().SetSort(latestFirst))
}

// Entries implements people.AuditStore. It reads in pages, each of which is tried again if a server fails.
func (s *Store) Entries(ctx context.Context, from int64) iter.Seq2[people.Entry, error] {
	return func(yield func(people.Entry, error) bool) {
		for {
			page, err := list[people.Entry](ctx, s.db.Collection(audit),
				byID(bson.D{{Key: "$gte", Value: from}}), options.Find().SetSort(ascending("_id")).SetLimit(pageSize))
			if err != nil {
				yield(people.Entry{}, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
				from = e.Number + 1
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// EntriesBefore implements people.AuditStore.
func (s *Store) EntriesBefore(ctx context.Context, areas []string, before int64, limit int) ([]people.Entry, error) {
	if limit <= 0 {
		return nil, nil
	}
	if before == 0 {
		before = math.MaxInt64
	}
	filter := byID(bson.D{{Key: "$lt", Value: before}})
	if areas != nil {
		filter = append(filter, bson.E{Key: "area", Value: bson.D{{Key: "$in", Value: areas}}})
	}
	return list[people.Entry](ctx, s.db.Collection(audit), filter, options.Find().SetSort(latestFirst).SetLimit(int64(limit)))
}
