package survey

import (
	"context"
	"fmt"
	"slices"

	"sayso/internal/fault"
)

// Declines says whether the answer refuses an assent without which nobody takes part.
func (q *Question) Declines(a Answer) bool {
	return q.Kind == Consent && len(q.Required) > 0 && slices.Contains(a.Choices, "no")
}

// Submit turns the draft into a response and returns where it stands. Sending twice makes one: the day is fixed in
// the draft first, so that a second try lands on the same Ref, even if the survey closed meanwhile. The receipt is
// told the day before the response is written, so that there is no response that its key does not open. A fault of
// kind Invalid names (as "Question") the first question that must be answered and was not; NotFound says that the
// draft is gone, perhaps because it was sent: Mine knows.
func (s *Service) Submit(ctx context.Context, draft string) (Ref, error) {
	d, err := s.store.UpdateDraft(ctx, draft, s.seal)
	if err != nil {
		return Ref{}, err
	}
	r, err := s.response(ctx, &d)
	if err != nil {
		return Ref{}, err
	}
	if err := s.store.SubmitReceipt(ctx, d.Receipt, string(r.Day)); err != nil {
		return Ref{}, fmt.Errorf("keep the receipt: %w", err)
	}
	if _, err := s.store.Append(ctx, r); err != nil {
		return Ref{}, fmt.Errorf("keep the response: %w", err)
	}
	if err := s.store.DeleteDraft(ctx, d.ID); err != nil {
		return Ref{}, fmt.Errorf("forget the draft: %w", err)
	}
	return r.Ref, nil
}

// seal fixes day and version of a draft that may be sent.
func (s *Service) seal(d *Draft) error {
	if d.Submitted != "" {
		return nil
	}
	sv, err := s.open(d.Survey)
	if err != nil {
		return err
	}
	for _, q := range sv.PathOf(d) {
		if a, ok := d.Answer(q.ID); len(q.Required) > 0 && (!ok || !a.Given() || q.Declines(a)) {
			return fault.New(fault.Invalid, "answer.required").With(map[string]any{"Question": q.ID})
		}
	}
	d.Submitted, d.Version = s.Today(), sv.Version
	return nil
}

// response makes the response of a draft: the answers on its path, and those to questions that a newer version has
// taken away.
func (s *Service) response(ctx context.Context, d *Draft) (Response, error) {
	versions, err := s.Versions(ctx, d.Survey)
	if err != nil {
		return Response{}, err
	}
	newest := &versions[len(versions)-1]
	r := Response{Ref: Ref{d.Area, d.Survey, d.Submitted, d.ID}, Version: d.Version, Language: d.Language, Voice: d.Voice, Channel: Web}
	for _, q := range newest.PathOf(d) {
		if a, ok := d.Answer(q.ID); ok {
			r.keep(q, a)
		}
	}
	for _, a := range d.Answers {
		if _, _, there := newest.Question(a.Question); there {
			continue
		}
		if q, ok := lastAsked(versions, d, a.Question); ok {
			r.keep(q, a)
		}
	}
	return r, nil
}

// lastAsked returns a question as the newest version that had it asked it, if it is on the draft's path there.
func lastAsked(versions []Survey, d *Draft, id string) (*Question, bool) {
	for i := range slices.Backward(versions) {
		if _, _, there := versions[i].Question(id); !there {
			continue
		}
		path := versions[i].PathOf(d)
		at := slices.IndexFunc(path, func(q *Question) bool { return q.ID == id })
		if at < 0 {
			return nil, false
		}
		return path[at], true
	}
	return nil, false
}

func (r *Response) keep(q *Question, a Answer) {
	if q.About {
		r.About = append(r.About, a)
	} else {
		r.Answers = append(r.Answers, a)
	}
}
