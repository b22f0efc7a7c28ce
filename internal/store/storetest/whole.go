package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// View is everything in a store at one moment.
type View = interface {
	Count(collection string) (int, error)
	Each(collection string) iter.Seq2[[]byte, error]
}

// Whole is what backups need: all documents of a store, out of it and into it.
type Whole interface {
	Engine() string
	Steady(ctx context.Context) (bool, error)
	View(ctx context.Context, read func(View) error) error
	Load(ctx context.Context, collection string, docs [][]byte) error
}

// background is a document of the collection of backgrounds.
type background struct {
	survey.Ref
	About []survey.Answer `json:"about"`
}

// Fill keeps something of everything in the empty store, and n responses of which some are withdrawn.
func Fill(t testing.TB, s Stores, n int) {
	t.Helper()
	ctx := t.Context()
	for v := 1; v <= 12; v++ { // 10 comes after 9
		must(t, s.PublishSurvey(ctx, survey.Survey{ID: "worries", Version: v, Area: "riverside", Title: exercise.Text{"en": "Worries"}}))
	}
	must(t, s.PublishSurvey(ctx, survey.Survey{ID: "joys", Version: 1, Area: "riverside"}))
	for i := range 5 {
		id := fmt.Sprint("draft", i)
		must(t, s.CreateDraft(ctx, survey.Draft{ID: id, Area: "riverside", Survey: "worries", LastPage: "2126-05-01", Receipt: "k1:" + id,
			Answers: answered("worries", "2126-05-03", id).Answers}))
		must(t, s.CreateReceipt(ctx, people.Receipt{Hash: "k1:" + id, Draft: id, Survey: "worries", Area: "riverside"}))
		must(t, s.CreateStaff(ctx, member(id)))
		must(t, s.AppendEntry(ctx, entry(int64(i+1))))
		must(t, s.CreateRecord(ctx, snapshot("worries", i+8)))
	}
	fillBallots(t, s)
	_, err := s.UpdateDraft(ctx, "draft1", func(d *survey.Draft) error { d.Language = "ur"; return nil })
	must(t, err)
	_, err = s.UpdateRecord(ctx, "worries", 9, func(r *report.Record) error { r.State = report.Approved; return nil })
	must(t, err)
	rs := make([]survey.Response, n)
	for i := range rs {
		rs[i] = answered("worries", exercise.Day("2126-05-01").Add(i%20), fmt.Sprintf("%x", 7*i))
	}
	_, err = s.Append(ctx, rs...)
	must(t, err)
	for i := 0; i < min(n, 100); i += 10 {
		must(t, s.Withdraw(ctx, rs[i].Ref))
	}
}

// documents reads one collection of a view.
func documents[T any](t testing.TB, s Stores, collection string) (out []T) {
	t.Helper()
	must(t, s.View(t.Context(), func(v View) error {
		for doc, err := range v.Each(collection) {
			if err != nil {
				return err
			}
			var one T
			if err := json.Unmarshal(doc, &one); err != nil {
				return err
			}
			out = append(out, one)
		}
		n, err := v.Count(collection)
		if n != len(out) {
			t.Errorf("%s: %d were counted and %d read", collection, n, len(out))
		}
		return err
	}))
	return out
}

// load keeps the values as documents.
func load[T any](t testing.TB, s Stores, collection string, values ...T) error {
	t.Helper()
	var docs [][]byte
	for _, v := range values {
		b, err := json.Marshal(v)
		must(t, err)
		docs = append(docs, b)
	}
	return s.Load(t.Context(), collection, docs)
}

var wholes = []promise{
	{"Whole/everything is seen, in order", func(t *testing.T, s Stores) {
		Fill(t, s, 40)
		var versions []string
		for _, v := range documents[survey.Survey](t, s, "surveys") {
			versions = append(versions, fmt.Sprint(v.ID, v.Version))
		}
		same(t, versions[:5], []string{"joys1", "worries12", "worries11", "worries10", "worries9"})
		var numbers []int
		for _, r := range documents[report.Record](t, s, "reports") {
			numbers = append(numbers, r.Number)
			want, err := s.Record(t.Context(), r.Survey, r.Number)
			must(t, err)
			same(t, r, want)
		}
		same(t, numbers, []int{12, 11, 10, 9, 8})
		same(t, documents[people.Entry](t, s, "audit"), collect(t, s.Entries(t.Context(), 1)))
		for _, d := range documents[survey.Draft](t, s, "drafts") {
			want, err := s.Draft(t.Context(), d.ID)
			must(t, err)
			same(t, d, want)
		}
		members, err := s.StaffAfter(t.Context(), "", 100)
		must(t, err)
		same(t, documents[people.Staff](t, s, "staff"), members)
		same(t, len(documents[people.Receipt](t, s, "receipts")), 5)
		said, about := documents[survey.Response](t, s, "responses"), documents[background](t, s, "backgrounds")
		for i := range said {
			said[i].About = about[i].About
			same(t, about[i].Ref, said[i].Ref)
		}
		same(t, said, all(t, s, survey.Range{Area: "riverside", Survey: "worries"}))
	}},
	{"Whole/what is loaded is there, just as it is", func(t *testing.T, s Stores) {
		m := member("one")
		m.Revision, m.LockedTo = 7, kept
		d := survey.Draft{ID: "d", Revision: 4, LastPage: "2126-05-01", Survey: "worries", Answers: answered("worries", "2126-05-01", "d").Answers}
		rc := people.Receipt{Hash: "k1:x", Draft: "d", Survey: "worries", Area: "riverside", Day: "2126-05-04"}
		r := answered("worries", "2126-05-03", "one")
		v := survey.Survey{ID: "worries", Version: 3, Area: "riverside"}
		rec := frozen(snapshot("worries", 4))
		rec.Revision, rec.State = 5, report.Approved
		e := entry(9)
		e.At = kept
		bare := r
		bare.About = nil
		for _, err := range []error{load(t, s, "staff", m), load(t, s, "drafts", d), load(t, s, "receipts", rc), load(t, s, "surveys", v),
			load(t, s, "reports", rec), load(t, s, "audit", e), load(t, s, "backgrounds", background{r.Ref, r.About}), load(t, s, "responses", bare)} {
			must(t, err)
		}
		wantStaff, err := s.StaffNamed(t.Context(), m.Name)
		must(t, err)
		same(t, wantStaff, m)
		_, err = s.UpdateDraft(t.Context(), "d", func(got *survey.Draft) error { same(t, *got, d); return nil })
		must(t, err)
		gotReceipt, err := s.Receipt(t.Context(), rc.Hash)
		must(t, err)
		same(t, gotReceipt, rc)
		gotSurvey, err := s.Survey(t.Context(), "worries", 0)
		must(t, err)
		same(t, gotSurvey, v)
		gotRecord, err := s.LatestApproved(t.Context(), "worries")
		must(t, err)
		same(t, gotRecord, rec)
		last, err := s.LastEntry(t.Context())
		must(t, err)
		same(t, last, e)
		same(t, all(t, s, survey.Range{Area: r.Area, Survey: r.Survey}), []survey.Response{r})
		loadBallots(t, s)
		wantFault(t, load(t, s, "receipts", rc), fault.Conflict)
		wantFault(t, load(t, s, "responses", bare), fault.Conflict)
		if s.Load(t.Context(), "sessions", nil) == nil || s.Load(t.Context(), "spendings", nil) == nil || s.Load(t.Context(), "staff", [][]byte{[]byte("no document")}) == nil {
			t.Error("what is no document of ours was loaded")
		}
	}},
	{"Whole/a view is of one moment", func(t *testing.T, s Stores) {
		Fill(t, s, 10)
		steady, err := s.Steady(t.Context())
		must(t, err)
		must(t, s.View(t.Context(), func(v View) error {
			before, err := v.Count("responses")
			must(t, err)
			must(t, writeMore(t, s))
			if after, err := v.Count("responses"); steady && (err != nil || after != before) {
				t.Errorf("%d responses became %d, %v", before, after, err)
			}
			for doc, err := range v.Each("staff") {
				must(t, err)
				var m people.Staff
				must(t, json.Unmarshal(doc, &m))
				if steady && m.ID == "late" {
					t.Error("a later member of staff is seen")
				}
			}
			return nil
		}))
		same(t, len(documents[people.Staff](t, s, "staff")), 6)
	}},
	{"Whole/errors come back", func(t *testing.T, s Stores) {
		Fill(t, s, 3)
		broken := errors.New("broken off")
		if err := s.View(t.Context(), func(View) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		<-ctx.Done()
		wantFault(t, s.View(ctx, func(v View) error {
			_, err := v.Count("drafts")
			return err
		}), fault.Unavailable)
	}},
}

// writeMore waits for others to write, as they do beside a backup.
func writeMore(t *testing.T, s Stores) error {
	var errs []error
	errs = append(errs, together(8, func(i int) error {
		_, err := s.Append(t.Context(), answered("worries", "2126-06-01", fmt.Sprint("late", i)))
		return err
	})...)
	return errors.Join(append(errs, s.CreateStaff(t.Context(), people.Staff{ID: "late", Name: "late"}))...)
}
