package web

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

const (
	codeCookie  = "code"
	codePurpose = "invitation code"
	codeCarried = time.Hour // from following a link to beginning
	planCookie  = "plan"

	guessed   = "admission.unknown" // the fault of a code that nobody has
	spentCode = "admission.spent"
)

// askCode asks for an invitation code, for those who cannot follow the link of theirs.
func (d *desk) askCode(c *fiber.Ctx) error {
	l := d.locale(c)
	return d.same(c, "code/"+l.Tag, func() templ.Component {
		return view.AskCode(d.page(c, l.T("codes.ask_title")), "", "")
	})
}

type codeEntry struct {
	Code string `form:"code"`
}

// openCode goes to what the typed code opens.
func (d *desk) openCode(c *fiber.Ctx) error {
	var form codeEntry
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	return d.letIn(c, form.Code)
}

// followCode goes to what the code of the short link opens. Nothing is spent yet: whoever looks at links for people, such
// as a program that shows what is behind them, spends no code.
func (d *desk) followCode(c *fiber.Ctx) error { return d.letIn(c, c.Params("code")) }

func (d *desk) letIn(c *fiber.Ctx, typed string) error {
	var e admission.Exercise
	code, err := d.tryCode(c, typed, func(ctx context.Context, code people.Code) (err error) {
		e, err = d.Codes.Find(ctx, code)
		return err
	})
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.AskCode(d.page(c, d.locale(c).T("codes.ask_title")), shorten(typed), sentence)
		})
	}
	d.carryCode(c, e, code)
	return next(c, "/"+string(e))
}

// shorten cuts what nobody needs to see again.
func shorten(typed string) string {
	const most = 40 // letters
	letters := []rune(typed)
	return string(letters[:min(len(letters), most)])
}

// tryCode reads the code and tries it. Codes that nobody has are limited by address, wide enough for a class behind one;
// whoever tries a code that was spent holds a real one, and has not guessed.
func (d *desk) tryCode(c *fiber.Ctx, typed string, try func(context.Context, people.Code) error) (people.Code, error) {
	if len(typed) > maxBody/64 {
		typed = ""
	}
	code, err := people.ParseCode(typed)
	if err != nil {
		return "", err
	}
	if err := d.codeTries.allow(d.from(c)); err != nil {
		return "", err
	}
	err = try(c.UserContext(), code)
	if asFault(err).Key == guessed {
		d.codeTries.wrong(c.UserContext(), d.from(c))
	} else {
		d.codeTries.right(d.from(c))
	}
	return code, err
}

// admission returns what spends the typed code at the last moment; nil where none is needed. Of a code that is spent it
// returns the ticket for what this browser began by it, if it did. An error says at once that the code would not do.
func (d *desk) admission(c *fiber.Ctx, e admission.Exercise, closed bool, typed string) (admit func(context.Context) error, begun *ticket, err error) {
	switch {
	case !closed:
		return nil, nil, nil
	case d.trial != nil:
		return func(context.Context) error { return nil }, nil, nil
	}
	code, err := d.tryCode(c, typed, func(ctx context.Context, code people.Code) error { return d.Codes.Check(ctx, e, code) })
	if asFault(err).Key == spentCode {
		switch t, has, failed := d.begun(c, e); {
		case failed != nil:
			return nil, nil, failed
		case has:
			d.dropCode(c)
			return nil, &t, nil
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context) error { return d.Codes.Spend(ctx, e, code) }, nil, nil
}

// spoken is the page "Who is speaking?" as it was sent, with what to mend: the voice or the code.
func spoken(form whoForm, closed bool, err error, sentence string) view.Speaking {
	s := view.Speaking{Voice: exercise.Voice(form.Voice), New: form.New != "", Change: form.Change != "", Closed: closed, Code: shorten(form.Code)}
	if key := asFault(err).Key; closed && (strings.HasPrefix(key, "admission.") || key == "people.code_wrong") {
		s.CodeError = sentence
	} else {
		s.Error = sentence
	}
	return s
}

// carryCode puts the code into a sealed cookie: the minute of now, the code, and what it opens.
func (d *desk) carryCode(c *fiber.Ctx, e admission.Exercise, code people.Code) {
	plain := binary.BigEndian.AppendUint64(nil, uint64(d.Now().Unix()))
	plain = append(append(plain, code...), e...)
	d.setCookie(c, codeCookie, d.Secrets.Seal(codePurpose, plain), codeCarried)
}

// carriedCode is the code for the exercise that the person brought along, as it is typed; empty if there is none.
func (d *desk) carriedCode(c *fiber.Ctx, e admission.Exercise) string {
	sealed := c.Cookies(d.cookieName(codeCookie))
	if sealed == "" {
		return ""
	}
	const at, letters = 8, 10
	plain, err := d.Secrets.Open(codePurpose, sealed)
	if err != nil || len(plain) < at+letters || string(plain[at+letters:]) != string(e) {
		return ""
	}
	if age := d.Now().Sub(time.Unix(int64(binary.BigEndian.Uint64(plain)), 0)); age < 0 || age > codeCarried {
		return ""
	}
	return people.Code(plain[at : at+letters]).String()
}

// dropCode leaves no code on the device, and no plan.
func (d *desk) dropCode(c *fiber.Ctx) {
	for _, name := range []string{codeCookie, planCookie} {
		if d.trial == nil && c.Cookies(d.cookieName(name)) != "" {
			d.setCookie(c, name, "", -1)
		}
	}
}

// plan has the browser carry the key under which the person will begin, before a code is spent for it: should the answer
// to their form be lost, the same form sent again finds what was begun.
func (d *desk) plan(c *fiber.Ctx, e admission.Exercise, closed bool) error {
	if _, has := d.planned(c, e); has || !closed || d.trial != nil {
		return nil
	}
	key, err := d.Library.Keys.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	var plain []byte
	for _, place := range key {
		plain = binary.BigEndian.AppendUint16(plain, place)
	}
	d.setCookie(c, planCookie, d.Secrets.Seal(planPurpose(e), plain), codeCarried)
	return nil
}

func planPurpose(e admission.Exercise) string { return "planned key " + string(e) }

// planned is the key that the browser carries for beginning the exercise.
func (d *desk) planned(c *fiber.Ctx, e admission.Exercise) (key people.Key, ok bool) {
	sealed := c.Cookies(d.cookieName(planCookie))
	if sealed == "" || d.trial != nil {
		return key, false
	}
	plain, err := d.Secrets.Open(planPurpose(e), sealed)
	if err != nil || len(plain) != 2*len(key) {
		return key, false
	}
	for i := range key {
		key[i] = binary.BigEndian.Uint16(plain[2*i:])
	}
	return key, true
}

// begun returns the ticket for what was begun under the planned key, although the person never saw it; has is false if
// nothing was.
func (d *desk) begun(c *fiber.Ctx, e admission.Exercise) (t ticket, has bool, err error) {
	key, ok := d.planned(c, e)
	if !ok {
		return t, false, nil
	}
	t.Key = key
	var m opened
	switch m, t.Receipt, err = d.unlock(c.UserContext(), key); {
	case fault.Is(err, fault.NotFound):
		return t, false, nil
	case err != nil:
		return t, false, err
	case m.voted != nil:
		t.Draft = m.voted.Ballot.ID
		return t, e == admission.Budget(m.voted.Exercise.ID), nil
	case m.Draft == nil:
		return t, false, nil
	}
	t.Draft = m.Draft.ID
	t.mark(m.Survey, m.Draft)
	return t, e == admission.Survey(m.Survey.ID), nil
}
