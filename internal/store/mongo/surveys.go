package mongo

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/fault"
	"sayso/internal/survey"
)

// surveyDoc is one version of a survey; its _id is the id and the version.
type surveyDoc struct {
	Key           string `bson:"_id"`
	survey.Survey `bson:",inline"`
}

// numbered is the _id of the n-th of something.
func numbered(id string, n int) string { return fmt.Sprintf("%s%s%d", id, separator, n) }

// PublishSurvey implements survey.Definitions. Versions are never deleted, so that two publishers of one version
// meet at its _id.
func (s *Store) PublishSurvey(ctx context.Context, v survey.Survey) error {
	newest, err := s.Survey(ctx, v.ID, 0)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if v.Version != newest.Version+1 {
		return conflict
	}
	return s.insert(ctx, surveys, surveyDoc{numbered(v.ID, v.Version), v})
}

var newestFirst = bson.D{{Key: "id", Value: 1}, {Key: "version", Value: -1}}

// Survey implements survey.Definitions.
func (s *Store) Survey(ctx context.Context, id string, version int) (survey.Survey, error) {
	if version != 0 {
		doc, err := find[surveyDoc](ctx, s.db.Collection(surveys), byID(numbered(id, version)))
		return doc.Survey, err
	}
	return s.newest(ctx, bson.E{Key: "id", Value: id})
}

func (s *Store) newest(ctx context.Context, of bson.E) (survey.Survey, error) {
	doc, err := find[surveyDoc](ctx, s.db.Collection(surveys), bson.D{of}, options.FindOne().SetSort(newestFirst))
	return doc.Survey, err
}

// Surveys implements survey.Definitions. It steps from id to id along the index, passing over older versions.
func (s *Store) Surveys(ctx context.Context) iter.Seq2[survey.Survey, error] {
	return func(yield func(survey.Survey, error) bool) {
		after := ""
		for {
			v, err := s.newest(ctx, bson.E{Key: "id", Value: bson.D{{Key: "$gt", Value: after}}})
			if fault.Is(err, fault.NotFound) {
				return
			}
			if !yield(v, err) || err != nil {
				return
			}
			after = v.ID
		}
	}
}
