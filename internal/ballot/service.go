package ballot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Service opens exercises, keeps ballots press by press, and counts them after closing.
type Service struct {
	store Store
	audit *people.Log
	now   func() time.Time // in the time zone whose days count
	live  atomic.Pointer[[]*Exercise]

	public sync.Map // exercise → Published: its large parts are read once a revision
}

// NewService returns a service over the store; call Refresh before it is used. now is in the time zone whose days count.
func NewService(store Store, audit *people.Log, now func() time.Time) *Service {
	s := &Service{store: store, audit: audit, now: now}
	s.live.Store(&[]*Exercise{})
	return s
}

// Today returns the day on which it is now.
func (s *Service) Today() exercise.Day { return exercise.DayOf(s.now()) }

// Refresh reads the newest version of every exercise, so that what another process published is seen here.
func (s *Service) Refresh(ctx context.Context) error {
	var all []*Exercise
	for e, err := range s.store.Exercises(ctx) {
		if err != nil {
			return fmt.Errorf("read the budget exercises: %w", err)
		}
		all = append(all, &e)
	}
	s.live.Store(&all)
	return nil
}

// All returns the newest version of every exercise in the order of ids. They are shared: do not change them.
func (s *Service) All() []*Exercise { return *s.live.Load() }

// Newest returns the newest version of the exercise; NotFound.
func (s *Service) Newest(id string) (*Exercise, error) {
	for _, e := range s.All() {
		if e.ID == id {
			return e, nil
		}
	}
	return nil, fault.New(fault.NotFound, "vote.not_found")
}

// Publish keeps the exercise as the next version, unless it says what the newest says already. It returns the version
// now in force and whether it is new. From the day on which the newest opens, and once it is printed on paper, only words
// and pictures may change: Invalid names the fields that differ.
func (s *Service) Publish(ctx context.Context, e Exercise) (version int, fresh bool, err error) {
	newest, err := s.store.Exercise(ctx, e.ID, 0)
	switch {
	case fault.Is(err, fault.NotFound):
		e.Version = 1
	case err != nil:
		return 0, false, fmt.Errorf("read the newest version of %s: %w", e.ID, err)
	default:
		e.Version = newest.Version
		if same, err := exercise.Same(&e, &newest); same || err != nil {
			return newest.Version, false, err
		}
		fixed, err := s.fixed(ctx, &newest)
		if err != nil {
			return 0, false, err
		}
		if fields := e.breaks(&newest, fixed); len(fields) > 0 {
			return 0, false, fault.New(fault.Invalid, "vote.locked").With(map[string]any{"Fields": strings.Join(fields, ", ")})
		}
		e.Version++
	}
	if err := s.store.PublishExercise(ctx, e); err != nil {
		return 0, false, fmt.Errorf("publish %s: %w", e.ID, err)
	}
	return e.Version, true, s.Refresh(ctx)
}

// fixed says whether people vote, or hold paper, by what the exercise says.
func (s *Service) fixed(ctx context.Context, e *Exercise) (bool, error) {
	if e.Opens <= s.Today() {
		return true, nil
	}
	for _, err := range s.store.ScanSheets(ctx, e.ID) {
		return err == nil, err
	}
	return false, nil
}

// Begin opens a ballot for the voice. receipt is the hash of the key that will open it; Conflict when the key is taken,
// so that the caller draws another. admit lets the person in at the last moment: what it refuses leaves nothing behind,
// and its fault comes back. Without it (nil) an exercise that needs invitation codes is Forbidden.
func (s *Service) Begin(ctx context.Context, id string, voice exercise.Voice, lang, receipt string, admit func(context.Context) error) (Ballot, error) {
	e, err := s.open(id)
	switch {
	case err != nil:
		return Ballot{}, err
	case e.Codes && admit == nil:
		return Ballot{}, fault.New(fault.Forbidden, "admission.needed")
	}
	b, err := s.begin(ctx, e, voice, lang, receipt)
	if err != nil || admit == nil {
		return b, err
	}
	if err := admit(ctx); err != nil {
		return Ballot{}, errors.Join(err, s.TakeBack(context.WithoutCancel(ctx), b.ID))
	}
	return b, nil
}

func (s *Service) begin(ctx context.Context, e *Exercise, voice exercise.Voice, lang, receipt string) (Ballot, error) {
	if !slices.Contains(e.Voices, voice) {
		return Ballot{}, fault.New(fault.Invalid, "answer.choose_one")
	}
	b := Ballot{ID: exercise.NewID(), Revision: 1, Area: e.Area, Exercise: e.ID, Version: e.Version, Language: lang, Voice: voice, Day: s.Today(), Channel: Web}
	// The receipt last: what is left should it be lost on the way is an empty ballot, which is not counted.
	if err := s.store.CreateBackground(ctx, Background{ID: b.ID, Exercise: e.ID}); err != nil {
		return Ballot{}, fmt.Errorf("begin a background: %w", err)
	}
	if err := s.store.CreateBallot(ctx, b); err != nil {
		return Ballot{}, fmt.Errorf("begin a ballot: %w", err)
	}
	if err := s.store.CreateReceipt(ctx, people.Receipt{Hash: receipt, Draft: b.ID, Budget: e.ID, Area: e.Area}); err != nil {
		return Ballot{}, errors.Join(fmt.Errorf("keep the receipt: %w", err), s.forget(ctx, b.ID))
	}
	return b, nil
}

func (s *Service) open(id string) (*Exercise, error) {
	e, err := s.Newest(id)
	if err != nil {
		return nil, err
	}
	switch today := s.Today(); {
	case today < e.Opens:
		return nil, fault.New(fault.Forbidden, "vote.not_yet_open").With(map[string]any{"Day": e.Opens.Time()})
	case today > e.Closes:
		return nil, fault.New(fault.Forbidden, "vote.closed").With(map[string]any{"Day": e.Closes.Time()})
	}
	return e, nil
}

// Ballot returns the ballot with who its person said they are; NotFound.
func (s *Service) Ballot(ctx context.Context, id string) (Ballot, Background, error) {
	b, err := s.store.Ballot(ctx, id)
	if err != nil {
		return Ballot{}, Background{}, err
	}
	about, err := s.store.Background(ctx, id)
	return b, about, err
}

// Press keeps one press of a button in the ballot, durably. A fault of kind Invalid says why it cannot be; Forbidden,
// that the exercise is not open.
func (s *Service) Press(ctx context.Context, id, lang string, p Press) (Ballot, error) {
	return s.change(ctx, id, func(e *Exercise, b *Ballot) error {
		b.Language = lang
		return e.By(b.Way).press(b, p)
	})
}

// Speak changes who speaks in the ballot.
func (s *Service) Speak(ctx context.Context, id string, voice exercise.Voice) (Ballot, error) {
	return s.change(ctx, id, func(e *Exercise, b *Ballot) error {
		if !slices.Contains(e.Voices, voice) {
			return fault.New(fault.Invalid, "answer.choose_one")
		}
		b.Voice = voice
		return nil
	})
}

func (s *Service) change(ctx context.Context, id string, change func(*Exercise, *Ballot) error) (Ballot, error) {
	return s.store.UpdateBallot(ctx, id, func(b *Ballot) error {
		e, err := s.open(b.Exercise)
		if err != nil {
			return err
		}
		b.Version, b.Day = e.Version, s.Today()
		return change(e, b)
	})
}

// Answer keeps the answer to a question about the person; without choices they would rather not say.
func (s *Service) Answer(ctx context.Context, id, question string, choices []string) (Background, error) {
	return s.store.UpdateBackground(ctx, id, func(b *Background) error {
		e, err := s.open(b.Exercise)
		if err != nil {
			return err
		}
		q, _ := e.Question(question)
		if q == nil {
			return fault.New(fault.NotFound, "question.not_found")
		}
		a, err := q.read(choices)
		if err == nil {
			b.put(a)
		}
		return err
	})
}

// Mine is what a key opens.
type Mine struct {
	Exercise   *Exercise
	Ballot     Ballot
	Background Background
}

// Mine returns what the receipt of the hash opens; NotFound.
func (s *Service) Mine(ctx context.Context, hash string) (Mine, error) {
	rc, err := s.store.Receipt(ctx, hash)
	if err != nil {
		return Mine{}, err
	}
	e, err := s.Newest(rc.Budget)
	if err != nil {
		return Mine{}, err
	}
	b, about, err := s.Ballot(ctx, rc.Draft)
	return Mine{e, b, about}, err
}

// TakeBack forgets the ballot, who its person is, and the key. What was counted before stays counted: nobody can tell
// any more which vote it was.
func (s *Service) TakeBack(ctx context.Context, id string) error {
	if err := s.forget(ctx, id); err != nil {
		return err
	}
	if err := s.store.DeleteReceipts(ctx, id); err != nil {
		return fmt.Errorf("forget the receipt: %w", err)
	}
	return nil
}

func (s *Service) forget(ctx context.Context, id string) error {
	if err := s.store.DeleteBallot(ctx, id); err != nil {
		return fmt.Errorf("forget the ballot: %w", err)
	}
	if err := s.store.DeleteBackground(ctx, id); err != nil {
		return fmt.Errorf("forget the background: %w", err)
	}
	return nil
}

// Received says how many ballots of the exercise there are, empty ones included: a raw count.
func (s *Service) Received(ctx context.Context, e *Exercise) (int, error) {
	return s.store.CountBallots(ctx, e.ID)
}
