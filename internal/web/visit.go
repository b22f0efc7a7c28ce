package web

import (
	"bytes"
	"context"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/i18n"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

// visit is what the door found out about a request.
type visit struct {
	id      string // of the request
	route   string // pattern of the route in the table
	locale  *i18n.Locale
	staff   *people.Staff // signed in, else nil
	session *people.Session
	shared  *shared      // of a shared device, else nil
	sitting *sitting     // whose turn it is there; nil: nobody's
	over    bool         // somebody's turn has run out
	band    *view.Shared // what pages say about it
	preview bool         // nothing of it is kept, or counted
}

type visitKey struct{}

func visitOf(c *fiber.Ctx) *visit {
	if v, ok := c.Locals(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

func (d *desk) locale(c *fiber.Ctx) *i18n.Locale {
	if l := visitOf(c).locale; l != nil {
		return l
	}
	return d.Locales.Choose("", "", "")
}

// page begins a page of the title key. Staff pages also carry who is signed in.
func (d *desk) page(c *fiber.Ctx, title string) view.Page {
	v := visitOf(c)
	p := view.Page{L: d.locale(c), Languages: d.Locales.Locales(), Title: title, At: d.readable(c), Demo: d.Settings.Demo, Shared: v.band,
		Preview: d.trial != nil}
	if v.staff != nil && v.session != nil {
		p.Staff, p.CSRF = v.staff, v.session.CSRF
	}
	return p
}

// readable is the page that the links to other languages lead to, where the path of the request has none to read: the
// nearest above it. Empty for the path itself.
func (d *desk) readable(c *fiber.Ctx) string {
	if safe(c.Method()) {
		return ""
	}
	pattern, path := visitOf(c).route, c.Path()
	for at := path; pattern != "" && pattern != nowhereRoute; at = at[:strings.LastIndex(at, "/")] {
		if d.pages[pattern] {
			if at == path {
				return ""
			}
			return at
		}
		pattern = pattern[:strings.LastIndex(pattern, "/")]
	}
	return "/"
}

// send renders the whole page before the first byte goes out, so that none is half written.
func (d *desk) send(c *fiber.Ctx, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).Send(b.Bytes())
}

// next sends the person on, by a GET.
func next(c *fiber.Ctx, path string) error { return c.Redirect(path, fiber.StatusSeeOther) }
