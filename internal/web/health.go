package web

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Health is what an operator sees of the web. A nil function is left out.
type Health struct {
	Ready   func(context.Context) error // why requests should go elsewhere; nil: they may come
	Leaving func() bool                 // the server is about to stop: no connection is kept open
	Observe func(method, route string, status int, took time.Duration)
}

// nowhereRoute is the pattern of what is not in the table, or was turned away before.
const nowhereRoute = "(none)"

// probed says whether machines ask for the path, by whatever address they know us and every few seconds.
func probed(path string) bool { return path == "/healthz" || path == "/readyz" }

// healthz says that the process lives.
func (d *desk) healthz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("alive\n")
}

// readyz says whether requests may come. Why not is for the log alone.
func (d *desk) readyz(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if d.Health.Ready != nil {
		if err := d.Health.Ready(c.UserContext()); err != nil {
			d.Log.Warn("not ready", "request", visitOf(c).id, "cause", err)
			c.Set(fiber.HeaderRetryAfter, "5")
			return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
		}
	}
	return c.SendString("ready\n")
}
