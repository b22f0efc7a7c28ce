package storetest

import (
	"fmt"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// foldOf is a fold of the day between the ids, whose last is empty for the end of the day.
func foldOf(day exercise.Day, first, last string) report.Fold {
	f := report.Fold{Plan: "plan", Body: []byte{0, 1, 255, byte(len(first))}}
	f.Area, f.Survey, f.Received, f.Changed = "riverside", "worries", 7, 2
	f.From, f.To = survey.Position{Day: day, ID: first}, survey.Position{Day: day, ID: last}
	if last == "" {
		f.To.Day = day.Add(1)
	}
	return f
}

func keptFolds(t testing.TB, s Stores) []report.Fold {
	t.Helper()
	return collect(t, s.Folds(t.Context(), "riverside", "worries"))
}

var folds = []promise{
	{"Folds/kept in order, replaced and dropped", func(t *testing.T, s Stores) {
		same(t, keptFolds(t, s), []report.Fold(nil))
		one, two, three := foldOf("2126-05-01", "", ""), foldOf("2126-05-02", "", "8"), foldOf("2126-05-02", "8", "")
		other, longer := one, one
		other.Area, longer.Survey = "river", "worries2"
		must(t, s.KeepFolds(t.Context(), three, one, other, longer, two))
		same(t, keptFolds(t, s), []report.Fold{one, two, three})
		two.Plan, two.Received, two.Body = "another", 9, nil
		must(t, s.KeepFolds(t.Context(), two))
		same(t, keptFolds(t, s), []report.Fold{one, two, three})
		must(t, s.DropFolds(t.Context(), one, three, foldOf("2126-05-09", "", "")))
		same(t, keptFolds(t, s), []report.Fold{two})
		same(t, len(collect(t, s.Folds(t.Context(), "river", "worries"))), 1)
	}},
	{"Folds/many", func(t *testing.T, s Stores) {
		var want []report.Fold
		for i := range 600 {
			want = append(want, foldOf("2126-05-01", fmt.Sprintf("%03x", i), fmt.Sprintf("%03x", i+1)))
		}
		must(t, s.KeepFolds(t.Context(), want...))
		same(t, keptFolds(t, s), want)
	}},
	{"Folds/forgotten when a response of theirs is taken or held back", func(t *testing.T, s Stores) {
		r := answered("worries", "2126-05-02", "5a")
		_, err := s.Append(t.Context(), r)
		must(t, err)
		list := []report.Fold{foldOf("2126-05-01", "", ""), foldOf("2126-05-02", "", "5"), foldOf("2126-05-02", "5", "8"),
			foldOf("2126-05-02", "8", "")}
		must(t, s.KeepFolds(t.Context(), list...))
		_, err = s.Append(t.Context(), r)
		must(t, err)
		same(t, keptFolds(t, s), list)
		must(t, s.Withdraw(t.Context(), r.Ref))
		same(t, keptFolds(t, s), []report.Fold{list[0], list[1], list[3]})
		late := answered("worries", "2126-05-02", "f")
		_, err = s.Append(t.Context(), late)
		must(t, err)
		must(t, s.Withdraw(t.Context(), late.Ref))
		same(t, keptFolds(t, s), list[:2])
		early := answered("worries", "2126-05-01", "a")
		_, err = s.Append(t.Context(), early)
		must(t, err)
		must(t, s.Hold(t.Context(), early.Ref, survey.HeldPerson))
		same(t, keptFolds(t, s), list[1:2])
	}},
	{"Folds/left behind by what is loaded", func(t *testing.T, s Stores) {
		must(t, s.KeepFolds(t.Context(), foldOf("2126-05-01", "", "")))
		must(t, load(t, s, "surveys", survey.Survey{ID: "worries", Version: 1, Area: "riverside"}))
		same(t, keptFolds(t, s), []report.Fold(nil))
	}},
}
