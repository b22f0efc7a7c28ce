package web

import (
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

// me shows members of staff what they can change about their own signing in.
func (d *desk) me(c *fiber.Ctx) error {
	page, err := d.account(c)
	if err != nil {
		return err
	}
	page.Done = c.Query("done")
	return d.send(c, fiber.StatusOK, view.Account(page))
}

func (d *desk) account(c *fiber.Ctx) (view.AccountPage, error) {
	v := visitOf(c)
	sessions, err := d.Staff.OwnSessions(c.UserContext(), *v.staff)
	if err != nil {
		return view.AccountPage{}, err
	}
	zone := d.Now().Location()
	for i := range sessions {
		sessions[i].Begun, sessions[i].Seen = sessions[i].Begun.In(zone), sessions[i].Seen.In(zone)
	}
	return view.AccountPage{Page: d.staffPage(c, d.locale(c).T("account.title")), Sessions: sessions, Own: v.session.Hash}, nil
}

type passphraseForm struct {
	Old        string `form:"old"`
	Code       string `form:"code"`
	Passphrase string `form:"passphrase"`
}

// changePassphrase changes the member's own. Wrong tries of one address are limited as those of signing in.
func (d *desk) changePassphrase(c *fiber.Ctx) error {
	var form passphraseForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	err := d.tries.allow(d.from(c))
	var token string
	if err == nil {
		change := people.Change{Old: form.Old, Code: form.Code, New: form.Passphrase}
		token, err = d.Staff.ChangePassphrase(c.UserContext(), *visitOf(c).staff, change)
		d.tries.settle(c.UserContext(), d.from(c), err)
	}
	if err != nil {
		page, failed := d.account(c)
		if failed != nil {
			return failed
		}
		page.Code, page.Field = form.Code, passphraseField(err)
		return d.again(c, err, func(sentence string) templ.Component {
			page.Error = sentence
			return view.Account(page)
		})
	}
	d.setCookie(c, staffCookie, token, 0)
	return next(c, "/staff/me?done=passphrase")
}

// passphraseField is the id of what the fault is about: a field, or the whole of changing.
func passphraseField(err error) string {
	switch key := asFault(err).Key; {
	case key == "people.wrong_old":
		return "old"
	case key == "people.wrong_code":
		return "code"
	case strings.HasPrefix(key, "people.passphrase_"):
		return "passphrase"
	}
	return "change"
}

type sessionsForm struct {
	Session string `form:"session"` // a handle; empty: all others
}

// endSessions ends one session of the member, or all but this one.
func (d *desk) endSessions(c *fiber.Ctx) error {
	var form sessionsForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	v := visitOf(c)
	end := func() error { return d.Staff.EndSession(c.UserContext(), *v.staff, form.Session) }
	if form.Session == "" {
		end = func() error { return d.Staff.EndOtherSessions(c.UserContext(), *v.staff, *v.session) }
	}
	if err := end(); err != nil {
		return err
	}
	return next(c, "/staff/me?done=sessions")
}
