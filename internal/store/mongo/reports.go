package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/fault"
	"sayso/internal/report"
)

type recordDoc struct {
	Key           string `bson:"_id"`
	report.Record `bson:",inline"`
}

// CreateRecord implements report.Store.
func (s *Store) CreateRecord(ctx context.Context, r report.Record) error {
	r.Revision = 1
	return s.insert(ctx, reports, recordDoc{numbered(r.Survey, r.Number), r})
}

// Record implements report.Store.
func (s *Store) Record(ctx context.Context, survey string, number int) (report.Record, error) {
	return find[report.Record](ctx, s.db.Collection(reports), byID(numbered(survey, number)))
}

// UpdateRecord implements report.Store. Body stays as it was made.
func (s *Store) UpdateRecord(ctx context.Context, survey string, number int, change func(*report.Record) error) (report.Record, error) {
	return update(ctx, s.db.Collection(reports), numbered(survey, number), func(r *report.Record) error {
		made := *r
		if err := change(r); err != nil {
			return err
		}
		r.Survey, r.Number, r.Body = survey, number, made.Body
		return nil
	}, func(r *report.Record) (any, int) {
		was := r.Revision
		r.Revision = was + 1
		return recordDoc{numbered(survey, number), *r}, was
	})
}

// Records implements report.Store.
func (s *Store) Records(ctx context.Context, survey string) ([]report.Record, error) {
	return list[report.Record](ctx, s.db.Collection(reports), bson.D{{Key: "survey", Value: survey}},
		options.Find().SetSort(bson.D{{Key: "number", Value: -1}}).SetProjection(withoutBody))
}

var withoutBody = bson.D{{Key: "body", Value: 0}}

// newestOfEach is the order of surveys, the newest snapshot first.
var newestOfEach = bson.D{{Key: "survey", Value: 1}, {Key: "number", Value: -1}}

// LatestApproved implements report.Store.
func (s *Store) LatestApproved(ctx context.Context, survey string) (report.Record, error) {
	return find[report.Record](ctx, s.db.Collection(reports),
		bson.D{{Key: "state", Value: report.Approved}, {Key: "survey", Value: survey}}, options.FindOne().SetSort(newestOfEach))
}

// ApprovedRecords implements report.Store. It steps from survey to survey along the index.
func (s *Store) ApprovedRecords(ctx context.Context, limit int) (found []report.Record, err error) {
	after := ""
	for len(found) < limit {
		r, err := find[report.Record](ctx, s.db.Collection(reports), bson.D{
			{Key: "state", Value: report.Approved}, {Key: "survey", Value: bson.D{{Key: "$gt", Value: after}}},
		}, options.FindOne().SetSort(newestOfEach).SetProjection(withoutBody))
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		found = append(found, r)
		after = r.Survey
	}
	return found, nil
}
