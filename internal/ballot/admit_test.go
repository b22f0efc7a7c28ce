package ballot_test

import (
	"context"
	"errors"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
)

func TestAClosedVoteLetsInWhomItAdmits(t *testing.T) {
	w := newTown(t, func(e *ballot.Exercise) { e.Codes = true })
	e, err := w.Newest("early")
	must(t, err)
	_, err = w.Begin(t.Context(), "early", exercise.Self, "en", "k1:key", nil)
	wantFault(t, err, fault.Forbidden, "admission.needed")
	no := errors.New("no")
	for _, why := range []error{no, nil} {
		asked := 0
		b, err := w.Begin(t.Context(), "early", exercise.Self, "en", "k1:key", func(context.Context) error { asked++; return why })
		if asked != 1 || !errors.Is(err, why) {
			t.Errorf("asked %d times, %v", asked, err)
		}
		left, err := w.Received(t.Context(), e)
		must(t, err)
		_, err = w.Mine(t.Context(), "k1:key")
		if why != nil && (left != 0 || !fault.Is(err, fault.NotFound)) || why == nil && (left != 1 || b.ID == "" || err != nil) {
			t.Errorf("after %v there are %d ballots, and the key opens %v", why, left, err)
		}
	}
	open := *e
	open.Codes = false
	_, _, err = w.Publish(t.Context(), open)
	wantFault(t, err, fault.Invalid, "vote.locked")
}
