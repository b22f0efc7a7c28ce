package admission

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Service makes codes, gives them out once, and lets people in by them.
type Service struct {
	store   Store
	secrets people.Secrets
	audit   *people.Log
	now     func() time.Time // in the time zone whose days count

	behind context.Context // of what goes on after a request
	stop   context.CancelFunc
	making sync.WaitGroup
}

// NewService returns a service over the store; Close ends what it does in the background.
func NewService(store Store, secrets people.Secrets, audit *people.Log, now func() time.Time) *Service {
	s := &Service{store: store, secrets: secrets, audit: audit, now: now}
	s.behind, s.stop = context.WithCancel(context.Background())
	return s
}

// Close interrupts what is being made, which can be resumed, and waits until it has stopped.
func (s *Service) Close() {
	s.stop()
	s.making.Wait()
}

// Wait waits until what goes on in the background has come to its end.
func (s *Service) Wait() { s.making.Wait() }

func (s *Service) today() exercise.Day { return exercise.DayOf(s.now()) }

// instant is now, as finely as every store keeps it.
func (s *Service) instant() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Now is the time by which Batch.Held tells.
func (s *Service) Now() time.Time { return s.instant() }

func mayMake(by people.Staff) error {
	if !by.Is(people.Author, people.Analyst) {
		return errForbidden
	}
	return nil
}

// Order keeps a new batch, of which no code is written yet: Fill or FillBehind write them. Invalid for a number out of
// bounds, and for a name that is empty, too long, or taken by another batch of the exercise; Conflict while another one
// is being made. For authors and analysts.
func (s *Service) Order(ctx context.Context, by people.Staff, e Exercise, area, name string, count int) (Batch, error) {
	if err := mayMake(by); err != nil {
		return Batch{}, err
	}
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || utf8.RuneCountInString(name) > MostLetters:
		return Batch{}, errName
	case count < 1 || count > MostCodes:
		return Batch{}, errCount
	}
	all, err := s.store.BatchesOf(ctx, e)
	if err != nil {
		return Batch{}, fmt.Errorf("read the batches of %s: %w", e, err)
	}
	for _, b := range all {
		switch {
		case b.State != Cancelled && b.Name == name:
			return Batch{}, errNameTaken
		case b.State == Making:
			return Batch{}, errBusy
		}
	}
	b := Batch{ID: exercise.NewID(), Revision: 1, Exercise: e, Area: area, Name: name, Day: s.today(), Count: count, State: Making}
	seed := make([]byte, 32)
	rand.Read(seed)
	b.Seed = s.secrets.Seal(sealedFor(b.ID), seed)
	if err := s.store.CreateBatch(ctx, b); err != nil {
		return Batch{}, fmt.Errorf("keep a batch: %w", err)
	}
	return b, s.record(ctx, by, people.ActCodesMade, &b, map[string]string{"count": strconv.Itoa(count)})
}

func sealedFor(batch string) string { return "codes of " + batch }

func (s *Service) seed(b *Batch) ([]byte, error) {
	seed, err := s.secrets.Open(sealedFor(b.ID), b.Seed)
	if err != nil {
		return nil, fmt.Errorf("open the seed of the batch %s: %w", b.ID, err)
	}
	return seed, nil
}

func (s *Service) record(ctx context.Context, by people.Staff, act string, b *Batch, details map[string]string) error {
	all := map[string]string{"batch": b.ID}
	for name, value := range details {
		all[name] = value
	}
	if err := s.audit.Record(ctx, by, act, b.Exercise.subject(), b.Area, all); err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}

// Batch returns a batch of the exercise; NotFound.
func (s *Service) Batch(ctx context.Context, e Exercise, id string) (Batch, error) {
	b, err := s.store.Batch(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && b.Exercise != e {
		return Batch{}, errNoBatch
	}
	return b, err
}

// List returns the batches of the exercise by day and name, the latest day first, with what may be told today of how
// many codes were spent.
func (s *Service) List(ctx context.Context, e Exercise) ([]Batch, error) {
	all, err := s.store.BatchesOf(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("read the batches of %s: %w", e, err)
	}
	for i := range all {
		if all[i].Tells() && all[i].UsedOn != s.today() {
			if all[i], err = s.count(ctx, all[i].ID); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(all, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// count counts how many codes were spent, once a day.
func (s *Service) count(ctx context.Context, id string) (Batch, error) {
	_, spent, err := s.store.CountSlips(ctx, id)
	if err != nil {
		return Batch{}, fmt.Errorf("count what was spent: %w", err)
	}
	return s.store.UpdateBatch(ctx, id, func(b *Batch) error {
		if b.UsedOn != s.today() { // or another server was faster
			b.Used, b.UsedOn = b.atLeast(spent), s.today()
		}
		return nil
	})
}

// Cancel makes the codes of the batch that were not spent open nothing. Those that nobody has downloaded are forgotten.
// Cancelling twice does what once does. For authors and analysts.
func (s *Service) Cancel(ctx context.Context, by people.Staff, e Exercise, id string) error {
	if err := mayMake(by); err != nil {
		return err
	}
	b, err := s.Batch(ctx, e, id)
	if err != nil || b.State == Cancelled {
		return err
	}
	unseen := false
	b, err = s.store.UpdateBatch(ctx, id, func(b *Batch) error {
		if unseen = b.State == Making || b.State == Ready && b.Holder == ""; unseen {
			b.Made = 0
		}
		b.State, b.Seed, b.Holder, b.HeldTo = Cancelled, "", "", time.Time{}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cancel the batch %s: %w", id, err)
	}
	if unseen {
		s.making.Go(func() { _ = s.drop(s.behind, id) }) // what is left is of no use, and the doctor finds it
	}
	return s.record(ctx, by, people.ActCodesCancelled, &b, nil)
}

// drop forgets the slips of a batch.
func (s *Service) drop(ctx context.Context, id string) error {
	for {
		n, err := s.store.DropSlips(ctx, id, portion)
		if err != nil {
			return fmt.Errorf("forget the codes of the batch %s: %w", id, err)
		}
		if n < portion {
			return nil
		}
	}
}
