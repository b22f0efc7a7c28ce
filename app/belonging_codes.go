package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"sayso/internal/admission"
	"sayso/internal/archive"
	"sayso/internal/fault"
)

// batches are the batches of codes, and how many codes each has.
type batches struct {
	all  map[string]admission.Batch
	made map[string]int
}

func (s *batches) walk(v archive.View) error {
	s.all, s.made = map[string]admission.Batch{}, map[string]int{}
	for b, err := range typed[admission.Batch](v, "code_batches") {
		if err != nil {
			return err
		}
		s.all[b.ID] = b
	}
	for slip, err := range typed[admission.Slip](v, "codes") {
		if err != nil {
			return err
		}
		s.made[slip.Batch]++
	}
	return nil
}

// left says whether the codes are of a batch that is not there, or was cancelled before anybody saw them.
func left(b admission.Batch, there bool) bool {
	return !there || b.State == admission.Cancelled && b.Made == 0
}

// codes says what is wrong with the invitation codes.
func (d *doctor) codes(ctx context.Context, s *batches) (all []trouble, err error) {
	var useless []string
	for id := range s.made {
		if b, there := s.all[id]; left(b, there) {
			useless = append(useless, id)
		}
	}
	cures, err := still(ctx, useless, d.stillLeft, d.dropCodes)
	if err != nil {
		return nil, err
	}
	if len(cures) > 0 {
		all = append(all, trouble{fmt.Sprintf("the codes of %d batches are left that open nothing. sayso doctor --mend forgets them", len(cures)), cures})
	}
	for _, id := range slices.Sorted(maps.Keys(s.all)) {
		switch b := s.all[id]; {
		case b.State == admission.Making && !b.Held(time.Now()):
			all = append(all, trouble{text: fmt.Sprintf("making %d codes (%q of %s) was interrupted. Go on with it or cancel it, on the page of its codes or by sayso codes", b.Count, b.Name, b.Exercise)})
		case (b.State == admission.Ready || b.State == admission.Given) && s.made[id] != b.Count:
			all = append(all, trouble{text: fmt.Sprintf("%q of %s has %d codes, not %d. Restore the last backup that has them, or cancel it and make another", b.Name, b.Exercise, s.made[id], b.Count)})
		}
	}
	return all, nil
}

func (d *doctor) stillLeft(ctx context.Context, id string) (bool, error) {
	b, err := d.store.Batch(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	return left(b, err == nil), nil
}

// dropCodes forgets the codes of a batch, some thousands at a time.
func (d *doctor) dropCodes(ctx context.Context, id string) error {
	const some = 4000
	for {
		n, err := d.store.DropSlips(ctx, id, some)
		if err != nil || n < some {
			return err
		}
	}
}
