package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"sayso/internal/survey"
)

func someResponses(n int) iter.Seq[survey.Response] {
	return func(yield func(survey.Response) bool) {
		for i := range n {
			if !yield(survey.Response{Ref: survey.Ref{Area: "here", Survey: "small", Day: "2026-01-01", ID: fmt.Sprintf("%032d", i)}}) {
				return
			}
		}
	}
}

func TestFill(t *testing.T) {
	store := temporary(t)
	var done []int
	added, err := Fill(t.Context(), store, someResponses(1201), func(n int) { done = append(done, n) })
	if err != nil || added != 1201 || !slices.Equal(done, []int{500, 1000, 1201}) {
		t.Fatalf("%d, %v, %v", added, done, err)
	}
	if added, err := Fill(t.Context(), store, someResponses(1300), nil); err != nil || added != 99 {
		t.Errorf("the second time %d, %v", added, err)
	}
}

// full is a store that takes one batch only.
type full struct {
	survey.Responses
	took int
}

var errFull = errors.New("full")

func (f *full) Append(_ context.Context, rs ...survey.Response) (int, error) {
	if f.took > 0 {
		return 0, errFull
	}
	f.took = len(rs)
	return len(rs), nil
}

func TestFillStopsAtAnError(t *testing.T) {
	added, err := Fill(t.Context(), &full{}, someResponses(5000), nil)
	if added != batchSize || !errors.Is(err, errFull) {
		t.Errorf("%d, %v", added, err)
	}
}
