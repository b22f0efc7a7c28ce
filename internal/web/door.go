package web

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
)

// door hangs the middleware that every request passes, in order: id and log, recovery, headers, host, origin,
// form, deadline, language, shared device.
func (d *desk) door(app *fiber.App) {
	app.Use(d.log, d.recover, d.headers, d.host, d.origin, d.form, d.hurry, d.language, d.share)
}

func (d *desk) log(c *fiber.Ctx) error {
	begun := time.Now()
	v := &visit{id: newRequestID(), route: nowhereRoute}
	c.Locals(visitKey{}, v)
	c.Set(fiber.HeaderXRequestID, v.id)
	if err := c.Next(); err != nil {
		if err := d.fail(c, err); err != nil {
			return err
		}
	}
	d.note(c, v, time.Since(begun))
	return nil
}

// note tells the log and the operator of an answered request.
func (d *desk) note(c *fiber.Ctx, v *visit, took time.Duration) {
	status, level := c.Response().StatusCode(), slog.LevelInfo
	if probed(v.route) {
		level = slog.LevelDebug
	}
	// Never the path itself (it may hold what somebody typed), an address, a cookie or a user agent.
	if h := d.Log.Handler(); h.Enabled(c.UserContext(), level) {
		line := slog.NewRecord(time.Now(), level, "request", 0) // without where in the code: it is always here
		line.AddAttrs(slog.String("request", v.id), slog.String("method", c.Method()), slog.String("route", v.route),
			slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000))
		_ = h.Handle(c.UserContext(), line)
	}
	if d.Health.Observe != nil && !v.preview {
		d.Health.Observe(c.Method(), v.route, status, took)
	}
	if d.Health.Leaving != nil && d.Health.Leaving() {
		c.Context().SetConnectionClose()
	}
}

// newRequestID draws 64 bits, hex. It is a name in the log and no secret.
func newRequestID() string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], rand.Uint64())
	return hex.EncodeToString(b[:])
}

func (d *desk) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.New(fault.Internal, "error.internal").Because(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	return c.Next()
}

func (d *desk) headers(c *fiber.Ctx) error {
	d.harden(c)
	return c.Next()
}

// harden sets the headers by which browsers protect people.
func (d *desk) harden(c *fiber.Ctx) {
	for i := range d.hardening {
		c.Response().Header.SetCanonical(d.hardening[i].name, d.hardening[i].value)
	}
}

// header is one header with its name as it stands on the wire.
type header struct{ name, value []byte }

// hardening returns the headers by which browsers protect people.
func hardening(s Settings) []header {
	list := []header{
		{[]byte("Content-Security-Policy"), []byte(contentPolicy(s.Leave))},
		{[]byte("X-Content-Type-Options"), []byte("nosniff")},
		{[]byte("Referrer-Policy"), []byte("same-origin")},
		{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
		{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
		{[]byte("Permissions-Policy"), []byte("camera=(), microphone=(), geolocation=(), browsing-topics=()")},
	}
	if s.Secure {
		list = append(list, header{[]byte("Strict-Transport-Security"), []byte("max-age=63072000; includeSubDomains")})
	}
	return list
}

// contentPolicy allows what comes from here, and nothing else.
func contentPolicy(leave string) string {
	formTargets := "'self'"
	if u, err := url.Parse(leave); err == nil && u.Host != "" {
		formTargets += " " + u.Scheme + "://" + u.Host // the answer to "Leave this page" sends them there
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; form-action " + formTargets + "; base-uri 'none'; frame-ancestors 'none'"
}

func (d *desk) host(c *fiber.Ctx) error {
	if d.Settings.Host != "" && !probed(c.Path()) && !strings.EqualFold(string(c.Request().Host()), d.Settings.Host) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return c.Next()
}

// origin refuses forms that another site sends in a visitor's name: by Sec-Fetch-Site, else by Origin, the rule of
// net/http.CrossOriginProtection. A client that sends neither is no browser.
func (d *desk) origin(c *fiber.Ctx) error {
	if safe(c.Method()) {
		return c.Next()
	}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return c.Next()
	case "":
		from := c.Get(fiber.HeaderOrigin)
		if from == "" {
			return c.Next()
		}
		if u, err := url.Parse(from); err == nil && u.Host == string(c.Request().Host()) {
			return c.Next()
		}
	}
	return fault.New(fault.Forbidden, "error.other_site")
}

// safe says whether the method only looks.
func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}

// hurry gives the rooms behind a deadline. The context is not that of fasthttp, which ends as soon as the server is
// told to stop: what is in hand is finished.
func (d *desk) hurry(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// guard returns what stands before the handler of the route.
func (d *desk) guard(r Route) []fiber.Handler {
	known := func(c *fiber.Ctx) error {
		visitOf(c).route = r.Pattern
		return d.among(c, r)
	}
	switch {
	case r.Guard.Public && takesPart(r.Pattern):
		return []fiber.Handler{known, d.rehearsed(r)}
	case r.Guard.Public:
		return []fiber.Handler{known}
	}
	return []fiber.Handler{known, d.staffOnly(r.Guard)}
}

// nowhere answers what is not in the table.
func (d *desk) nowhere(*fiber.Ctx) error { return fault.New(fault.NotFound, "error.not_found") }
