package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

func (d *desk) cookieName(name string) string {
	if d.Settings.Secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie for the whole site; an age of 0 ends with the browser, a negative one takes it away.
func (d *desk) setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	ck := &fiber.Cookie{Name: d.cookieName(name), Value: value, Path: "/", HTTPOnly: true, Secure: d.Settings.Secure, SameSite: fiber.CookieSameSiteLaxMode}
	switch {
	case age > 0:
		ck.MaxAge = int(age / time.Second)
	case age == 0:
		ck.SessionOnly = true
	default:
		ck.Expires = time.Unix(0, 0)
	}
	c.Cookie(ck)
}
