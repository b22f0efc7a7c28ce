package web

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/web/view"
)

// round lists the exercises of a round: what is open, and what one may do.
func (d *desk) round(c *fiber.Ctx) error {
	entries := ballot.RoundOf(c.Params("round"), d.Ballots.All())
	if len(entries) == 0 {
		return fault.New(fault.NotFound, "vote.not_found")
	}
	r, err := d.roundPage(c, entries)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Round(r))
}

func (d *desk) roundPage(c *fiber.Ctx, exercises []*ballot.Exercise) (view.RoundPage, error) {
	first := exercises[0]
	system, _ := d.Areas.System(first.Area)
	l := d.locale(c)
	r := view.RoundPage{Page: d.page(c, l.T("round.title", "Area", system.Name.Words(l.Tag))), ID: first.Round, Area: system, VoteIn: first.VoteIn}
	r.Place = system.Name.Words(l.Tag)
	for _, e := range exercises {
		one := view.RoundEntry{BudgetPage: d.budgetPage(c, e, ""), State: d.stateOf(e)}
		_, one.Mine = d.ticketOf(c, purse(e.ID))
		if one.State == view.Closed {
			var err error
			if one.Outcome, err = d.hasOutcome(c, e); err != nil {
				return r, err
			}
		}
		r.Entries = append(r.Entries, one)
	}
	slices.SortStableFunc(r.Entries, func(a, b view.RoundEntry) int {
		return cmp.Compare(d.placeName(l.Tag, a.Exercise.Place), d.placeName(l.Tag, b.Exercise.Place))
	})
	return r, nil
}

// rounds lists the rounds with an exercise of the area, each once.
func (d *desk) rounds(c *fiber.Ctx, area exercise.Area) ([]view.RoundPage, error) {
	var out []view.RoundPage
	seen := map[string]bool{}
	for _, e := range d.Ballots.All() {
		if e.Round == "" || seen[e.Round] || !d.concerns(e.Area, area) {
			continue
		}
		seen[e.Round] = true
		r, err := d.roundPage(c, ballot.RoundOf(e.Round, d.Ballots.All()))
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// hasOtherBallot answers somebody who carries a ballot in another exercise of the round, of which one person has one:
// then sent is true. What they carry is all there is to know it by.
func (d *desk) hasOtherBallot(c *fiber.Ctx, e *ballot.Exercise) (sent bool, err error) {
	if !e.Once() {
		return false, nil
	}
	for _, other := range ballot.RoundOf(e.Round, d.Ballots.All()) {
		t, ok := d.ticketOf(c, purse(other.ID))
		if !ok || other.ID == e.ID {
			continue
		}
		_, _, err := d.Ballots.Ballot(c.UserContext(), t.Draft)
		if fault.Is(err, fault.NotFound) { // taken back from another window
			d.takeTicket(c, purse(other.ID))
			continue
		}
		if err != nil {
			return false, err
		}
		p := d.budgetPage(c, e, d.locale(c).T("round.has_title"))
		return true, d.send(c, fiber.StatusOK, view.OtherBallot(p, d.budgetPage(c, other, ""), d.stateOf(other) == view.Open))
	}
	return false, nil
}
