package preview

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// noSurveys and noBallots are what no walk asks for. They hold nothing: asking stops the walk, rather than reach a real
// store.
type (
	noSurveys struct{ survey.Store }
	noBallots struct{ ballot.Store }
)

// during is a clock for an exercise of these days: the time it is while that is open, else noon of the day it opens.
func during(opens, closes exercise.Day, now func() time.Time) func() time.Time {
	if today := exercise.DayOf(now()); opens <= today && today <= closes {
		return now
	}
	return func() time.Time { return opens.Time().Add(12 * time.Hour) }
}

// Surveys returns a service that asks the survey of the sheet and keeps what it hears there. Of the real one it reads
// the survey.
func (s *Sheet) Surveys(ctx context.Context, real *survey.Service, now func() time.Time) (*survey.Service, error) {
	sv, err := real.Newest(s.Survey)
	if err != nil {
		return nil, err
	}
	walk := survey.NewService(&surveys{sheet: s, real: real, of: sv, receipts: receipts{s}}, during(sv.Opens, sv.Closes, now))
	return walk, walk.Refresh(ctx)
}

// surveys is the store of a walk through a survey.
type surveys struct {
	noSurveys
	receipts
	sheet *Sheet
	real  *survey.Service
	of    *survey.Survey
}

func (w *surveys) Survey(ctx context.Context, id string, version int) (survey.Survey, error) {
	all, err := w.real.Versions(ctx, id)
	if err != nil {
		return survey.Survey{}, err
	}
	if version < 1 || version > len(all) {
		return survey.Survey{}, nothing()
	}
	return all[version-1], nil
}

func (w *surveys) Surveys(context.Context) iter.Seq2[survey.Survey, error] {
	return func(yield func(survey.Survey, error) bool) { yield(*w.of, nil) }
}

func (w *surveys) CreateDraft(_ context.Context, d survey.Draft) error {
	w.sheet.Draft, w.sheet.Response = &d, nil
	return nil
}

func (w *surveys) Draft(_ context.Context, id string) (survey.Draft, error) {
	if w.sheet.Draft == nil || w.sheet.Draft.ID != id {
		return survey.Draft{}, nothing()
	}
	return copied(*w.sheet.Draft)
}

func (w *surveys) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (survey.Draft, error) {
	d, err := w.Draft(ctx, id)
	if err != nil {
		return d, err
	}
	if err := change(&d); err != nil {
		return survey.Draft{}, err
	}
	d.Revision++
	w.sheet.Draft = &d
	return copied(d)
}

func (w *surveys) DeleteDraft(context.Context, string) error {
	w.sheet.Draft = nil
	return nil
}

func (w *surveys) Append(_ context.Context, rs ...survey.Response) (int, error) {
	for _, r := range rs {
		w.sheet.Response = &r
	}
	return len(rs), nil
}

func (w *surveys) Response(_ context.Context, ref survey.Ref) (survey.Response, error) {
	if w.sheet.Response == nil || w.sheet.Response.Ref != ref {
		return survey.Response{}, nothing()
	}
	return copied(*w.sheet.Response)
}

func (w *surveys) Withdraw(ctx context.Context, ref survey.Ref) error {
	r, err := w.Response(ctx, ref)
	if err == nil {
		r.Withdrawn, r.Answers, r.About = true, nil, nil
		w.sheet.Response = &r
	}
	return err
}

// Ballots returns a service that takes votes in the exercise of the sheet and keeps them there. Of the real one it reads
// the exercise and its outcome.
func (s *Sheet) Ballots(ctx context.Context, real *ballot.Service, now func() time.Time) (*ballot.Service, error) {
	e, err := real.Newest(s.Budget)
	if err != nil {
		return nil, err
	}
	walk := ballot.NewService(&ballots{sheet: s, real: real, of: e, receipts: receipts{s}}, nil, during(e.Opens, e.Closes, now))
	return walk, walk.Refresh(ctx)
}

// ballots is the store of a walk through a budget exercise, as surveys is that of a survey.
type ballots struct {
	noBallots
	receipts
	sheet *Sheet
	real  *ballot.Service
	of    *ballot.Exercise
}

func (w *ballots) Exercises(context.Context) iter.Seq2[ballot.Exercise, error] {
	return func(yield func(ballot.Exercise, error) bool) { yield(*w.of, nil) }
}

func (w *ballots) CreateBallot(_ context.Context, b ballot.Ballot) error {
	w.sheet.Ballot = &b
	return nil
}

func (w *ballots) Ballot(_ context.Context, id string) (ballot.Ballot, error) {
	if w.sheet.Ballot == nil || w.sheet.Ballot.ID != id {
		return ballot.Ballot{}, nothing()
	}
	return copied(*w.sheet.Ballot)
}

func (w *ballots) UpdateBallot(ctx context.Context, id string, change func(*ballot.Ballot) error) (ballot.Ballot, error) {
	b, err := w.Ballot(ctx, id)
	if err != nil {
		return b, err
	}
	if err := change(&b); err != nil {
		return ballot.Ballot{}, err
	}
	b.Revision++
	w.sheet.Ballot = &b
	return copied(b)
}

func (w *ballots) DeleteBallot(context.Context, string) error {
	w.sheet.Ballot = nil
	return nil
}

func (w *ballots) CreateBackground(_ context.Context, b ballot.Background) error {
	w.sheet.About = &b
	return nil
}

func (w *ballots) Background(_ context.Context, id string) (ballot.Background, error) {
	if w.sheet.About == nil || w.sheet.About.ID != id {
		return ballot.Background{}, nothing()
	}
	return copied(*w.sheet.About)
}

func (w *ballots) UpdateBackground(ctx context.Context, id string, change func(*ballot.Background) error) (ballot.Background, error) {
	b, err := w.Background(ctx, id)
	if err != nil {
		return b, err
	}
	if err := change(&b); err != nil {
		return ballot.Background{}, err
	}
	b.Revision++
	w.sheet.About = &b
	return copied(b)
}

func (w *ballots) DeleteBackground(context.Context, string) error {
	w.sheet.About = nil
	return nil
}

func (w *ballots) Outcome(ctx context.Context, id string, number int) (ballot.Outcome, error) {
	return w.real.Outcome(ctx, id, number)
}

func (w *ballots) Outcomes(ctx context.Context, id string) ([]ballot.Outcome, error) {
	return w.real.Outcomes(ctx, id)
}

// receipts keeps the one receipt of a walk.
type receipts struct{ sheet *Sheet }

func (r receipts) CreateReceipt(_ context.Context, rc people.Receipt) error {
	r.sheet.Receipt = &rc
	return nil
}

func (r receipts) Receipt(_ context.Context, hash string) (people.Receipt, error) {
	if r.sheet.Receipt == nil || r.sheet.Receipt.Hash != hash {
		return people.Receipt{}, nothing()
	}
	return *r.sheet.Receipt, nil
}

func (r receipts) SubmitReceipt(ctx context.Context, hash, day string) error {
	rc, err := r.Receipt(ctx, hash)
	if err == nil {
		rc.Day = day
		r.sheet.Receipt = &rc
	}
	return err
}

func (r receipts) DeleteReceipts(_ context.Context, drafts ...string) error {
	if r.sheet.Receipt != nil && slices.Contains(drafts, r.sheet.Receipt.Draft) {
		r.sheet.Receipt = nil
	}
	return nil
}

func nothing() error { return fault.New(fault.NotFound, "error.not_found") }

// copied is a copy that shares nothing with what it was made from, as if it had been read from a store.
func copied[T any](v T) (T, error) {
	var out T
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	return out, err
}
