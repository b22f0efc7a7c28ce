package mongo

import (
	"context"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/report"
	"sayso/internal/survey"
)

// foldDoc is a fold. Its _id is the place in the log where it begins; Last is the id before which it ends, empty for
// the end of the day.
type foldDoc struct {
	Key      string `bson:"_id"`
	Last     string `bson:"last"`
	Received int    `bson:"received"`
	Changed  int    `bson:"changed"`
	Plan     string `bson:"plan"`
	Body     []byte `bson:"body"`
}

func foldKey(f *report.Fold) string {
	return key(survey.Ref{Area: f.Area, Survey: f.Survey, Day: f.From.Day, ID: f.From.ID})
}

// Folds implements report.Folds.
func (s *Store) Folds(ctx context.Context, area, surveyID string) iter.Seq2[report.Fold, error] {
	return func(yield func(report.Fold, error) bool) {
		from, to := bounds(survey.Range{Area: area, Survey: surveyID})
		cursor, err := s.db.Collection(folds).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}}},
			options.Find().SetSort(byKey))
		if err != nil {
			yield(report.Fold{}, describe(ctx, err))
			return
		}
		defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // it was only read, and its error said
		for cursor.Next(ctx) {
			f, err := readFold(cursor, area, surveyID)
			if !yield(f, err) || err != nil {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(report.Fold{}, describe(ctx, err))
		}
	}
}

func readFold(cursor *mongo.Cursor, area, surveyID string) (report.Fold, error) {
	var doc foldDoc
	if err := cursor.Decode(&doc); err != nil {
		return report.Fold{}, err
	}
	at, err := position(doc.Key)
	f := report.Fold{Plan: doc.Plan, Body: doc.Body}
	f.Area, f.Survey, f.From, f.Received, f.Changed = area, surveyID, at, doc.Received, doc.Changed
	f.To = survey.Position{Day: at.Day, ID: doc.Last}
	if doc.Last == "" {
		f.To.Day = f.To.Day.Add(1)
	}
	return f, err
}

// KeepFolds implements report.Folds.
func (s *Store) KeepFolds(ctx context.Context, list ...report.Fold) error {
	for i := range list {
		f := &list[i]
		doc := foldDoc{foldKey(f), f.To.ID, f.Received, f.Changed, f.Plan, f.Body}
		if _, err := s.db.Collection(folds).ReplaceOne(ctx, byID(doc.Key), doc, options.Replace().SetUpsert(true)); err != nil {
			return describe(ctx, err)
		}
	}
	return nil
}

// DropFolds implements report.Folds.
func (s *Store) DropFolds(ctx context.Context, list ...report.Fold) error {
	for i := range list {
		if err := s.forget(ctx, folds, foldKey(&list[i])); err != nil {
			return err
		}
	}
	return nil
}

// forgetFold forgets the fold in whose stretch the response lies: the difference to the log would tell what was
// taken or held back.
func (s *Store) forgetFold(ctx context.Context, ref survey.Ref) error {
	first := ref
	first.ID = ""
	_, err := s.delete(ctx, folds, bson.D{
		{Key: "_id", Value: bson.D{{Key: "$gte", Value: key(first)}, {Key: "$lte", Value: key(ref)}}},
		{Key: "$or", Value: bson.A{bson.D{{Key: "last", Value: ""}}, bson.D{{Key: "last", Value: bson.D{{Key: "$gt", Value: ref.ID}}}}}},
	})
	return err
}
