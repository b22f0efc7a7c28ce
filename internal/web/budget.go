package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/web/view"
)

// budgetOf returns the budget exercise of the path.
func (d *desk) budgetOf(c *fiber.Ctx) (*ballot.Exercise, error) {
	return d.Ballots.Newest(c.Params("budget"))
}

// budgetPage begins a page about the exercise.
func (d *desk) budgetPage(c *fiber.Ctx, e *ballot.Exercise, title string) view.BudgetPage {
	p := d.page(c, title)
	p.Place = d.placeName(p.L.Tag, e.Area)
	return view.BudgetPage{Page: p, Exercise: e.By(0), Whole: e, Pictures: d.Library.picture,
		PlaceOf: func(area string) string { return d.placeName(p.L.Tag, area) }}
}

// purse names the ticket of a person for a budget exercise. The point keeps it apart from every survey's.
func purse(id string) string { return "budget." + id }

// budgetStart is the first page of an exercise.
func (d *desk) budgetStart(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	state := d.stateOf(e)
	shown, err := d.shownOf(c, e, state)
	if err != nil {
		return err
	}
	lang, ideas, stages := d.locale(c).Tag, d.ideasOf(e), d.stagesOf(e, shown.Outcome)
	key := fmt.Sprintf("budget/%s/%d/%s/%d/%v/%v", e.ID, e.Version, lang, state, shown, stages)
	if ideas != nil {
		key = fmt.Sprintf("%s/%d", key, ideas.Version)
	}
	return d.same(c, key, func() templ.Component {
		p := d.budgetPage(c, e, e.Title.Words(lang))
		p.Stages, p.Ideas = stages, ideas
		return view.BudgetStart(p, state, shown)
	})
}

func (d *desk) hasOutcome(c *fiber.Ctx, e *ballot.Exercise) (bool, error) {
	return d.Ballots.HasPublic(c.UserContext(), e.ID)
}

// compare lays the projects side by side; where people vote in two ways, with the money of the way that is asked for.
func (d *desk) compare(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	l := d.locale(c)
	way := ballot.WhichOf(c.Query("way"))
	if !slices.Contains(e.Ways(), way) {
		way = 0
	}
	return d.same(c, fmt.Sprintf("budget/%s/%d/%s/compare/%d", e.ID, e.Version, l.Tag, way), func() templ.Component {
		p := d.budgetPage(c, e, l.T("vote.compare"))
		p.Exercise = e.By(way)
		p.Wide = true
		return view.Compare(p)
	})
}

// rules tells how votes are counted.
func (d *desk) rules(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	order, err := e.TieOrder()
	if err != nil {
		return err
	}
	l := d.locale(c)
	return d.same(c, fmt.Sprintf("budget/%s/%d/%s/rules", e.ID, e.Version, l.Tag), func() templ.Component {
		return view.Rules(d.budgetPage(c, e, l.T("rules.title")), order)
	})
}

// budgetWho asks who speaks, as who does.
func (d *desk) budgetWho(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	if d.stateOf(e) != view.Open {
		return next(c, "/b/"+e.ID)
	}
	if sent, err := d.hasOtherBallot(c, e); sent || err != nil {
		return err
	}
	p := d.budgetPage(c, e, d.locale(c).T("who.title"))
	t, has := d.ticketOf(c, purse(e.ID))
	if has && c.Query("new") == "" {
		b, _, err := d.Ballots.Ballot(c.UserContext(), t.Draft)
		if err == nil {
			return d.send(c, fiber.StatusOK, view.BudgetWho(p, begun(b.Voice, c.Query("change") != "")))
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if err := d.plan(c, admission.Budget(e.ID), e.Codes); err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.BudgetWho(p, view.Speaking{New: has, Lives: d.lives(d.budgetEntrance(c, e), ""),
		Closed: e.Codes, Code: d.carriedCode(c, admission.Budget(e.ID))}))
}

// budgetSpeak keeps who speaks, and opens a ballot under a fresh key.
func (d *desk) budgetSpeak(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	var form whoForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	at := d.budgetEntrance(c, e)
	if t, ok := d.ticketOf(c, purse(e.ID)); ok && form.New == "" {
		_, _, err := d.Ballots.Ballot(c.UserContext(), t.Draft)
		if err == nil && form.Change == "" {
			return next(c, "/b/"+e.ID+"/who") // which asks whether it was them
		}
		if err == nil {
			_, err = d.Ballots.Speak(c.UserContext(), t.Draft, exercise.Voice(form.Voice))
		}
		if err == nil {
			return next(c, "/b/"+e.ID+"/vote")
		}
		if !fault.Is(err, fault.NotFound) {
			return d.askAgain(c, at, form, err)
		}
	}
	if sent, err := d.hasOtherBallot(c, e); sent || err != nil {
		return err
	}
	return d.letBegin(c, at, form)
}

// budgetEntrance is what people pass before they vote.
func (d *desk) budgetEntrance(c *fiber.Ctx, e *ballot.Exercise) entrance {
	return entrance{to: admission.Budget(e.ID), ticket: purse(e.ID), area: e.Area, only: e.From(), codes: e.Codes, vote: e,
		ask: func(s view.Speaking) templ.Component {
			return view.BudgetWho(d.budgetPage(c, e, d.locale(c).T("who.title")), s)
		},
		begin: func(voice exercise.Voice, receipt string, admit func(context.Context) error) (ticket, error) {
			b, err := d.Ballots.Begin(c.UserContext(), e.ID, voice, d.locale(c).Tag, receipt, admit)
			return ticket{Draft: b.ID}, err
		}}
}

// budgetKey shows the six pictures.
func (d *desk) budgetKey(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	t, ok := d.ticketOf(c, purse(e.ID))
	if !ok {
		return next(c, "/b/"+e.ID)
	}
	p := d.budgetPage(c, e, d.locale(c).T("key.title"))
	p.Key = d.Library.named(t.Key, p.L.Tag)
	return d.send(c, fiber.StatusOK, view.BudgetKey(p))
}

// budgetFinish leaves nothing of the person on the device.
func (d *desk) budgetFinish(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	if visitOf(c).shared != nil {
		return d.finishShared(c)
	}
	d.takeTicket(c, purse(e.ID))
	d.dropCode(c)
	return next(c, "/a/"+e.Area)
}
