package web

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/preview"
	"sayso/internal/web/view"
)

// What previews are sealed for, and in which cookie a walk is carried.
const (
	previewLink   = "preview link"
	previewWalk   = "preview walk"
	previewCookie = "preview"
)

// mostSheet is how many bytes a packed walk may have: sealed they are four thirds, and a browser keeps 4096 a cookie.
const mostSheet = 2800

// openedSheet is the sheet that was sealed for the purpose, while it can be walked.
func (d *desk) openedSheet(purpose, sealed string) (*preview.Sheet, bool) {
	if sealed == "" || len(sealed) > 4096 {
		return nil, false
	}
	packed, err := d.Secrets.Open(purpose, sealed)
	if err != nil {
		return nil, false
	}
	s, err := preview.Unpack(packed)
	if err != nil || s.Until < exercise.DayOf(d.Now()) {
		return nil, false
	}
	return s, true
}

// rehearsed has the route served from the sheet of a walk where the visitor carries one of the exercise in the path.
func (d *desk) rehearsed(r Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		s, ok := d.openedSheet(previewWalk, c.Cookies(d.cookieName(previewCookie)))
		if !ok || s.Survey != c.Params("survey") || s.Budget != c.Params("budget") {
			return c.Next()
		}
		return d.rehearse(c, r, s)
	}
}

// rehearse serves the route at a desk of its own, whose services know nothing but the sheet, and hands the sheet back.
func (d *desk) rehearse(c *fiber.Ctx, r Route, s *preview.Sheet) error {
	visitOf(c).preview = true
	walk, err := d.walk(c.UserContext(), s)
	if err != nil {
		return err
	}
	for _, served := range walk.routes() {
		if served.Method != r.Method || served.Pattern != r.Pattern {
			continue
		}
		if err := served.handler(c); err != nil {
			if err := walk.fail(c, err); err != nil {
				return err
			}
		}
	}
	return d.carry(c, s)
}

// walk is a desk for one request of a preview: nothing it keeps outlives the request, or counts for a limit.
func (d *desk) walk(ctx context.Context, s *preview.Sheet) (*desk, error) {
	p := d.Parts
	p.Limits = nil
	var err error
	if s.Survey != "" {
		p.Surveys, err = s.Surveys(ctx, d.Surveys, d.Now)
	} else {
		p.Ballots, err = s.Ballots(ctx, d.Ballots, d.Now)
	}
	if err != nil {
		return nil, err
	}
	walk := newDesk(p)
	walk.pages, walk.trial = d.pages, s
	return walk, nil
}

// carry gives the sheet back to the browser, for as long as it is open.
func (d *desk) carry(c *fiber.Ctx, s *preview.Sheet) error {
	packed, err := s.Pack(mostSheet)
	if err != nil {
		return err
	}
	d.setCookie(c, previewCookie, d.Secrets.Seal(previewWalk, packed), 0)
	return nil
}

// previewPage tells a colleague what the link leads to.
func (d *desk) previewPage(c *fiber.Ctx) error {
	s, ok := d.openedSheet(previewLink, c.Params("token"))
	if !ok {
		return fault.New(fault.NotFound, "preview.gone")
	}
	title, err := d.titleOf(s)
	if err != nil {
		return err
	}
	l := d.locale(c)
	return d.send(c, fiber.StatusOK, view.PreviewStart(d.page(c, l.T("preview.title")), title, s.Until))
}

func (d *desk) titleOf(s *preview.Sheet) (exercise.Text, error) {
	if s.Survey != "" {
		sv, err := d.Surveys.Newest(s.Survey)
		if err != nil {
			return nil, err
		}
		return sv.Title, nil
	}
	e, err := d.Ballots.Newest(s.Budget)
	if err != nil {
		return nil, err
	}
	return e.Title, nil
}

// beginPreview marks the browser: from now on it walks through the exercise and saves nothing there.
func (d *desk) beginPreview(c *fiber.Ctx) error {
	s, ok := d.openedSheet(previewLink, c.Params("token"))
	if !ok {
		return fault.New(fault.NotFound, "preview.gone")
	}
	if err := d.carry(c, s); err != nil {
		return err
	}
	return next(c, s.Path())
}

// leavePreview ends the walk: what was said on it is gone.
func (d *desk) leavePreview(c *fiber.Ctx) error {
	s, ok := d.openedSheet(previewWalk, c.Cookies(d.cookieName(previewCookie)))
	d.setCookie(c, previewCookie, "", -1)
	if !ok {
		return next(c, "/")
	}
	return next(c, s.Path())
}

// newPreview makes a link to a preview. It is not kept, and so cannot be taken back before its day.
func (d *desk) newPreview(c *fiber.Ctx, s preview.Sheet, subject, area string) (view.PreviewLink, error) {
	s.Until = exercise.DayOf(d.Now()).Add(preview.Days)
	packed, err := s.Pack(mostSheet)
	if err != nil {
		return view.PreviewLink{}, err
	}
	if err := d.Audit.Record(c.UserContext(), *visitOf(c).staff, people.ActPreviewMade, subject, area, map[string]string{"until": string(s.Until)}); err != nil {
		return view.PreviewLink{}, err
	}
	return view.PreviewLink{Address: d.address(c, "/preview/"+d.Secrets.Seal(previewLink, packed)), Until: s.Until}, nil
}

// previewSurvey makes a link for colleagues to a survey.
func (d *desk) previewSurvey(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	link, err := d.newPreview(c, preview.Sheet{Survey: sv.ID}, "survey/"+sv.ID, sv.Area)
	if err != nil {
		return err
	}
	return d.staffSurveyWith(c, link)
}

// previewBudget makes a link for colleagues to a budget exercise.
func (d *desk) previewBudget(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	link, err := d.newPreview(c, preview.Sheet{Budget: e.ID}, "budget/"+e.ID, e.Area)
	if err != nil {
		return err
	}
	return d.staffBudgetWith(c, fiber.StatusOK, link, "")
}

// takesPart says whether people who take part come by the route.
func takesPart(pattern string) bool {
	return strings.HasPrefix(pattern, "/s/:survey") || strings.HasPrefix(pattern, "/b/:budget")
}
