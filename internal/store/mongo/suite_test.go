package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"sayso/internal/store/storetest"
)

const (
	mongoEnv  = "SAYSO_TEST_MONGODB_URI"
	ferretEnv = "SAYSO_TEST_FERRETDB_URI"
)

// opener opens an empty database of its own for each test, and drops it afterwards.
func opener(uri string, declared []index) func(*testing.T) storetest.Stores {
	return func(t *testing.T) storetest.Stores { return fresh(t, uri, declared) }
}

func fresh(t testing.TB, uri string, declared []index) *Store {
	name := fmt.Sprintf("sayso_test_%x", rand.Uint64())
	s, err := watched(t, uri, name, declared)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.db.Drop(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestMongoDB is the whole suite against a MongoDB.
func TestMongoDB(t *testing.T) {
	uri := os.Getenv(mongoEnv)
	if uri == "" {
		t.Skipf("NOTHING WAS TESTED AGAINST MONGODB: set %s to the URI of a server", mongoEnv)
	}
	storetest.Run(t, opener(uri, indexes))
}

// TestFerretDB exercises the same code over the wire protocol where there is no MongoDB.
func TestFerretDB(t *testing.T) {
	uri := os.Getenv(ferretEnv)
	if uri == "" {
		t.Skipf("NOTHING WAS TESTED OVER THE WIRE PROTOCOL: run internal/store/ferretdb/run, or set %s", ferretEnv)
	}
	storetest.Run(t, opener(uri, lasting()), ferretSkips...)
}

// lasting are the indexes that forget nothing and hold all documents: FerretDB refuses the options expireAfterSeconds
// and partialFilterExpression.
func lasting() []index {
	return slices.DeleteFunc(slices.Clone(indexes), func(i index) bool { return i.expire != never || i.only != nil })
}

// ferretSkips are what FerretDB 1.24 on SQLite cannot do. MongoDB can, and nothing is skipped there.
var ferretSkips = []storetest.Skip{
	{Test: "Ballots/presses never overwrite each other", Reason: lostUpdates},
	{Test: "Codes/one of many with the same code gets in", Reason: lostUpdates},
	{Test: "Codes/one server makes a batch", Reason: lostUpdates},
	{Test: "Sheets/of many who type one is first", Reason: lostUpdates},
	{Test: "Drafts/editors never overwrite each other", Reason: lostUpdates},
	{Test: "Staff/editors never overwrite each other", Reason: lostUpdates},
	{Test: "Sessions/users never overwrite each other", Reason: lostUpdates},
	{Test: "Spendings/spenders never overwrite each other", Reason: lostUpdates},
	{Test: "Outcomes/milestones never overwrite each other", Reason: lostUpdates},
	{Test: "Reports/deciders never overwrite each other", Reason: lostUpdates},
	{Test: "Invitations/one of many takers wins", Reason: "findAndModify with remove is not atomic: several get the document"},
	{Test: "Staff/renaming to a name that is taken", Reason: "an update against a unique index is an InternalError, not a duplicate key"},
	{Test: "Maps/keys of any letters", Reason: "field names with a dot or beginning with a dollar are refused; MongoDB keeps them since 5.0"},
}

const lostUpdates = "an update is a read and a write without a lock between: compare-and-set loses updates"
