package report_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// world is a store with one survey, and everything that a report is made from.
type world struct {
	*testing.T
	ctx     context.Context
	store   *sqlite.Store
	surveys *survey.Service
	reports *report.Service
	now     time.Time
	next    int
}

var (
	analyst = people.Staff{ID: "analyst", Role: people.Analyst}
	board   = people.Staff{ID: "board", Role: people.Board}
	author  = people.Staff{ID: "author", Role: people.Author}
)

func english(s string) exercise.Text { return exercise.Text{"en": s} }

func vale() exercise.Areas {
	areas, err := exercise.NewAreas([]exercise.Area{{
		ID: "vale", Name: english("Vale"), Board: english("the board"),
		Places: []exercise.Area{{ID: "east", Name: english("East")}, {ID: "west", Name: english("West")}},
		Population: []exercise.PopulationOf{
			{Variable: "age_band", Source: english("Invented."), Counts: map[string]int64{"8-11": 5000, "12-15": 5000, "16-17": 2000}},
			{Variable: "place", Source: english("Invented."), Counts: map[string]int64{"east": 3000, "west": 9000}},
			{Variable: "priority", Source: english("Invented."), Counts: map[string]int64{"in-care": 120, "young-carer": 6000}},
		},
	}})
	if err != nil {
		panic(err)
	}
	return areas
}

func newWorld(t *testing.T, sv survey.Survey) *world {
	t.Helper()
	w := &world{T: t, ctx: t.Context(), now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	store, err := sqlite.OpenTemporary(w.ctx)
	w.must(err)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.store, w.surveys = store, survey.NewService(store, w.clock)
	w.reports = report.NewService(store, w.sources(), w.log(), w.clock)
	w.publish(sv)
	return w
}

func (w *world) clock() time.Time {
	w.now = w.now.Add(time.Second)
	return w.now
}

func (w *world) log() *people.Log { return people.NewLog(w.store, w.clock) }

func (w *world) sources() report.Sources {
	book := report.Book()
	return report.Sources{
		Surveys: w.surveys, Responses: w.store, Folds: w.store, Areas: vale(),
		Codebook: func(id string) (*theme.Codebook, bool) { return book, id == book.ID },
		Label:    func(lang, kind string) string { return lang + " " + kind },
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) publish(sv survey.Survey) {
	w.Helper()
	_, _, err := w.surveys.Publish(w.ctx, sv)
	w.must(err)
}

// say appends the responses, giving each an id.
func (w *world) say(rs ...survey.Response) []survey.Ref { return w.sayOn("2026-05-01", rs...) }

// today is say on the day that it is.
func (w *world) today(rs ...survey.Response) []survey.Ref { return w.sayOn("2026-06-01", rs...) }

func (w *world) sayOn(day exercise.Day, rs ...survey.Response) []survey.Ref {
	w.Helper()
	var refs []survey.Ref
	for i := range rs {
		w.next++
		rs[i].Ref = survey.Ref{Area: "vale", Survey: "worries", Day: day, ID: fmt.Sprintf("r%07d", w.next)}
		rs[i].Version = 1
		if rs[i].Language == "" {
			rs[i].Language = "en"
		}
		if rs[i].Voice == "" {
			rs[i].Voice = exercise.Self
		}
		if rs[i].Channel == "" {
			rs[i].Channel = survey.Web
		}
		refs = append(refs, rs[i].Ref)
	}
	_, err := w.store.Append(w.ctx, rs...)
	w.must(err)
	return refs
}

func (w *world) make() (report.Record, report.Report) {
	w.Helper()
	r, err := w.reports.Make(w.ctx, analyst, "worries")
	w.must(err)
	body, err := r.Report()
	w.must(err)
	return r, body
}

func (w *world) approve(r report.Record) {
	w.Helper()
	_, err := w.reports.Approve(w.ctx, analyst, r.Survey, r.Number)
	w.must(err)
}
