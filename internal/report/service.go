package report

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// Surveys says what was asked.
type Surveys interface {
	// Versions returns every version of the survey, oldest first; NotFound.
	Versions(ctx context.Context, id string) ([]survey.Survey, error)
}

// Sources are what a report is made from.
type Sources struct {
	Surveys   Surveys
	Responses survey.Responses
	Folds     Folds                  // what earlier reports added up; nil: each reads the whole log
	Program   func() (string, error) // tells this program from others, which may count in another way; nil: folds are of any
	Codebook  func(id string) (*theme.Codebook, bool)
	Areas     exercise.Areas
	Label     func(lang, kind string) string // words the kind of a personal detail taken out of a quote, in its language
}

// Service makes snapshots and keeps what people decide about them. It checks roles; who may act in which area is
// for the caller to guard.
type Service struct {
	store Store
	from  Sources
	audit *people.Log
	now   func() time.Time
	rules disclosure.Rules
	last  sync.Map // survey → decoded: the public report is decoded once a revision
}

// decoded is a public snapshot as it was last decoded.
type decoded struct {
	number, revision int
	published        Published
}

func (d decoded) of(r Record) bool { return d.number == r.Number && d.revision == r.Revision }

// NewService returns a service over the store. now is in the time zone whose days count.
func NewService(store Store, from Sources, audit *people.Log, now func() time.Time) *Service {
	return &Service{store: store, from: from, audit: audit, now: now, rules: disclosure.Standard()}
}

// Make freezes what people said so far as the next snapshot and publishes its figures under disclosure control, given
// every approved snapshot before it; only staff see it until somebody approves it. A snapshot nobody decided about
// is refused in its favour, so that at most one waits for a decision. Conflict when too few new people have spoken
// since the newest approved snapshot. For analysts.
func (s *Service) Make(ctx context.Context, by people.Staff, surveyID string) (Record, error) {
	if !by.Is(people.Analyst) {
		return Record{}, forbidden()
	}
	versions, err := s.from.Surveys.Versions(ctx, surveyID)
	if err != nil {
		return Record{}, fmt.Errorf("read survey %s: %w", surveyID, err)
	}
	p := newPlan(versions, s.codebook(versions))
	tally, err := s.fold(ctx, p)
	if err != nil {
		return Record{}, fmt.Errorf("fold the responses of %s: %w", surveyID, err)
	}
	earlier, err := s.store.Records(ctx, surveyID)
	if err != nil {
		return Record{}, fmt.Errorf("list the reports of %s: %w", surveyID, err)
	}
	history, after, err := s.history(ctx, earlier)
	if err != nil {
		return Record{}, err
	}
	m := making{plan: p, tally: tally, rules: s.rules, areas: s.from.Areas, label: s.from.Label}
	body, err := m.report(history)
	if err != nil {
		return Record{}, fmt.Errorf("publish the figures of %s: %w", surveyID, err)
	}
	body.After, body.On, body.Number = after, exercise.DayOf(s.now()), 1
	if len(earlier) > 0 {
		body.Number = earlier[0].Number + 1
	}
	r, err := s.keep(ctx, by, body, m.quoted, earlier)
	if err != nil {
		return Record{}, err
	}
	return r, s.takenBackMeanwhile(ctx, m.quoted)
}

func (s *Service) fold(ctx context.Context, p *plan) (*tally, error) {
	f := folding{plan: p, responses: s.from.Responses, folds: s.from.Folds, today: exercise.DayOf(s.now())}
	if s.from.Program != nil {
		var err error
		if f.program, err = s.from.Program(); err != nil {
			return nil, err
		}
	}
	return f.fold(ctx)
}

// takenBackMeanwhile takes out the quotes of those whose words were taken or held back after the log was read: what
// happens before the report is kept does not find it, what happens later is not found here.
func (s *Service) takenBackMeanwhile(ctx context.Context, quoted map[string]survey.Ref) error {
	for _, ref := range quoted {
		r, err := s.from.Responses.Response(ctx, ref)
		switch {
		case err != nil:
		case r.Withdrawn:
			err = s.TakeBack(ctx, ref)
		case r.Held != "":
			err = s.setQuotesOf(ctx, ref, HeldBack)
		}
		if err != nil {
			return fmt.Errorf("look whether quoted words were taken back: %w", err)
		}
	}
	return nil
}

// codebook returns the codebook of the newest version, nil if it has none.
func (s *Service) codebook(versions []survey.Survey) *theme.Codebook {
	id := versions[len(versions)-1].Codebook
	if id == "" {
		return nil
	}
	cb, ok := s.from.Codebook(id)
	if !ok {
		return nil
	}
	return cb
}

// history returns the releases of the approved snapshots, oldest first, and the number of the newest.
func (s *Service) history(ctx context.Context, newestFirst []Record) (history disclosure.History, after int, err error) {
	for i := len(newestFirst) - 1; i >= 0; i-- {
		if newestFirst[i].State != Approved {
			continue
		}
		_, body, err := s.read(ctx, newestFirst[i].Survey, newestFirst[i].Number)
		if err != nil {
			return nil, 0, err
		}
		history, after = append(history, body.Release), body.Number
	}
	return history, after, nil
}

// keep refuses the snapshots that wait, before the new one is there to be approved, and keeps the new one.
func (s *Service) keep(ctx context.Context, by people.Staff, body Report, quoted map[string]survey.Ref,
	earlier []Record) (Record, error) {
	words := body.cutWords()
	encoded, err := json.Marshal(body)
	if err != nil {
		return Record{}, fmt.Errorf("encode report: %w", err)
	}
	for _, r := range earlier {
		if r.State != Made {
			continue
		}
		details := map[string]string{"superseded_by": strconv.Itoa(body.Number)}
		if _, err := s.decide(ctx, by, r.Survey, r.Number, Refused, nil, details); err != nil {
			return Record{}, err
		}
	}
	r := Record{Survey: body.Survey, Number: body.Number, Revision: 1, Area: body.Area, State: Made, MadeBy: by.ID,
		MadeOn: body.On, Quotes: map[string]Decision{}, Replies: map[string]Reply{}, Words: words, Quoted: quoted,
		Body: encoded}
	if err := s.store.CreateRecord(ctx, r); err != nil {
		return Record{}, fmt.Errorf("keep report %s/%d: %w", r.Survey, r.Number, err)
	}
	return r, s.record(ctx, by, people.ActReportMade, r, nil)
}

// Record returns one snapshot; NotFound.
func (s *Service) Record(ctx context.Context, surveyID string, number int) (Record, error) {
	r, err := s.store.Record(ctx, surveyID, number)
	if err != nil {
		return Record{}, fmt.Errorf("read report %s/%d: %w", surveyID, number, err)
	}
	return r, nil
}

// List returns the snapshots of a survey, newest first, without Body.
func (s *Service) List(ctx context.Context, surveyID string) ([]Record, error) {
	all, err := s.store.Records(ctx, surveyID)
	if err != nil {
		return nil, fmt.Errorf("list the reports of %s: %w", surveyID, err)
	}
	return all, nil
}

// Latest returns what anyone may see of the newest approved snapshot; NotFound.
func (s *Service) Latest(ctx context.Context, surveyID string) (Published, error) {
	r, err := s.store.LatestApproved(ctx, surveyID)
	if err != nil {
		return Published{}, fmt.Errorf("read the newest report of %s: %w", surveyID, err)
	}
	return s.published(r)
}

// published decodes a public snapshot, unless it did so before. What it returns is shared: do not change it.
func (s *Service) published(r Record) (Published, error) {
	if kept, ok := s.kept(r); ok {
		return kept, nil
	}
	p, err := r.Published()
	if err == nil {
		s.last.Store(r.Survey, decoded{r.Number, r.Revision, p})
	}
	return p, err
}

// publishedBare is published for a snapshot that was listed without its body, which is read only if it must be decoded.
func (s *Service) publishedBare(ctx context.Context, r Record) (Published, error) {
	if kept, ok := s.kept(r); ok {
		return kept, nil
	}
	r, err := s.Record(ctx, r.Survey, r.Number)
	if err != nil {
		return Published{}, err
	}
	return s.published(r)
}

// kept is the public snapshot if it was decoded before.
func (s *Service) kept(r Record) (Published, bool) {
	kept, ok := s.last.Load(r.Survey)
	if !ok || !kept.(decoded).of(r) {
		return Published{}, false
	}
	return kept.(decoded).published, true
}

func (s *Service) read(ctx context.Context, surveyID string, number int) (Record, Report, error) {
	r, err := s.Record(ctx, surveyID, number)
	if err != nil {
		return Record{}, Report{}, err
	}
	body, err := r.Report()
	return r, body, err
}

// record writes the act into the audit log.
func (s *Service) record(ctx context.Context, by people.Staff, act string, r Record, details map[string]string) error {
	subject := fmt.Sprintf("report/%s/%d", r.Survey, r.Number)
	if err := s.audit.Record(ctx, by, act, subject, r.Area, details); err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}

func forbidden() error { return fault.New(fault.Forbidden, "report.forbidden") }
