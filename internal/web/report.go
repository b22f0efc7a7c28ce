package web

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// publicReport is the newest approved report of a survey, for everybody.
func (d *desk) publicReport(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c) // also so that no error quotes what stands in the path
	if err != nil {
		return err
	}
	pub, err := d.Reports.Latest(c.UserContext(), sv.ID)
	if err != nil {
		return notYet(err)
	}
	p := d.page(c, pub.Asked.Title.Words(d.locale(c).Tag))
	p.Wide = true
	p.Place = pub.AreaName.Words(p.L.Tag)
	page := view.ReportPage{Page: p, Report: pub, Today: d.Surveys.Today()}
	if page.Outcomes, err = d.outcomesFor(c, pub); err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Report(page))
}

func notYet(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "report.not_yet").Because(err)
	}
	return err
}

// figures sends the published figures as a file: CSV, JSON or XLSX.
func (d *desk) figures(c *fiber.Ctx) error {
	pub, err := d.Reports.Latest(c.UserContext(), c.Params("survey"))
	if err != nil {
		return notYet(err)
	}
	l := d.locale(c)
	names := report.Naming{Lang: l.Tag, Words: l.T, Language: d.languageName}
	var data bytes.Buffer
	format := c.Params("format")
	switch format {
	case "csv":
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		err = report.WriteCSV(&data, pub, names)
	case "json":
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		err = report.WriteJSON(&data, pub)
	case "xlsx":
		c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		err = report.WriteXLSX(&data, pub, names)
	default:
		err = fault.New(fault.NotFound, "error.not_found")
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", fmt.Sprintf("%s-%d.%s", pub.Survey, pub.Number, format)))
	return c.Send(data.Bytes())
}

func (d *desk) languageName(tag string) string {
	if l, ok := d.Locales.Locale(tag); ok {
		return l.Name
	}
	return tag
}

// makingTime is how long the first report of what a whole country said may take, or a count of its votes.
const makingTime = 3 * time.Minute

// making is the context of what takes longer than a page, and is finished though nobody waits for the answer any more.
func making(c *fiber.Ctx) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.UserContext()), makingTime)
}

// makeReport freezes what people said so far.
func (d *desk) makeReport(c *fiber.Ctx) error {
	ctx, cancel := making(c)
	defer cancel()
	r, err := d.Reports.Make(ctx, *visitOf(c).staff, c.Params("survey"))
	if err != nil {
		return err
	}
	return next(c, reportPath(r.Survey, r.Number))
}

func reportPath(survey string, number int) string {
	return "/staff/surveys/" + survey + "/reports/" + strconv.Itoa(number)
}

func reportNumber(c *fiber.Ctx) (int, error) {
	n, err := strconv.Atoi(c.Params("number"))
	if err != nil {
		return 0, fault.New(fault.NotFound, "report.not_found") // not because of err: it quotes the path
	}
	return n, nil
}

// staffReport shows a snapshot to staff, whatever was decided about it.
func (d *desk) staffReport(c *fiber.Ctx) error {
	return d.staffReportAgain(c, fiber.StatusOK, view.ReplyForm{})
}

func (d *desk) staffReportAgain(c *fiber.Ctx, status int, form view.ReplyForm) error {
	n, err := reportNumber(c)
	if err != nil {
		return err
	}
	r, err := d.Reports.Record(c.UserContext(), c.Params("survey"), n)
	if err != nil {
		return err
	}
	me := visitOf(c).staff
	pub, err := r.Preview(me.Is(people.Analyst))
	if err != nil {
		return err
	}
	p := d.staffPage(c, pub.Asked.Title.Words(d.locale(c).Tag))
	page := view.ReportPage{Page: p, Report: pub, Today: d.Surveys.Today(), Preview: true,
		Decides: me.Is(people.Analyst), Replies: me.Is(people.Board, people.Analyst), Reply: form}
	if page.Outcomes, err = d.outcomesFor(c, pub); err != nil {
		return err
	}
	return d.send(c, status, view.StaffReport(page))
}

type quoteForm struct {
	Quote    string `form:"quote"`
	Decision string `form:"decision"`
}

const (
	hold    = "hold:" // and why: the whole response is held back
	release = "release"
)

// quote keeps or drops a quote, or holds back the whole response it is from.
func (d *desk) quote(c *fiber.Ctx) error {
	n, err := reportNumber(c)
	if err != nil {
		return err
	}
	var form quoteForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	ctx, me, sv := c.UserContext(), *visitOf(c).staff, c.Params("survey")
	why, holds := strings.CutPrefix(form.Decision, hold)
	switch {
	case holds && why != "":
		err = d.Reports.HoldBack(ctx, me, sv, n, form.Quote, survey.Hold(why))
	case form.Decision == release:
		err = d.Reports.HoldBack(ctx, me, sv, n, form.Quote, "")
	default:
		_, err = d.Reports.DecideQuote(ctx, me, sv, n, form.Quote, report.Decision(form.Decision))
	}
	if err != nil {
		return err
	}
	return next(c, reportPath(sv, n)+"#quote-"+form.Quote)
}

type decideForm struct {
	Act string `form:"act"`
}

// decide makes a snapshot public, or refuses it.
func (d *desk) decide(c *fiber.Ctx) error {
	n, err := reportNumber(c)
	if err != nil {
		return err
	}
	var form decideForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	ctx, me, sv := c.UserContext(), *visitOf(c).staff, c.Params("survey")
	switch form.Act {
	case "approve":
		_, err = d.Reports.Approve(ctx, me, sv, n)
	case "refuse":
		_, err = d.Reports.Refuse(ctx, me, sv, n)
	default:
		err = fault.New(fault.Invalid, "error.invalid")
	}
	if err != nil {
		return err
	}
	return next(c, reportPath(sv, n))
}

type replyForm struct {
	Theme string `form:"theme"`
	Kind  string `form:"kind"`
	Text  string `form:"text"`
	By    string `form:"by"`
}

// reply keeps what the board answers to a theme.
func (d *desk) reply(c *fiber.Ctx) error {
	n, err := reportNumber(c)
	if err != nil {
		return err
	}
	var form replyForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	reply := report.Reply{Kind: report.ReplyKind(form.Kind), Text: form.Text, By: exercise.Day(form.By), Lang: d.locale(c).Tag}
	_, err = d.Reports.Reply(c.UserContext(), *visitOf(c).staff, c.Params("survey"), n, form.Theme, reply)
	if status, sentence := d.refusal(c, err, fault.Invalid); status > 0 {
		return d.staffReportAgain(c, status,
			view.ReplyForm{Theme: form.Theme, Kind: form.Kind, Text: form.Text, By: form.By, Error: sentence})
	}
	if err != nil {
		return err
	}
	return next(c, reportPath(c.Params("survey"), n)+"#theme-"+form.Theme)
}
