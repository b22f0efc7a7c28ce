package mongo

import (
	"context"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/ballot"
	"sayso/internal/fault"
)

// exerciseDoc is one version of a budget exercise; its _id is the id and the version.
type exerciseDoc struct {
	Key             string `bson:"_id"`
	ballot.Exercise `bson:",inline"`
}

// PublishExercise implements ballot.Definitions, as PublishSurvey does survey.Definitions.
func (s *Store) PublishExercise(ctx context.Context, e ballot.Exercise) error {
	newest, err := s.Exercise(ctx, e.ID, 0)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if e.Version != newest.Version+1 {
		return conflict
	}
	return s.insert(ctx, exercises, exerciseDoc{numbered(e.ID, e.Version), e})
}

// Exercise implements ballot.Definitions.
func (s *Store) Exercise(ctx context.Context, id string, version int) (ballot.Exercise, error) {
	if version != 0 {
		doc, err := find[exerciseDoc](ctx, s.db.Collection(exercises), byID(numbered(id, version)))
		return doc.Exercise, err
	}
	return s.newestExercise(ctx, bson.E{Key: "id", Value: id})
}

func (s *Store) newestExercise(ctx context.Context, of bson.E) (ballot.Exercise, error) {
	doc, err := find[exerciseDoc](ctx, s.db.Collection(exercises), bson.D{of}, options.FindOne().SetSort(newestFirst))
	return doc.Exercise, err
}

// Exercises implements ballot.Definitions.
func (s *Store) Exercises(ctx context.Context) iter.Seq2[ballot.Exercise, error] {
	return func(yield func(ballot.Exercise, error) bool) {
		after := ""
		for {
			e, err := s.newestExercise(ctx, bson.E{Key: "id", Value: bson.D{{Key: "$gt", Value: after}}})
			if fault.Is(err, fault.NotFound) {
				return
			}
			if !yield(e, err) || err != nil {
				return
			}
			after = e.ID
		}
	}
}

type ballotDoc struct {
	Key           string `bson:"_id"`
	ballot.Ballot `bson:",inline"`
}

// CreateBallot implements ballot.Ballots.
func (s *Store) CreateBallot(ctx context.Context, b ballot.Ballot) error {
	b.Revision = 1
	return s.insert(ctx, ballots, ballotDoc{b.ID, b})
}

// Ballot implements ballot.Ballots.
func (s *Store) Ballot(ctx context.Context, id string) (ballot.Ballot, error) {
	return find[ballot.Ballot](ctx, s.db.Collection(ballots), byID(id))
}

// UpdateBallot implements ballot.Ballots.
func (s *Store) UpdateBallot(ctx context.Context, id string, change func(*ballot.Ballot) error) (ballot.Ballot, error) {
	return update(ctx, s.db.Collection(ballots), id, change, func(b *ballot.Ballot) (any, int) {
		was := b.Revision
		b.ID, b.Revision = id, was+1
		return ballotDoc{id, *b}, was
	})
}

// DeleteBallot implements ballot.Ballots.
func (s *Store) DeleteBallot(ctx context.Context, id string) error { return s.forget(ctx, ballots, id) }

// ScanBallots implements ballot.Ballots.
func (s *Store) ScanBallots(ctx context.Context, exercise string) iter.Seq2[ballot.Ballot, error] {
	return each[ballot.Ballot](ctx, s, ballots, exercise)
}

// each yields the documents of an exercise in the order of their ids.
func each[T any](ctx context.Context, s *Store, collection, exercise string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		cursor, err := s.db.Collection(collection).Find(ctx, bson.D{{Key: "exercise", Value: exercise}},
			options.Find().SetSort(ascending("_id")).SetBatchSize(pageSize))
		if err != nil {
			yield(none, describe(ctx, err))
			return
		}
		defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // it was only read, and its error said
		for cursor.Next(ctx) {
			var doc T
			err := describe(ctx, cursor.Decode(&doc))
			if !yield(doc, err) || err != nil {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(none, describe(ctx, err))
		}
	}
}

// CountBallots implements ballot.Ballots.
func (s *Store) CountBallots(ctx context.Context, exercise string) (int, error) {
	n, err := s.db.Collection(ballots).CountDocuments(ctx, bson.D{{Key: "exercise", Value: exercise}})
	return int(n), describe(ctx, err)
}

// ballotBackgroundDoc stands under the _id of its ballot, in a collection of its own.
type ballotBackgroundDoc struct {
	Key               string `bson:"_id"`
	ballot.Background `bson:",inline"`
}

// CreateBackground implements ballot.Backgrounds.
func (s *Store) CreateBackground(ctx context.Context, b ballot.Background) error {
	b.Revision = 1
	return s.insert(ctx, ballotBackgrounds, ballotBackgroundDoc{b.ID, b})
}

// Background implements ballot.Backgrounds.
func (s *Store) Background(ctx context.Context, id string) (ballot.Background, error) {
	return find[ballot.Background](ctx, s.db.Collection(ballotBackgrounds), byID(id))
}

// UpdateBackground implements ballot.Backgrounds.
func (s *Store) UpdateBackground(ctx context.Context, id string, change func(*ballot.Background) error) (ballot.Background, error) {
	return update(ctx, s.db.Collection(ballotBackgrounds), id, change, func(b *ballot.Background) (any, int) {
		was := b.Revision
		b.ID, b.Revision = id, was+1
		return ballotBackgroundDoc{id, *b}, was
	})
}

// DeleteBackground implements ballot.Backgrounds.
func (s *Store) DeleteBackground(ctx context.Context, id string) error {
	return s.forget(ctx, ballotBackgrounds, id)
}

// ScanBackgrounds implements ballot.Backgrounds.
func (s *Store) ScanBackgrounds(ctx context.Context, exercise string) iter.Seq2[ballot.Background, error] {
	return each[ballot.Background](ctx, s, ballotBackgrounds, exercise)
}

type outcomeDoc struct {
	Key            string `bson:"_id"`
	ballot.Outcome `bson:",inline"`
}

// CreateOutcome implements ballot.Outcomes.
func (s *Store) CreateOutcome(ctx context.Context, o ballot.Outcome) error {
	o.Revision = 1
	return s.insert(ctx, outcomes, outcomeDoc{numbered(o.Exercise, o.Number), o})
}

// latestCount is the order of exercises, the newest count first.
var latestCount = bson.D{{Key: "exercise", Value: 1}, {Key: "number", Value: -1}}

// Outcome implements ballot.Outcomes.
func (s *Store) Outcome(ctx context.Context, exercise string, number int) (ballot.Outcome, error) {
	if number != 0 {
		return find[ballot.Outcome](ctx, s.db.Collection(outcomes), byID(numbered(exercise, number)))
	}
	return find[ballot.Outcome](ctx, s.db.Collection(outcomes), bson.D{{Key: "exercise", Value: exercise}}, options.FindOne().SetSort(latestCount))
}

// UpdateOutcome implements ballot.Outcomes.
func (s *Store) UpdateOutcome(ctx context.Context, exercise string, number int, change func(*ballot.Outcome) error) (ballot.Outcome, error) {
	return update(ctx, s.db.Collection(outcomes), numbered(exercise, number), func(o *ballot.Outcome) error {
		made := *o
		if err := change(o); err != nil {
			return err
		}
		o.Exercise, o.Number, o.Result, o.File = exercise, number, made.Result, made.File
		return nil
	}, func(o *ballot.Outcome) (any, int) {
		was := o.Revision
		o.Revision = was + 1
		return outcomeDoc{numbered(exercise, number), *o}, was
	})
}

// Outcomes implements ballot.Outcomes.
func (s *Store) Outcomes(ctx context.Context, exercise string) ([]ballot.Outcome, error) {
	return list[ballot.Outcome](ctx, s.db.Collection(outcomes), bson.D{{Key: "exercise", Value: exercise}},
		options.Find().SetSort(latestCount).SetProjection(bson.D{{Key: "result", Value: 0}, {Key: "file", Value: 0}}))
}
