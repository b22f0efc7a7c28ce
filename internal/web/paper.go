package web

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/disclosure"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

func paperPath(exercise string) string { return "/staff/budgets/" + exercise + "/paper" }

func sheetPath(exercise string, code people.Code) string {
	return paperPath(exercise) + "/" + code.String()
}

// paper shows how far the paper ballots of an exercise are, takes the code of one, and makes more.
func (d *desk) paper(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	typed := c.Query("code")
	if typed == "" {
		return d.paperAgain(c, e, fiber.StatusOK, view.PaperForm{Twice: false, Number: "30"})
	}
	code, err := people.ParseCode(typed)
	if err == nil {
		_, err = d.Ballots.Sheet(c.UserContext(), *visitOf(c).staff, e.ID, d.sheetHashes(e, code))
	}
	switch f := asFault(err); {
	case err == nil:
		return next(c, sheetPath(e.ID, code))
	case f.Kind == fault.Invalid, f.Kind == fault.NotFound:
		return d.paperAgain(c, e, fiber.StatusUnprocessableEntity, view.PaperForm{Number: "30", Code: typed, CodeError: sentenceOf(d.locale(c), f)})
	}
	return err
}

func (d *desk) sheetHashes(e *ballot.Exercise, code people.Code) []string {
	return d.Secrets.HashesOfCode(ballot.SheetPurpose(e.ID), code)
}

func (d *desk) paperAgain(c *fiber.Ctx, e *ballot.Exercise, status int, form view.PaperForm) error {
	ctx, me := c.UserContext(), *visitOf(c).staff
	raw, err := d.Ballots.Sheets(ctx, e.ID)
	if err != nil {
		return err
	}
	p := view.PaperDesk{BudgetPage: d.budgetPage(c, e, d.locale(c).T("paper.title")), PaperForm: form, After: c.Query("after"),
		Over: d.stateOf(e) == view.Closed}
	p.Page = d.staffPage(c, p.Title)
	for _, tag := range e.Offered() {
		if l, ok := d.Locales.Locale(tag); ok {
			p.Offered = append(p.Offered, l)
		}
	}
	if err := d.Ballots.MayType(ctx, me, e.ID); fault.Is(err, fault.Forbidden) {
		p.Shut = sentenceOf(p.L, asFault(err))
	} else if err != nil {
		return err
	}
	if p.Seed == "" {
		p.Seed = newSeed()
	}
	if p.Figures, p.Made, err = sheetFigures(raw); err != nil {
		return err
	}
	return d.send(c, status, view.Paper(p))
}

// sheetFigures are the figures of the states that tell of people; how many were printed tells of nobody.
func sheetFigures(raw map[ballot.SheetState]int) (out []view.SheetFigure, made int, err error) {
	for _, n := range raw {
		made += n
	}
	raw[ballot.Counted] += raw[ballot.Becoming]
	for _, state := range []ballot.SheetState{ballot.Counted, ballot.Once, ballot.Differs, ballot.Spoilt} {
		n := int64(raw[state])
		heard, err := disclosure.PublishLedger(disclosure.Standard(), n, []disclosure.Part{{Name: string(state), Count: n}})
		if err != nil {
			return nil, 0, err
		}
		out = append(out, view.SheetFigure{State: state, None: n == 0, About: heard.Total})
	}
	return out, made, nil
}

// newSeed draws what the codes of a set are made from: a page that is sent twice makes one set, which the page alone can
// print again.
func newSeed() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// codesOf makes n codes from the seed of the page, other ones for each exercise, language and way of typing.
func codesOf(seed, of string, n int) ([]people.Code, error) {
	secret, err := hex.DecodeString(seed)
	if err != nil || len(secret) != 16 {
		return nil, fault.New(fault.Invalid, "error.invalid")
	}
	const perCode = 10
	stream, err := hkdf.Key(sha256.New, secret, nil, of, n*perCode)
	if err != nil {
		return nil, err
	}
	from, codes := bytes.NewReader(stream), make([]people.Code, n)
	for i := range codes {
		if codes[i], err = people.NewCode(from); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

type sheetsForm struct {
	Number string `form:"number"`
	Lang   string `form:"lang"`
	Way    string `form:"way"`
	Twice  string `form:"twice"`
	Seed   string `form:"seed"`
}

// makeSheets makes a set and shows it, to print. The codes are not kept: the page is shown once, or again by the same
// form.
func (d *desk) makeSheets(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	var form sheetsForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	p, err := d.printed(c, e, form)
	if status, sentence := d.refusal(c, err, fault.Invalid); status > 0 {
		return d.paperAgain(c, e, status,
			view.PaperForm{Number: form.Number, Lang: form.Lang, Way: ballot.WhichOf(form.Way), Twice: form.Twice != "", MakeError: sentence})
	}
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Printed(p))
}

func (d *desk) printed(c *fiber.Ctx, e *ballot.Exercise, form sheetsForm) (p view.PrintPage, err error) {
	number, err := strconv.Atoi(form.Number)
	if err != nil || number < 1 || number > ballot.MostSheets {
		return p, fault.New(fault.Invalid, "paper.how_many").With(map[string]any{"Most": ballot.MostSheets})
	}
	l, ok := d.Locales.Locale(form.Lang)
	if !ok || !slices.Contains(e.Offered(), form.Lang) {
		return p, fault.New(fault.Invalid, "answer.choose_listed")
	}
	set := ballot.Set{Language: form.Lang, Way: ballot.WhichOf(form.Way), Twice: form.Twice != ""}
	codes, err := codesOf(form.Seed, fmt.Sprintf("%s %s %d %t", e.ID, set.Language, set.Way, set.Twice), number)
	if err != nil {
		return p, err
	}
	hashes := make([]string, number)
	for i, code := range codes {
		hashes[i] = d.Secrets.HashCode(ballot.SheetPurpose(e.ID), code)
	}
	if err := d.Ballots.MakeSheets(c.UserContext(), *visitOf(c).staff, e.ID, set, hashes); err != nil {
		return p, err
	}
	p.Desk = d.budgetPage(c, e, d.locale(c).T("paper.printed", "Count", number))
	p.Desk.Page = d.staffPage(c, p.Desk.Title)
	p.BudgetPage = d.budgetPage(c, e, p.Desk.Title)
	p.Way, p.Exercise = set.Way, e.By(set.Way)
	p.L = l
	p.Place = d.placeName(l.Tag, e.Area)
	p.PlaceOf = func(area string) string { return d.placeName(l.Tag, area) }
	p.Codes = codes
	p.Address = func(code people.Code) string { return d.address(c, sheetPath(e.ID, code)) }
	return p, nil
}

// sheetOf is the sheet of the path, where it can be typed in.
func (d *desk) sheetOf(c *fiber.Ctx) (p view.SheetPage, err error) {
	e, err := d.budgetOf(c)
	if err != nil {
		return p, err
	}
	ctx, me := c.UserContext(), *visitOf(c).staff
	if err := d.Ballots.MayType(ctx, me, e.ID); err != nil {
		return p, err
	}
	code, err := people.ParseCode(c.Params("sheet"))
	if err != nil {
		return p, fault.New(fault.NotFound, "paper.unknown").Because(err)
	}
	if p.Sheet, err = d.Ballots.Sheet(ctx, me, e.ID, d.sheetHashes(e, code)); err != nil {
		return p, err
	}
	p.BudgetPage = d.budgetPage(c, e, d.locale(c).T("paper.type_title", "Code", code.String()))
	p.Page, p.Exercise = d.staffPage(c, p.Title), e.By(p.Sheet.Way)
	p.Code, p.Shown = code, e.Shown(code.String())
	p.Same = p.Sheet.State == ballot.Once && p.Sheet.Typings[0].By == me.ID
	return p, nil
}

// sheet is the page on which a sheet is typed in, or on which somebody decides between two typings.
func (d *desk) sheet(c *fiber.Ctx) error {
	p, err := d.sheetOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Sheet(p))
}

// many are the values of a field of the form.
func many(c *fiber.Ctx, name string) (out []string) {
	for _, v := range c.Request().PostArgs().PeekMulti(name) {
		out = append(out, string(v))
	}
	return out
}

// typeSheet keeps what stands on a sheet, and goes on to the next.
func (d *desk) typeSheet(c *fiber.Ctx) error {
	p, err := d.sheetOf(c)
	if err != nil {
		return err
	}
	p.Marks = p.Exercise.Marks(func(item string) []string { return many(c, item) })
	seen, alone := ballot.SheetState(c.FormValue("seen")), c.FormValue("alone") != ""
	sh, err := d.Ballots.Type(c.UserContext(), *visitOf(c).staff, p.Exercise.ID, p.Sheet.Hash, seen, p.Marks, alone)
	return d.afterSheet(c, p, sh, err)
}

// settleSheet keeps what somebody decided about two typings that differ.
func (d *desk) settleSheet(c *fiber.Ctx) error {
	p, err := d.sheetOf(c)
	if err != nil {
		return err
	}
	ctx, me := c.UserContext(), *visitOf(c).staff
	var sh ballot.Sheet
	switch p.Picks = func(item string) int { n, _ := strconv.Atoi(c.FormValue("d-" + item)); return n }; c.FormValue("act") {
	case "again":
		sh, err = d.Ballots.TypeAgain(ctx, me, p.Exercise.ID, p.Sheet.Hash)
	default:
		sh, err = d.Ballots.Settle(ctx, me, p.Exercise.ID, p.Sheet.Hash, p.Picks)
	}
	return d.afterSheet(c, p, sh, err)
}

// afterSheet goes on to the next sheet; a sheet that needs more is shown, and so is one that somebody else has typed
// meanwhile.
func (d *desk) afterSheet(c *fiber.Ctx, p view.SheetPage, sh ballot.Sheet, err error) error {
	path := sheetPath(p.Exercise.ID, p.Code)
	switch f := asFault(err); {
	case fault.Is(err, fault.Conflict):
		return next(c, path)
	case err != nil:
		return d.again(c, err, func(sentence string) templ.Component {
			p.Error, p.At = sentence, fmt.Sprint(f.Args["Item"])
			return view.Sheet(p)
		})
	case sh.State == ballot.Differs, sh.State == ballot.Blank:
		return next(c, path)
	}
	return next(c, paperPath(p.Exercise.ID)+"?after="+string(sh.State))
}

// leaveSheetsOut lets the votes be counted without the sheets that wait.
func (d *desk) leaveSheetsOut(c *fiber.Ctx) error {
	id := c.Params("budget")
	if err := d.Ballots.LeaveOut(c.UserContext(), *visitOf(c).staff, id); err != nil {
		return err
	}
	return next(c, paperPath(id))
}
