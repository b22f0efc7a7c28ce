package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// view is what View lends: everything that outlives a restart, but for sessions and invitations, for what was spent of
// limits, which comes back by itself, and for folds, which are made anew.
type view = interface {
	Count(collection string) (int, error)
	Each(collection string) iter.Seq2[[]byte, error]
}

// Engine is the name of this kind of store.
func (s *Store) Engine() string { return "mongodb" }

// greeting is what a server says of itself.
type greeting struct {
	SetName string `bson:"setName"`
	Msg     string `bson:"msg"`
	Wire    int32  `bson:"maxWireVersion"`
}

// snapshotWire is the version of the wire protocol of MongoDB 5.0, from which on a session can read one moment.
const snapshotWire = 13

func (s *Store) greet(ctx context.Context) (g greeting, err error) {
	err = s.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&g)
	return g, describe(ctx, err)
}

// replicated says whether there is a replica set or a sharded cluster, and not a single server.
func (g greeting) replicated() bool { return g.SetName != "" || g.Msg == "isdbgrid" }

// Steady says whether a view is of one moment: on a replica set or a sharded cluster of MongoDB 5.0 or newer.
func (s *Store) Steady(ctx context.Context) (bool, error) {
	g, err := s.greet(ctx)
	return g.replicated() && g.Wire >= snapshotWire, err
}

// View lends read the store as it is at one moment, where the servers can show that: by a session whose reads have the
// read concern "snapshot". They show it for minSnapshotHistoryWindowInSeconds, five minutes if not set otherwise.
func (s *Store) View(ctx context.Context, read func(view) error) error {
	steady, err := s.Steady(ctx)
	if err != nil {
		return err
	}
	if !steady {
		return read(moment{ctx, s.db})
	}
	session, err := s.client.StartSession(options.Session().SetSnapshot(true))
	if err != nil {
		return describe(ctx, err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	return read(moment{mongo.NewSessionContext(ctx, session), s.db})
}

// moment is the store as one session sees it.
type moment struct {
	ctx context.Context // names the session
	db  *mongo.Database
}

// background is who said something, as a document.
type background struct {
	survey.Ref
	About []survey.Answer `json:"about"`
}

// shelf is how the documents of one collection are read, in an order that all stores have, and written.
type shelf struct {
	order bson.D
	read  func(*mongo.Cursor) (any, error)
	write func([]byte) (any, error)
}

var byKey = ascending("_id")

var shelves = map[string]shelf{
	audit:       {byKey, decoded[people.Entry], made(func(e *people.Entry) any { return entryDoc{e.Number, *e} })},
	staff:       {byKey, decoded[people.Staff], made(func(m *people.Staff) any { return staffDoc{m.ID, *m} })},
	drafts:      {byKey, decoded[survey.Draft], made(func(d *survey.Draft) any { return draftDoc{d.ID, gone(*d), *d} })},
	receipts:    {byKey, decoded[people.Receipt], made(func(r *people.Receipt) any { return receiptDoc{r.Hash, *r} })},
	backgrounds: {log, readBackground, made(writeBackground)},
	responses:   {log, readResponse, made(writeResponse)},
	surveys:     {newestFirst, decoded[survey.Survey], made(func(v *survey.Survey) any { return surveyDoc{numbered(v.ID, v.Version), *v} })},
	exercises:   {newestFirst, decoded[ballot.Exercise], made(func(e *ballot.Exercise) any { return exerciseDoc{numbered(e.ID, e.Version), *e} })},
	ballots:     {byKey, decoded[ballot.Ballot], made(func(b *ballot.Ballot) any { return ballotDoc{b.ID, *b} })},
	ballotBackgrounds: {byKey, decoded[ballot.Background], made(func(b *ballot.Background) any {
		return ballotBackgroundDoc{b.ID, *b}
	})},
	sheets:      {byKey, decoded[ballot.Sheet], made(func(sh *ballot.Sheet) any { return sheetDoc{sh.Hash, *sh} })},
	codeBatches: {byKey, decoded[admission.Batch], made(func(b *admission.Batch) any { return batchDoc{b.ID, *b} })},
	codes:       {byKey, readSlip, made(func(slip *admission.Slip) any { return slipDoc{slip.Hash, slip.Batch, slip.Spent} })},
	outcomes:    {latestCount, decoded[ballot.Outcome], made(func(o *ballot.Outcome) any { return outcomeDoc{numbered(o.Exercise, o.Number), *o} })},
	reports:     {newestOfEach, decoded[report.Record], made(func(r *report.Record) any { return recordDoc{numbered(r.Survey, r.Number), *r} })},
}

func decoded[T any](c *mongo.Cursor) (any, error) {
	var doc T
	err := c.Decode(&doc)
	return doc, err
}

// made reads a document of the archive and makes one of ours of it.
func made[T any](doc func(*T) any) func([]byte) (any, error) {
	return func(b []byte) (any, error) {
		var v T
		err := json.Unmarshal(b, &v)
		return doc(&v), err
	}
}

func refOf(area, surveyID, id string) (survey.Ref, error) {
	at, err := position(id)
	return survey.Ref{Area: area, Survey: surveyID, Day: at.Day, ID: at.ID}, err
}

func readBackground(c *mongo.Cursor) (any, error) {
	var d backgroundDoc
	if err := c.Decode(&d); err != nil {
		return nil, err
	}
	ref, err := refOf(d.Area, d.Survey, d.Key)
	return background{ref, d.About}, err
}

func writeBackground(b *background) any { return backgroundDoc{key(b.Ref), b.Area, b.Survey, b.About} }

func readResponse(c *mongo.Cursor) (any, error) {
	var d responseDoc
	if err := c.Decode(&d); err != nil {
		return nil, err
	}
	ref, err := refOf(d.Area, d.Survey, d.Key)
	return survey.Response{Ref: ref, Version: d.Version, Language: d.Language, Voice: d.Voice, Channel: d.Channel,
		Withdrawn: d.Withdrawn, Held: d.Held, Answers: d.Answers}, err
}

func writeResponse(r *survey.Response) any {
	return responseDoc{key(r.Ref), r.Area, r.Survey, r.Version, r.Language, r.Voice, r.Channel, r.Withdrawn, r.Held, r.Answers}
}

func (m moment) Count(collection string) (int, error) {
	n, err := m.db.Collection(collection).CountDocuments(m.ctx, bson.D{})
	return int(n), forgotten(describe(m.ctx, err))
}

func (m moment) Each(collection string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := shelves[collection]
		cursor, err := m.db.Collection(collection).Find(m.ctx, bson.D{}, options.Find().SetSort(s.order).SetBatchSize(pageSize))
		if err != nil {
			yield(nil, forgotten(describe(m.ctx, err)))
			return
		}
		defer func() { _ = cursor.Close(context.WithoutCancel(m.ctx)) }() // it was only read, and its error said
		for cursor.Next(m.ctx) {
			doc, err := s.next(cursor)
			if !yield(doc, err) || err != nil {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(nil, forgotten(describe(m.ctx, err)))
		}
	}
}

func (s shelf) next(cursor *mongo.Cursor) ([]byte, error) {
	v, err := s.read(cursor)
	if err != nil {
		return nil, fmt.Errorf("store: read a document: %w", err)
	}
	doc, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: write a document: %w", err)
	}
	return doc, nil
}

const snapshotTooOld = 239

// forgotten says what to do where the server no longer has the moment that is being read.
func forgotten(err error) error {
	server, ok := errors.AsType[mongo.ServerError](err)
	if ok && server.HasErrorCode(snapshotTooOld) {
		return fmt.Errorf("the server no longer has the moment that was being read: raise its minSnapshotHistoryWindowInSeconds, and begin again: %w", err)
	}
	return err
}

// Load keeps documents as View yields them, just as they are; Conflict if one is there already.
func (s *Store) Load(ctx context.Context, collection string, docs [][]byte) error {
	to, ok := shelves[collection]
	if !ok {
		return fmt.Errorf("there is no collection %q", collection)
	}
	list := make([]any, len(docs))
	for i, doc := range docs {
		var err error
		if list[i], err = to.write(doc); err != nil {
			return fmt.Errorf("load a document: %w", err)
		}
	}
	if _, err := s.db.Collection(collection).InsertMany(ctx, list); err != nil {
		return describe(ctx, err)
	}
	_, err := s.delete(ctx, folds, bson.D{}) // they may be of what was there before
	return err
}
