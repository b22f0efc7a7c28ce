package ballot_test

import (
	"slices"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/fault"
)

func shownEarly(e *ballot.Exercise) { e.Results = ballot.WhileOpen }

func TestInterimCountsAreFarApart(t *testing.T) {
	w, ctx := newTown(t, shownEarly), t.Context()
	_, err := w.Standing(ctx, "early")
	wantFault(t, err, fault.NotFound, "early.not_found")
	w.fills(9) // and an empty one, which is no vote
	_, err = w.CountEarly(ctx, analyst(), "early")
	wantFault(t, err, fault.Invalid, "early.too_few")
	w.votes("self", "8-11", "hall")
	_, err = w.CountEarly(ctx, board(), "early")
	wantFault(t, err, fault.Forbidden, "")
	o, err := w.CountEarly(ctx, analyst(), "early")
	must(t, err)
	if o.State != ballot.Interim || o.Number != 1 || len(o.File) > 0 || strings.Contains(string(o.Result), "votes") {
		t.Errorf("kept is %+v with %s", o, o.Result)
	}
	for range 9 {
		w.votes("carer", "26+", "trees")
	}
	_, err = w.CountEarly(ctx, analyst(), "early")
	wantFault(t, err, fault.Invalid, "early.too_soon")
	w.votes("carer", "26+", "trees")
	w.day = "2126-12-20"
	_, err = w.CountEarly(ctx, analyst(), "early")
	must(t, err)
	st, err := w.Standing(ctx, "early")
	must(t, err)
	if st.On != "2126-12-20" || !slices.Equal(st.Funded, []string{"hall", "trees", "bikes"}) {
		t.Errorf("it stands at %+v", st)
	}
}

func TestInterimCountNeverBlocksTheFinalOne(t *testing.T) {
	w, ctx := newTown(t, shownEarly), t.Context()
	w.fills(40)
	_, err := w.CountEarly(ctx, analyst(), "early")
	must(t, err)
	_, err = w.Approve(ctx, analyst(), "early", 1)
	wantFault(t, err, fault.Conflict, "")
	_, err = w.Tell(ctx, board(), "early", 1, told("hall", ballot.Begun, "x"))
	wantFault(t, err, fault.Conflict, "")
	w.day = "2127-02-01"
	_, err = w.CountEarly(ctx, analyst(), "early")
	wantFault(t, err, fault.Forbidden, "vote.closed")
	_, err = w.Public(ctx, "early")
	wantFault(t, err, fault.NotFound, "")
	o, err := w.Count(ctx, analyst(), "early")
	must(t, err)
	if o.Number != 2 {
		t.Errorf("the final count is number %d", o.Number)
	}
	_, err = w.Standing(ctx, "early")
	must(t, err)
	_, err = w.Approve(ctx, analyst(), "early", 2)
	must(t, err)
	_, err = w.Standing(ctx, "early")
	wantFault(t, err, fault.NotFound, "early.not_found")
	if _, err := w.StandingOf(ctx, "early", 1); err != nil {
		t.Errorf("the record is gone: %v", err)
	}
	_, err = w.StandingOf(ctx, "early", 2)
	wantFault(t, err, fault.NotFound, "early.not_found")
}

func TestNothingIsShownEarlyUnlessTheExerciseSaysSo(t *testing.T) {
	w := newTown(t, nil)
	w.fills(40)
	_, err := w.CountEarly(t.Context(), analyst(), "early")
	wantFault(t, err, fault.Forbidden, "early.not_here")
	e := written(t)
	e.Results = ballot.WhileOpen
	_, _, err = w.Publish(t.Context(), e)
	wantFault(t, err, fault.Invalid, "vote.locked")
}
