package web

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"
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
		_, one.Mine = d.ticketOf(c, purse(e))
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
		if e.Round == "" || seen[e.Round] || !d.votesHere(e, area) {
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
		t, ok := d.ticketOf(c, purse(other))
		if !ok || other.ID == e.ID {
			continue
		}
		_, _, err := d.Ballots.Ballot(c.UserContext(), t.Draft)
		if fault.Is(err, fault.NotFound) { // taken back from another window
			d.takeTicket(c, purse(other))
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

// lives is the question where somebody lives, where only people of the places from may take part.
func (d *desk) lives(area string, from []string, chosen string) view.LivesIn {
	if len(from) == 0 {
		return view.LivesIn{}
	}
	system, _ := d.Areas.System(area)
	return view.LivesIn{Places: system.Places, Chosen: chosen}
}

// unsaidPlace is the same for somebody who did not say.
func (d *desk) unsaidPlace(c *fiber.Ctx, area string, from []string) view.LivesIn {
	l := d.lives(area, from, "")
	l.Error = d.locale(c).T("only.choose")
	return l
}

// livesSomewhere says whether the person said where they live, where that is asked.
func (d *desk) livesSomewhere(area string, from []string, place string) bool {
	if len(from) == 0 || place == ballot.Elsewhere {
		return true
	}
	system, _ := d.Areas.System(area)
	return slices.ContainsFunc(system.Places, func(p exercise.Area) bool { return p.ID == place })
}

// notForYou tells somebody who lives elsewhere whom it is for, and what is open for them; of is the vote, nil for a
// survey.
func (d *desk) notForYou(c *fiber.Ctx, area string, from []string, place string, back templ.SafeURL, of *ballot.Exercise) error {
	l := d.locale(c)
	p := d.page(c, l.T("only.title", "Places", l.List(d.placeNames(l.Tag, from))))
	p.Place = d.placeName(l.Tag, area)
	n := view.NotFor{Places: d.placeNames(l.Tag, from), Back: back, Front: "/"}
	if place != ballot.Elsewhere {
		n.Front = templ.SafeURL("/a/" + place)
	}
	if of != nil {
		for _, e := range ballot.RoundOf(of.Round, d.Ballots.All()) {
			if e.Place == place && e.OpenOn(d.Ballots.Today()) {
				yours := d.budgetPage(c, e, "")
				n.Yours = &yours
			}
		}
	}
	n.Open = d.openFor(c, area, place, of)
	return d.send(c, fiber.StatusOK, view.NotForYou(p, n))
}

// openFor lists what is open for people of the place, beside the round of the vote.
func (d *desk) openFor(c *fiber.Ctx, area, place string, of *ballot.Exercise) []view.Readable {
	here, ok := d.Areas.Area(place)
	if !ok {
		here, _ = d.Areas.System(area)
	}
	l, today := d.locale(c), d.Ballots.Today()
	var out []view.Readable
	seen := map[string]bool{}
	if of != nil {
		seen[of.ID], seen[of.Round] = true, true
	}
	for _, e := range d.Ballots.All() {
		id := cmp.Or(e.Round, e.ID)
		if seen[id] || !e.OpenOn(today) || !d.votesHere(e, here) || !e.Admits(place) {
			continue
		}
		seen[id] = true
		vote := view.Readable{Title: e.Title, Kind: l.T("only.vote"), Path: templ.SafeURL("/b/" + e.ID)}
		if e.Round != "" {
			system, _ := d.Areas.System(e.Area)
			vote.Title, vote.Path = exercise.Text{l.Tag: l.T("round.title", "Area", system.Name.Words(l.Tag))}, templ.SafeURL("/b/round/"+e.Round)
		}
		out = append(out, vote)
	}
	for _, sv := range d.Surveys.All() {
		if sv.OpenOn(today) && d.asks(sv, here) && sv.Admits(place) {
			out = append(out, view.Readable{Title: sv.Title, Kind: l.T("only.survey"), Path: templ.SafeURL("/s/" + sv.ID)})
		}
	}
	return out
}

func (d *desk) placeNames(lang string, places []string) []string {
	var out []string
	for _, id := range places {
		out = append(out, d.placeName(lang, id))
	}
	return out
}
