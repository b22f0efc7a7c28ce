package web

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

// entrance is what stands between somebody and a survey or a vote: whom it is for, and a code where one is needed.
type entrance struct {
	to     admission.Exercise
	ticket string // name of the ticket they get
	area   string
	only   []string // the places whose people may begin; none: everybody may
	codes  bool
	vote   *ballot.Exercise // nil for a survey
	ask    func(view.Speaking) templ.Component
	begin  func(voice exercise.Voice, receipt string, admit func(context.Context) error) (ticket, error)
}

type whoForm struct {
	Voice  string `form:"voice"`
	New    string `form:"new"`    // begins anew whatever was there
	Change string `form:"change"` // gives what was begun another voice
	Place  string `form:"place"`  // where somebody lives, where that matters: it is not kept
	Code   string `form:"code"`   // of invitation
}

// letBegin lets somebody begin under a fresh key, which they are shown next, or says what is missing.
func (d *desk) letBegin(c *fiber.Ctx, at entrance, form whoForm) error {
	path := "/" + string(at.to)
	switch {
	case !d.livesSomewhere(at, form.Place):
		s := spoken(form, at.codes, nil, "")
		s.Lives = d.lives(at, "")
		s.Lives.Error = d.locale(c).T("only.choose")
		return d.send(c, fiber.StatusUnprocessableEntity, at.ask(s))
	case len(at.only) > 0 && !slices.Contains(at.only, form.Place):
		return d.notForYou(c, at, form.Place)
	}
	admit, begun, err := d.admission(c, at.to, at.codes, form.Code)
	if err == nil && begun == nil {
		err = d.mayBegin(c.UserContext(), d.from(c))
	}
	switch {
	case err != nil:
		return d.askAgain(c, at, form, err)
	case begun != nil:
		d.giveTicket(c, at.ticket, *begun)
		return next(c, path+"/key")
	}
	var t ticket
	key, receipt, err := d.underKey(c, at.to, func(receipt string) (err error) {
		t, err = at.begin(exercise.Voice(form.Voice), receipt, admit)
		return err
	})
	if err != nil {
		return d.askAgain(c, at, form, err)
	}
	d.dropCode(c)
	t.Key, t.Receipt = key, receipt
	d.giveTicket(c, at.ticket, t)
	return next(c, path+"/key")
}

// askAgain asks who speaks once more, with what they said and what to mend.
func (d *desk) askAgain(c *fiber.Ctx, at entrance, form whoForm, err error) error {
	return d.again(c, err, func(sentence string) templ.Component {
		s := spoken(form, at.codes, err, sentence)
		s.Lives = d.lives(at, form.Place)
		return at.ask(s)
	})
}

// lives is the question where somebody lives, where only people of some places may begin.
func (d *desk) lives(at entrance, chosen string) view.LivesIn {
	if len(at.only) == 0 {
		return view.LivesIn{}
	}
	system, _ := d.Areas.System(at.area)
	return view.LivesIn{Places: system.Places, Chosen: chosen}
}

// livesSomewhere says whether the person said where they live, where that is asked.
func (d *desk) livesSomewhere(at entrance, place string) bool {
	if len(at.only) == 0 || place == exercise.Elsewhere {
		return true
	}
	system, _ := d.Areas.System(at.area)
	return slices.ContainsFunc(system.Places, func(p exercise.Area) bool { return p.ID == place })
}

// underKey draws a key, unless one is planned, and lets begin open something under its hash. Keys that are taken are
// drawn again.
func (d *desk) underKey(c *fiber.Ctx, e admission.Exercise, begin func(receipt string) error) (people.Key, string, error) {
	for try := range 5 {
		key, planned := d.planned(c, e)
		if !planned || try > 0 {
			var err error
			if key, err = d.Library.Keys.NewKey(rand.Reader); err != nil {
				return people.Key{}, "", err
			}
		}
		hash, err := d.hash(c, key)
		if err != nil {
			return people.Key{}, "", err
		}
		if err := begin(hash); !fault.Is(err, fault.Conflict) {
			return key, hash, err
		}
	}
	return people.Key{}, "", fault.New(fault.Unavailable, "error.unavailable")
}

// hash is what is kept of a key. The key of a preview opens nothing.
func (d *desk) hash(c *fiber.Ctx, key people.Key) (string, error) {
	if d.trial != nil {
		return "preview", nil
	}
	return d.Keys.Hash(c.UserContext(), key)
}
