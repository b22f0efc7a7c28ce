package web

import (
	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/web/view"
)

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
	if status, sentence := d.refusal(c, err, fault.Invalid, fault.Forbidden); status > 0 {
		return d.staffBudgetWith(c, status, view.PreviewLink{}, sentence)
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
