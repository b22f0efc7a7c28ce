package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/people"
)

const staffCookie = "staff"

// staffOnly lets in staff with one of the guard's roles, by a full session; their forms must carry the session's
// token. A survey outside their area is not there for them.
func (d *desk) staffOnly(g Guard) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store") // tables and codes too, which no page sends
		m, session, err := d.Staff.Session(c.UserContext(), c.Cookies(d.cookieName(staffCookie)))
		if fault.Is(err, fault.NotFound) {
			if !safe(c.Method()) {
				return fault.New(fault.Forbidden, "staff.signed_out").Because(err)
			}
			return next(c, "/staff/sign-in?next="+url.QueryEscape(c.Path()))
		}
		if err != nil {
			return err
		}
		if !g.Staff || !m.Is(g.Roles...) {
			return fault.New(fault.Forbidden, "error.forbidden")
		}
		if !safe(c.Method()) && !session.Genuine(string(c.Request().PostArgs().Peek("_csrf"))) {
			return fault.New(fault.Forbidden, "staff.form_too_old")
		}
		if g.InArea {
			if err := d.inArea(c, m); err != nil {
				return err
			}
		}
		v := visitOf(c)
		v.staff, v.session = &m, &session
		return c.Next()
	}
}

func (d *desk) inArea(c *fiber.Ctx, m people.Staff) error {
	var area string
	unknown := "survey.not_found"
	if c.Params("budget") != "" {
		e, err := d.budgetOf(c)
		if err != nil {
			return err
		}
		area, unknown = e.Area, "vote.not_found"
	} else {
		sv, err := d.surveyOf(c)
		if err != nil {
			return err
		}
		area = sv.Area
	}
	if !d.Staff.Can(m, area) {
		return fault.New(fault.NotFound, unknown)
	}
	return nil
}

// localPath returns the path if it leads to a page of ours, else the desk of staff.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/staff") || strings.ContainsAny(path, "\\\r\n") || strings.HasPrefix(path, "//") {
		return "/staff"
	}
	return path
}
