package mongo

import (
	"context"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// separator stands between the parts of an _id. It sorts before all that ids hold, so that the order of the _ids is
// that of the parts.
const separator = "\t"

// behind sorts right after the separator: prefix + behind is the end of all _ids that begin with prefix + separator.
const behind = "\n"

// responseDoc is what was said; backgroundDoc, under the same _id in a collection of its own, who said it. The _id
// is the place in the log; area and survey stand beside it for the shard key.
type responseDoc struct {
	Key       string          `bson:"_id"`
	Area      string          `bson:"area"`
	Survey    string          `bson:"survey"`
	Version   int             `bson:"version"`
	Language  string          `bson:"lang"`
	Voice     exercise.Voice  `bson:"voice"`
	Channel   survey.Channel  `bson:"channel"`
	Withdrawn bool            `bson:"withdrawn,omitempty"`
	Held      survey.Hold     `bson:"held,omitempty"`
	Answers   []survey.Answer `bson:"answers"`
}

type backgroundDoc struct {
	Key    string          `bson:"_id"`
	Area   string          `bson:"area"`
	Survey string          `bson:"survey"`
	About  []survey.Answer `bson:"about"`
}

func key(r survey.Ref) string {
	return strings.Join([]string{r.Area, r.Survey, string(r.Day), r.ID}, separator)
}

// place filters the one document of the response, naming the shard.
func place(r survey.Ref) bson.D {
	return append(byID(key(r)), bson.E{Key: "area", Value: r.Area}, bson.E{Key: "survey", Value: r.Survey})
}

// appendSize is the most responses sent at once.
const appendSize = 1000

// Append implements survey.Responses. Backgrounds go first, so that a response that can be read is whole.
func (s *Store) Append(ctx context.Context, rs ...survey.Response) (added int, err error) {
	for len(rs) > 0 {
		n := min(len(rs), appendSize)
		some, err := s.append(ctx, rs[:n])
		added += some
		if err != nil {
			return added, err
		}
		rs = rs[n:]
	}
	return added, nil
}

func (s *Store) append(ctx context.Context, rs []survey.Response) (added int, err error) {
	said, about := make([]any, len(rs)), make([]any, len(rs))
	for i, r := range rs {
		k := key(r.Ref)
		said[i] = responseDoc{k, r.Area, r.Survey, r.Version, r.Language, r.Voice, r.Channel, r.Withdrawn, r.Held, r.Answers}
		about[i] = backgroundDoc{k, r.Area, r.Survey, r.About}
	}
	if _, err := s.insertNew(ctx, backgrounds, about); err != nil {
		return 0, err
	}
	return s.insertNew(ctx, responses, said)
}

// insertNew inserts the documents whose _id is not taken and says how many those were.
func (s *Store) insertNew(ctx context.Context, collection string, docs []any) (int, error) {
	_, err := s.db.Collection(collection).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	bulk, ok := errors.AsType[mongo.BulkWriteException](err)
	if !ok || bulk.WriteConcernError != nil {
		if err != nil {
			return 0, describe(ctx, err)
		}
		return len(docs), nil
	}
	for _, w := range bulk.WriteErrors {
		if !mongo.IsDuplicateKeyError(w) {
			return 0, describe(ctx, err)
		}
	}
	return len(docs) - len(bulk.WriteErrors), nil
}

// Response implements survey.Responses.
func (s *Store) Response(ctx context.Context, ref survey.Ref) (survey.Response, error) {
	said, err := find[responseDoc](ctx, s.db.Collection(responses), place(ref))
	if err != nil {
		return survey.Response{}, err
	}
	r := survey.Response{
		Ref: ref, Version: said.Version, Language: said.Language, Voice: said.Voice, Channel: said.Channel,
		Withdrawn: said.Withdrawn, Held: said.Held, Answers: said.Answers,
	}
	about, err := find[backgroundDoc](ctx, s.db.Collection(backgrounds), place(ref))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return survey.Response{}, err
	}
	if !r.Withdrawn {
		r.About = about.About
	}
	return r, nil
}

// Withdraw implements survey.Responses. Once the response is marked no reader joins the background any more, whenever
// that is emptied; a call that failed half-way is finished by the next.
func (s *Store) Withdraw(ctx context.Context, ref survey.Ref) error {
	r, err := s.db.Collection(responses).UpdateOne(ctx, place(ref), bson.D{
		{Key: "$set", Value: bson.D{{Key: "withdrawn", Value: true}, {Key: "answers", Value: bson.A{}}}},
		{Key: "$unset", Value: bson.D{{Key: "held", Value: ""}}}, countChange,
	})
	if err != nil {
		return describe(ctx, err)
	}
	if r.MatchedCount == 0 {
		return notFound
	}
	if err := s.forgetFold(ctx, ref); err != nil {
		return err
	}
	_, err = s.db.Collection(backgrounds).UpdateOne(ctx, place(ref), bson.D{
		{Key: "$set", Value: bson.D{{Key: "about", Value: bson.A{}}}},
	})
	return describe(ctx, err)
}

// Hold implements survey.Responses.
func (s *Store) Hold(ctx context.Context, ref survey.Ref, why survey.Hold) error {
	change := bson.D{{Key: "$set", Value: bson.D{{Key: "held", Value: why}}}, countChange}
	if why == "" {
		change[0] = bson.E{Key: "$unset", Value: bson.D{{Key: "held", Value: ""}}}
	}
	r, err := s.db.Collection(responses).UpdateOne(ctx, append(place(ref), bson.E{Key: "withdrawn", Value: bson.D{{Key: "$ne", Value: true}}}), change)
	if err != nil {
		return describe(ctx, err)
	}
	if r.MatchedCount == 1 {
		return s.forgetFold(ctx, ref)
	}
	_, err = s.Response(ctx, ref) // withdrawn, or not there
	return err
}

// CountResponses implements survey.Responses.
func (s *Store) CountResponses(ctx context.Context, area, surveyID string) (int, error) {
	n, err := s.db.Collection(responses).CountDocuments(ctx, bson.D{{Key: "area", Value: area}, {Key: "survey", Value: surveyID}})
	return int(n), describe(ctx, err)
}
