package web

import (
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/web/view"
)

var statusOf = map[fault.Kind]int{
	fault.Invalid:     fiber.StatusUnprocessableEntity,
	fault.NotFound:    fiber.StatusNotFound,
	fault.Forbidden:   fiber.StatusForbidden,
	fault.Conflict:    fiber.StatusConflict,
	fault.TooMany:     fiber.StatusTooManyRequests,
	fault.Unavailable: fiber.StatusServiceUnavailable,
	fault.Internal:    fiber.StatusInternalServerError,
}

// fail is the one place where an error becomes a page: it logs the cause and shows the sentence of its kind.
func (d *desk) fail(c *fiber.Ctx, err error) error {
	f := asFault(err)
	d.report(c, f)
	l := d.locale(c)
	sentence := sentenceOf(l, f)
	p := d.page(c, l.T("error_title."+string(f.Kind)))
	if f.Kind == fault.Unavailable || f.Kind == fault.TooMany {
		c.Set(fiber.HeaderRetryAfter, "60")
	}
	d.harden(c) // what the server itself refuses has not passed the door
	if err := d.send(c, statusFor(err, f), view.Trouble(p, sentence)); err != nil {
		d.Log.Error("the error page cannot be shown", "cause", err)
		return c.Status(fiber.StatusInternalServerError).SendString("500")
	}
	return nil
}

// statusFor is the status of the fault's kind; what the server itself refuses keeps its own, such as 413 and 431.
func statusFor(err error, f *fault.Error) int {
	e, refused := errors.AsType[*fiber.Error](err)
	if _, ours := errors.AsType[*fault.Error](err); !ours && refused && e.Code >= 400 && e.Code < 500 {
		return e.Code
	}
	return statusOf[f.Kind]
}

func (d *desk) report(c *fiber.Ctx, f *fault.Error) {
	level := slog.LevelInfo
	passed := visitOf(c).id != "" // or else it was no request, and the fault is its sender's
	if passed && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
		level = slog.LevelError
	}
	d.Log.Log(c.Context(), level, "fault", "request", visitOf(c).id, "kind", f.Kind, "route", visitOf(c).route, "cause", f.Error())
}

// asFault finds the fault in the chain; what Fiber itself refuses becomes the fault of its status, without Fiber's
// words: they quote what was sent.
func asFault(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		c := *f
		return c.Because(err)
	}
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		err = fiber.NewError(e.Code)
		for kind, status := range statusOf {
			if status == e.Code {
				return fault.New(kind, "error."+string(kind)).Because(err)
			}
		}
		if e.Code >= 400 && e.Code < 500 {
			return fault.New(fault.Invalid, "error.invalid").Because(err)
		}
	}
	return fault.New(fault.Internal, "error.internal").Because(err)
}
