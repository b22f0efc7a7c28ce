package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Store is what the survey service reads and writes.
type Store interface {
	Definitions
	Drafts
	Responses
	people.Receipts
}

// Service asks and listens: it publishes surveys, keeps drafts page by page, and turns them into responses.
type Service struct {
	store Store
	now   func() time.Time // in the time zone whose days count
	live  atomic.Pointer[[]*Survey]
}

// NewService returns a service over the store; call Refresh before it is used. now is in the time zone whose days
// count.
func NewService(store Store, now func() time.Time) *Service {
	s := &Service{store: store, now: now}
	s.live.Store(&[]*Survey{})
	return s
}

// Today returns the day on which it is now.
func (s *Service) Today() exercise.Day { return exercise.DayOf(s.now()) }

// Refresh reads the newest version of every survey, so that what another process published is seen here.
func (s *Service) Refresh(ctx context.Context) error {
	var all []*Survey
	for sv, err := range s.store.Surveys(ctx) {
		if err != nil {
			return fmt.Errorf("read the surveys: %w", err)
		}
		all = append(all, &sv)
	}
	s.live.Store(&all)
	return nil
}

// All returns the newest version of every survey in the order of ids. They are shared: do not change them.
func (s *Service) All() []*Survey { return *s.live.Load() }

// Newest returns the newest version of the survey; NotFound.
func (s *Service) Newest(id string) (*Survey, error) {
	for _, sv := range s.All() {
		if sv.ID == id {
			return sv, nil
		}
	}
	return nil, fault.New(fault.NotFound, "survey.not_found")
}

// Versions returns every version of the survey, oldest first.
func (s *Service) Versions(ctx context.Context, id string) ([]Survey, error) {
	newest, err := s.Newest(id)
	if err != nil {
		return nil, err
	}
	all := make([]Survey, 0, newest.Version)
	for v := 1; v < newest.Version; v++ {
		sv, err := s.store.Survey(ctx, id, v)
		if err != nil {
			return nil, fmt.Errorf("read version %d of %s: %w", v, id, err)
		}
		all = append(all, sv)
	}
	return append(all, *newest), nil
}

// Publish keeps the survey as the next version, unless it says what the newest says already. It returns the version
// now in force and whether it is new; Invalid when an id would change its meaning, or when an open survey would need
// codes from now on, or no longer.
func (s *Service) Publish(ctx context.Context, sv Survey) (version int, fresh bool, err error) {
	newest, err := s.store.Survey(ctx, sv.ID, 0)
	switch {
	case fault.Is(err, fault.NotFound):
		sv.Version = 1
	case err != nil:
		return 0, false, fmt.Errorf("read the newest version of %s: %w", sv.ID, err)
	default:
		sv.Version = newest.Version
		if same, err := exercise.Same(&sv, &newest); same || err != nil {
			return newest.Version, false, err
		}
		why := sv.Follows(&newest)
		if newest.Opens <= s.Today() {
			why = append(why, sv.moves(&newest)...)
		}
		if len(why) > 0 {
			return 0, false, fault.New(fault.Invalid, "survey.cannot_follow").Because(fmt.Errorf("%v", why))
		}
		sv.Version++
	}
	if err := s.store.PublishSurvey(ctx, sv); err != nil {
		return 0, false, fmt.Errorf("publish %s: %w", sv.ID, err)
	}
	return sv.Version, true, s.Refresh(ctx)
}

// moves says what differs from the version before it in who may take part, which is settled on the first day.
func (s *Survey) moves(before *Survey) (why []string) {
	const stays = "The survey %s is open since %s: %s cannot change any more."
	if !slices.Equal(s.Only, before.Only) {
		why = append(why, fmt.Sprintf(stays, s.ID, before.Opens, "whose people may take part (only)"))
	}
	if s.Codes != before.Codes {
		why = append(why, fmt.Sprintf(stays, s.ID, before.Opens, "whether people need a code (codes)"))
	}
	return why
}

// Begin opens a draft for the voice. receipt is the hash of the key that will open it; Conflict when the key is
// taken, so that the caller draws another. admit lets the person in at the last moment: what it refuses leaves nothing
// behind, and its fault comes back. Without it (nil) a survey that needs invitation codes is Forbidden.
func (s *Service) Begin(ctx context.Context, id string, voice exercise.Voice, lang, receipt string, admit func(context.Context) error) (Draft, error) {
	sv, err := s.open(id)
	switch {
	case err != nil:
		return Draft{}, err
	case sv.Codes && admit == nil:
		return Draft{}, fault.New(fault.Forbidden, "admission.needed")
	}
	d, err := s.begin(ctx, sv, voice, lang, receipt)
	if err != nil || admit == nil {
		return d, err
	}
	if err := admit(ctx); err != nil {
		return Draft{}, errors.Join(err, s.Forget(context.WithoutCancel(ctx), d.ID))
	}
	return d, nil
}

func (s *Service) begin(ctx context.Context, sv *Survey, voice exercise.Voice, lang, receipt string) (Draft, error) {
	if !slices.Contains(sv.Voices, voice) {
		return Draft{}, fault.New(fault.Invalid, "answer.choose_one")
	}
	d := Draft{ID: exercise.NewID(), Revision: 1, Area: sv.Area, Survey: sv.ID, Version: sv.Version, Language: lang, Voice: voice,
		LastPage: s.Today(), Receipt: receipt}
	// The draft first: should the receipt be lost on the way, the draft expires, while a receipt alone would stay.
	if err := s.store.CreateDraft(ctx, d); err != nil {
		return Draft{}, fmt.Errorf("begin a draft: %w", err)
	}
	if err := s.store.CreateReceipt(ctx, people.Receipt{Hash: receipt, Draft: d.ID, Survey: sv.ID, Area: sv.Area}); err != nil {
		return Draft{}, errors.Join(fmt.Errorf("keep the receipt: %w", err), s.store.DeleteDraft(ctx, d.ID))
	}
	return d, nil
}

func (s *Service) open(id string) (*Survey, error) {
	sv, err := s.Newest(id)
	if err != nil {
		return nil, err
	}
	switch today := s.Today(); {
	case today < sv.Opens:
		return nil, fault.New(fault.Forbidden, "survey.not_yet_open").With(map[string]any{"Day": sv.Opens.Time()})
	case today > sv.Closes:
		return nil, fault.New(fault.Forbidden, "survey.closed").With(map[string]any{"Day": sv.Closes.Time()})
	}
	return sv, nil
}

// Draft returns the draft and the newest version of its survey; NotFound.
func (s *Service) Draft(ctx context.Context, id string) (*Survey, Draft, error) {
	d, err := s.store.Draft(ctx, id)
	if err != nil {
		return nil, Draft{}, err
	}
	sv, err := s.Newest(d.Survey)
	return sv, d, err
}

// Speak changes who speaks in the draft.
func (s *Service) Speak(ctx context.Context, draft string, voice exercise.Voice) (Draft, error) {
	return s.change(ctx, draft, func(sv *Survey, d *Draft) error {
		if !slices.Contains(sv.Voices, voice) {
			return fault.New(fault.Invalid, "answer.choose_one")
		}
		d.Voice = voice
		return nil
	})
}

// Save keeps the answer to one question in the draft, durably. A fault of kind Invalid says what to mend; then nothing
// was kept.
func (s *Service) Save(ctx context.Context, draft, question, lang string, in Input) (Draft, error) {
	return s.change(ctx, draft, func(sv *Survey, d *Draft) error {
		q, _, ok := sv.Question(question)
		if !ok {
			return fault.New(fault.NotFound, "question.not_found")
		}
		a, err := q.Read(in)
		if err != nil {
			return err
		}
		d.Language = lang
		if q.Kind != Info {
			d.Put(a)
		}
		return nil
	})
}

func (s *Service) change(ctx context.Context, draft string, change func(*Survey, *Draft) error) (Draft, error) {
	return s.store.UpdateDraft(ctx, draft, func(d *Draft) error {
		sv, err := s.open(d.Survey)
		if err != nil {
			return err
		}
		if d.Submitted != "" {
			return fault.New(fault.Conflict, "survey.sent_already")
		}
		d.Version, d.LastPage = sv.Version, s.Today()
		return change(sv, d)
	})
}

// Received says how many responses to the survey there are, withdrawn ones included: a raw count.
func (s *Service) Received(ctx context.Context, sv *Survey) (int, error) {
	return s.store.CountResponses(ctx, sv.Area, sv.ID)
}
