package survey

import (
	"context"
	"fmt"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Mine is what a key opens: a draft on its way, or a response in the log.
type Mine struct {
	Survey    *Survey
	Draft     *Draft    // on its way, else nil
	Response  *Response // in the log, else nil
	Withdrawn bool
}

// Mine returns what the receipts of the hashes (one a secret in force) open; NotFound.
func (s *Service) Mine(ctx context.Context, hashes ...string) (Mine, error) {
	for _, hash := range hashes {
		m, err := s.mine(ctx, hash)
		if !fault.Is(err, fault.NotFound) {
			return m, err
		}
	}
	return Mine{}, fault.New(fault.NotFound, "key.not_found")
}

func (s *Service) mine(ctx context.Context, hash string) (Mine, error) {
	rc, err := s.store.Receipt(ctx, hash)
	if err != nil {
		return Mine{}, err
	}
	m, err := s.behind(ctx, rc)
	if !fault.Is(err, fault.NotFound) || rc.Day != "" {
		return m, err
	}
	// There is no draft: it expired, or it was sent just now.
	if rc, err = s.store.Receipt(ctx, hash); err != nil {
		return Mine{}, err
	}
	return s.behind(ctx, rc)
}

// behind returns what the receipt opens: the response or, where none was written yet, the draft; NotFound.
func (s *Service) behind(ctx context.Context, rc people.Receipt) (Mine, error) {
	sv, err := s.Newest(rc.Survey)
	if err != nil {
		return Mine{}, err
	}
	if rc.Day != "" {
		r, err := s.store.Response(ctx, Ref{rc.Area, rc.Survey, exercise.Day(rc.Day), rc.Draft})
		if err == nil {
			return Mine{Survey: sv, Response: &r, Withdrawn: r.Withdrawn}, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return Mine{}, err
		}
	}
	d, err := s.store.Draft(ctx, rc.Draft)
	if err != nil {
		return Mine{}, err
	}
	return Mine{Survey: sv, Draft: &d}, nil
}

// TakeBack takes away what the key opens: a draft vanishes, a response is emptied and counted as withdrawn.
func (s *Service) TakeBack(ctx context.Context, m Mine) error {
	if m.Draft != nil {
		return s.Forget(ctx, m.Draft.ID)
	}
	if err := s.store.Withdraw(ctx, m.Response.Ref); err != nil {
		return fmt.Errorf("take the words back: %w", err)
	}
	if err := s.store.DeleteDraft(ctx, m.Response.ID); err != nil { // still there if sending it was cut short
		return fmt.Errorf("forget the draft: %w", err)
	}
	return nil
}

// Forget deletes a draft and its receipt.
func (s *Service) Forget(ctx context.Context, draft string) error {
	if err := s.store.DeleteDraft(ctx, draft); err != nil {
		return fmt.Errorf("forget the draft: %w", err)
	}
	if err := s.store.DeleteReceipts(ctx, draft); err != nil {
		return fmt.Errorf("forget the receipt: %w", err)
	}
	return nil
}

// Sweep forgets the drafts that nobody touched for DraftDays with their receipts, and says how many.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	return s.store.ExpireDrafts(ctx, s.Today().Add(-DraftDays))
}
