package web

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// mostFields is the number of fields of one form: a question with all its options has fewer.
const mostFields = 256

// form turns away whatever is not a plain form of a page: our pages send no other, and each further way of writing a
// body is one more to be deceived by. A compressed body could be larger than its bound once unpacked.
func (d *desk) form(c *fiber.Ctx) error {
	body := c.Request().Body()
	switch {
	case safe(c.Method()) || len(body) == 0:
		return c.Next()
	case len(c.Request().Header.Peek(fiber.HeaderContentEncoding)) > 0:
		return fiber.NewError(fiber.StatusUnsupportedMediaType)
	case bytes.Count(body, []byte("&")) >= mostFields:
		return fiber.NewError(fiber.StatusRequestEntityTooLarge)
	}
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationForm) {
		return fiber.NewError(fiber.StatusUnsupportedMediaType)
	}
	return c.Next()
}
