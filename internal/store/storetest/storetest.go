// Package storetest is one suite of every promise that the subjects' store interfaces make. Each store must pass it.
package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// Stores is everything a store keeps.
type Stores interface {
	survey.Definitions
	survey.Drafts
	survey.Responses
	people.StaffStore
	people.InvitationList
	people.SessionStore
	people.AuditStore
	people.Receipts
	people.Spendings
	report.Store
	report.Folds
	ballot.Definitions
	ballot.Ballots
	ballot.Backgrounds
	ballot.Outcomes
	admission.Store
	ballot.Sheets
	Whole
}

// Skip names a test that a server cannot pass, and why.
type Skip struct{ Test, Reason string }

// promise is one test; it has a store of its own.
type promise struct {
	name string
	hold func(t *testing.T, s Stores)
}

// Run tests the stores that open opens: an empty one for each test. Skips that name no test fail, and those that
// do are listed at the end.
func Run(t *testing.T, open func(t *testing.T) Stores, skips ...Skip) {
	reasons := map[string]string{}
	for _, s := range skips {
		reasons[s.Test] = s.Reason
	}
	for _, list := range [][]promise{
		definitions, drafts, responses, scans, stretches, folds, texts, staff, invitations, sessions, audit, receipts, spendings, reports, exercises, ballots, outcomes, sheets, codes, linkage, wholes, between, contexts, models,
	} {
		for _, p := range list {
			t.Run(p.name, func(t *testing.T) {
				if reason, ok := reasons[p.name]; ok {
					t.Skip(reason)
				}
				p.hold(t, open(t))
			})
			if reason, ok := reasons[p.name]; ok {
				defer t.Logf("skipped %s: %s", p.name, reason)
				delete(reasons, p.name)
			}
		}
	}
	for name := range reasons {
		t.Errorf("there is no test %s to skip", name)
	}
}

// tester is what a *testing.T and a *rapid.T can both do.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// must stops the test on an error.
func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault checks the kind of an error.
func wantFault(t tester, err error, kind fault.Kind) {
	t.Helper()
	if e, ok := errors.AsType[*fault.Error](err); !ok || e.Kind != kind || e.Key == "" {
		t.Errorf("got error %v, want a fault of kind %s with a key", err, kind)
	}
}

// same compares two values; nil and empty slices and maps are the same.
func same(t tester, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("differs (-want +got):\n%s", d)
	}
}

// together runs the function n times at once and returns the errors.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = do(i)
		})
	}
	done.Wait()
	return errs
}

// oneWins checks that of several writers one got through and the others heard a fault of the kind.
func oneWins(t tester, errs []error, kind fault.Kind) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantFault(t, err, kind)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d got through, want exactly one", won, len(errs))
	}
}

// collect reads an iterator to its end.
func collect[T any](t tester, seq func(func(T, error) bool)) []T {
	t.Helper()
	var out []T
	for v, err := range seq {
		must(t, err)
		out = append(out, v)
	}
	return out
}

// contexts: what a cancelled caller gets.
var contexts = []promise{{"Context/cancelled", func(t *testing.T, s Stores) {
	live := t.Context()
	ctx, cancel := context.WithCancel(live)
	cancel()
	r := answered("worries", "2126-05-01", "one")
	must(t, s.CreateDraft(live, survey.Draft{ID: "there"}))
	_, appended := s.Append(ctx, r)
	_, read := s.Draft(ctx, "there")
	_, updated := s.UpdateDraft(ctx, "there", func(*survey.Draft) error { return nil })
	_, counted := s.CountResponses(ctx, r.Area, r.Survey)
	errs := []error{appended, read, updated, counted,
		s.CreateDraft(ctx, survey.Draft{ID: "new"}), s.AppendEntry(ctx, people.Entry{Number: 1})}
	for _, err := range s.Scan(ctx, survey.Range{Area: r.Area, Survey: r.Survey}) {
		errs = append(errs, err)
	}
	for i, err := range errs {
		wantFault(t, err, fault.Unavailable)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d: the cause of %v is not that it was cancelled", i, err)
		}
	}
	if len(errs) != 7 {
		t.Errorf("a cancelled scan ended without an error")
	}
	_, err := s.Draft(live, "new")
	wantFault(t, err, fault.NotFound)
	_, err = s.Response(live, r.Ref)
	wantFault(t, err, fault.NotFound)
}}}
