package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// draftDoc is a draft beside the time from which MongoDB may forget it by itself.
type draftDoc struct {
	Key          string    `bson:"_id"`
	Gone         time.Time `bson:"gone,omitempty"`
	survey.Draft `bson:",inline"`
}

// gone is the end of the last day on which the draft is kept, never before ExpireDrafts would forget it.
func gone(d survey.Draft) time.Time {
	if d.LastPage == "" {
		return time.Time{}
	}
	return d.LastPage.Add(survey.DraftDays + 1).Time()
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

// ExpireDrafts implements survey.Drafts.
func (s *Store) ExpireDrafts(ctx context.Context, before exercise.Day) (int, error) {
	return s.delete(ctx, drafts, bson.D{{Key: "last_page", Value: bson.D{{Key: "$lt", Value: before}}}})
}
