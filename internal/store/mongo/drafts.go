package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// draftDoc is a draft beside the time from which MongoDB may forget it by itself.
type draftDoc struct {
	Key          string    `bson:"_id"`
	Gone         time.Time `bson:"gone,omitempty"`
	survey.Draft `bson:",inline"`
}

// gone is a day after the time from which ExpireDrafts forgets the draft with its receipt: MongoDB would leave that
// behind, so it is only for a server that does not run.
func gone(d survey.Draft) time.Time {
	if d.LastPage == "" {
		return time.Time{}
	}
	return d.LastPage.Add(survey.DraftDays + 2).Time()
}

// CreateDraft implements survey.Drafts.
func (s *Store) CreateDraft(ctx context.Context, d survey.Draft) error {
	d.Revision = 1
	return s.insert(ctx, drafts, draftDoc{d.ID, gone(d), d})
}

// Draft implements survey.Drafts.
func (s *Store) Draft(ctx context.Context, id string) (survey.Draft, error) {
	doc, err := find[draftDoc](ctx, s.db.Collection(drafts), byID(id))
	return doc.Draft, err
}

// UpdateDraft implements survey.Drafts.
func (s *Store) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (survey.Draft, error) {
	return update(ctx, s.db.Collection(drafts), id, change, func(d *survey.Draft) (any, int) {
		was := d.Revision
		d.ID, d.Revision = id, was+1
		return draftDoc{id, gone(*d), *d}, was
	})
}

// DeleteDraft implements survey.Drafts.
func (s *Store) DeleteDraft(ctx context.Context, id string) error { return s.forget(ctx, drafts, id) }

// CountDrafts says about how many drafts there are, as the server's own books have it.
func (s *Store) CountDrafts(ctx context.Context) (int, error) {
	n, err := s.db.Collection(drafts).EstimatedDocumentCount(ctx)
	return int(n), describe(ctx, err)
}

// expireAtOnce is how many drafts ExpireDrafts forgets at a time.
const expireAtOnce = 1000

// ExpireDrafts implements survey.Drafts. The receipts go last: one that is left behind opens nothing, while a draft
// whose receipt is gone could not be opened.
func (s *Store) ExpireDrafts(ctx context.Context, before exercise.Day) (int, error) {
	old := bson.E{Key: "last_page", Value: bson.D{{Key: "$lt", Value: before}}}
	for total := 0; ; {
		ids, err := s.draftIDs(ctx, bson.D{old})
		if err != nil || len(ids) == 0 {
			return total, err
		}
		these := bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}
		n, err := s.delete(ctx, drafts, bson.D{these, old})
		if err != nil {
			return total, err
		}
		total += n
		if err := s.expireReceipts(ctx, ids, these); err != nil {
			return total, err
		}
	}
}

// expireReceipts forgets the receipts without a day of those drafts that are gone.
func (s *Store) expireReceipts(ctx context.Context, ids []string, these bson.E) error {
	touched, err := s.draftIDs(ctx, bson.D{these}) // meanwhile, and so not gone
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(touched, id) })
	_, err = s.delete(ctx, receipts, bson.D{
		{Key: "draft", Value: bson.D{{Key: "$in", Value: ids}}},
		{Key: "day", Value: bson.D{{Key: "$in", Value: bson.A{nil, ""}}}},
	})
	return err
}

// draftIDs lists the ids of at most expireAtOnce drafts.
func (s *Store) draftIDs(ctx context.Context, filter bson.D) ([]string, error) {
	cursor, err := s.db.Collection(drafts).Find(ctx, filter, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetLimit(expireAtOnce))
	if err != nil {
		return nil, describe(ctx, err)
	}
	var docs []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, describe(ctx, err)
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	return ids, nil
}
