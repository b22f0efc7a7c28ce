package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// Stretches implements survey.Responses. It steps from day to day and counts along the indexes alone. Nothing is kept
// for it: a count kept beside the log would have to change together with it, which a single server cannot promise.
func (s *Store) Stretches(ctx context.Context, area, surveyID string) ([]survey.Stretch, error) {
	var stretches []survey.Stretch
	rest := survey.Range{Area: area, Survey: surveyID}
	for {
		day, err := s.firstDay(ctx, rest)
		if fault.Is(err, fault.NotFound) {
			return stretches, nil
		}
		if err != nil {
			return nil, err
		}
		some, err := s.stretchesOf(ctx, area, surveyID, day)
		if err != nil {
			return nil, err
		}
		stretches = append(stretches, some...)
		rest.From = survey.Position{Day: day.Add(1)}
	}
}

// firstDay returns the first day in the range on which somebody answered; NotFound.
func (s *Store) firstDay(ctx context.Context, r survey.Range) (exercise.Day, error) {
	from, to := bounds(r)
	doc, err := find[struct {
		Key string `bson:"_id"`
	}](ctx, s.db.Collection(responses), between(r, from, to),
		options.FindOne().SetSort(ascending("area", "survey", "_id")).SetProjection(ascending("_id")))
	if err != nil {
		return "", err
	}
	at, err := position(doc.Key)
	return at.Day, err
}

func (s *Store) stretchesOf(ctx context.Context, area, surveyID string, day exercise.Day) ([]survey.Stretch, error) {
	whole, err := s.measure(ctx, survey.CutDay(area, surveyID, day, 0)[0])
	if err != nil {
		return nil, err
	}
	parts := survey.CutDay(area, surveyID, day, whole.Received)
	if len(parts) == 1 {
		return []survey.Stretch{whole}, nil
	}
	stretches := make([]survey.Stretch, len(parts))
	for i, r := range parts {
		if stretches[i], err = s.measure(ctx, r); err != nil {
			return nil, err
		}
	}
	return stretches, nil
}

// measure counts the responses of the range and the changes to them. Neither sum can fall, so that where both are as
// they were before something was read, nothing came or changed in between.
func (s *Store) measure(ctx context.Context, r survey.Range) (survey.Stretch, error) {
	from, to := bounds(r)
	received, err := s.db.Collection(responses).CountDocuments(ctx, between(r, from, to))
	if err != nil {
		return survey.Stretch{}, describe(ctx, err)
	}
	changed, err := list[struct {
		Changes int `bson:"changes"`
	}](ctx, s.db.Collection(responses), append(between(r, from, to), bson.E{Key: "changes", Value: wereChanged}),
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "changes", Value: 1}}))
	stretch := survey.Stretch{Range: r, Received: int(received)}
	for _, c := range changed {
		stretch.Changed += c.Changes
	}
	return stretch, err
}

// wereChanged is of the few responses that were withdrawn or held back. Each change is counted in the document itself,
// in the same write.
var wereChanged = bson.D{{Key: "$gt", Value: 0}}

var countChange = bson.E{Key: "$inc", Value: bson.D{{Key: "changes", Value: 1}}}
