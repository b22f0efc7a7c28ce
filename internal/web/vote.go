package web

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/web/view"
)

// ballotOf returns the ballot of the person's ticket. Without one they are sent to the start: done is true.
func (d *desk) ballotOf(c *fiber.Ctx) (m ballot.Mine, t ticket, done bool, err error) {
	if m.Exercise, err = d.budgetOf(c); err != nil {
		return m, t, true, err
	}
	t, ok := d.ticketOf(c, purse(m.Exercise.ID))
	if !ok {
		return m, t, true, next(c, "/b/"+m.Exercise.ID)
	}
	m.Ballot, m.Background, err = d.Ballots.Ballot(c.UserContext(), t.Draft)
	if fault.Is(err, fault.NotFound) { // taken back from another window
		d.takeTicket(c, purse(m.Exercise.ID))
		err = fault.New(fault.NotFound, "vote.gone")
	}
	return m, t, err != nil, err
}

func (d *desk) votePage(c *fiber.Ctx, m ballot.Mine, t ticket, title string) view.VotePage {
	p := d.budgetPage(c, m.Exercise, title)
	p.Exercise = m.Exercise.By(m.Ballot.Way)
	p.Key = d.Library.named(t.Key, p.L.Tag)
	return view.VotePage{BudgetPage: p, Ballot: m.Ballot, Shown: m.Exercise.Shown(m.Ballot.ID)}
}

// vote is the ballot of the person: what stands on it is their vote.
func (d *desk) vote(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	if d.stateOf(m.Exercise) != view.Open {
		return next(c, "/b/"+m.Exercise.ID+"/mine")
	}
	if m.Ballot.Way == 0 && m.Exercise.Ways() != nil {
		return next(c, "/b/"+m.Exercise.ID+"/way")
	}
	return d.send(c, fiber.StatusOK, view.Vote(d.votePage(c, m, t, m.Exercise.Title.Words(d.locale(c).Tag)), m.Background))
}

type pressForm struct {
	Project string `form:"project"`
	Act     string `form:"act"`
	N       int    `form:"n"`
}

// press keeps one press of a button, and comes back to the project.
func (d *desk) press(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	var form pressForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	press := ballot.Press{Project: form.Project, Act: ballot.Act(form.Act), N: form.N}
	if _, err := d.Ballots.Press(c.UserContext(), t.Draft, d.locale(c).Tag, press); err != nil {
		return d.pressAgain(c, m, t, form.Project, err)
	}
	return next(c, "/b/"+m.Exercise.ID+"/vote#p-"+form.Project)
}

// pressAgain shows the ballot as it stands, with why the press could not be kept.
func (d *desk) pressAgain(c *fiber.Ctx, m ballot.Mine, t ticket, project string, err error) error {
	title := m.Exercise.Title.Words(d.locale(c).Tag)
	if fault.Is(err, fault.Forbidden) { // it closed meanwhile
		return d.again(c, err, func(sentence string) templ.Component {
			return view.VoteTooLate(d.budgetPage(c, m.Exercise, title), sentence)
		})
	}
	return d.again(c, err, func(sentence string) templ.Component {
		p := d.votePage(c, m, t, title)
		p.Error, p.Pressed = sentence, project
		if m.Exercise.Project(project) == nil {
			p.Pressed = m.Exercise.Projects[0].ID
		}
		return view.Vote(p, m.Background)
	})
}

func (d *desk) aboutPage(c *fiber.Ctx, m ballot.Mine) (view.AboutPage, error) {
	q, at := m.Exercise.Question(c.Params("about"))
	if q == nil {
		return view.AboutPage{}, fault.New(fault.NotFound, "question.not_found")
	}
	p := view.AboutPage{BudgetPage: d.budgetPage(c, m.Exercise, q.Ask.Words(d.locale(c).Tag)), Question: q, Number: at + 1}
	a, _ := m.Background.Answer(q.ID)
	p.Choices = a.Choices
	return p, nil
}

// aboutYou asks one question about the person.
func (d *desk) aboutYou(c *fiber.Ctx) error {
	m, _, done, err := d.ballotOf(c)
	if done {
		return err
	}
	p, err := d.aboutPage(c, m)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.BudgetAbout(p))
}

type aboutForm struct {
	Choices []string `form:"choice"`
	Skip    []string `form:"skip"`
}

// answerAbout keeps the answer and goes on to the next question, or to the last page.
func (d *desk) answerAbout(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	p, err := d.aboutPage(c, m)
	if err != nil {
		return err
	}
	var form aboutForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	choices, skip := parted(form.Choices, form.Skip)
	if len(choices) > 0 && skip != "" {
		err = fault.New(fault.Invalid, "answer.either")
	} else {
		_, err = d.Ballots.Answer(c.UserContext(), t.Draft, p.Question.ID, choices)
	}
	if err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			p.Error, p.Choices, p.Withheld = sentence, choices, skip != ""
			return view.BudgetAbout(p)
		})
	}
	if p.Number < len(m.Exercise.Questions) {
		return next(c, "/b/"+m.Exercise.ID+"/about/"+m.Exercise.Questions[p.Number].ID)
	}
	return next(c, "/b/"+m.Exercise.ID+"/done")
}

// voteDone is the receipt: the vote as it stands, the key, and what happens next.
func (d *desk) voteDone(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	return d.send(c, fiber.StatusOK, view.BudgetDone(d.votePage(c, m, t, d.locale(c).T("vote.done"))))
}

// myVote shows what the key opens.
func (d *desk) myVote(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	outcome, err := d.hasOutcome(c, m.Exercise)
	if err != nil {
		return err
	}
	p := d.votePage(c, m, t, d.locale(c).T("vote.mine"))
	return d.send(c, fiber.StatusOK, view.BudgetMine(p, d.stateOf(m.Exercise) == view.Open, outcome))
}

// takeVoteBack asks once more before a vote is taken back.
func (d *desk) takeVoteBack(c *fiber.Ctx) error {
	m, _, done, err := d.ballotOf(c)
	if done {
		return err
	}
	return d.send(c, fiber.StatusOK, view.BudgetTakeBack(d.budgetPage(c, m.Exercise, d.locale(c).T("vote.take_back_title")), ""))
}

// voteTakenBack takes the vote and the ticket away.
func (d *desk) voteTakenBack(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	if err := d.Ballots.TakeBack(c.UserContext(), t.Draft); err != nil {
		return d.again(c, err, func(sentence string) templ.Component {
			return view.BudgetTakeBack(d.budgetPage(c, m.Exercise, d.locale(c).T("vote.take_back_title")), sentence)
		})
	}
	d.takeTicket(c, purse(m.Exercise.ID))
	return d.send(c, fiber.StatusOK, view.BudgetTakenBack(d.budgetPage(c, m.Exercise, d.locale(c).T("vote.taken_back"))))
}
