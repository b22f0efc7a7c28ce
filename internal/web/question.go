package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// question shows one question. The page is the same for everyone, and kept, unless the person answered it before or
// comes to change the answer.
func (d *desk) question(c *fiber.Ctx) error {
	sv, q, at, err := d.questionOf(c)
	if err != nil {
		return err
	}
	t, ok := d.ticketOf(c, sv.ID)
	switch {
	case !ok:
		return next(c, "/s/"+sv.ID)
	case t.Sent:
		return next(c, "/s/"+sv.ID+"/done")
	}
	change := c.Query("change") != ""
	if t.plain(sv, at) && !change {
		return d.same(c, "q/"+sv.ID+"/"+strconv.Itoa(sv.Version)+"/"+q.ID+"/"+d.locale(c).Tag, func() templ.Component {
			return view.Ask(d.askPage(c, sv, q, at))
		})
	}
	_, draft, _, done, err := d.draftOf(c)
	if done {
		return err
	}
	p := d.askPage(c, sv, q, at)
	p.Change = change
	p.Answer, _ = draft.Answer(q.ID)
	if c.Query("required") != "" {
		p.Error = d.locale(c).T("answer.required")
	}
	return d.send(c, fiber.StatusOK, view.Ask(p))
}

// questionGone is the key of the fault of a question that the newest version does not ask.
const questionGone = "question.not_found"

func (d *desk) questionOf(c *fiber.Ctx) (*survey.Survey, *survey.Question, int, error) {
	sv, err := d.surveyOf(c)
	if err != nil {
		return nil, nil, 0, err
	}
	q, at, ok := sv.Question(c.Params("question"))
	if !ok {
		return sv, nil, 0, fault.New(fault.NotFound, questionGone)
	}
	return sv, q, at, nil
}

func (d *desk) askPage(c *fiber.Ctx, sv *survey.Survey, q *survey.Question, at int) view.AskPage {
	p := view.AskPage{SurveyPage: d.surveyPage(c, sv, q.Ask.Words(d.locale(c).Tag)), Question: q, Step: sv.Step(at)}
	if p.Shared != nil {
		p.Shared.Typing = q.Kind == survey.Text || q.Kind == survey.LongText
	}
	return p
}

type answerForm struct {
	Choices []string `form:"choice"`
	Words   string   `form:"words"`
	Skip    []string `form:"skip"`
	Go      string   `form:"go"` // "back", or onwards
	Change  string   `form:"change"`
}

// input is what was sent: where one choice is taken, a skip stands among the choices.
func (f answerForm) input() survey.Input {
	choices, skip := parted(f.Choices, f.Skip)
	return survey.Input{Choices: choices, Words: f.Words, Skip: skip}
}

// blank says whether nothing was said, so that going back loses nothing.
func (f answerForm) blank() bool {
	in := f.input()
	return len(in.Choices) == 0 && strings.TrimSpace(in.Words) == "" && in.Skip == ""
}

// parted tells skips from options. Who ticked both skips would rather not say, which comes last.
func parted(choices, skips []string) (options []string, skip survey.Skip) {
	for _, c := range choices {
		if s, ok := strings.CutPrefix(c, view.SkipMark); ok {
			skips = append(skips, s)
		} else {
			options = append(options, c)
		}
	}
	if len(skips) > 0 {
		skip = survey.Skip(skips[len(skips)-1])
	}
	return options, skip
}

// answer keeps what the person said on one page and sends them on, or back.
func (d *desk) answer(c *fiber.Ctx) error {
	sv, q, at, err := d.questionOf(c)
	if sv == nil {
		return err
	}
	var form answerForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	if err != nil { // a new version asks it no more
		return d.askedNoMore(c, sv, form)
	}
	t, ok := d.ticketOf(c, sv.ID)
	if !ok || t.Sent {
		return d.tooLate(c, sv, q, at, form)
	}
	draft, err := d.Surveys.Save(c.UserContext(), t.Draft, q.ID, d.locale(c).Tag, form.input())
	if fault.Is(err, fault.Invalid) && form.Go == "back" && form.blank() {
		_, draft, err = d.Surveys.Draft(c.UserContext(), t.Draft)
	}
	if err != nil && asFault(err).Key == questionGone {
		return d.askedNoMore(c, sv, form)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		return d.tooLate(c, sv, q, at, form)
	}
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.Ask(d.typed(c, sv, q, at, form, sentence))
		})
	}
	if a, _ := draft.Answer(q.ID); q.Declines(a) {
		return d.decline(c, sv, t)
	}
	return d.onward(c, sv, &draft, t, d.after(sv, &draft, q, form))
}

// typed is the page of the question with what was typed in it.
func (d *desk) typed(c *fiber.Ctx, sv *survey.Survey, q *survey.Question, at int, form answerForm, sentence string) view.AskPage {
	p := d.askPage(c, sv, q, at)
	in := form.input()
	p.Typed = readable(in.Words)
	p.Answer = survey.Answer{Question: q.ID, Choices: in.Choices, Words: p.Typed, Skip: in.Skip}
	p.Error, p.Change = sentence, form.Change != ""
	return p
}

// askedNoMore answers somebody whose question was taken out while they were at it. Words they typed are shown, to copy.
func (d *desk) askedNoMore(c *fiber.Ctx, sv *survey.Survey, form answerForm) error {
	p := d.surveyPage(c, sv, d.locale(c).T("question.not_found"))
	return d.send(c, fiber.StatusGone, view.AskedNoMore(p, readable(form.Words)))
}

// readable puts a sign in the place of whatever is no letter, so that the rest can be shown again.
func readable(words string) string { return strings.ToValidUTF8(words, "\uFFFD") }

// tooLate answers somebody whose draft is not there any more. Words they typed are shown, to copy.
func (d *desk) tooLate(c *fiber.Ctx, sv *survey.Survey, q *survey.Question, at int, form answerForm) error {
	p := d.typed(c, sv, q, at, form, "")
	d.takeTicketIfGone(c, sv)
	return d.send(c, fiber.StatusGone, view.TooLate(p))
}

func (d *desk) takeTicketIfGone(c *fiber.Ctx, sv *survey.Survey) {
	t, ok := d.ticketOf(c, sv.ID)
	if !ok || t.Sent {
		return
	}
	if _, err := d.Surveys.Mine(c.UserContext(), t.Receipt); fault.Is(err, fault.NotFound) {
		d.takeTicket(c, sv.ID)
	}
}

// decline lets somebody go who does not want to take part: nothing is kept.
func (d *desk) decline(c *fiber.Ctx, sv *survey.Survey, t ticket) error {
	if err := d.Surveys.Forget(c.UserContext(), t.Draft); err != nil {
		return err
	}
	d.takeTicket(c, sv.ID)
	return next(c, "/s/"+sv.ID+"/stopped")
}

// after returns where the person goes from the question: the neighbour on their path, or the check page.
func (d *desk) after(sv *survey.Survey, draft *survey.Draft, q *survey.Question, form answerForm) string {
	if form.Change != "" && form.Go != "back" && !newlyMet(sv, draft, q) {
		return "/s/" + sv.ID + "/check"
	}
	path := sv.PathOf(draft)
	_, at, _ := sv.Question(q.ID)
	before, behind := neighbours(sv, path, at)
	switch {
	case form.Change != "" && form.Go == "back":
		return "/s/" + sv.ID + "/check"
	case form.Go == "back" && before == nil:
		return "/s/" + sv.ID + "/who?change=1"
	case form.Go == "back":
		return questionPath(sv, before)
	case behind == nil:
		return "/s/" + sv.ID + "/check"
	}
	return questionPath(sv, behind)
}

// newlyMet says whether the question right after q is one the person has not met, because the change opened a branch.
func newlyMet(sv *survey.Survey, draft *survey.Draft, q *survey.Question) bool {
	_, at, _ := sv.Question(q.ID)
	_, behind := neighbours(sv, sv.PathOf(draft), at)
	if behind == nil || behind.Kind == survey.Info {
		return false
	}
	_, met := draft.Answer(behind.ID)
	return !met
}

// neighbours returns the questions of the path before and behind the position in the survey; nil at the ends.
func neighbours(sv *survey.Survey, path []*survey.Question, at int) (before, behind *survey.Question) {
	for _, q := range path {
		_, i, _ := sv.Question(q.ID)
		if i < at {
			before = q
		}
		if i > at {
			return before, q
		}
	}
	return before, nil
}
