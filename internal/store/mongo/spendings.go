package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/fault"
	"sayso/internal/people"
)

type spendingDoc struct {
	Key             string `bson:"_id"`
	Revision        int    `bson:"revision"`
	people.Spending `bson:",inline"`
}

func (doc *spendingDoc) spend(change func(*people.Spending)) {
	change(&doc.Spending)
	doc.At, doc.Gone = millis(doc.At), millis(doc.Gone)
}

// Spend implements people.Spendings. It is written as everything is: compare-and-set reads what a majority has, and
// would go on missing a write that only one server acknowledged.
func (s *Store) Spend(ctx context.Context, key string, change func(*people.Spending)) (people.Spending, error) {
	doc, err := s.spendMore(ctx, key, change)
	if !fault.Is(err, fault.NotFound) {
		return doc.Spending, err
	}
	doc = spendingDoc{Key: key, Revision: 1}
	doc.spend(change)
	if err = s.insert(ctx, spendings, doc); fault.Is(err, fault.Conflict) { // another was faster
		doc, err = s.spendMore(ctx, key, change)
	}
	return doc.Spending, err
}

func (s *Store) spendMore(ctx context.Context, key string, change func(*people.Spending)) (spendingDoc, error) {
	return update(ctx, s.db.Collection(spendings), key,
		func(doc *spendingDoc) error { doc.spend(change); return nil },
		func(doc *spendingDoc) (any, int) {
			was := doc.Revision
			doc.Revision = was + 1
			return *doc, was
		})
}

// ExpireSpendings implements people.Spendings.
func (s *Store) ExpireSpendings(ctx context.Context, before time.Time) (int, error) {
	return s.delete(ctx, spendings, bson.D{{Key: "gone", Value: bson.D{{Key: "$lt", Value: millis(before)}}}})
}
