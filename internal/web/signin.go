package web

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/skip2/go-qrcode"

	"sayso/internal/fault"
	"sayso/internal/web/view"
)

const halfCookie = "staff-half"

// signInPage asks for name and passphrase.
func (d *desk) signInPage(c *fiber.Ctx) error {
	p := d.page(c, d.locale(c).T("sign_in.title"))
	return d.send(c, fiber.StatusOK, view.SignIn(p, "", localPath(c.Query("next")), ""))
}

type signInForm struct {
	Name       string `form:"name"`
	Passphrase string `form:"passphrase"`
	Next       string `form:"next"`
}

// signIn takes the first step. Wrong tries of one address are limited, beside the lock of the member.
func (d *desk) signIn(c *fiber.Ctx) error {
	var form signInForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	err := d.tries.allow(d.from(c))
	if err != nil {
		return err
	}
	token, err := d.Staff.SignIn(c.UserContext(), form.Name, form.Passphrase)
	d.tries.settle(c.UserContext(), d.from(c), err)
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.SignIn(d.page(c, d.locale(c).T("sign_in.title")), form.Name, localPath(form.Next), sentence)
		})
	}
	d.setCookie(c, halfCookie, token, 0)
	return next(c, "/staff/code?next="+url.QueryEscape(localPath(form.Next)))
}

// codePage asks for the code of the authenticator.
func (d *desk) codePage(c *fiber.Ctx) error {
	if _, err := d.Staff.HalfSession(c.UserContext(), c.Cookies(d.cookieName(halfCookie))); err != nil {
		if fault.Is(err, fault.NotFound) {
			return next(c, "/staff/sign-in")
		}
		return err
	}
	return d.send(c, fiber.StatusOK, view.SignInCode(d.page(c, d.locale(c).T("code.title")), localPath(c.Query("next")), ""))
}

type codeForm struct {
	Code string `form:"code"`
	Next string `form:"next"`
}

// code takes the second step.
func (d *desk) code(c *fiber.Ctx) error {
	var form codeForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	token, err := d.Staff.Enter(c.UserContext(), c.Cookies(d.cookieName(halfCookie)), form.Code)
	if fault.Is(err, fault.NotFound) {
		return next(c, "/staff/sign-in")
	}
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.SignInCode(d.page(c, d.locale(c).T("code.title")), localPath(form.Next), sentence)
		})
	}
	return d.enter(c, token, localPath(form.Next))
}

func (d *desk) enter(c *fiber.Ctx, token, path string) error {
	d.setCookie(c, halfCookie, "", -1)
	d.setCookie(c, staffCookie, token, 0)
	return next(c, path)
}

// signOut ends the session, and has the browser forget the pages it keeps for going back. Not its cookies: that of
// the session is taken by name, and the others are the chosen language, a survey that was begun, and what other
// services of the domain have set.
func (d *desk) signOut(c *fiber.Ctx) error {
	if err := d.Staff.SignOut(c.UserContext(), c.Cookies(d.cookieName(staffCookie))); err != nil {
		return err
	}
	d.setCookie(c, staffCookie, "", -1)
	c.Set("Clear-Site-Data", `"cache"`)
	return next(c, "/staff/sign-in")
}

// invitation shows what an invited person needs to become staff.
func (d *desk) invitation(c *fiber.Ctx) error { return d.invitationAgain(c, fiber.StatusOK, "") }

func (d *desk) invitationAgain(c *fiber.Ctx, status int, sentence string) error {
	e, err := d.Staff.Enrol(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	p := d.page(c, d.locale(c).T("invitation.title"))
	return d.send(c, status, view.Invitation(p, e, c.Params("token"), sentence))
}

// invitationCode draws the QR code of an invitation for the authenticator. It is a picture of our own, so that the
// secret goes to nobody else.
func (d *desk) invitationCode(c *fiber.Ctx) error {
	e, err := d.Staff.Enrol(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	png, err := qrcode.Encode(e.URI, qrcode.Medium, 240)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(png)
}

type acceptForm struct {
	Passphrase string `form:"passphrase"`
	Code       string `form:"code"`
}

// accept makes an invited person staff.
func (d *desk) accept(c *fiber.Ctx) error {
	var form acceptForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	if _, err := d.Staff.Accept(c.UserContext(), c.Params("token"), form.Passphrase, form.Code); err != nil {
		if f := asFault(err); f.Kind == fault.Invalid {
			return d.invitationAgain(c, fiber.StatusUnprocessableEntity, sentenceOf(d.locale(c), f))
		}
		return err
	}
	return next(c, "/staff/sign-in")
}

// link shows the button of a one-time link: a program that looks at links in messages does not press it.
func (d *desk) link(c *fiber.Ctx) error {
	return d.send(c, fiber.StatusOK, view.OneTimeLink(d.page(c, d.locale(c).T("link.title")), c.Params("token")))
}

// followLink signs in by a one-time link, in demonstrations only.
func (d *desk) followLink(c *fiber.Ctx) error {
	token, err := d.Staff.FollowLink(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	return d.enter(c, token, "/staff")
}
