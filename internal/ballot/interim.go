package ballot

import (
	"context"
	"encoding/json"
	"fmt"

	"sayso/internal/budget"
	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Results says when people see how a vote stands.
type Results string

// WhileOpen shows how a vote stands while people vote, as interim counts; empty: nobody sees it before the final count.
const WhileOpen Results = "early"

// Standing is how a vote stood on a day while people could vote: which projects would get money, in the order of the
// file, and nothing else, so that no vote can be told from two of them.
type Standing struct {
	On     exercise.Day `json:"-"`
	Voters int64        `json:"voters"` // raw: only to keep interim counts apart, never shown
	Funded []string     `json:"funded"`
}

func (o *Outcome) standing() (Standing, error) {
	st := Standing{On: o.MadeOn}
	if err := json.Unmarshal(o.Result, &st); err != nil {
		return Standing{}, fmt.Errorf("read the interim count %s/%d: %w", o.Exercise, o.Number, err)
	}
	return st, nil
}

// CountEarly counts the ballots so far and lets everybody see which projects would get money. Forbidden unless the
// exercise shows results early and people can vote; Invalid if fewer people voted than the floor of disclosure, or fewer
// than that since the interim count before. For analysts.
func (s *Service) CountEarly(ctx context.Context, by people.Staff, id string) (Outcome, error) {
	if !by.Is(people.Analyst) {
		return Outcome{}, forbidden()
	}
	e, err := s.open(id)
	if err != nil {
		return Outcome{}, err
	}
	if e.Results != WhileOpen {
		return Outcome{}, fault.New(fault.Forbidden, "early.not_here")
	}
	earlier, err := s.Outcomes(ctx, id)
	if err != nil {
		return Outcome{}, err
	}
	st, err := s.stand(ctx, e)
	if err != nil {
		return Outcome{}, fmt.Errorf("count %s so far: %w", id, err)
	}
	o := Outcome{Exercise: e.ID, Number: 1, Revision: 1, Area: e.Area, State: Interim, MadeBy: by.ID, MadeOn: s.Today()}
	if len(earlier) > 0 {
		o.Number = earlier[0].Number + 1
	}
	if err := s.apart(ctx, st, earlier); err != nil {
		return Outcome{}, err
	}
	if o.Result, err = json.Marshal(st); err != nil {
		return Outcome{}, err
	}
	if err := s.store.CreateOutcome(ctx, o); err != nil {
		return Outcome{}, fmt.Errorf("keep the interim count %s/%d: %w", id, o.Number, err)
	}
	return o, s.record(ctx, by, people.ActInterimPublished, o)
}

// stand counts the ballots so far.
func (s *Service) stand(ctx context.Context, e *Exercise) (Standing, error) {
	t, err := s.read(ctx, e)
	if err != nil {
		return Standing{}, err
	}
	rule, err := budget.ParseRule(e.Rule)
	if err != nil {
		return Standing{}, err
	}
	c, err := budget.NewCounter(t.election, e.Ties())
	if err != nil {
		return Standing{}, err
	}
	o, err := c.Count(rule)
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Voters: int64(len(t.election.Ballots)), Funded: []string{}}
	won := map[string]bool{}
	for _, id := range o.Funded(t.election) {
		won[id] = true
	}
	for _, p := range e.Projects {
		if won[p.ID] {
			st.Funded = append(st.Funded, p.ID)
		}
	}
	return st, nil
}

// apart refuses a standing of too few people, or of too few since the last.
func (s *Service) apart(ctx context.Context, st Standing, earlier []Outcome) error {
	floor := disclosure.Standard().Floor
	if st.Voters < floor {
		return fault.New(fault.Invalid, "early.too_few").With(map[string]any{"Number": int(floor)})
	}
	for _, about := range earlier {
		if about.State != Interim {
			continue
		}
		last, err := s.store.Outcome(ctx, about.Exercise, about.Number)
		if err != nil {
			return err
		}
		before, err := last.standing()
		if err == nil && st.Voters < before.Voters+floor {
			err = fault.New(fault.Invalid, "early.too_soon").With(map[string]any{"Number": int(floor)})
		}
		return err
	}
	return nil
}

// Standing returns the newest interim count, until the final count is public; NotFound.
func (s *Service) Standing(ctx context.Context, id string) (Standing, error) {
	all, err := s.Outcomes(ctx, id)
	if err != nil {
		return Standing{}, err
	}
	number := 0
	for _, o := range all {
		switch {
		case o.State == Approved:
			return Standing{}, fault.New(fault.NotFound, "early.not_found")
		case o.State == Interim && number == 0:
			number = o.Number
		}
	}
	if number == 0 {
		return Standing{}, fault.New(fault.NotFound, "early.not_found")
	}
	return s.StandingOf(ctx, id, number)
}

// StandingOf returns the interim count of the number; NotFound if there is none, or it is another kind of count.
func (s *Service) StandingOf(ctx context.Context, id string, number int) (Standing, error) {
	o, err := s.Outcome(ctx, id, number)
	if err == nil && o.State != Interim {
		err = fault.New(fault.NotFound, "early.not_found")
	}
	if err != nil {
		return Standing{}, err
	}
	return o.standing()
}
