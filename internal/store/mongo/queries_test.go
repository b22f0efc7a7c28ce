package mongo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

func (q query) String() string { return q.collection + " by " + strings.Join(q.fields, ", ") }

// TestFrequentQueriesAskOneShard says which queries would scatter over all shards.
func TestFrequentQueriesAskOneShard(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range queries {
		switch {
		case ShardKeys[q.collection] == nil:
			t.Errorf("%s: the collection is not sharded", q)
		case seen[q.String()]:
			t.Errorf("%s is there twice", q)
		case !slices.IsSorted(q.fields):
			t.Errorf("%s: the fields are not in order", q)
		case q.scatters() && q.rare == "":
			t.Errorf("%s asks every shard, all the time: its filter must hold %s", q, ShardKeys[q.collection][0].Key)
		case q.scatters():
			t.Logf("%s asks every shard: %s", q, q.rare)
		case q.rare != "":
			t.Errorf("%s asks one shard and need not be rare", q)
		}
		seen[q.String()] = true
	}
	for collection := range ShardKeys {
		if !slices.ContainsFunc(queries, func(q query) bool { return q.collection == collection && q.rare == "" }) {
			t.Errorf("%s has no frequent query", collection)
		}
	}
}

func TestShape(t *testing.T) {
	for want, filter := range map[string]bson.D{
		"drafts by ":             {},
		"drafts by _id":          byID("x"),
		"drafts by _id, area":    {{Key: "area", Value: 1}, {Key: "_id", Value: bson.D{{Key: "$in", Value: bson.A{"x"}}}}},
		"drafts by _id...":       byID(bson.D{{Key: "$gte", Value: "x"}, {Key: "$lt", Value: "y"}}),
		"drafts by $or":          {{Key: "$or", Value: bson.A{}}},
		"drafts by last_page...": {{Key: "last_page", Value: bson.D{{Key: "$lt", Value: "x"}}}},
	} {
		raw, err := bson.Marshal(filter)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := shape(drafts, raw); err != nil || q.String() != want {
			t.Errorf("%v is %q, want %q, %v", filter, q, want, err)
		}
	}
}

// shape is the query of a filter.
func shape(collection string, filter bson.Raw) (query, error) {
	q := query{collection: collection}
	elements, err := filter.Elements()
	if err != nil {
		return q, err
	}
	for _, e := range elements {
		name := e.Key()
		if doc, ok := e.Value().DocumentOK(); ok {
			operators, err := doc.Elements()
			if err != nil {
				return q, err
			}
			if len(operators) != 1 || operators[0].Key() != "$in" && operators[0].Key() != "$eq" {
				name += "..."
			}
		}
		q.fields = append(q.fields, name)
	}
	slices.Sort(q.fields)
	return q, nil
}

// watchdog sees every command that a store sends, and remembers the queries that are not declared.
type watchdog struct {
	mu      sync.Mutex
	unknown map[string]bool
}

func (w *watchdog) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		for _, filter := range filters(e) {
			collection := e.Command.Lookup(e.CommandName).StringValue()
			q, err := shape(collection, filter)
			declared := slices.ContainsFunc(queries, func(known query) bool { return known.String() == q.String() })
			if err != nil || ShardKeys[collection] != nil && !declared {
				w.mu.Lock()
				w.unknown[fmt.Sprintf("%s: %s, %v", e.CommandName, q, err)] = true
				w.mu.Unlock()
			}
		}
	}}
}

// filters are those of the command.
func filters(e *event.CommandStartedEvent) (all []bson.Raw) {
	each := func(list, filter string) {
		values, _ := e.Command.Lookup(list).Array().Values()
		for _, v := range values {
			if doc, ok := v.Document().Lookup(filter).DocumentOK(); ok {
				all = append(all, doc)
			}
		}
	}
	switch e.CommandName {
	case "find":
		all = append(all, e.Command.Lookup("filter").Document())
	case "update":
		each("updates", "q")
	case "delete":
		each("deletes", "q")
	case "aggregate": // CountDocuments
		each("pipeline", "$match")
	case "findAndModify":
		all = append(all, e.Command.Lookup("query").Document())
	}
	return all
}

// watched is open with a watchdog, which barks when the test ends.
func watched(t testing.TB, uri, database string, declared []index) (*Store, error) {
	w := &watchdog{unknown: map[string]bool{}}
	t.Cleanup(func() {
		for q := range w.unknown {
			t.Errorf("a query that is not declared: %s", q)
		}
	})
	client, err := mongo.Connect(settings(uri).SetMonitor(w.monitor()))
	if err != nil {
		return nil, err
	}
	s := &Store{client: client, db: client.Database(database)}
	return s, s.migrate(t.Context(), steps(declared))
}
