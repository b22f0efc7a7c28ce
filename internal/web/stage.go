package web

import (
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

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

// wayOf returns the stages of the exercise; public says whether its outcome can be read.
func (d *desk) wayOf(e *ballot.Exercise, public bool) []ballot.Stretch {
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

// interim shows how a vote stands while people vote, until the outcome is public.
func (d *desk) interim(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	st, err := d.Ballots.Standing(c.UserContext(), e.ID)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Standing(d.budgetPage(c, e, d.locale(c).T("early.title")), st, d.stateOf(e) == view.Open))
}

// countEarly publishes how the vote stands.
func (d *desk) countEarly(c *fiber.Ctx) error {
	o, err := d.Ballots.CountEarly(c.UserContext(), *visitOf(c).staff, c.Params("budget"))
	if f := asFault(err); err != nil && (f.Kind == fault.Invalid || f.Kind == fault.Forbidden) {
		return d.staffBudgetWith(c, statusOf[f.Kind], view.PreviewLink{}, sentenceOf(d.locale(c), f))
	}
	if err != nil {
		return err
	}
	return next(c, countPath(o.Exercise, o.Number))
}

// staffStanding shows an interim count to staff, for the record.
func (d *desk) staffStanding(c *fiber.Ctx, number int) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	st, err := d.Ballots.StandingOf(c.UserContext(), e.ID, number)
	if err != nil {
		return err
	}
	p := d.budgetPage(c, e, e.Title.Words(d.locale(c).Tag))
	p.Page = d.staffPage(c, p.Title)
	return d.send(c, fiber.StatusOK, view.StaffStanding(p, st))
}
