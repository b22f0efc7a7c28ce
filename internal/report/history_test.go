package report_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// history is a survey whose log, questions and codebook change, with reports in between.
type history struct {
	t        rapid.TB
	ctx      context.Context
	store    *sqlite.Store
	areas    []string
	versions []survey.Survey
	book     *theme.Codebook
	program  string
	today    exercise.Day
	said     []survey.Response
	crowd    []survey.Response
}

// TestReportsThatGoOnAreReportsFromTheStart lets anything happen between reports. Each adds up to the same, to the last
// count and quotable word, whether it goes on from what was kept or reads all.
func TestReportsThatGoOnAreReportsFromTheStart(t *testing.T) {
	crowd, store, n := report.Crowd(41, 5000), temporary(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		h := newHistory(rt, store, fmt.Sprint(n), crowd)
		rt.Repeat(map[string]func(*rapid.T){
			"say": h.say, "say again": h.again, "take back": h.takeBack, "hold": h.hold, "ask anew": h.askAnew,
			"move": h.move, "code anew": h.codeAnew, "update": h.update, "sleep": h.sleep, "report": h.report,
		})
		h.report(rt)
	})
}

func temporary(t *testing.T) *sqlite.Store {
	store, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// newHistory begins a history in areas of its own.
func newHistory(t rapid.TB, store *sqlite.Store, name string, crowd []survey.Response) *history {
	sv := report.Worries()
	sv.Version, sv.Area = 1, "vale"+name
	return &history{t: t, areas: []string{sv.Area, "east" + name}, ctx: context.Background(), store: store, versions: []survey.Survey{sv}, book: report.Book(),
		today: "2026-05-04", crowd: crowd}
}

func (h *history) must(err error) {
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) add(n int, day exercise.Day, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 7))
	for range n {
		r := h.crowd[random.IntN(len(h.crowd))]
		r.Ref = survey.Ref{Area: h.newest().Area, Survey: "worries", Day: day, ID: fmt.Sprintf("%08x%08x", random.Uint32(), len(h.said))}
		r.Version = len(h.versions)
		h.said = append(h.said, r)
	}
	_, err := h.store.Append(h.ctx, h.said[len(h.said)-n:]...)
	h.must(err)
}

func (h *history) newest() *survey.Survey { return &h.versions[len(h.versions)-1] }

func (h *history) day(t *rapid.T) exercise.Day {
	return h.today.Add(-rapid.IntRange(0, 3).Draw(t, "days ago"))
}

func (h *history) say(t *rapid.T) {
	h.add(rapid.IntRange(1, 50).Draw(t, "people"), h.day(t), rapid.Uint64().Draw(t, "seed"))
}

func (h *history) again(*rapid.T) {
	added, err := h.store.Append(h.ctx, h.said...)
	h.must(err)
	if added != 0 {
		h.t.Fatalf("%d were added again", added)
	}
}

func (h *history) takeBack(t *rapid.T) {
	if len(h.said) == 0 {
		t.Skip("nobody spoke")
	}
	h.must(h.store.Withdraw(h.ctx, h.said[rapid.IntRange(0, len(h.said)-1).Draw(t, "who")].Ref))
}

func (h *history) hold(t *rapid.T) {
	if len(h.said) == 0 {
		t.Skip("nobody spoke")
	}
	why := rapid.SampledFrom([]survey.Hold{"", survey.HeldPerson, survey.HeldUnreal}).Draw(t, "why")
	h.must(h.store.Hold(h.ctx, h.said[rapid.IntRange(0, len(h.said)-1).Draw(t, "who")].Ref, why))
}

// askAnew publishes another version of the survey.
func (h *history) askAnew(t *rapid.T) {
	sv := *h.newest()
	sv.Version++
	sv.Questions = slices.Clone(sv.Questions)
	if rapid.Bool().Draw(t, "drop a question") && len(sv.Questions) > 8 {
		sv.Questions = sv.Questions[1:]
	} else {
		q := &sv.Questions[slices.IndexFunc(sv.Questions, func(q survey.Question) bool { return q.ID == "talk" || q.ID == "months" })]
		q.Options = append(slices.Clone(q.Options), survey.Option{ID: fmt.Sprint("more", sv.Version), Text: english("More")})
	}
	h.versions = append(h.versions, sv)
}

// move gives the survey to another area: who answered before stays where they were.
func (h *history) move(t *rapid.T) {
	sv := *h.newest()
	sv.Version++
	sv.Area = rapid.SampledFrom(h.areas).Draw(t, "area")
	h.versions = append(h.versions, sv)
}

func (h *history) codeAnew(*rapid.T) {
	book := *h.book
	book.Themes = slices.Clone(book.Themes)
	for i := range book.Themes {
		if book.Themes[i].ID == "buses" {
			book.Themes[i].Words = theme.Lists{"en": {"sky", fmt.Sprint("bus", len(h.said))}}
		}
	}
	h.book = &book
}

func (h *history) update(*rapid.T) { h.program += "+" }

func (h *history) sleep(*rapid.T) { h.today = h.today.Add(1) }

func (h *history) added(folds report.Folds) *report.Tally {
	sum, err := report.Added(h.ctx, h.versions, h.book, h.store, folds, h.today, h.program)
	h.must(err)
	return sum
}

func (h *history) report(*rapid.T) {
	want := h.added(nil)
	for range 2 { // and at once again, when all that can be is kept
		if diff := report.Differ(want, h.added(h.store)); diff != "" {
			h.t.Fatal(diff)
		}
	}
	for _, area := range h.areas {
		for kept, err := range h.store.Folds(h.ctx, area, "worries") {
			h.must(err)
			if kept.From.Day >= h.today {
				h.t.Fatalf("a fold of %s is kept on %s", kept.From.Day, h.today)
			}
			if bytes.Contains(kept.Body, []byte("nurse")) || bytes.Contains(kept.Body, []byte("kind")) {
				h.t.Fatal("a fold holds words")
			}
		}
	}
}

// TestLargeDaysAreCutAnew lets a day that was kept whole grow until it is kept in parts.
func TestLargeDaysAreCutAnew(t *testing.T) {
	h := newHistory(t, temporary(t), "", report.Crowd(42, 5000))
	h.add(4090, "2026-05-02", 1)
	h.report(nil)
	h.add(10, "2026-05-02", 2)
	for range 3 {
		h.report(nil)
		h.must(h.store.Withdraw(h.ctx, h.said[len(h.said)/2].Ref))
	}
	folds := 0
	for _, err := range h.store.Folds(h.ctx, "vale", "worries") {
		h.must(err)
		folds++
	}
	if folds != 3 {
		t.Errorf("%d folds are kept, want those of the 4 parts but the one in which words were taken back", folds)
	}
}

// counting counts what is read of a log.
type counting struct {
	survey.Responses
	read atomic.Int64
}

func (c *counting) Scan(ctx context.Context, r survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		for response, err := range c.Responses.Scan(ctx, r) {
			c.read.Add(1)
			if !yield(response, err) {
				return
			}
		}
	}
}

func TestNextReportReadsWhatIsNew(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(51, 900)...) // all on one day that is over
	from := w.sources()
	log := &counting{Responses: w.store}
	from.Responses, from.Folds = log, w.store
	w.reports = report.NewService(w.store, from, w.log(), w.clock)
	for _, c := range []struct {
		then func()
		want int64
	}{
		{func() {}, 900},
		{func() {}, 0},
		{func() { w.today(report.Crowd(52, 40)...) }, 40},
		{func() {}, 40}, // today is not kept
		{func() { w.must(w.store.Withdraw(w.ctx, refs[4])) }, 940},
		{func() {
			from.Program = func() (string, error) { return "another", nil }
			w.reports = report.NewService(w.store, from, w.log(), w.clock)
		}, 940},
	} {
		c.then()
		log.read.Store(0)
		w.make()
		if n := log.read.Load(); n != c.want {
			t.Errorf("%d responses were read, want %d", n, c.want)
		}
	}
}
