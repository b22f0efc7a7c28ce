package web

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/people"
	"sayso/internal/survey"
)

// ticket is what a person who takes part carries: a sealed cookie, one a survey. The key stays with the person; the
// server keeps only its hash.
type ticket struct {
	Draft    string
	Key      people.Key
	Receipt  string
	Version  int
	Answered []byte // a bit a question of the version: the page must be rendered for the person
	Sent     bool
}

// ticketDays is how long a browser holds a ticket. The key of pictures works longer, on any device; a shared
// tablet should not remember a child for a month.
const ticketDays = 2

// ticketPurpose binds a ticket to its survey: under another's name it is none.
func ticketPurpose(surveyID string) string { return "ticket " + surveyID }

func ticketName(surveyID string) string { return "say-" + surveyID }

// ticketOf returns the ticket the person carries for the survey. In a preview it is on the sheet, and never the real one.
func (d *desk) ticketOf(c *fiber.Ctx, surveyID string) (ticket, bool) {
	if d.trial != nil {
		t, err := readTicket(d.trial.Ticket)
		return t, err == nil
	}
	sealed := c.Cookies(d.cookieName(ticketName(surveyID)))
	if sealed == "" || len(sealed) > 2000 {
		return ticket{}, false
	}
	purpose, turn, ok := d.bound(c, surveyID)
	plain, err := d.Secrets.Open(purpose, sealed)
	plain, theirs := bytes.CutPrefix(plain, turn)
	if !ok || err != nil || !theirs {
		return ticket{}, false
	}
	t, err := readTicket(plain)
	return t, err == nil
}

// bound returns what a ticket for the survey is sealed for, and what stands before it. On a shared device that is whose
// turn it is: the tickets of others are none, and nobody has one before they start.
func (d *desk) bound(c *fiber.Ctx, surveyID string) (purpose string, turn []byte, ok bool) {
	v := visitOf(c)
	if v.shared == nil {
		return ticketPurpose(surveyID), nil, true
	}
	if v.sitting == nil {
		return "", nil, false
	}
	return "shared " + ticketPurpose(surveyID), []byte(v.sitting.ID + " "), true
}

func (d *desk) giveTicket(c *fiber.Ctx, surveyID string, t ticket) {
	if d.trial != nil {
		d.trial.Ticket = t.write()
		return
	}
	age := ticketDays * 24 * time.Hour
	if t.Sent || visitOf(c).shared != nil {
		age = 0
	}
	if purpose, turn, ok := d.bound(c, surveyID); ok {
		d.setCookie(c, ticketName(surveyID), d.Secrets.Seal(purpose, append(turn, t.write()...)), age)
	}
}

func (d *desk) takeTicket(c *fiber.Ctx, surveyID string) {
	if d.trial != nil {
		d.trial.Ticket = nil
		return
	}
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

// ticketFormat is the first byte of a ticket. What begins with another, such as the "{" of tickets that were JSON, is
// none: its person goes on by their key.
const ticketFormat = 1

// write puts the ticket into bytes, since every page of a person reads it: the format; 1 if sent; the version; the six
// places of the key, two bytes each; draft, receipt and answered, each after its length.
func (t *ticket) write() []byte {
	b := make([]byte, 2, 160)
	b[0] = ticketFormat
	if t.Sent {
		b[1] = 1
	}
	b = binary.AppendUvarint(b, uint64(t.Version))
	for _, place := range t.Key {
		b = binary.BigEndian.AppendUint16(b, place)
	}
	b = append(binary.AppendUvarint(b, uint64(len(t.Draft))), t.Draft...)
	b = append(binary.AppendUvarint(b, uint64(len(t.Receipt))), t.Receipt...)
	return append(binary.AppendUvarint(b, uint64(len(t.Answered))), t.Answered...)
}

var errNoTicket = errors.New("not a ticket of this format")

// readTicket reads what write wrote, and nothing else.
func readTicket(b []byte) (t ticket, err error) {
	if len(b) < 2 || b[0] != ticketFormat || b[1] > 1 {
		return t, errNoTicket
	}
	t.Sent = b[1] == 1
	version, n := binary.Uvarint(b[2:])
	if b = b[2+max(n, 0):]; n <= 0 || len(b) < 2*len(t.Key) {
		return t, errNoTicket
	}
	t.Version = int(version)
	for i := range t.Key {
		t.Key[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	b = b[2*len(t.Key):]
	var parts [3][]byte
	for i := range parts {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return t, errNoTicket
		}
		parts[i], b = b[n:n+int(size)], b[n+int(size):]
	}
	if len(b) > 0 {
		return t, errNoTicket
	}
	t.Draft, t.Receipt, t.Answered = string(parts[0]), string(parts[1]), parts[2]
	return t, nil
}
