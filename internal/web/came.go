package web

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/i18n"
	"sayso/internal/report"
	"sayso/internal/web/view"
)

const (
	mostCame    = 6  // answers that a front page shows, and as many that people wait for
	allThatCame = 60 // the same on the page about nothing else
)

// areaCame is everything that came of what people of an area said and voted for: you said, we did, or why not.
func (d *desk) areaCame(c *fiber.Ctx) error {
	area, ok := d.Areas.Area(c.Params("area"))
	if !ok {
		return fault.New(fault.NotFound, "area.not_found")
	}
	l := d.locale(c)
	p := d.page(c, l.T("front.came"))
	p.Wide, p.Place = true, area.Name.Words(l.Tag)
	page := view.AreaCamePage{Page: p, Area: area}
	var err error
	if page.Outcomes, err = d.outcomes(c, area, allThatCame); err != nil {
		return err
	}
	public, err := d.publicReports(c, area)
	if err != nil {
		return err
	}
	page.Came = cameOf(l, public, allThatCame)
	page.Reports = readables(l, public, page.Outcomes)
	return d.send(c, fiber.StatusOK, view.AreaCame(page))
}

// readables lists the public reports and outcomes, the latest first.
func readables(l *i18n.Locale, public []report.Published, outcomes []view.ResultPage) []view.Readable {
	var out []view.Readable
	for _, pub := range public {
		out = append(out, view.Readable{Title: pub.Asked.Title, Kind: l.T("told.report"), On: pub.On, Path: templ.SafeURL("/r/" + pub.Survey)})
	}
	for _, r := range outcomes {
		out = append(out, view.Readable{Title: r.Exercise.Title, Kind: l.T("told.outcome"), On: r.Outcome.MadeOn,
			Path: templ.SafeURL("/b/" + r.Exercise.ID + "/outcome")})
	}
	slices.SortStableFunc(out, func(a, b view.Readable) int { return cmp.Compare(b.On, a.On) })
	return out
}

// publicReports returns the public reports of the area, and of the system around it.
func (d *desk) publicReports(c *fiber.Ctx, area exercise.Area) ([]report.Published, error) {
	areas := []string{area.ID}
	if area.Parent != "" {
		areas = append(areas, area.Parent)
	}
	return d.Reports.Public(c.UserContext(), areas...)
}

// cameOf lists what came of earlier surveys: what people said and what the board answers, at most so many of each. Of a
// report without any answer it names what people said most; of one without themes the title alone.
func cameOf(l *i18n.Locale, public []report.Published, most int) []view.Came {
	var answered, waiting []view.Came
	for _, pub := range public {
		if len(pub.Themes) == 0 {
			waiting = append(waiting, view.Came{Title: pub.Asked.Title, Report: "/r/" + pub.Survey})
		}
		for i, t := range pub.Themes {
			one := view.Came{Title: pub.Asked.Title, Said: t.Name.Words(l.Tag), Report: "/r/" + pub.Survey}
			if r, ok := pub.Replies[t.ID]; ok {
				one.Kind, one.Reply, one.Lang, one.By = string(r.Kind), r.Text, r.Lang, l.Date(r.By.Time())
				answered = append(answered, one)
			} else if i == 0 && len(pub.Replies) == 0 {
				waiting = append(waiting, one)
			}
		}
	}
	return append(answered[:min(len(answered), most)], waiting[:min(len(waiting), most)]...)
}

// outcomes lists what can be read of votes of the area, the latest first, at most so many.
func (d *desk) outcomes(c *fiber.Ctx, area exercise.Area, most int) ([]view.ResultPage, error) {
	var out []view.ResultPage
	for _, e := range d.Ballots.All() {
		if d.stateOf(e) != view.Closed || !d.concerns(e.Area, area) {
			continue
		}
		o, err := d.Ballots.Public(c.UserContext(), e.ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d.pageOf(c, o.Outcome, o.Found))
	}
	slices.SortStableFunc(out, func(a, b view.ResultPage) int { return cmp.Compare(b.Exercise.Closes, a.Exercise.Closes) })
	return out[:min(len(out), most)], nil
}

// outcomesFor lists the outcomes that stand beside a report: those of votes in its area.
func (d *desk) outcomesFor(c *fiber.Ctx, pub report.Published) ([]view.ResultPage, error) {
	area, ok := d.Areas.Area(pub.Area)
	if !ok {
		return nil, nil
	}
	return d.outcomes(c, area, mostCame)
}

type toldForm struct {
	Project string `form:"project"`
	State   string `form:"state"`
	Text    string `form:"text"`
	Take    string `form:"take"` // the number of what is taken back
}

// tell keeps what became of a project, or takes back what was told of it.
func (d *desk) tell(c *fiber.Ctx) error {
	var form toldForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	ctx, me, id, n := c.UserContext(), *visitOf(c).staff, c.Params("budget"), countNumber(c)
	if form.Take != "" {
		milestone, err := strconv.Atoi(form.Take)
		if err != nil {
			return fault.New(fault.NotFound, "told.not_found")
		}
		if _, err := d.Ballots.TakeToldBack(ctx, me, id, n, milestone); err != nil {
			return err
		}
		return next(c, countPath(id, n)+"#told")
	}
	_, err := d.Ballots.Tell(ctx, me, id, n, ballot.Milestone{Project: form.Project, State: ballot.Progress(form.State), Text: form.Text, Lang: d.locale(c).Tag})
	if status, sentence := d.refusal(c, err, fault.Invalid); status > 0 {
		return d.staffCountAgain(c, status, view.BoardForm{},
			view.ToldForm{Project: form.Project, State: form.State, Text: form.Text, Error: sentence})
	}
	if err != nil {
		return err
	}
	return next(c, countPath(id, n)+"#told-"+form.Project)
}
