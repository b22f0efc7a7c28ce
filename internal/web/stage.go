package web

import (
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// openState says whether the day is before, between or after the two.
func openState(today, opens, closes exercise.Day) view.OpenState {
	switch {
	case today < opens:
		return view.NotYet
	case today > closes:
		return view.Closed
	}
	return view.Open
}

func (d *desk) stateOf(e *ballot.Exercise) view.OpenState {
	return openState(d.Ballots.Today(), e.Opens, e.Closes)
}

// ideasOf returns the survey in which ideas for the exercise were told; nil if there is none.
func (d *desk) ideasOf(e *ballot.Exercise) *survey.Survey {
	if e.Ideas == nil {
		return nil
	}
	sv, err := d.Surveys.Newest(e.Ideas.Survey)
	if err != nil {
		return nil // it is not published: sayso doctor says so
	}
	return sv
}

// stagesOf returns the stages of the exercise; public says whether its outcome can be read.
func (d *desk) stagesOf(e *ballot.Exercise, public bool) []ballot.Stretch {
	var days [2]exercise.Day
	if sv := d.ideasOf(e); sv != nil {
		days = [2]exercise.Day{sv.Opens, sv.Closes}
	}
	return e.Stages(d.Ballots.Today(), days, public)
}

// shownOf says what can be seen of the exercise beside its first page.
func (d *desk) shownOf(c *fiber.Ctx, e *ballot.Exercise, state view.OpenState) (s view.Shown, err error) {
	sv := d.ideasOf(e)
	s.IdeasOpen = sv != nil && sv.OpenOn(d.Surveys.Today())
	if state == view.Closed {
		if s.Outcome, err = d.hasOutcome(c, e); err != nil {
			return s, err
		}
	}
	if e.Results != ballot.WhileOpen || state == view.NotYet || s.Outcome {
		return s, nil
	}
	_, err = d.Ballots.Standing(c.UserContext(), e.ID)
	s.Standing = err == nil
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return s, err
}
