package web

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/web/view"
)

// shared makes a device one that people take part on one after the other: a sealed cookie, and nothing on the server.
type shared struct {
	ID       string // random: wrong PINs are counted by it
	Kind     string // "s" for a survey, "b" for a budget exercise
	Exercise string
	Lang     string // in which everybody starts
	Minutes  int    // without a touch, after which it goes back to the start
	Ends     int64  // seconds since 1970
	PIN      string // its hash
}

// sitting is one person's turn on a shared device, from Start to "I have finished". Their tickets are bound to it, and
// so is every form they are shown: what somebody sends from a page of the turn before leads to the start.
type sitting struct {
	ID     string
	Device string
	Until  int64  // seconds since 1970: a request later than that comes from somebody else
	At     string // the page of the exercise they are on
}

const (
	sharedCookie  = "shared"
	sittingCookie = "sitting"
	sharedFor     = 12 * time.Hour
)

// Without a script the page asks whether somebody is still there after the time that was chosen, and ends a minute
// later, by the clock of the browser; the clock of the server waits a little longer. With a script it hears from the
// page at least every half minute in which somebody does something.
const (
	slack   = 2 * time.Minute
	asking  = view.StillSeconds * time.Second
	noSlack = 5 * time.Second
)

func (s *shared) path() string { return "/" + s.Kind + "/" + s.Exercise }

// ticket names the ticket of whoever takes part.
func (s *shared) ticket() string {
	if s.Kind == "b" {
		return purse(s.Exercise)
	}
	return s.Exercise
}

// share finds out whether the device is a shared one, and whose turn it is.
func (d *desk) share(c *fiber.Ctx) error {
	var s shared
	now := d.Now().Unix()
	if !d.unseal(c, sharedCookie, &s) || s.Ends <= now {
		return c.Next()
	}
	v := visitOf(c)
	v.shared, v.band = &s, &view.Shared{Minutes: s.Minutes, Begin: s.path()}
	var turn sitting
	if d.unseal(c, sittingCookie, &turn) && turn.Device == s.ID {
		if v.over = turn.Until <= now; !v.over {
			d.sit(c, turn)
		}
	}
	return c.Next()
}

// unseal reads a cookie of ours into what it holds.
func (d *desk) unseal(c *fiber.Ctx, name string, into any) bool {
	sealed := c.Cookies(d.cookieName(name))
	if sealed == "" || len(sealed) > 2000 {
		return false
	}
	plain, err := d.Secrets.Open(name, sealed)
	return err == nil && json.Unmarshal(plain, into) == nil
}

func (d *desk) seal(c *fiber.Ctx, name string, what any, age time.Duration) error {
	plain, err := json.Marshal(what)
	if err == nil {
		d.setCookie(c, name, d.Secrets.Seal(name, plain), age)
	}
	return err
}

func (d *desk) sit(c *fiber.Ctx, turn sitting) {
	v := visitOf(c)
	v.sitting, v.band.Sitting, v.band.At = &turn, turn.ID, turn.At
}

// begins gives the device to the next person, clean.
func (d *desk) begins(c *fiber.Ctx) {
	d.forget(c)
	v := visitOf(c)
	d.sit(c, sitting{ID: rand.Text(), Device: v.shared.ID, At: v.shared.path()})
}

// forget leaves nothing of the person before on the device.
func (d *desk) forget(c *fiber.Ctx) {
	v := visitOf(c)
	if d.takeTickets(c) || v.sitting != nil || v.over {
		c.Set("Clear-Site-Data", `"cache"`) // a browser may keep pages for going back, whatever they say
	}
	d.dropCode(c)
	d.setCookie(c, sittingCookie, "", -1)
	d.setCookie(c, languageCookie, v.shared.Lang, sharedFor)
	v.sitting, v.over, v.band.Sitting, v.band.At = nil, false, "", ""
}

// takeTickets takes all tickets from the device, and says whether there were any.
func (d *desk) takeTickets(c *fiber.Ctx) (had bool) {
	before, begins := d.cookieName(""), d.cookieName(ticketName(""))
	for name := range c.Request().Header.Cookies() {
		if strings.HasPrefix(string(name), begins) {
			d.setCookie(c, strings.TrimPrefix(string(name), before), "", -1)
			had = true
		}
	}
	return had
}

// What is for everybody on a shared device, whoever's turn it is; and what is no page.
var (
	alwaysThere = []string{"/help", "/languages", "/about/:guide", "/pictures", "/leave"}
	noPages     = []string{"/static/+", "/robots.txt", "/healthz", "/readyz"}
	ofNobody    = []string{"/k/start", "/k/leave"} // forms that the next one sends, or a worker
)

// among lets people on a shared device reach what belongs to it. Everything else leads back to its start.
func (d *desk) among(c *fiber.Ctx, r Route) error {
	v := visitOf(c)
	own := r.Pattern == "/k" || strings.HasPrefix(r.Pattern, "/k/")
	switch inside := d.belongs(c, r.Pattern); {
	case v.shared == nil || slices.Contains(noPages, r.Pattern):
		return c.Next()
	case v.over:
		d.forget(c)
		if !slices.Contains(alwaysThere, r.Pattern) && !slices.Contains(ofNobody, r.Pattern) {
			return next(c, "/k?over=1")
		}
	case slices.Contains(alwaysThere, r.Pattern):
	case !own && (!inside || v.sitting == nil), !safe(c.Method()) && v.sitting != nil && !d.ofTheirs(c, r.Pattern):
		return next(c, "/k")
	}
	err := c.Next()
	if v.sitting == nil {
		return err
	}
	return d.stays(c, err)
}

// belongs says whether the route of the request is one of the exercise, or of keys that open what was said in it.
func (d *desk) belongs(c *fiber.Ctx, pattern string) bool {
	s := visitOf(c).shared
	if s == nil {
		return false
	}
	switch part, _, _ := strings.Cut(pattern[1:], "/"); part {
	case "s":
		return s.Kind == "s" && c.Params("survey") == s.Exercise
	case "b":
		return s.Kind == "b" && c.Params("budget") == s.Exercise
	case "key":
		return true
	}
	return false
}

// ofTheirs says whether the form comes from a page of this turn.
func (d *desk) ofTheirs(c *fiber.Ctx, pattern string) bool {
	return slices.Contains(ofNobody, pattern) || string(c.Request().PostArgs().Peek("_sitting")) == visitOf(c).sitting.ID
}

// stays notes that somebody is there, and where.
func (d *desk) stays(c *fiber.Ctx, err error) error {
	v := visitOf(c)
	turn := *v.sitting
	wait := v.band.Patience() + slack
	switch pattern := v.route; {
	case pattern == stillRoute:
		wait = asking - noSlack
	case err == nil && c.Method() == fiber.MethodGet && c.Response().StatusCode() == fiber.StatusOK && d.belongs(c, pattern):
		turn.At = c.Path()
	}
	turn.Until = d.Now().Add(wait).Unix()
	if serr := d.seal(c, sittingCookie, turn, 0); err == nil {
		return serr
	}
	return err
}
