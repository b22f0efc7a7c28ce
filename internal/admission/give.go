package admission

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/people"
)

// Form is how codes are given out.
type Form string

// The forms.
const (
	CSV    Form = "csv"
	Sheets Form = "sheets" // to print, at most MostPrinted
)

const (
	givingHold = 2 * time.Minute  // after the last piece a download counts as broken off
	giveEvery  = 20 * time.Second // how often it is said that a download goes on
)

// Giving is a download of codes on its way. Done or BreakOff end it.
type Giving struct {
	Batch Batch
	s     *Service
	me    string
	seed  []byte
}

// Give begins to give out the codes of a batch that is ready. Conflict once they were given out, and while somebody else
// downloads them; Invalid for too many to print. For authors and analysts.
func (s *Service) Give(ctx context.Context, by people.Staff, e Exercise, id string, form Form) (*Giving, error) {
	if err := mayMake(by); err != nil {
		return nil, err
	}
	b, err := s.Batch(ctx, e, id)
	if err != nil {
		return nil, err
	}
	if form == Sheets && b.Count > MostPrinted {
		return nil, errSheets
	}
	g := &Giving{s: s, me: exercise.NewID()}
	g.Batch, err = s.store.UpdateBatch(ctx, id, func(b *Batch) error {
		switch {
		case b.State == Given:
			return errGone
		case b.State != Ready:
			return errNotReady
		case b.Held(s.instant()):
			return errBusy
		}
		b.Holder, b.HeldTo = g.me, s.instant().Add(givingHold)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if g.seed, err = s.seed(&g.Batch); err == nil {
		err = s.record(ctx, by, people.ActCodesDownloaded, &g.Batch, map[string]string{"form": string(form), "count": strconv.Itoa(b.Count)})
	}
	if err != nil {
		return nil, errors.Join(err, g.BreakOff(ctx))
	}
	return g, nil
}

// Codes yields the codes, in an order that says nothing of how they are kept.
func (g *Giving) Codes(ctx context.Context) iter.Seq2[people.Code, error] {
	return func(yield func(people.Code, error) bool) {
		said := time.Now()
		for code, err := range codes(g.seed, &g.Batch) {
			if err == nil && time.Since(said) > giveEvery {
				said = time.Now()
				err = g.update(ctx, func(b *Batch) { b.HeldTo = g.s.instant().Add(givingHold) })
			}
			if !yield(code, err) || err != nil {
				return
			}
		}
	}
}

// Done says that all codes went out: they can never be made again.
func (g *Giving) Done(ctx context.Context) error {
	return g.update(ctx, func(b *Batch) { b.State, b.Seed, b.Holder, b.HeldTo = Given, "", "", time.Time{} })
}

// BreakOff says that not all went out: the download can be repeated.
func (g *Giving) BreakOff(ctx context.Context) error {
	return g.update(ctx, func(b *Batch) { b.Holder, b.HeldTo = "", time.Time{} })
}

func (g *Giving) update(ctx context.Context, change func(*Batch)) error {
	_, err := g.s.store.UpdateBatch(ctx, g.Batch.ID, func(b *Batch) error {
		if b.State != Ready || b.Holder != g.me {
			return errBusy
		}
		change(b)
		return nil
	})
	if err != nil {
		return fmt.Errorf("give out the codes of the batch %s: %w", g.Batch.ID, err)
	}
	return nil
}
