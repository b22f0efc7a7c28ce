package report

import (
	"context"
	"fmt"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// DecideQuote keeps or drops a quote of a snapshot that was not refused. A quote nobody decided about is not shown.
// NotFound; Conflict if the snapshot was refused or the author took their words back. For analysts.
func (s *Service) DecideQuote(ctx context.Context, by people.Staff, surveyID string, number int, quote string, d Decision) (Record, error) {
	acts := map[Decision]string{Keep: people.ActQuoteKept, Drop: people.ActQuoteDropped}
	act, ok := acts[d]
	if !by.Is(people.Analyst) {
		return Record{}, forbidden()
	}
	if !ok {
		return Record{}, fault.New(fault.Invalid, "report.quote_decision")
	}
	r, err := s.setQuote(ctx, surveyID, number, quote, d)
	if err != nil {
		return Record{}, err
	}
	return r, s.record(ctx, by, act, r, map[string]string{"quote": quote})
}

func (s *Service) setQuote(ctx context.Context, surveyID string, number int, quote string, d Decision) (Record, error) {
	_, body, err := s.read(ctx, surveyID, number)
	if err != nil {
		return Record{}, err
	}
	if !slices.ContainsFunc(body.Quotes, func(q Quote) bool { return q.ID == quote }) {
		return Record{}, fault.New(fault.NotFound, "report.quote_not_found")
	}
	r, err := s.store.UpdateRecord(ctx, surveyID, number, func(r *Record) error {
		if closed(r, quote, d) {
			return fault.New(fault.Conflict, "report.quote_closed")
		}
		if r.Quotes == nil {
			r.Quotes = map[string]Decision{}
		}
		r.Quotes[quote] = d
		if d == TakenBack {
			delete(r.Words, quote)
			delete(r.Quoted, quote)
		}
		return nil
	})
	if err != nil {
		return Record{}, fmt.Errorf("decide a quote of %s/%d: %w", surveyID, number, err)
	}
	return r, nil
}

// closed says whether a person cannot decide so about the quote.
func closed(r *Record, quote string, d Decision) bool {
	switch d {
	case Keep, Drop:
		return r.State == Refused || r.Quotes[quote] == TakenBack || r.Quotes[quote] == HeldBack
	case HeldBack, Undecided:
		return r.Quotes[quote] == TakenBack
	}
	return false
}

// HoldBack holds the whole response of a quote back for the reason: it counts in no further snapshot, and none of its
// words is shown in any, but to analysts, who can release it; for an empty reason it counts again, and its quotes can be decided about. NotFound; Conflict
// if the author took their words back. For analysts.
func (s *Service) HoldBack(ctx context.Context, by people.Staff, surveyID string, number int, quote string, why survey.Hold) error {
	if !by.Is(people.Analyst) {
		return forbidden()
	}
	if why != "" && !slices.Contains(survey.Holds, why) {
		return fault.New(fault.Invalid, "report.quote_decision")
	}
	r, err := s.Record(ctx, surveyID, number)
	if err != nil {
		return err
	}
	ref, ok := r.Quoted[quote]
	if !ok {
		return fault.New(fault.NotFound, "report.quote_not_found")
	}
	if err := s.from.Responses.Hold(ctx, ref, why); err != nil {
		return fmt.Errorf("hold the response of a quote of %s/%d: %w", surveyID, number, err)
	}
	act, d := people.ActHeldBack, HeldBack
	if why == "" {
		act, d = people.ActReleased, Undecided
	}
	if err := s.setQuotesOf(ctx, ref, d); err != nil {
		return err
	}
	return s.record(ctx, by, act, r, map[string]string{"quote": quote, "why": string(why)})
}

// TakeBack takes the quotes from a withdrawn response out of every snapshot, at once and for good. The figures stay
// as they were frozen; the next snapshot counts without the response.
func (s *Service) TakeBack(ctx context.Context, ref survey.Ref) error {
	return s.setQuotesOf(ctx, ref, TakenBack)
}

// setQuotesOf decides about the quotes from the response in every snapshot.
func (s *Service) setQuotesOf(ctx context.Context, ref survey.Ref, d Decision) error {
	all, err := s.List(ctx, ref.Survey)
	if err != nil {
		return err
	}
	for _, some := range all {
		_, body, err := s.read(ctx, some.Survey, some.Number)
		if err != nil {
			return err
		}
		for _, q := range body.Quotes {
			if q.ID != quoteID(ref.Survey, ref.ID, q.Question) {
				continue
			}
			if _, err := s.setQuote(ctx, some.Survey, some.Number, q.ID, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Approve makes a snapshot public. Replies to themes that are still there carry over from the one before. Conflict
// if it was decided about already, or another was approved since it was made: its figures were not protected
// against that one. For analysts.
func (s *Service) Approve(ctx context.Context, by people.Staff, surveyID string, number int) (Record, error) {
	if !by.Is(people.Analyst) {
		return Record{}, forbidden()
	}
	_, body, err := s.read(ctx, surveyID, number)
	if err != nil {
		return Record{}, err
	}
	before, err := s.store.LatestApproved(ctx, surveyID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Record{}, fmt.Errorf("read the newest report of %s: %w", surveyID, err)
	}
	if before.Number != body.After {
		return Record{}, fault.New(fault.Conflict, "report.overtaken")
	}
	carried := map[string]Reply{}
	for id, reply := range before.Replies {
		if _, still := body.Theme(id); still {
			carried[id] = reply
		}
	}
	return s.decide(ctx, by, surveyID, number, Approved, carried, nil)
}

// Refuse keeps a snapshot from becoming public; it stays for the record. Conflict if it was decided about already.
// For analysts.
func (s *Service) Refuse(ctx context.Context, by people.Staff, surveyID string, number int) (Record, error) {
	if !by.Is(people.Analyst) {
		return Record{}, forbidden()
	}
	return s.decide(ctx, by, surveyID, number, Refused, nil, nil)
}

func (s *Service) decide(ctx context.Context, by people.Staff, surveyID string, number int, state State,
	replies map[string]Reply, details map[string]string) (Record, error) {
	r, err := s.store.UpdateRecord(ctx, surveyID, number, func(r *Record) error {
		if r.State != Made {
			return fault.New(fault.Conflict, "report.decided_already")
		}
		r.State, r.DecidedBy, r.DecidedOn = state, by.ID, exercise.DayOf(s.now())
		if replies != nil {
			r.Replies = replies
		}
		return nil
	})
	if err != nil {
		return Record{}, fmt.Errorf("decide report %s/%d: %w", surveyID, number, err)
	}
	act := people.ActReportApproved
	if state == Refused {
		act = people.ActReportRefused
	}
	return r, s.record(ctx, by, act, r, details)
}
