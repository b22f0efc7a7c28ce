package admission

import (
	"context"
	"fmt"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// Find returns what the code opens. Invalid, with a sentence for whoever holds it: it is unknown, spent, or cancelled.
func (s *Service) Find(ctx context.Context, code people.Code) (Exercise, error) {
	_, b, err := s.look(ctx, code)
	return b.Exercise, err
}

// Check says whether the code would begin an answer in the exercise. Invalid as for Find, and for the code of another.
func (s *Service) Check(ctx context.Context, e Exercise, code people.Code) error {
	_, err := s.fits(ctx, e, code)
	return err
}

// Spend spends the code: it has begun an answer, and will never begin another. Of many callers at once one gets through.
// Invalid as for Check.
func (s *Service) Spend(ctx context.Context, e Exercise, code people.Code) error {
	slip, err := s.fits(ctx, e, code)
	if err != nil {
		return err
	}
	err = s.store.SpendSlip(ctx, slip.Hash)
	switch {
	case fault.Is(err, fault.Conflict):
		return errSpent
	case fault.Is(err, fault.NotFound):
		return errUnknown
	case err != nil:
		return fmt.Errorf("spend a code: %w", err)
	}
	return nil
}

func (s *Service) fits(ctx context.Context, e Exercise, code people.Code) (Slip, error) {
	slip, b, err := s.look(ctx, code)
	if err == nil && b.Exercise != e {
		err = errElsewhere
	}
	return slip, err
}

// look returns the slip of a code that can be spent, and its batch.
func (s *Service) look(ctx context.Context, code people.Code) (Slip, Batch, error) {
	slip, err := s.store.Slip(ctx, s.secrets.HashesOfCode(purpose, code)...)
	if err != nil {
		return Slip{}, Batch{}, unknown(err)
	}
	b, err := s.store.Batch(ctx, slip.Batch)
	switch {
	case err != nil:
		err = unknown(err)
	case b.State == Making:
		err = errUnknown
	case slip.Spent:
		err = errSpent
	case b.State == Cancelled:
		err = errCancelled
	}
	return slip, b, err
}

// unknown is what people hear where there is nothing.
func unknown(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errUnknown
	}
	return fmt.Errorf("look up a code: %w", err)
}
