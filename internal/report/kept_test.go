package report

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// Tally is what a log adds up to, for tests beside a real store.
type Tally = tally

// Added adds up the log of the survey, by what is kept if folds is not nil.
func Added(ctx context.Context, versions []survey.Survey, book *theme.Codebook, log survey.Responses, folds Folds,
	today exercise.Day, program string) (*Tally, error) {
	f := folding{plan: newPlan(versions, book), responses: log, folds: folds, today: today, program: program}
	return f.fold(ctx)
}

// Differ says how two tallies differ, nothing if they are the same to the last count and quotable word.
func Differ(want, got *Tally) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(tally{}, candidate{}), cmpopts.EquateEmpty())
}

func keptTally(t rapid.TB, p *plan, rs []survey.Response) (*tally, Fold) {
	sum := tallyOf(t, p, rs)
	f := Fold{Body: encodeTally(p, sum)}
	f.Area, f.Survey, f.From.Day = "vale", "worries", "2026-05-01"
	return sum, f
}

func onOneDay(seed uint64, n int) []survey.Response {
	rs := named(Crowd(seed, n))
	for i := range rs {
		rs[i].Area, rs[i].Day = "vale", "2026-05-01"
	}
	return rs
}

func TestTalliesAreKeptWithoutWords(t *testing.T) {
	p := worriesPlan()
	rapid.Check(t, func(t *rapid.T) {
		want, f := keptTally(t, p, onOneDay(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 400).Draw(t, "people")))
		got, err := decodeTally(p, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, reservoir := range want.words {
			for i := range reservoir {
				q := &reservoir[i]
				q.lang, q.voice, q.age, q.text = "", "", "", ""
			}
		}
		if diff := Differ(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDamagedFoldsAreRefused(t *testing.T) {
	p := worriesPlan()
	_, f := keptTally(t, p, onOneDay(3, 200))
	whole := f.Body
	for n := range whole {
		f.Body = whole[:n]
		if _, err := decodeTally(p, f); err == nil {
			t.Errorf("%d of %d bytes were read", n, len(whole))
		}
	}
	rapid.Check(t, func(t *rapid.T) { // whatever it holds, nothing panics
		f.Body = slices.Clone(whole)
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			f.Body[rapid.IntRange(0, len(whole)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		_, _ = decodeTally(p, f)
	})
}
