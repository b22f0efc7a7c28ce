package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/people"
)

type receiptDoc struct {
	Key            string `bson:"_id"`
	people.Receipt `bson:",inline"`
}

// CreateReceipt implements people.Receipts.
func (s *Store) CreateReceipt(ctx context.Context, r people.Receipt) error {
	return s.insert(ctx, receipts, receiptDoc{r.Hash, r})
}

// Receipt implements people.Receipts.
func (s *Store) Receipt(ctx context.Context, hash string) (people.Receipt, error) {
	return find[people.Receipt](ctx, s.db.Collection(receipts), byID(hash))
}

// SubmitReceipt implements people.Receipts.
func (s *Store) SubmitReceipt(ctx context.Context, hash, day string) error {
	r, err := s.db.Collection(receipts).UpdateOne(ctx, byID(hash), bson.D{{Key: "$set", Value: bson.D{{Key: "day", Value: day}}}})
	if err == nil && r.MatchedCount == 0 {
		return notFound
	}
	return describe(ctx, err)
}

// DeleteReceipts implements people.Receipts.
func (s *Store) DeleteReceipts(ctx context.Context, drafts ...string) error {
	if len(drafts) == 0 {
		return nil
	}
	_, err := s.delete(ctx, receipts, bson.D{{Key: "draft", Value: bson.D{{Key: "$in", Value: drafts}}}})
	return err
}
