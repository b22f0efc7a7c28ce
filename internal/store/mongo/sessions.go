package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/people"
)

type sessionDoc struct {
	Key            string `bson:"_id"`
	Revision       int    `bson:"revision"`
	people.Session `bson:",inline"`
}

// CreateSession implements people.SessionStore.
func (s *Store) CreateSession(ctx context.Context, v people.Session) error {
	v.Begun, v.Seen = millis(v.Begun), millis(v.Seen)
	return s.insert(ctx, sessions, sessionDoc{v.Hash, 1, v})
}

// Session implements people.SessionStore.
func (s *Store) Session(ctx context.Context, hash string) (people.Session, error) {
	return find[people.Session](ctx, s.db.Collection(sessions), byID(hash))
}

// UpdateSession implements people.SessionStore.
func (s *Store) UpdateSession(ctx context.Context, hash string, change func(*people.Session) error) (people.Session, error) {
	doc, err := update(ctx, s.db.Collection(sessions), hash,
		func(doc *sessionDoc) error { return change(&doc.Session) },
		func(doc *sessionDoc) (any, int) {
			was := doc.Revision
			doc.Key, doc.Hash, doc.Revision, doc.Begun, doc.Seen = hash, hash, was+1, millis(doc.Begun), millis(doc.Seen)
			return *doc, was
		})
	return doc.Session, err
}

// DeleteSession implements people.SessionStore.
func (s *Store) DeleteSession(ctx context.Context, hash string) error {
	return s.forget(ctx, sessions, hash)
}

// SessionsOf implements people.SessionStore.
func (s *Store) SessionsOf(ctx context.Context, staff string, limit int) ([]people.Session, error) {
	return list[people.Session](ctx, s.db.Collection(sessions), bson.D{{Key: "staff", Value: staff}, {Key: "entered", Value: true}},
		options.Find().SetSort(bson.D{{Key: "begun", Value: -1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit)))
}

// DeleteSessionsOf implements people.SessionStore.
func (s *Store) DeleteSessionsOf(ctx context.Context, staff, but string) error {
	_, err := s.delete(ctx, sessions, bson.D{{Key: "staff", Value: staff}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: but}}}})
	return err
}

// ExpireSessions implements people.SessionStore.
func (s *Store) ExpireSessions(ctx context.Context, begun, seen time.Time) (int, error) {
	return s.delete(ctx, sessions, bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "begun", Value: bson.D{{Key: "$lt", Value: millis(begun)}}}},
		bson.D{{Key: "seen", Value: bson.D{{Key: "$lt", Value: millis(seen)}}}},
	}}})
}
