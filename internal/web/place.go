package web

import (
	"cmp"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/web/view"
)

// notForYou tells somebody who lives elsewhere whom it is for, and what is open for them.
func (d *desk) notForYou(c *fiber.Ctx, at entrance, place string) error {
	l := d.locale(c)
	names := d.placeNames(l.Tag, at.only)
	p := d.page(c, l.T("only.title", "Places", l.List(names)))
	p.Place = d.placeName(l.Tag, at.area)
	n := view.NotFor{Places: names, Back: templ.SafeURL("/" + string(at.to) + "/who"), Front: "/"}
	if place != exercise.Elsewhere {
		n.Front = templ.SafeURL("/a/" + place)
	}
	if at.vote != nil {
		for _, e := range ballot.RoundOf(at.vote.Round, d.Ballots.All()) {
			if e.Place == place && e.OpenOn(d.Ballots.Today()) {
				yours := d.budgetPage(c, e, "")
				n.Yours = &yours
			}
		}
	}
	n.Open = d.openFor(c, at.area, place, at.vote)
	return d.send(c, fiber.StatusOK, view.NotForYou(p, n))
}

// openFor lists what is open for people of the place, beside the round of the vote. What needs a code is open for those
// alone who were invited.
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
		if seen[id] || e.Codes || !e.OpenOn(today) || !d.concerns(e.Area, here) || !e.Admits(place) {
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
		if sv.OpenOn(today) && !sv.Codes && d.concerns(sv.Area, here) && sv.Admits(place) {
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

func (d *desk) placeName(lang, area string) string {
	a, ok := d.Areas.Area(area)
	if !ok {
		return ""
	}
	return a.Name.Words(lang)
}
