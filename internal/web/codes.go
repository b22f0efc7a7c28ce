package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/admission"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/i18n"
	"sayso/internal/web/view"
)

// closed is a survey or budget exercise with what codes need to know of it.
type closed struct {
	admission.Exercise
	title     exercise.Text
	area      string
	codes     bool
	languages []string
	staff     string // path of its page for staff
}

// closedOf returns the survey or budget exercise of the path.
func (d *desk) closedOf(c *fiber.Ctx) (closed, error) {
	if c.Params("budget") != "" {
		e, err := d.budgetOf(c)
		if err != nil {
			return closed{}, err
		}
		return closed{admission.Budget(e.ID), e.Title, e.Area, e.Codes, e.Offered(), "/staff/budgets/" + e.ID}, nil
	}
	sv, err := d.surveyOf(c)
	if err != nil {
		return closed{}, err
	}
	return closed{admission.Survey(sv.ID), sv.Title, sv.Area, sv.Codes, sv.Offered(), "/staff/surveys/" + sv.ID}, nil
}

// codes shows the batches of codes of an exercise, with a form to make more.
func (d *desk) codes(c *fiber.Ctx) error { return d.codesAgain(c, fiber.StatusOK, view.CodesForm{}) }

// refresh is after how many seconds a page on which something is being made comes again by itself.
const refresh = "4"

func (d *desk) codesAgain(c *fiber.Ctx, status int, form view.CodesForm) error {
	of, err := d.closedOf(c)
	if err != nil {
		return err
	}
	batches, err := d.Codes.List(c.UserContext(), of.Exercise)
	if err != nil {
		return err
	}
	l := d.locale(c)
	p := view.CodesPage{Page: d.staffPage(c, l.T("codes.title")), Exercise: of.title, Closed: of.codes, Staff: of.staff, Form: form,
		Batches: batches, Now: d.Codes.Now()}
	for _, tag := range of.languages {
		if lang, ok := d.Locales.Locale(tag); ok {
			p.Offered = append(p.Offered, lang)
		}
	}
	if p.Making() && safe(c.Method()) {
		c.Set("Refresh", refresh)
	}
	return d.send(c, status, view.Codes(p))
}

type codesForm struct {
	Name  string `form:"name"`
	Count string `form:"count"`
}

// makeCodes orders a batch, which is made in the background.
func (d *desk) makeCodes(c *fiber.Ctx) error {
	var form codesForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	of, err := d.closedOf(c)
	if err != nil {
		return err
	}
	if !of.codes {
		return fault.New(fault.Conflict, "codes.open_to_all")
	}
	b, err := d.Codes.Order(c.UserContext(), *visitOf(c).staff, of.Exercise, of.area, form.Name, number(form.Count))
	if err != nil {
		return d.codesRefused(c, err, view.CodesForm{Name: form.Name, Count: form.Count})
	}
	d.fill(visitOf(c).id, b.ID)
	return next(c, of.staff+"/codes")
}

// number reads a whole number as people write it, with marks between thousands; 0 for anything else.
func number(typed string) int {
	n, err := strconv.Atoi(strings.NewReplacer(" ", "", ",", "", ".", "", "\u00a0", "").Replace(typed))
	if err != nil {
		return 0
	}
	return n
}

func (d *desk) fill(request, batch string) {
	d.Codes.FillBehind(batch, func(err error) {
		if err != nil {
			d.Log.Error("making codes was interrupted", "request", request, "cause", err)
		}
	})
}

// codesRefused shows the page once more with what to mend.
func (d *desk) codesRefused(c *fiber.Ctx, err error, form view.CodesForm) error {
	status, sentence := d.refusal(c, err, fault.Invalid, fault.Conflict)
	if status == 0 {
		return err
	}
	form.Error, form.Field = sentence, "name"
	switch {
	case asFault(err).Key == "admission.count":
		form.Field = "count"
	case c.Params("batch") != "":
		form.Field = "batches"
	}
	return d.codesAgain(c, status, form)
}

type batchForm struct {
	Act  string `form:"act"`
	Lang string `form:"lang"`
}

// changeCodes does something with one batch: give it out, go on making it, or cancel it.
func (d *desk) changeCodes(c *fiber.Ctx) error {
	var form batchForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	of, err := d.closedOf(c)
	if err != nil {
		return err
	}
	ctx, me, id := c.UserContext(), *visitOf(c).staff, c.Params("batch")
	switch form.Act {
	case "csv":
		err = d.giveFile(c, of, id)
	case "sheets":
		err = d.giveSheets(c, of, id, form.Lang)
	case "resume":
		if _, err = d.Codes.Resume(ctx, me, of.Exercise, id); err == nil {
			d.fill(visitOf(c).id, id)
			return next(c, of.staff+"/codes")
		}
	case "cancel":
		if err = d.Codes.Cancel(ctx, me, of.Exercise, id); err == nil {
			return next(c, of.staff+"/codes")
		}
	default:
		err = fault.New(fault.Invalid, "error.invalid")
	}
	if err != nil {
		return d.codesRefused(c, err, view.CodesForm{})
	}
	return nil
}

// giveFile sends the codes with their links as a table.
func (d *desk) giveFile(c *fiber.Ctx, of closed, id string) error {
	g, err := d.Codes.Give(c.UserContext(), *visitOf(c).staff, of.Exercise, id, admission.CSV)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", "codes-"+of.ID()+".csv"))
	link := d.address(c, "/i/")
	return d.give(c, g, func(ctx context.Context, w io.Writer) error {
		fmt.Fprintln(w, "code,link")
		for code, err := range g.Codes(ctx) {
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s,%s%s\n", code, link, string(code)); err != nil {
				return err
			}
		}
		return nil
	})
}

// giveSheets sends the codes as a page to print, in a language of the exercise.
func (d *desk) giveSheets(c *fiber.Ctx, of closed, id, lang string) error {
	g, err := d.Codes.Give(c.UserContext(), *visitOf(c).staff, of.Exercise, id, admission.Sheets)
	if err != nil {
		return err
	}
	p := d.staffPage(c, g.Batch.Name)
	p.L, p.At = d.sheetLanguage(c, of, lang), of.staff+"/codes"
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	sheets := view.SheetsPage{Page: p, Exercise: of.title, Back: of.staff + "/codes", Link: d.address(c, "/i/"),
		Shown: string(c.Request().Host()) + "/i"}
	return d.give(c, g, func(ctx context.Context, w io.Writer) error {
		sheets.Codes = g.Codes(ctx)
		return view.Sheets(sheets).Render(ctx, w)
	})
}

// sheetLanguage is the chosen language if the exercise is offered in it, else the reader's.
func (d *desk) sheetLanguage(c *fiber.Ctx, of closed, lang string) *i18n.Locale {
	for _, tag := range of.languages {
		if l, ok := d.Locales.Locale(tag); ok && tag == lang {
			return l
		}
	}
	return d.locale(c)
}

// give streams codes. They are given out once the last of them has left: when it breaks off before, that can be done again.
func (d *desk) give(c *fiber.Ctx, g *admission.Giving, write func(context.Context, io.Writer) error) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	r, w := io.Pipe()
	go func() {
		buffer := bufio.NewWriterSize(w, 32<<10)
		err := recovering(func() error { return write(context.Background(), buffer) })
		if err == nil {
			err = buffer.Flush()
		}
		_ = w.CloseWithError(err) // never fails
	}()
	c.Context().SetBodyStream(&handing{stream: stream{r, c.Context().Conn()}, g: g, log: d.Log.Error, request: visitOf(c).id}, -1)
	return nil
}

// recovering turns a panic into an error.
func recovering(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// handing is a stream that knows whether all of it went out.
type handing struct {
	stream
	g       *admission.Giving
	log     func(msg string, args ...any)
	request string
	whole   bool
}

// Read implements io.Reader.
func (h *handing) Read(b []byte) (int, error) {
	n, err := h.stream.Read(b)
	h.whole = h.whole || errors.Is(err, io.EOF)
	return n, err
}

// CloseWithError ends the giving, with the error that the connection had. The server calls it after Close.
func (h *handing) CloseWithError(err error) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	end := h.g.BreakOff
	if h.whole && err == nil {
		end = h.g.Done
	}
	if cause := end(ctx); cause != nil {
		h.log("the end of a download of codes could not be kept", "request", h.request, "cause", cause)
	}
	return nil
}
