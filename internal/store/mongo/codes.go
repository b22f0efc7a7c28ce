package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/admission"
)

type batchDoc struct {
	Key             string `bson:"_id"`
	admission.Batch `bson:",inline"`
}

// CreateBatch implements admission.Batches.
func (s *Store) CreateBatch(ctx context.Context, b admission.Batch) error {
	b.Revision, b.HeldTo = 1, millis(b.HeldTo)
	return s.insert(ctx, codeBatches, batchDoc{b.ID, b})
}

// Batch implements admission.Batches.
func (s *Store) Batch(ctx context.Context, id string) (admission.Batch, error) {
	return find[admission.Batch](ctx, s.db.Collection(codeBatches), byID(id))
}

// UpdateBatch implements admission.Batches.
func (s *Store) UpdateBatch(ctx context.Context, id string, change func(*admission.Batch) error) (admission.Batch, error) {
	return update(ctx, s.db.Collection(codeBatches), id, change, func(b *admission.Batch) (any, int) {
		was := b.Revision
		b.ID, b.Revision, b.HeldTo = id, was+1, millis(b.HeldTo)
		return batchDoc{id, *b}, was
	})
}

// BatchesOf implements admission.Batches.
func (s *Store) BatchesOf(ctx context.Context, e admission.Exercise) ([]admission.Batch, error) {
	return list[admission.Batch](ctx, s.db.Collection(codeBatches), bson.D{{Key: "exercise", Value: e}}, options.Find().SetSort(byKey))
}

// slipDoc is all that is kept of a code: whether it is spent has one byte, changed where it stands.
type slipDoc struct {
	Key   string `bson:"_id"`
	Batch string `bson:"batch"`
	Spent bool   `bson:"spent"`
}

func (d slipDoc) slip() admission.Slip {
	return admission.Slip{Hash: d.Key, Batch: d.Batch, Spent: d.Spent}
}

func readSlip(c *mongo.Cursor) (any, error) {
	var d slipDoc
	err := c.Decode(&d)
	return d.slip(), err
}

// AddSlips implements admission.Slips.
func (s *Store) AddSlips(ctx context.Context, batch string, hashes []string) (taken []string, err error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	docs := make([]any, len(hashes))
	for i, hash := range hashes {
		docs[i] = slipDoc{hash, batch, false}
	}
	_, err = s.db.Collection(codes).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	bulk, failed := errors.AsType[mongo.BulkWriteException](err)
	if !failed || bulk.WriteConcernError != nil || !onlyDuplicates(bulk) {
		return nil, describe(ctx, err)
	}
	var there []string
	for _, e := range bulk.WriteErrors {
		there = append(there, hashes[e.Index])
	}
	docsThere, err := s.slips(ctx, there)
	for _, d := range docsThere {
		if d.Batch != batch {
			taken = append(taken, d.Key)
		}
	}
	return taken, err
}

func onlyDuplicates(bulk mongo.BulkWriteException) bool {
	for _, e := range bulk.WriteErrors {
		if !mongo.IsDuplicateKeyError(e) {
			return false
		}
	}
	return len(bulk.WriteErrors) > 0
}

// slips returns those of the hashes that are there.
func (s *Store) slips(ctx context.Context, hashes []string) ([]slipDoc, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	return list[slipDoc](ctx, s.db.Collection(codes), byID(bson.D{{Key: "$in", Value: hashes}}))
}

// SlipsThere implements admission.Slips.
func (s *Store) SlipsThere(ctx context.Context, hashes []string) (there []string, err error) {
	docs, err := s.slips(ctx, hashes)
	for _, d := range docs {
		there = append(there, d.Key)
	}
	return there, err
}

// Slip implements admission.Slips.
func (s *Store) Slip(ctx context.Context, hashes ...string) (admission.Slip, error) {
	doc, err := find[slipDoc](ctx, s.db.Collection(codes), byID(bson.D{{Key: "$in", Value: hashes}}))
	return doc.slip(), err
}

// SpendSlip implements admission.Slips.
func (s *Store) SpendSlip(ctx context.Context, hash string) error {
	r, err := s.db.Collection(codes).UpdateOne(ctx, append(byID(hash), bson.E{Key: "spent", Value: false}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "spent", Value: true}}}})
	switch {
	case err != nil:
		return describe(ctx, err)
	case r.MatchedCount == 1:
		return nil
	}
	if _, err := s.Slip(ctx, hash); err != nil {
		return err
	}
	return conflict
}

// CountSlips implements admission.Slips.
func (s *Store) CountSlips(ctx context.Context, batch string) (made, spent int, err error) {
	of := bson.D{{Key: "batch", Value: batch}}
	all, err := s.db.Collection(codes).CountDocuments(ctx, of)
	if err != nil {
		return 0, 0, describe(ctx, err)
	}
	some, err := s.db.Collection(codes).CountDocuments(ctx, append(of, bson.E{Key: "spent", Value: true}))
	return int(all), int(some), describe(ctx, err)
}

// DropSlips implements admission.Slips.
func (s *Store) DropSlips(ctx context.Context, batch string, limit int) (int, error) {
	docs, err := list[slipDoc](ctx, s.db.Collection(codes), bson.D{{Key: "batch", Value: batch}}, options.Find().SetLimit(int64(limit)))
	if err != nil || len(docs) == 0 {
		return 0, err
	}
	hashes := make([]string, len(docs))
	for i, d := range docs {
		hashes[i] = d.Key
	}
	return s.delete(ctx, codes, byID(bson.D{{Key: "$in", Value: hashes}}))
}
