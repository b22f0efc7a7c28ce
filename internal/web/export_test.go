package web

import (
	"context"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

// NewWith returns the app with one more page at /test, for what no real page does: panicking, failing halfway.
func NewWith(p Parts, page templ.Component) *fiber.App {
	d := newDesk(p)
	show := func(c *fiber.Ctx) error { return d.send(c, fiber.StatusOK, page) }
	keep := func(c *fiber.Ctx) error { return d.same(c, "test", func() templ.Component { return page }) }
	return d.app(append(d.routes(), Route{fiber.MethodGet, "/test", everybody(), show}, Route{fiber.MethodGet, "/test/kept", everybody(), keep}))
}

// NewCrowded returns the app after so many have begun from the address that nobody more may at this moment.
func NewCrowded(p Parts, address string) *fiber.App {
	d := newDesk(p)
	for d.mayBegin(context.Background(), address) == nil { //nolint:revive // it ends when the allowance is used up
	}
	return d.app(d.routes())
}
