package web

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/i18n"
)

const languageCookie = "language"

// language finds the person's language and remembers one they asked for by ?lang=.
func (d *desk) language(c *fiber.Ctx) error {
	asked := c.Query("lang")
	if l, ok := d.Locales.Spelled(asked); ok {
		asked = l.Tag
	}
	l := d.choose(asked, c.Cookies(d.cookieName(languageCookie)), c.Get(fiber.HeaderAcceptLanguage))
	visitOf(c).locale = l
	if asked == l.Tag {
		d.setCookie(c, languageCookie, l.Tag, 180*24*time.Hour)
	}
	return c.Next()
}

// heard remembers which language the words of a browser lead to: every request brings them, and nearly all bring the
// same. It is full after as many as anybody needs, so that nobody can fill the memory with made-up ones.
type heard struct {
	locales sync.Map // Accept-Language → *i18n.Locale
	count   atomic.Int32
}

// The most that is remembered, and how long each may be.
const (
	mostHeard    = 500
	longestHeard = 100
)

func (d *desk) choose(asked, chosen, accepts string) *i18n.Locale {
	if asked != "" || chosen != "" || accepts == "" || len(accepts) > longestHeard {
		return d.Locales.Choose(asked, chosen, accepts)
	}
	if l, ok := d.heard.locales.Load(accepts); ok {
		return l.(*i18n.Locale)
	}
	l := d.Locales.Choose("", "", accepts)
	if d.heard.count.Load() < mostHeard {
		d.heard.count.Add(1)
		d.heard.locales.Store(accepts, l)
	}
	return l
}
