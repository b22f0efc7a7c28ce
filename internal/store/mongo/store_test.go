package mongo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"sayso/internal/fault"
)

// server returns the URI of a server to test with, of either kind, and the indexes it can have.
func server(t *testing.T) (string, []index) {
	if uri := os.Getenv(mongoEnv); uri != "" {
		return uri, indexes
	}
	if uri := os.Getenv(ferretEnv); uri != "" {
		return uri, lasting()
	}
	t.Skipf("NOTHING WAS TESTED: set %s or %s", mongoEnv, ferretEnv)
	return "", nil
}

func TestMigrateTwiceAndAtOnce(t *testing.T) {
	uri, declared := server(t)
	s := fresh(t, uri, declared)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			other, err := open(t.Context(), uri, s.db.Name(), declared)
			if err != nil {
				t.Error(err)
				return
			}
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if at, err := s.version(t.Context()); err != nil || at != len(steps(declared)) {
		t.Errorf("the schema is %d, %v", at, err)
	}
}

func TestOpenRefusesNewer(t *testing.T) {
	uri, declared := server(t)
	s := fresh(t, uri, declared)
	if _, err := s.db.Collection(meta).ReplaceOne(t.Context(), byID(schemaID), schema{schemaID, 99}); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t.Context(), uri, s.db.Name(), declared); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer database: %v", err)
	}
}

func TestNoObjectIDs(t *testing.T) {
	uri, declared := server(t)
	s := fresh(t, uri, declared)
	if _, err := s.Append(t.Context(), answered()); err != nil {
		t.Fatal(err)
	}
	for _, collection := range []string{responses, backgrounds} {
		raw, err := s.db.Collection(collection).FindOne(t.Context(), bson.D{}).Raw()
		if err != nil {
			t.Fatal(err)
		}
		elements, err := raw.Elements()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range elements {
			if kind := e.Value().Type; kind == bson.TypeObjectID || kind == bson.TypeDateTime || kind == bson.TypeTimestamp {
				t.Errorf("%s.%s holds a time", collection, e.Key())
			}
		}
	}
}

func TestNoServer(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", "x"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want that the store is away", err)
	}
}

func TestDescribe(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	duplicate := mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want fault.Kind
	}{
		{t.Context(), mongo.ErrNoDocuments, fault.NotFound}, {t.Context(), duplicate, fault.Conflict}, {ended, duplicate, fault.Conflict},
		{t.Context(), mongo.CommandError{Labels: []string{"NetworkError"}}, fault.Unavailable},
		{t.Context(), mongo.CommandError{Code: notPrimary}, fault.Unavailable}, {t.Context(), mongo.ErrClientDisconnected, fault.Unavailable},
		{t.Context(), mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, fault.Unavailable},
		{t.Context(), mongo.CommandError{Code: 2}, fault.Internal}, {ended, mongo.CommandError{Code: 2}, fault.Unavailable},
		{t.Context(), fault.New(fault.TooMany, "x"), fault.TooMany},
	} {
		if got := fault.KindOf(describe(c.ctx, fmt.Errorf("op: %w", c.err))); got != c.want {
			t.Errorf("%v: got %s, want %s", c.err, got, c.want)
		}
	}
	if describe(t.Context(), nil) != nil {
		t.Error("no error became one")
	}
}
