package mongo

import (
	"maps"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/archive"
	"sayso/internal/store/sqlite"
	"sayso/internal/store/storetest"
	"sayso/internal/survey"
)

// TestMoveThereAndBack moves everything from SQLite to the server and back again.
func TestMoveThereAndBack(t *testing.T) {
	uri, declared := server(t)
	var stores []archive.Store
	for range 2 {
		s, err := sqlite.OpenTemporary(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores = append(stores, s)
	}
	first, last := stores[0].(*sqlite.Store), stores[1]
	storetest.Fill(t, first, 700)
	there := fresh(t, uri, declared)
	out, err := archive.Copy(t.Context(), first, there, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := archive.Copy(t.Context(), there, last, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(out, back) || out.All() != back.All() || out["responses"].Count != 700 {
		t.Errorf("%v became %v", out, back)
	}
}

func TestInspect(t *testing.T) {
	uri, declared := server(t)
	s := fresh(t, uri, declared)
	steady, err := s.Steady(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	faults, err := s.inspect(t.Context(), declared)
	if err != nil || steady && len(faults) > 0 || !steady && (len(faults) != 1 || !strings.Contains(faults[0], "replica set")) {
		t.Errorf("a new database: %q, %v", faults, err)
	}
	if err := s.db.Collection(receipts).Indexes().DropAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	more, err := s.inspect(t.Context(), declared)
	if err != nil || len(more) != len(faults)+1 || !strings.Contains(more[len(faults)], "db.receipts.createIndex({draft: 1}, {unique: false})") {
		t.Errorf("without an index: %q, %v", more, err)
	}
	if n, err := s.db.Collection(meta).CountDocuments(t.Context(), byID("doctor")); err != nil || n != 0 {
		t.Errorf("the doctor left %d documents, %v", n, err)
	}
}

func TestIndexFaults(t *testing.T) {
	at := int64(onTime)
	byGone := index{drafts, ascending("gone"), false, onTime, nil}
	taken := index{responses, ascending("withdrawn"), false, never, bson.D{{Key: "withdrawn", Value: true}}}
	for _, c := range []struct {
		i    index
		has  kept
		want string
	}{
		{byGone, kept{Key: ascending("gone"), Expire: &at}, ""},
		{byGone, kept{Key: ascending("gone")}, "another time"},
		{taken, kept{Key: ascending("withdrawn"), Only: bson.D{{Key: "withdrawn", Value: true}}}, ""},
		{taken, kept{Key: ascending("withdrawn")}, "other documents"},
		{byGone, kept{Key: ascending("gone", "id"), Expire: &at}, "not there"},
		{index{staff, ascending("name"), true, never, nil}, kept{Key: ascending("name")}, "unique"},
		{index{staff, ascending("name"), true, never, nil}, kept{Key: ascending("name"), Unique: true, Expire: &at}, "another time"},
	} {
		if got := c.i.fault([]kept{c.has}); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%v as %v: %q", c.i, c.has, got)
		}
	}
}

func TestDropBackground(t *testing.T) {
	uri, declared := server(t)
	s := fresh(t, uri, declared)
	r := answered()
	if _, err := s.Append(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	alone := r.Ref
	alone.ID = "alone"
	if _, err := s.db.Collection(backgrounds).InsertOne(t.Context(), backgroundDoc{key(alone), alone.Area, alone.Survey, r.About}); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []survey.Ref{r.Ref, alone} {
		if err := s.DropBackground(t.Context(), ref); err != nil {
			t.Error(err)
		}
	}
	if n, err := s.db.Collection(backgrounds).CountDocuments(t.Context(), place(r.Ref)); err != nil || n != 1 {
		t.Errorf("%d backgrounds of what was said, %v", n, err)
	}
	if n, err := s.db.Collection(backgrounds).CountDocuments(t.Context(), place(alone)); err != nil || n != 0 {
		t.Errorf("%d backgrounds of what nobody said, %v", n, err)
	}
}
