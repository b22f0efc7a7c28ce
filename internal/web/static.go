package web

import (
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sayso/content"
	"sayso/internal/fault"
	"sayso/static"
)

// static sends a file whose name holds the hash of its content: it may be kept for ever.
func (d *desk) static(c *fiber.Ctx) error {
	f, ok := static.Find("/static/" + c.Params("+"))
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	c.Set(fiber.HeaderContentType, f.ContentType)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if f.Brotli != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "br") {
		c.Set(fiber.HeaderContentEncoding, "br")
		c.Response().SetBodyRaw(f.Brotli)
		return nil
	}
	c.Response().SetBodyRaw(f.Content)
	return nil
}

// schema sends a JSON Schema for the editors of those who write surveys.
func (d *desk) schema(c *fiber.Ctx) error {
	data, err := content.FS.ReadFile(path.Join("schemas", path.Base(c.Params("name"))))
	if err != nil {
		return fault.New(fault.NotFound, "error.not_found")
	}
	c.Set(fiber.HeaderContentType, "application/schema+json")
	return c.Send(data)
}

// robots asks search engines to stay away from what people say and from the desks of staff.
func (d *desk) robots(c *fiber.Ctx) error {
	return c.SendString("User-agent: *\nDisallow: /s/\nDisallow: /key\nDisallow: /staff\n")
}
