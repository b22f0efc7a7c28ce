package ballot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// Outcomes returns the counts of an exercise, newest first, without Result and File.
func (s *Service) Outcomes(ctx context.Context, id string) ([]Outcome, error) {
	all, err := s.store.Outcomes(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("list the counts of %s: %w", id, err)
	}
	return all, nil
}

// Outcome returns one count; NotFound.
func (s *Service) Outcome(ctx context.Context, id string, number int) (Outcome, error) {
	if number < 1 {
		return Outcome{}, fault.New(fault.NotFound, "result.not_found")
	}
	return s.store.Outcome(ctx, id, number)
}

// Published is a count that anyone may see, with what it found.
type Published struct {
	Outcome
	Found *Result
}

// Public returns the count that anyone may see; NotFound. It is shared: do not change it.
func (s *Service) Public(ctx context.Context, id string) (Published, error) {
	about, err := s.approved(ctx, id)
	if err != nil {
		return Published{}, err
	}
	if kept, ok := s.public.Load(id); ok && kept.(Published).Number == about.Number && kept.(Published).Revision == about.Revision {
		return kept.(Published), nil
	}
	p := Published{}
	if p.Outcome, err = s.store.Outcome(ctx, id, about.Number); err != nil {
		return p, err
	}
	if p.Found, err = p.Read(); err != nil {
		return p, err
	}
	s.public.Store(id, p)
	return p, nil
}

// HasPublic says whether there is a count that anyone may see.
func (s *Service) HasPublic(ctx context.Context, id string) (bool, error) {
	_, err := s.approved(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// approved returns the public count without Result and File; NotFound.
func (s *Service) approved(ctx context.Context, id string) (Outcome, error) {
	all, err := s.Outcomes(ctx, id)
	if err != nil {
		return Outcome{}, err
	}
	for _, o := range all {
		if o.State == Approved {
			return o, nil
		}
	}
	return Outcome{}, fault.New(fault.NotFound, "result.not_found")
}

// Approve makes a count public. Conflict if it was decided about already. For analysts.
func (s *Service) Approve(ctx context.Context, by people.Staff, id string, number int) (Outcome, error) {
	return s.decide(ctx, by, id, number, Approved, people.ActOutcomeApproved)
}

// Refuse keeps a count from becoming public; it stays for the record. Conflict if it was decided about already. For
// analysts.
func (s *Service) Refuse(ctx context.Context, by people.Staff, id string, number int) (Outcome, error) {
	return s.decide(ctx, by, id, number, Refused, people.ActOutcomeRefused)
}

func (s *Service) decide(ctx context.Context, by people.Staff, id string, number int, to State, act string) (Outcome, error) {
	if !by.Is(people.Analyst) {
		return Outcome{}, forbidden()
	}
	o, err := s.store.UpdateOutcome(ctx, id, number, func(o *Outcome) error {
		if o.State != Made {
			return fault.New(fault.Conflict, "result.decided_already")
		}
		o.State, o.DecidedBy, o.DecidedOn = to, by.ID, s.Today()
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	return o, s.record(ctx, by, act, o)
}

// MostLetters bounds what a board writes.
const MostLetters = 2000

// Decide keeps what the board funds, and why. It may differ from the count, and be changed. Invalid
// without a reason, or for projects that there are not; Conflict unless the count is public. For boards and analysts.
func (s *Service) Decide(ctx context.Context, by people.Staff, id string, number int, funded []string, why, lang string) (Outcome, error) {
	if !by.Is(people.Board, people.Analyst) {
		return Outcome{}, forbidden()
	}
	e, err := s.Newest(id)
	if err != nil {
		return Outcome{}, err
	}
	why = strings.TrimSpace(why)
	switch unknown := func(id string) bool { return e.Project(id) == nil }; {
	case slices.ContainsFunc(funded, unknown):
		return Outcome{}, fault.New(fault.Invalid, "answer.choose_listed")
	case why == "":
		return Outcome{}, fault.New(fault.Invalid, "result.say_why")
	case utf8.RuneCountInString(why) > MostLetters:
		return Outcome{}, fault.New(fault.Invalid, "answer.too_long").With(map[string]any{"Most": MostLetters, "Count": utf8.RuneCountInString(why) - MostLetters})
	}
	o, err := s.store.UpdateOutcome(ctx, id, number, func(o *Outcome) error {
		if o.State != Approved {
			return fault.New(fault.Conflict, "result.not_public")
		}
		o.Board = &Board{Funded: funded, Why: why, Lang: lang, On: s.Today()}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	return o, s.record(ctx, by, people.ActBoardDecided, o)
}
