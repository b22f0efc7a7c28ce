// Package web is the door and the desks: routes with their guards, middleware, one file a page, forms, and the one
// place that turns faults into pages.
package web

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/people"
	"sayso/internal/preview"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// Settings are what an operator decides about the web.
type Settings struct {
	Secure  bool     // people reach us by https: cookies and headers say so
	Host    string   // the only host name we answer to; empty: any
	Home    string   // the area whose page is the front page; empty: a choice of areas
	Leave   string   // where "Leave this page" goes
	Proxies []string // addresses of the proxies whose X-Forwarded-For counts
	Demo    bool     // a band says that everything here is made up
}

// Parts are the rooms behind the desks.
type Parts struct {
	Settings Settings
	Locales  *i18n.Bundle
	Areas    exercise.Areas
	Library  *Library
	Surveys  *survey.Service
	Ballots  *ballot.Service
	Codes    *admission.Service
	Secrets  people.Secrets
	Keys     *people.Hasher
	Staff    *people.Service
	Audit    *people.Log
	Limits   *people.Sharing // with other servers; nil: there are none
	Entries  people.AuditStore
	Reports  *report.Service
	Health   Health
	Log      *slog.Logger
	Now      func() time.Time // in the time zone whose days count
}

// Bounds of one request.
const (
	maxBody    = 64 << 10
	maxHeaders = 16 << 10
	deadline   = 10 * time.Second
)

// New returns the app, with every route of the table and nothing else.
func New(p Parts) *fiber.App {
	d := newDesk(p)
	return d.app(d.routes())
}

func newDesk(p Parts) *desk {
	return &desk{Parts: p, heard: &heard{}, kept: newKept(), hardening: hardening(p.Settings), proxies: networks(p.Settings.Proxies),
		pages: map[string]bool{}, guesses: newGuesses(p.Now, p.Limits), tries: newTries(p.Now, p.Limits),
		beginnings: newBeginnings(p.Now, p.Limits), pins: newPINs(p.Now, p.Limits), leavings: newLeavings(p.Now, p.Limits),
		codeTries: newCodeTries(p.Now, p.Limits)}
}

// app serves the routes behind the door.
func (d *desk) app(routes []Route) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName:                 "Sayso",
		Immutable:               true, // without it Fiber mixes people's values up
		BodyLimit:               maxBody,
		ReadBufferSize:          maxHeaders,
		ReadTimeout:             20 * time.Second,
		WriteTimeout:            60 * time.Second,
		IdleTimeout:             75 * time.Second,
		DisableStartupMessage:   true,
		ErrorHandler:            d.fail,
		EnableTrustedProxyCheck: true, // and none is trusted: desk.from looks at what proxies say
		UnescapePath:            true,
		StrictRouting:           false,
	})
	d.door(app)
	for _, r := range routes {
		if r.Method == fiber.MethodGet {
			d.pages[r.Pattern] = true
		}
		handlers := append(d.guard(r), r.handler)
		app.Add(r.Method, r.Pattern, handlers...)
		if r.Method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.Pattern, handlers...) // whoever may read may ask what they would get
		}
	}
	app.Use(d.nowhere)
	return app
}

// desk serves the pages. Handlers are its methods, one file a page.
type desk struct {
	Parts
	kept       *kept
	hardening  []header // of every answer
	heard      *heard
	proxies    []netip.Prefix
	pages      map[string]bool // patterns that can be read
	guesses    *guesses        // of keys
	tries      *guesses        // of signing in
	beginnings *guesses        // of drafts
	pins       *guesses        // of PINs, by shared device
	leavings   *guesses        // of PINs, by address
	codeTries  *guesses        // of invitation codes
	trial      *preview.Sheet  // of a walk that saves nothing; nil: what is done here counts
}
