package web

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

const stillRoute = "/k/still"

// A worker mistypes a PIN a few times; a child who tries them all is slowed to one a minute, on that device alone.
const (
	pinBurst     = 10
	pinPerMinute = 1
)

// newPINs limits wrong PINs of each shared device, wherever it says it is.
func newPINs(now func() time.Time, others *people.Sharing) *guesses {
	return &guesses{name: "PINs", others: others, each: people.NewLimiter(now, pinBurst, pinPerMinute, guessAddresses)}
}

// newLeavings limits wrong PINs of each address, as tries to sign in are.
func newLeavings(now func() time.Time, others *people.Sharing) *guesses {
	g := newTries(now, others)
	g.name = "leaving"
	return g
}

func (d *desk) offerSurvey(sv *survey.Survey) view.Offer {
	return view.Offer{Ref: "s/" + sv.ID, Title: sv.Title, Audience: sv.Audience, Picture: sv.Picture, Languages: sv.Offered(),
		Open: sv.OpenOn(d.Surveys.Today())}
}

func (d *desk) offerBudget(e *ballot.Exercise) view.Offer {
	return view.Offer{Ref: "b/" + e.ID, Title: e.Title, Audience: e.Audience, Picture: e.Picture, Languages: e.Offered(),
		Open: e.OpenOn(d.Ballots.Today())}
}

// offerOf returns the exercise of the kind; NotFound.
func (d *desk) offerOf(kind, id string) (view.Offer, error) {
	if kind == "b" {
		e, err := d.Ballots.Newest(id)
		if err != nil {
			return view.Offer{}, err
		}
		return d.offerBudget(e), nil
	}
	sv, err := d.Surveys.Newest(id)
	if err != nil {
		return view.Offer{}, err
	}
	return d.offerSurvey(sv), nil
}

// offers are the exercises that are open today, in the area that the service is for.
func (d *desk) offers() []view.Offer {
	home, limited := d.Areas.Area(d.Settings.Home)
	var all []view.Offer
	for _, sv := range d.Surveys.All() {
		if o := d.offerSurvey(sv); o.Open && (!limited || d.concerns(sv.Area, home)) {
			all = append(all, o)
		}
	}
	for _, e := range d.Ballots.All() {
		if o := d.offerBudget(e); o.Open && (!limited || d.Areas.Within(e.Area, home.ID) || e.Area == home.Parent) {
			all = append(all, o)
		}
	}
	return all
}

// sharing is the start of a shared device, or the form that makes it one.
func (d *desk) sharing(c *fiber.Ctx) error {
	if visitOf(c).shared != nil {
		return d.sharedStart(c)
	}
	return d.send(c, fiber.StatusOK, view.Share(d.sharePage(c, d.offers(), view.ShareForm{})))
}

func (d *desk) shareSurvey(c *fiber.Ctx) error { return d.shareOne(c, "s", c.Params("survey")) }

func (d *desk) shareBudget(c *fiber.Ctx) error { return d.shareOne(c, "b", c.Params("budget")) }

// shareOne is the form for one exercise. It says so when that is not open.
func (d *desk) shareOne(c *fiber.Ctx, kind, id string) error {
	if visitOf(c).shared != nil {
		return next(c, "/k")
	}
	o, err := d.offerOf(kind, id)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Share(d.sharePage(c, []view.Offer{o}, view.ShareForm{Exercise: o.Ref})))
}

func (d *desk) sharePage(c *fiber.Ctx, offers []view.Offer, form view.ShareForm) view.SharePage {
	p := d.page(c, d.locale(c).T("shared.setup_title"))
	if form.Lang == "" {
		form.Lang = p.L.Tag
	}
	if form.Minutes == "" {
		form.Minutes = strconv.Itoa(view.UsualMinutes)
	}
	return view.SharePage{Page: p, Offers: offers, ShareForm: form, Pictures: d.Library.picture}
}

type shareForm struct {
	Exercise string `form:"exercise"`
	Lang     string `form:"language"`
	Minutes  string `form:"minutes"`
	PIN      string `form:"pin"`
	Again    string `form:"again"`
}

// makeShared makes the device a shared one. Whatever was on it goes: tickets, and who was signed in as staff.
func (d *desk) makeShared(c *fiber.Ctx) error {
	if visitOf(c).shared != nil {
		return next(c, "/k")
	}
	var form shareForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	s, field, err := d.sharedBy(c, form)
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			typed := view.ShareForm{Exercise: form.Exercise, Lang: form.Lang, Minutes: form.Minutes, Field: field, Error: sentence}
			return view.Share(d.sharePage(c, d.offers(), typed))
		})
	}
	if err := d.Staff.SignOut(c.UserContext(), c.Cookies(d.cookieName(staffCookie))); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	d.setCookie(c, staffCookie, "", -1)
	d.setCookie(c, halfCookie, "", -1)
	v := visitOf(c)
	v.shared, v.band = &s, &view.Shared{}
	d.forget(c)
	if err := d.seal(c, sharedCookie, s, sharedFor); err != nil {
		return err
	}
	return next(c, "/k")
}

// sharedBy reads the form, or says which field is to be mended.
func (d *desk) sharedBy(c *fiber.Ctx, form shareForm) (s shared, field string, err error) {
	i := slices.IndexFunc(d.offers(), func(o view.Offer) bool { return o.Ref == form.Exercise })
	if i < 0 {
		return s, view.FieldExercise, fault.New(fault.Invalid, "shared.choose_exercise")
	}
	o := d.offers()[i]
	l, ok := d.Locales.Locale(form.Lang)
	if !ok || !slices.Contains(o.Languages, form.Lang) {
		return s, view.FieldLanguage, fault.New(fault.Invalid, "shared.choose_language")
	}
	minutes, err := strconv.Atoi(form.Minutes)
	if err != nil || !slices.Contains(view.Minutes[:], minutes) {
		return s, view.FieldMinutes, fault.New(fault.Invalid, "shared.choose_time")
	}
	pin, err := people.ParsePIN(form.PIN)
	if err != nil {
		return s, view.FieldPIN, err
	}
	if again, err := people.ParsePIN(form.Again); err != nil || again != pin {
		return s, view.FieldAgain, fault.New(fault.Invalid, "shared.pin_differs")
	}
	if err := d.mayBegin(c.UserContext(), d.from(c)); err != nil { // a slow hash, as beginning is
		return s, view.FieldPIN, err
	}
	s = shared{ID: rand.Text(), Kind: o.Ref[:1], Exercise: o.Ref[2:], Lang: l.Tag, Minutes: minutes, Ends: d.Now().Add(sharedFor).Unix()}
	s.PIN, err = d.Keys.HashPIN(c.UserContext(), s.ID, pin)
	return s, view.FieldPIN, err
}

// sharedStart is where everybody begins. Somebody who has begun is asked first whether they have finished, so that the
// next one finds nothing of theirs.
func (d *desk) sharedStart(c *fiber.Ctx) error {
	v := visitOf(c)
	v.band.Quiet = true
	o, err := d.offerOf(v.shared.Kind, v.shared.Exercise)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if t, has := d.ticketOf(c, v.shared.ticket()); has {
		unsent := v.shared.Kind == "s" && !t.Sent
		title := "shared.done_title"
		if unsent {
			title = "shared.unsent_title"
		}
		return d.send(c, fiber.StatusOK, view.SharedAsk(d.page(c, d.locale(c).T(title)), unsent))
	}
	title := d.locale(c).T("shared.band")
	if err == nil {
		title = o.Title.Words(d.locale(c).Tag)
	}
	p := view.SharePage{Page: d.page(c, title), Offers: []view.Offer{o}, Pictures: d.Library.picture}
	return d.send(c, fiber.StatusOK, view.SharedStart(p, c.Query("over") != ""))
}

// startShared gives the next person a clean start.
func (d *desk) startShared(c *fiber.Ctx) error {
	v := visitOf(c)
	if v.shared == nil {
		return next(c, "/k")
	}
	o, err := d.offerOf(v.shared.Kind, v.shared.Exercise)
	if err != nil || !o.Open {
		d.forget(c)
		return next(c, "/k")
	}
	d.begins(c)
	if c.FormValue("to") == "key" {
		return next(c, "/key")
	}
	return next(c, v.shared.path())
}

type finishForm struct {
	Stop string `form:"stop"` // though not everything is sent
	Over string `form:"over"` // the time has run out
}

// finishShared leaves nothing of the person on the device. What is not sent is asked about first.
func (d *desk) finishShared(c *fiber.Ctx) error {
	v := visitOf(c)
	if v.shared == nil {
		return next(c, "/k")
	}
	var form finishForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	t, has := d.ticketOf(c, v.shared.ticket())
	if unsent := v.shared.Kind == "s" && has && !t.Sent; unsent && form.Stop == "" {
		return next(c, "/k")
	}
	d.forget(c)
	if form.Over != "" {
		return next(c, "/k?over=1")
	}
	return next(c, "/k")
}

// still asks whether somebody is there, where no script can.
func (d *desk) still(c *fiber.Ctx) error {
	v := visitOf(c)
	if v.sitting == nil {
		return next(c, "/k")
	}
	v.band.Asking, v.band.Quiet = true, true
	return d.send(c, fiber.StatusOK, view.SharedStill(d.page(c, d.locale(c).T("shared.still_title"))))
}

// here hears that somebody is there, and goes back to their page.
func (d *desk) here(c *fiber.Ctx) error {
	v := visitOf(c)
	switch {
	case v.sitting == nil:
		return next(c, "/k")
	case c.FormValue("quiet") != "":
		return c.SendStatus(fiber.StatusNoContent)
	}
	return next(c, v.sitting.At)
}

// leavePage asks for the PIN that ends the shared use.
func (d *desk) leavePage(c *fiber.Ctx) error {
	if visitOf(c).shared == nil {
		return next(c, "/k")
	}
	return d.send(c, fiber.StatusOK, view.SharedLeave(d.page(c, d.locale(c).T("shared.leave_title")), ""))
}

// leaveShared ends the shared use by the PIN. Wrong ones are limited by device, whose cookie nobody can make, and by
// address.
func (d *desk) leaveShared(c *fiber.Ctx) error {
	v := visitOf(c)
	if v.shared == nil {
		return next(c, "/k")
	}
	if err := d.triesPIN(c.UserContext(), d.from(c), v.shared, c.FormValue("pin")); err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.SharedLeave(d.page(c, d.locale(c).T("shared.leave_title")), sentence)
		})
	}
	d.forget(c)
	d.setCookie(c, sharedCookie, "", -1)
	d.setCookie(c, languageCookie, "", -1)
	return next(c, "/")
}

func (d *desk) triesPIN(ctx context.Context, address string, s *shared, typed string) error {
	pin, err := people.ParsePIN(typed)
	if err != nil {
		return err
	}
	if err := d.leavings.allow(address); err != nil {
		return err
	}
	if err := d.pins.allow(s.ID); err != nil {
		d.leavings.right(address)
		return err
	}
	right, err := d.Keys.IsPIN(ctx, s.PIN, s.ID, pin)
	if err == nil && !right {
		err = fault.New(fault.Invalid, "shared.pin_wrong")
	}
	d.leavings.settle(ctx, address, err)
	d.pins.settle(ctx, s.ID, err)
	return err
}
