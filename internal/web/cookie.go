package web

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/people"
	"sayso/internal/survey"
)

// ticket is what a person who takes part carries: a sealed cookie, one a survey. The key stays with the person; the
// server keeps only its hash.
type ticket struct {
	Draft    string     `json:"d"`
	Key      people.Key `json:"k"`
	Receipt  string     `json:"r"`
	Version  int        `json:"v"`
	Answered []byte     `json:"a"` // a bit a question of the version: the page must be rendered for the person
	Sent     bool       `json:"s,omitempty"`
}

// ticketDays is how long a browser holds a ticket. The key of pictures works longer, on any device; a shared
// tablet should not remember a child for a month.
const ticketDays = 2

// ticketPurpose binds a ticket to its survey: under another's name it is none.
func ticketPurpose(surveyID string) string { return "ticket " + surveyID }

func (d *desk) cookieName(name string) string {
	if d.Settings.Secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie for the whole site; an age of 0 ends with the browser, a negative one takes it away.
func (d *desk) setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	ck := &fiber.Cookie{Name: name, Value: value, Path: "/", HTTPOnly: true, Secure: d.Settings.Secure, SameSite: fiber.CookieSameSiteLaxMode}
	if name != languageCookie {
		ck.Name = d.cookieName(name)
	}
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

func ticketName(surveyID string) string { return "say-" + surveyID }

// ticketOf returns the ticket the person carries for the survey.
func (d *desk) ticketOf(c *fiber.Ctx, surveyID string) (ticket, bool) {
	sealed := c.Cookies(d.cookieName(ticketName(surveyID)))
	if sealed == "" || len(sealed) > 2000 {
		return ticket{}, false
	}
	plain, err := d.Secrets.Open(ticketPurpose(surveyID), sealed)
	if err != nil {
		return ticket{}, false
	}
	var t ticket
	if err := json.Unmarshal(plain, &t); err != nil {
		return ticket{}, false
	}
	return t, true
}

func (d *desk) giveTicket(c *fiber.Ctx, surveyID string, t ticket) error {
	plain, err := json.Marshal(t)
	if err != nil {
		return err
	}
	age := ticketDays * 24 * time.Hour
	if t.Sent {
		age = 0
	}
	d.setCookie(c, ticketName(surveyID), d.Secrets.Seal(ticketPurpose(surveyID), plain), age)
	return nil
}

func (d *desk) takeTicket(c *fiber.Ctx, surveyID string) {
	d.setCookie(c, ticketName(surveyID), "", -1)
}

// mark notes in the ticket which questions of the survey the draft answers.
func (t *ticket) mark(sv *survey.Survey, draft *survey.Draft) {
	t.Version = sv.Version
	t.Answered = make([]byte, (len(sv.Questions)+7)/8)
	for i, q := range sv.Questions {
		if _, ok := draft.Answer(q.ID); ok {
			t.Answered[i/8] |= 1 << (i % 8)
		}
	}
}

// plain says whether the question's page is the same for this person as for everyone.
func (t *ticket) plain(sv *survey.Survey, at int) bool {
	return t.Version == sv.Version && at/8 < len(t.Answered) && t.Answered[at/8]&(1<<(at%8)) == 0
}
