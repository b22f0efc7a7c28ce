package web

import (
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// key asks for six pictures by their names.
func (d *desk) key(c *fiber.Ctx) error {
	l := d.locale(c)
	return d.same(c, "key/"+l.Tag, func() templ.Component {
		return view.OpenKey(d.page(c, l.T("open_key.title")), "", "")
	})
}

type keyForm struct {
	Words    string   `form:"words"`
	Pictures []string `form:"picture"` // in the order of the places 1 to 6
	Choose   string   `form:"choose"`
}

// openKey opens what a key opens: a draft to go on with, or what was said. Wrong guesses are limited by address, wide
// enough for a class behind one.
func (d *desk) openKey(c *fiber.Ctx) error {
	var form keyForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	m, t, err := d.find(c, form)
	if err != nil {
		return d.again(c, asInvalid(err), func(sentence string) templ.Component {
			if form.Choose != "" {
				return d.chooser(c, pickForm{Pictures: form.Pictures}, sentence)
			}
			return view.OpenKey(d.page(c, d.locale(c).T("open_key.title")), form.Words, sentence)
		})
	}
	if m.voted != nil {
		t.Draft = m.voted.Ballot.ID
		d.giveTicket(c, purse(m.voted.Exercise.ID), t)
		return next(c, "/b/"+m.voted.Exercise.ID+"/mine")
	}
	if m.Draft != nil {
		t.Draft = m.Draft.ID
		t.mark(m.Survey, m.Draft)
	}
	t.Sent = m.Draft == nil
	d.giveTicket(c, m.Survey.ID, t)
	return next(c, "/s/"+m.Survey.ID+"/mine")
}

// asInvalid makes of a key that opens nothing a mistake of the form, since that is what it nearly always is.
func asInvalid(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "key.not_found").Because(err)
	}
	return err
}

// opened is what a key opens: something said in a survey, or a ballot.
type opened struct {
	survey.Mine
	voted *ballot.Mine
}

// ticket names the ticket for what was opened.
func (o opened) ticket() string {
	if o.voted != nil {
		return purse(o.voted.Exercise.ID)
	}
	return o.Survey.ID
}

// find looks up what the key of the form opens, and begins the ticket for it.
func (d *desk) find(c *fiber.Ctx, form keyForm) (m opened, t ticket, err error) {
	if form.Choose != "" {
		t.Key, err = d.Library.Keys.Pick(form.Pictures)
	} else {
		t.Key, err = d.Library.Keys.Find(form.Words)
	}
	if err != nil {
		return m, t, err
	}
	if err := d.guesses.allow(d.from(c)); err != nil {
		return m, t, err
	}
	m, t.Receipt, err = d.unlock(c.UserContext(), t.Key)
	d.guesses.settle(c.UserContext(), d.from(c), err)
	if s := visitOf(c).shared; err == nil && s != nil && m.ticket() != s.ticket() {
		err = fault.New(fault.Invalid, "shared.other_exercise")
	}
	return m, t, err
}

// unlock returns what the key opens, with the hash that opens it: there is one a secret in force.
func (d *desk) unlock(ctx context.Context, key people.Key) (m opened, receipt string, err error) {
	hashes, err := d.Keys.Hashes(ctx, key)
	if err != nil {
		return m, "", err
	}
	for _, receipt = range hashes { // one a secret in force: the ticket needs the one that opens
		if m, err = d.behind(ctx, receipt); !fault.Is(err, fault.NotFound) {
			break
		}
	}
	return m, receipt, err
}

// behind returns what the receipt opens; NotFound.
func (d *desk) behind(ctx context.Context, receipt string) (opened, error) {
	said, err := d.Surveys.Mine(ctx, receipt)
	if !fault.Is(err, fault.NotFound) {
		return opened{Mine: said}, err
	}
	voted, again := d.Ballots.Mine(ctx, receipt)
	if fault.Is(again, fault.NotFound) {
		again = err
	}
	return opened{voted: &voted}, again
}

// mine shows what the person of the ticket said.
func (d *desk) mine(c *fiber.Ctx) error {
	sv, m, t, err := d.mineOf(c)
	if err != nil {
		return err
	}
	p := d.surveyPage(c, sv, d.locale(c).T("mine.title"))
	p.Key = d.Library.named(t.Key, p.L.Tag)
	versions, err := d.Surveys.Versions(c.UserContext(), sv.ID)
	if err != nil {
		return err
	}
	_, err = d.Reports.Latest(c.UserContext(), sv.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Mine(p, m, versions, err == nil))
}

func (d *desk) mineOf(c *fiber.Ctx) (*survey.Survey, survey.Mine, ticket, error) {
	sv, err := d.surveyOf(c)
	if err != nil {
		return nil, survey.Mine{}, ticket{}, err
	}
	t, ok := d.ticketOf(c, sv.ID)
	if !ok {
		return nil, survey.Mine{}, t, fault.New(fault.NotFound, "mine.no_ticket")
	}
	m, err := d.Surveys.Mine(c.UserContext(), t.Receipt)
	return sv, m, t, err
}

// takeBack asks once more before words are taken back.
func (d *desk) takeBack(c *fiber.Ctx) error {
	sv, m, _, err := d.mineOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.TakeBack(d.surveyPage(c, sv, d.locale(c).T("take_back.title")), m, ""))
}

// takenBack takes the words back and the ticket away.
func (d *desk) takenBack(c *fiber.Ctx) error {
	sv, m, _, err := d.mineOf(c)
	if err != nil {
		return err
	}
	p := d.surveyPage(c, sv, d.locale(c).T("take_back.title"))
	if err := d.Surveys.TakeBack(c.UserContext(), m); err != nil {
		return d.again(c, err, func(sentence string) templ.Component { return view.TakeBack(p, m, sentence) })
	}
	if m.Response != nil && d.trial == nil {
		if err := d.Reports.TakeBack(c.UserContext(), m.Response.Ref); err != nil {
			return err
		}
	}
	d.takeTicket(c, sv.ID)
	return d.send(c, fiber.StatusOK, view.TakenBack(d.surveyPage(c, sv, d.locale(c).T("taken_back.title"))))
}
