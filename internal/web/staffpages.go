package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/disclosure"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// staffPage begins a page of the desk of staff.
func (d *desk) staffPage(c *fiber.Ctx, title string) view.Page {
	p := d.page(c, title)
	p.Wide = true
	p.Place = d.placeName(p.L.Tag, p.Staff.Area)
	return p
}

// today starts with what is owed and what waits.
func (d *desk) today(c *fiber.Ctx) error {
	l := d.locale(c)
	p := d.staffPage(c, l.T("desk.title"))
	desk := view.Desk{Page: p}
	var err error
	if desk.Running, err = d.running(c); err != nil {
		return err
	}
	for _, r := range desk.Running {
		desk.Waiting = append(desk.Waiting, r.Waiting...)
		desk.Owed = append(desk.Owed, r.Owed...)
	}
	slices.SortStableFunc(desk.Owed, func(a, b view.Owed) int { return cmp.Compare(a.Due, b.Due) })
	return d.send(c, fiber.StatusOK, view.Today(desk))
}

// running lists the surveys of the member's area, with what each waits for.
func (d *desk) running(c *fiber.Ctx) ([]view.Running, error) {
	me := visitOf(c).staff
	var out []view.Running
	for _, sv := range d.Surveys.All() {
		if !d.Staff.Can(*me, sv.Area) {
			continue
		}
		r, err := d.runningSurvey(c, sv)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (d *desk) runningSurvey(c *fiber.Ctx, sv *survey.Survey) (view.Running, error) {
	r := view.Running{Survey: sv, Open: sv.OpenOn(d.Surveys.Today())}
	n, err := d.Surveys.Received(c.UserContext(), sv)
	if err != nil {
		return r, err
	}
	heard, err := disclosure.PublishLedger(disclosure.Standard(), int64(n), []disclosure.Part{{Name: "received", Count: int64(n)}})
	if err != nil {
		return r, err
	}
	r.Heard = heard.Total
	records, err := d.Reports.List(c.UserContext(), sv.ID)
	if err != nil {
		return r, err
	}
	for _, rec := range records {
		if rec.State == report.Made {
			r.Waiting = append(r.Waiting, view.Waiting{Survey: sv, Number: rec.Number})
		}
	}
	r.Owed, err = d.owed(c, sv)
	return r, err
}

// owed lists the themes of the newest public report that the board has not answered by the day of its decision, and
// promises whose day has come.
func (d *desk) owed(c *fiber.Ctx, sv *survey.Survey) ([]view.Owed, error) {
	pub, err := d.Reports.Latest(c.UserContext(), sv.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	today := d.Surveys.Today()
	var out []view.Owed
	for _, t := range pub.Themes {
		due, reply := sv.Decision.On, pub.Replies[t.ID]
		switch {
		case !t.Of.Share().Shown() || t.Of.Part.N() == 0:
			continue
		case reply.Kind == report.WeWill:
			due = reply.By
		case reply.Kind != "":
			continue
		}
		out = append(out, view.Owed{Survey: sv, Number: pub.Number, Theme: t.ID, Name: t.Name, Due: due, Late: due < today})
	}
	return out, nil
}

// surveys lists the surveys of the member's area.
func (d *desk) surveys(c *fiber.Ctx) error {
	running, err := d.running(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Surveys(d.staffPage(c, d.locale(c).T("surveys.title")), running))
}

// staffSurvey shows one survey: its versions, languages and reports.
func (d *desk) staffSurvey(c *fiber.Ctx) error {
	return d.staffSurveyWith(c, view.PreviewLink{})
}

func (d *desk) staffSurveyWith(c *fiber.Ctx, link view.PreviewLink) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	versions, err := d.Surveys.Versions(c.UserContext(), sv.ID)
	if err != nil {
		return err
	}
	records, err := d.Reports.List(c.UserContext(), sv.ID)
	if err != nil {
		return err
	}
	r, err := d.runningSurvey(c, sv)
	if err != nil {
		return err
	}
	r.Preview = link
	p := d.staffPage(c, sv.Title.Words(d.locale(c).Tag))
	return d.send(c, fiber.StatusOK, view.StaffSurvey(p, r, versions, records))
}

const staffPageSize = 50

// members lists staff, with a form to invite more.
func (d *desk) members(c *fiber.Ctx) error {
	return d.membersAgain(c, fiber.StatusOK, view.Invite{})
}

func (d *desk) membersAgain(c *fiber.Ctx, status int, form view.Invite) error {
	me := visitOf(c).staff
	list, err := d.Staff.Members(c.UserContext(), *me, c.Query("after"), staffPageSize)
	if err != nil {
		return err
	}
	for _, a := range d.Areas.All() {
		if d.Staff.Can(*me, a.ID) {
			form.Areas = append(form.Areas, a)
		}
	}
	form.Everywhere = me.Area == ""
	p := d.staffPage(c, d.locale(c).T("people.title"))
	return d.send(c, status, view.Members(p, list, form, len(list) == staffPageSize))
}

type inviteForm struct {
	Name string `form:"name"`
	Role string `form:"role"`
	Area string `form:"area"`
}

// invite makes a link for somebody to become staff, and shows it once.
func (d *desk) invite(c *fiber.Ctx) error {
	var form inviteForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	me := visitOf(c).staff
	again := view.Invite{Name: form.Name, Role: people.Role(form.Role), Area: form.Area}
	token, err := d.Staff.Invite(c.UserContext(), *me, form.Name, people.Role(form.Role), form.Area)
	if status, sentence := d.refusal(c, err, fault.Invalid, fault.Conflict); status > 0 {
		again.Error = sentence
		return d.membersAgain(c, status, again)
	}
	if err != nil {
		return err
	}
	return d.membersAgain(c, fiber.StatusOK, view.Invite{Link: d.address(c, "/staff/invite/"+token), For: form.Name})
}

// address is the full address of a path here, for people to copy.
func (d *desk) address(c *fiber.Ctx, path string) string {
	scheme := "http"
	if d.Settings.Secure {
		scheme = "https"
	}
	return fmt.Sprintf("%s://%s%s", scheme, c.Request().Host(), path)
}

type memberForm struct {
	Act  string `form:"act"`
	Role string `form:"role"`
	Area string `form:"area"`
}

// member changes one member of staff: disable, enable, another role, a new invitation after a loss.
func (d *desk) member(c *fiber.Ctx) error {
	var form memberForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	ctx, me, id := c.UserContext(), *visitOf(c).staff, c.Params("id")
	var err error
	var done view.Invite
	switch form.Act {
	case "disable":
		err = d.Staff.Disable(ctx, me, id)
	case "enable":
		err = d.Staff.Enable(ctx, me, id)
	case "role":
		err = d.Staff.ChangeRole(ctx, me, id, people.Role(form.Role), form.Area)
	case "recover":
		var token string
		token, err = d.Staff.Recover(ctx, me, id)
		done.Link = d.address(c, "/staff/invite/"+token)
	default:
		err = fault.New(fault.Invalid, "error.invalid")
	}
	if status, sentence := d.refusal(c, err, fault.Invalid, fault.Conflict); status > 0 {
		return d.membersAgain(c, status, view.Invite{Error: sentence})
	}
	if err != nil {
		return err
	}
	if done.Link != "" {
		return d.membersAgain(c, fiber.StatusOK, done)
	}
	return next(c, "/staff/people")
}

// staffLanguages shows how complete and how checked each language is, of the pages and of the surveys.
func (d *desk) staffLanguages(c *fiber.Ctx) error {
	me := visitOf(c).staff
	var list []*survey.Survey
	for _, sv := range d.Surveys.All() {
		if d.Staff.Can(*me, sv.Area) {
			list = append(list, sv)
		}
	}
	return d.send(c, fiber.StatusOK, view.StaffLanguages(d.staffPage(c, d.locale(c).T("staff_languages.title")), list))
}

// audit shows who did what, newest first.
func (d *desk) audit(c *fiber.Ctx) error {
	me := visitOf(c).staff
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	var areas []string // nil: all
	if me.Area != "" {
		areas = []string{me.Area}
		for _, a := range d.Areas.All() {
			if a.ID != me.Area && d.Staff.Can(*me, a.ID) {
				areas = append(areas, a.ID)
			}
		}
	}
	entries, err := d.Entries.EntriesBefore(c.UserContext(), areas, before, staffPageSize)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Audit(d.staffPage(c, d.locale(c).T("audit.title")), entries, len(entries) == staffPageSize))
}
