package survey_test

import (
	"context"
	"errors"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

func TestAClosedSurveyLetsInWhomItAdmits(t *testing.T) {
	w := newWorld(t)
	sv := lunch()
	sv.Codes = true
	w.publish(sv)
	_, err := w.Begin(t.Context(), "lunch", exercise.Self, "en", "key", nil)
	w.refused(err, fault.Forbidden, "admission.needed")
	begin := func(voice exercise.Voice, why error) (survey.Draft, int, error) {
		asked := 0
		d, err := w.Begin(t.Context(), "lunch", voice, "en", "key", func(context.Context) error { asked++; return why })
		return d, asked, err
	}
	if _, asked, err := begin("nobody", nil); asked != 0 || !fault.Is(err, fault.Invalid) {
		t.Errorf("a voice that may not speak was admitted %d times, %v", asked, err)
	}
	no := errors.New("no")
	if _, asked, err := begin(exercise.Self, no); asked != 1 || !errors.Is(err, no) {
		t.Errorf("asked %d times, %v", asked, err)
	}
	if _, err := w.Mine(t.Context(), "key"); !fault.Is(err, fault.NotFound) {
		t.Errorf("whoever was not let in left something: %v", err)
	}
	d, asked, err := begin(exercise.Self, nil)
	w.must(err)
	if m, err := w.Mine(t.Context(), "key"); err != nil || asked != 1 || m.Draft == nil || m.Draft.ID != d.ID {
		t.Errorf("asked %d times; the key opens %+v, %v", asked, m, err)
	}
}

func TestASurveyIsClosedBeforeItOpens(t *testing.T) {
	w := newWorld(t)
	sv := lunch()
	w.publish(sv)
	sv.Codes = true
	_, _, err := w.Publish(t.Context(), sv)
	w.refused(err, fault.Invalid, "survey.cannot_follow")
	w.now = sv.Opens.Time().AddDate(0, 0, -1)
	w.publish(sv)
	sv.Codes = false
	w.publish(sv)
}
