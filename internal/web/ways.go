package web

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/web/view"
)

func (d *desk) wayPage(c *fiber.Ctx, m ballot.Mine, t ticket) view.VotePage {
	return d.votePage(c, m, t, d.locale(c).T("way.title"))
}

// way asks by which of two ways the person wants to vote.
func (d *desk) way(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	if d.stateOf(m.Exercise) != view.Open || m.Exercise.Ways() == nil {
		return next(c, "/b/"+m.Exercise.ID+"/vote")
	}
	return d.send(c, fiber.StatusOK, view.ChooseWay(d.wayPage(c, m, t)))
}

type wayForm struct {
	Way string `form:"way"`
}

// chooseWay keeps the way. Whoever chose more before than the way allows is told what is not in their vote any more.
func (d *desk) chooseWay(c *fiber.Ctx) error {
	m, t, done, err := d.ballotOf(c)
	if done {
		return err
	}
	var form wayForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	b, out, err := d.Ballots.Choose(c.UserContext(), t.Draft, ballot.WhichOf(form.Way))
	switch {
	case fault.Is(err, fault.Forbidden):
		return d.pressAgain(c, m, t, "", err)
	case err != nil:
		return d.again(c, err, func(sentence string) templ.Component {
			p := d.wayPage(c, m, t)
			p.Error = sentence
			return view.ChooseWay(p)
		})
	case len(out) == 0:
		return next(c, "/b/"+m.Exercise.ID+"/vote")
	}
	m.Ballot = b
	return d.send(c, fiber.StatusOK, view.DoNotFit(d.wayPage(c, m, t), out))
}
