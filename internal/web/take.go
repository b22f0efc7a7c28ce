package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// surveyOf returns the survey of the path.
func (d *desk) surveyOf(c *fiber.Ctx) (*survey.Survey, error) {
	return d.Surveys.Newest(c.Params("survey"))
}

// surveyPage begins a page about the survey.
func (d *desk) surveyPage(c *fiber.Ctx, sv *survey.Survey, title string) view.SurveyPage {
	p := d.page(c, title)
	p.Place = d.placeName(p.L.Tag, sv.Area)
	return view.SurveyPage{Page: p, Survey: sv, Pictures: d.Library.picture, From: d.placeNames(p.L.Tag, sv.Only)}
}

// start is the first page of a survey: why, who reads it, what happens with it, how long.
func (d *desk) start(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	state := openState(d.Surveys.Today(), sv.Opens, sv.Closes)
	lang := d.locale(c).Tag
	return d.same(c, fmt.Sprintf("start/%s/%d/%s/%d", sv.ID, sv.Version, lang, state), func() templ.Component {
		return view.Start(d.surveyPage(c, sv, sv.Title.Words(lang)), state)
	})
}

// who asks who speaks. Where somebody has begun, it asks first whether it was them; only from pages of one's own does one
// come to change the voice.
func (d *desk) who(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	if openState(d.Surveys.Today(), sv.Opens, sv.Closes) != view.Open {
		return next(c, "/s/"+sv.ID) // which says when it is, or was
	}
	p := d.surveyPage(c, sv, d.locale(c).T("who.title"))
	t, has := d.ticketOf(c, sv.ID)
	fresh, change := c.Query("new") != "", c.Query("change") != ""
	code := d.carriedCode(c, admission.Survey(sv.ID))
	if has && !t.Sent && !fresh {
		_, draft, err := d.Surveys.Draft(c.UserContext(), t.Draft)
		if err == nil {
			return d.send(c, fiber.StatusOK, view.Who(p, begun(draft.Voice, change)))
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	lives := d.lives(d.entranceOf(c, sv), "")
	if err := d.plan(c, admission.Survey(sv.ID), sv.Codes); err != nil {
		return err
	}
	if has || sv.Codes {
		return d.send(c, fiber.StatusOK, view.Who(p, view.Speaking{New: has, Lives: lives, Closed: sv.Codes, Code: code}))
	}
	return d.same(c, fmt.Sprintf("who/%s/%d/%s", sv.ID, sv.Version, p.L.Tag), func() templ.Component {
		return view.Who(p, view.Speaking{Lives: lives, Closed: sv.Codes})
	})
}

// speak keeps who speaks: the first saved page, after which the person gets the key.
func (d *desk) speak(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	var form whoForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	at := d.entranceOf(c, sv)
	if t, ok := d.ticketOf(c, sv.ID); ok && !t.Sent && form.New == "" {
		_, draft, err := d.Surveys.Draft(c.UserContext(), t.Draft)
		if err == nil && form.Change == "" {
			return next(c, "/s/"+sv.ID+"/who") // which asks whether it was them
		}
		if err == nil {
			draft, err = d.Surveys.Speak(c.UserContext(), t.Draft, exercise.Voice(form.Voice))
		}
		if err == nil {
			return d.onward(c, sv, &draft, t, "/s/"+sv.ID+"/go")
		}
		if !fault.Is(err, fault.NotFound) {
			return d.askAgain(c, at, form, err)
		}
	}
	return d.letBegin(c, at, form)
}

// begun is what the page "Who is speaking?" shows where somebody has begun: their voice only to change it.
func begun(voice exercise.Voice, change bool) view.Speaking {
	if change {
		return view.Speaking{Voice: voice, Change: true}
	}
	return view.Speaking{Begun: true}
}

// entranceOf is what people pass before they take part in the survey.
func (d *desk) entranceOf(c *fiber.Ctx, sv *survey.Survey) entrance {
	return entrance{to: admission.Survey(sv.ID), ticket: sv.ID, area: sv.Area, only: sv.Only, codes: sv.Codes,
		ask: func(s view.Speaking) templ.Component {
			return view.Who(d.surveyPage(c, sv, d.locale(c).T("who.title")), s)
		},
		begin: func(voice exercise.Voice, receipt string, admit func(context.Context) error) (t ticket, err error) {
			draft, err := d.Surveys.Begin(c.UserContext(), sv.ID, voice, d.locale(c).Tag, receipt, admit)
			t.Draft = draft.ID
			t.mark(sv, &draft)
			return t, err
		}}
}

// onward gives the ticket, up to date, and sends the person on.
func (d *desk) onward(c *fiber.Ctx, sv *survey.Survey, draft *survey.Draft, t ticket, path string) error {
	t.mark(sv, draft)
	d.giveTicket(c, sv.ID, t)
	return next(c, path)
}

// again shows the page of a form once more, with what to do and what was typed: for what cannot be used (422), for what
// closed meanwhile (403), for what came too often (429), and for a store that is away (503). Other faults go to their
// own page.
func (d *desk) again(c *fiber.Ctx, err error, page func(sentence string) templ.Component) error {
	status, sentence := d.refusal(c, err, fault.Invalid, fault.Forbidden)
	if status == 0 {
		return err
	}
	return d.send(c, status, page(sentence))
}

// refusal is the status and the sentence with which a form is shown once more: for faults of the kinds, for what came too
// often, and for a store that is away. For others, and for none, the status is 0.
func (d *desk) refusal(c *fiber.Ctx, err error, kinds ...fault.Kind) (status int, sentence string) {
	if err == nil {
		return 0, ""
	}
	f, l := asFault(err), d.locale(c)
	sentence = sentenceOf(l, f)
	switch {
	case f.Kind == fault.TooMany || f.Kind == fault.Unavailable:
		d.report(c, f)
		c.Set(fiber.HeaderRetryAfter, "60")
		if f.Kind == fault.Unavailable {
			sentence = l.T("error.unavailable_kept")
		}
	case !slices.Contains(kinds, f.Kind):
		return 0, ""
	}
	return statusOf[f.Kind], sentence
}

// draftOf returns the draft of the person's ticket. Without one they are sent to the start: done is true.
func (d *desk) draftOf(c *fiber.Ctx) (sv *survey.Survey, draft survey.Draft, t ticket, done bool, err error) {
	sv, err = d.surveyOf(c)
	if err != nil {
		return nil, draft, t, true, err
	}
	t, ok := d.ticketOf(c, sv.ID)
	switch {
	case !ok:
		return sv, draft, t, true, next(c, "/s/"+sv.ID)
	case t.Sent:
		return sv, draft, t, true, next(c, "/s/"+sv.ID+"/done")
	}
	_, draft, err = d.Surveys.Draft(c.UserContext(), t.Draft)
	if fault.Is(err, fault.NotFound) { // sent from another window, or gone after its 30 days
		return sv, draft, t, true, d.lost(c, sv, t)
	}
	return sv, draft, t, err != nil, err
}

// lost finds out what became of a draft that is not there any more.
func (d *desk) lost(c *fiber.Ctx, sv *survey.Survey, t ticket) error {
	m, err := d.Surveys.Mine(c.UserContext(), t.Receipt)
	if err == nil && m.Response != nil {
		t.Sent = true
		d.giveTicket(c, sv.ID, t)
		return next(c, "/s/"+sv.ID+"/done")
	}
	if err == nil || fault.Is(err, fault.NotFound) {
		d.takeTicket(c, sv.ID)
		return fault.New(fault.NotFound, "survey.draft_gone")
	}
	return err
}

// goOn sends the person to the first question they have not met yet, or to check their answers.
func (d *desk) goOn(c *fiber.Ctx) error {
	sv, draft, _, done, err := d.draftOf(c)
	if done {
		return err
	}
	for _, q := range sv.PathOf(&draft) {
		if _, ok := draft.Answer(q.ID); !ok && q.Kind != survey.Info {
			return next(c, questionPath(sv, q))
		}
	}
	return next(c, "/s/"+sv.ID+"/check")
}

func questionPath(sv *survey.Survey, q *survey.Question) string { return "/s/" + sv.ID + "/q/" + q.ID }

// check shows everything the person said, to change or to send.
func (d *desk) check(c *fiber.Ctx) error {
	sv, draft, t, done, err := d.draftOf(c)
	if done {
		return err
	}
	p := d.surveyPage(c, sv, d.locale(c).T("check.title"))
	p.Key = d.Library.named(t.Key, p.L.Tag)
	return d.send(c, fiber.StatusOK, view.Check(p, &draft, ""))
}

// submit sends the answers. Sending twice makes one response.
func (d *desk) submit(c *fiber.Ctx) error {
	sv, draft, t, done, err := d.draftOf(c)
	if done {
		return err
	}
	if _, err := d.Surveys.Submit(c.UserContext(), t.Draft); err != nil {
		if f := asFault(err); f.Args["Question"] != nil {
			return next(c, fmt.Sprintf("/s/%s/q/%s?change=1&required=1", sv.ID, f.Args["Question"]))
		}
		if fault.Is(err, fault.NotFound) {
			return d.lost(c, sv, t)
		}
		p := d.surveyPage(c, sv, d.locale(c).T("check.title"))
		return d.again(c, err, func(sentence string) templ.Component { return view.Check(p, &draft, sentence) })
	}
	t.Sent = true
	d.giveTicket(c, sv.ID, t)
	return next(c, "/s/"+sv.ID+"/done")
}

// done is the receipt: the key, and what happens next.
func (d *desk) done(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	t, ok := d.ticketOf(c, sv.ID)
	switch {
	case !ok:
		return next(c, "/s/"+sv.ID)
	case !t.Sent:
		return next(c, "/s/"+sv.ID+"/go")
	}
	m, err := d.Surveys.Mine(c.UserContext(), t.Receipt) // taken back from elsewhere? With no answer the key is shown
	switch {
	case err == nil && m.Withdrawn:
		return next(c, "/s/"+sv.ID+"/mine")
	case fault.Is(err, fault.NotFound):
		return d.lost(c, sv, t)
	}
	p := d.surveyPage(c, sv, d.locale(c).T("done.title"))
	p.Key = d.Library.named(t.Key, p.L.Tag)
	return d.send(c, fiber.StatusOK, view.Done(p))
}

// showKey shows the six pictures after the first saved page, and whenever the person wants to see them.
func (d *desk) showKey(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	t, ok := d.ticketOf(c, sv.ID)
	if !ok {
		return next(c, "/s/"+sv.ID)
	}
	p := d.surveyPage(c, sv, d.locale(c).T("key.title"))
	p.Key = d.Library.named(t.Key, p.L.Tag)
	return d.send(c, fiber.StatusOK, view.YourKey(p))
}

// finish leaves nothing of the person on the device.
func (d *desk) finish(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	if visitOf(c).shared != nil {
		return d.finishShared(c)
	}
	d.takeTicket(c, sv.ID)
	d.dropCode(c)
	return next(c, "/a/"+sv.Area)
}

// stopped tells somebody who does not want to take part that this is fine.
func (d *desk) stopped(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Stopped(d.surveyPage(c, sv, d.locale(c).T("stopped.title"))))
}

// leave takes all tickets from the device and goes to a page about something else.
func (d *desk) leave(c *fiber.Ctx) error {
	if visitOf(c).shared != nil {
		d.forget(c)
	}
	d.takeTickets(c)
	d.dropCode(c)
	d.setCookie(c, previewCookie, "", -1)
	return next(c, d.Settings.Leave)
}
