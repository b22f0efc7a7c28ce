package web

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/disclosure"
	"sayso/internal/fault"
	"sayso/internal/web/view"
)

// resultPage begins a page about a count.
func (d *desk) resultPage(c *fiber.Ctx, o ballot.Outcome) (view.ResultPage, error) {
	r, err := o.Read()
	if err != nil {
		return view.ResultPage{}, err
	}
	return d.pageOf(c, o, r), nil
}

func (d *desk) pageOf(c *fiber.Ctx, o ballot.Outcome, r *ballot.Result) view.ResultPage {
	p := d.budgetPage(c, &r.Of, r.Of.Title.Words(d.locale(c).Tag))
	p.Wide = true
	return view.ResultPage{BudgetPage: p, Result: r, Outcome: o, Step: 1}
}

// publicResult is the page of the count that anyone may see.
func (d *desk) publicResult(c *fiber.Ctx) (view.ResultPage, error) {
	e, err := d.budgetOf(c)
	if err != nil {
		return view.ResultPage{}, err
	}
	o, err := d.Ballots.Public(c.UserContext(), e.ID)
	if err != nil {
		return view.ResultPage{}, err
	}
	return d.pageOf(c, o.Outcome, o.Found), nil
}

// outcome shows what is funded, and why.
func (d *desk) outcome(c *fiber.Ctx) error {
	p, err := d.publicResult(c)
	if err != nil {
		return err
	}
	p.Stages, p.Ideas = d.stagesOf(p.Exercise, true), d.ideasOf(p.Exercise)
	return d.send(c, fiber.StatusOK, view.Result(p))
}

// steps walks through the count.
func (d *desk) steps(c *fiber.Ctx) error {
	p, err := d.publicResult(c)
	if err != nil {
		return err
	}
	p.Step = min(max(c.QueryInt("step", 1), 1), max(len(p.Result.Steps), 1))
	return d.send(c, fiber.StatusOK, view.ResultSteps(p))
}

// votes sends the ballots as a file that anyone can count again.
func (d *desk) votes(c *fiber.Ctx) error {
	p, err := d.publicResult(c)
	if err != nil {
		return err
	}
	if p.Result.Small() {
		return fault.New(fault.NotFound, "result.not_found")
	}
	var file bytes.Buffer
	if err := p.Outcome.Unpack(&file); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", ballot.FileName(p.Exercise.ID)))
	return c.Send(file.Bytes())
}

// budgets lists the exercises of the member's area.
func (d *desk) budgets(c *fiber.Ctx) error {
	me := visitOf(c).staff
	var list []view.BudgetDesk
	for _, e := range d.Ballots.All() {
		if !d.Staff.Can(*me, e.Area) {
			continue
		}
		b, err := d.budgetDesk(c, e)
		if err != nil {
			return err
		}
		list = append(list, b)
	}
	return d.send(c, fiber.StatusOK, view.Budgets(d.staffPage(c, d.locale(c).T("budgets.title")), list))
}

func (d *desk) budgetDesk(c *fiber.Ctx, e *ballot.Exercise) (view.BudgetDesk, error) {
	b := view.BudgetDesk{BudgetPage: d.budgetPage(c, e, e.Title.Words(d.locale(c).Tag)), Open: d.stateOf(e) == view.Open, Over: d.stateOf(e) == view.Closed}
	b.Page = d.staffPage(c, b.Title)
	n, err := d.Ballots.Received(c.UserContext(), e)
	if err != nil {
		return b, err
	}
	heard, err := disclosure.PublishLedger(disclosure.Standard(), int64(n), []disclosure.Part{{Name: "received", Count: int64(n)}})
	if err != nil {
		return b, err
	}
	b.Heard = heard.Total
	b.Counts, err = d.Ballots.Outcomes(c.UserContext(), e.ID)
	return b, err
}

// staffBudget shows one exercise to staff.
func (d *desk) staffBudget(c *fiber.Ctx) error {
	return d.staffBudgetWith(c, fiber.StatusOK, view.PreviewLink{}, "")
}

// staffBudgetWith shows it with a preview link that was just made, or with why no interim count was published.
func (d *desk) staffBudgetWith(c *fiber.Ctx, status int, link view.PreviewLink, sentence string) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	b, err := d.budgetDesk(c, e)
	if err != nil {
		return err
	}
	b.Preview, b.Error = link, sentence
	return d.send(c, status, view.StaffBudget(b))
}

func countPath(e string, number int) string {
	return "/staff/budgets/" + e + "/counts/" + strconv.Itoa(number)
}

// count counts the votes.
func (d *desk) count(c *fiber.Ctx) error {
	ctx, cancel := making(c)
	defer cancel()
	o, err := d.Ballots.Count(ctx, *visitOf(c).staff, c.Params("budget"))
	if err != nil {
		return err
	}
	return next(c, countPath(o.Exercise, o.Number))
}

// countNumber is the number of the path, 0 for what is none.
func countNumber(c *fiber.Ctx) int {
	n, err := strconv.Atoi(c.Params("number"))
	if err != nil {
		return 0
	}
	return n
}

// staffCount shows a count to staff, whatever was decided about it.
func (d *desk) staffCount(c *fiber.Ctx) error {
	return d.staffCountAgain(c, fiber.StatusOK, view.BoardForm{}, view.ToldForm{})
}

func (d *desk) staffCountAgain(c *fiber.Ctx, status int, form view.BoardForm, told view.ToldForm) error {
	o, err := d.Ballots.Outcome(c.UserContext(), c.Params("budget"), countNumber(c))
	if err != nil {
		return err
	}
	if o.State == ballot.Interim {
		return d.staffStanding(c, o.Number)
	}
	p, err := d.resultPage(c, o)
	if err != nil {
		return err
	}
	p.Page = d.staffPage(c, p.Title)
	return d.send(c, status, view.StaffCount(p, form, told))
}

// decideCount makes a count public, or refuses it.
func (d *desk) decideCount(c *fiber.Ctx) error {
	var form decideForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	ctx, me, id, n := c.UserContext(), *visitOf(c).staff, c.Params("budget"), countNumber(c)
	var err error
	switch form.Act {
	case "approve":
		_, err = d.Ballots.Approve(ctx, me, id, n)
	case "refuse":
		_, err = d.Ballots.Refuse(ctx, me, id, n)
	default:
		err = fault.New(fault.Invalid, "error.invalid")
	}
	if err != nil {
		return err
	}
	return next(c, countPath(id, n))
}

type boardForm struct {
	Funded []string `form:"funded"`
	Why    string   `form:"why"`
}

// boardDecides keeps what the board decided, which may differ from the count.
func (d *desk) boardDecides(c *fiber.Ctx) error {
	var form boardForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	id, n := c.Params("budget"), countNumber(c)
	_, err := d.Ballots.Decide(c.UserContext(), *visitOf(c).staff, id, n, form.Funded, form.Why, d.locale(c).Tag)
	if status, sentence := d.refusal(c, err, fault.Invalid); status > 0 {
		return d.staffCountAgain(c, status, view.BoardForm{Funded: form.Funded, Why: form.Why, Error: sentence}, view.ToldForm{})
	}
	if err != nil {
		return err
	}
	return next(c, countPath(id, n))
}
