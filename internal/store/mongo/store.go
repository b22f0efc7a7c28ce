// Package mongo keeps every subject in MongoDB, on one server, a replica set or a sharded cluster.
//
// Writes are acknowledged by the journals of a majority; reads see what a majority has. No document with people's
// words has an ObjectId or a time: ids are what the subjects give, and a response's place in the log. Withdrawn words
// are gone from the documents; the server's own log of operations holds them for as long as it is set to, and with them
// in which order answers were begun and codes spent: keep it short, and as safe as the rest.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

var (
	_ survey.Definitions    = (*Store)(nil)
	_ survey.Drafts         = (*Store)(nil)
	_ survey.Responses      = (*Store)(nil)
	_ people.StaffStore     = (*Store)(nil)
	_ people.SessionStore   = (*Store)(nil)
	_ people.AuditStore     = (*Store)(nil)
	_ people.Receipts       = (*Store)(nil)
	_ people.Spendings      = (*Store)(nil)
	_ report.Store          = (*Store)(nil)
	_ report.Folds          = (*Store)(nil)
	_ people.InvitationList = (*Store)(nil)
	_ ballot.Store          = (*Store)(nil)
	_ admission.Store       = (*Store)(nil)
)

const (
	// selectionTimeout is how long to look for a server that can answer: an election takes a few seconds.
	selectionTimeout = 10 * time.Second
	// operationTimeout bounds one operation of a caller who set no deadline, retries included.
	operationTimeout = 20 * time.Second
	closeTimeout     = 10 * time.Second
)

// Store is every subject's store in one database. It is safe for use by many goroutines and processes.
type Store struct {
	client *mongo.Client
	db     *mongo.Database
}

// Open connects to the servers of the URI and brings the database up to date.
func Open(ctx context.Context, uri, database string) (*Store, error) {
	return open(ctx, uri, database, indexes)
}

func open(ctx context.Context, uri, database string, declared []index) (*Store, error) {
	client, err := mongo.Connect(settings(uri))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{client: client, db: client.Database(database)}
	if err := s.migrate(ctx, steps(declared)); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.Close())
	}
	return s, nil
}

// settings are the URI's, but for what the promises of the store need. Retryable reads and writes are the driver's
// default.
func settings(uri string) *options.ClientOptions {
	journal := true
	return options.Client().
		ApplyURI(uri).
		SetAppName("sayso").
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()). // so that everybody reads what they wrote, whatever the URI says
		SetServerSelectionTimeout(selectionTimeout).
		SetTimeout(operationTimeout).
		SetBSONOptions(&options.BSONOptions{
			UseJSONStructTags:       true, // the subjects' tags serve both stores
			ErrorOnInlineDuplicates: true,
			NilSliceAsEmpty:         true,
			NilByteSliceAsEmpty:     true,
			NilMapAsEmpty:           true,
		})
}

// Close ends the connections, waiting a while for what is on its way.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := s.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
