package web

import (
	"fmt"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/i18n"
	"sayso/internal/web/view"
)

// front is the first page: a choice of areas, or the page of the home area.
func (d *desk) front(c *fiber.Ctx) error {
	if d.Settings.Home != "" {
		return d.frontOf(c, d.Settings.Home)
	}
	if systems := d.Areas.Systems(); len(systems) == 1 {
		return d.frontOf(c, systems[0].ID)
	}
	l := d.locale(c)
	return d.same(c, "front/"+l.Tag, func() templ.Component {
		return view.Areas(d.page(c, l.T("front.title")), d.Areas.Systems())
	})
}

// areaFront is the page of one area: what is open, and what came of earlier ones.
func (d *desk) areaFront(c *fiber.Ctx) error { return d.frontOf(c, c.Params("area")) }

func (d *desk) frontOf(c *fiber.Ctx, id string) error {
	area, ok := d.Areas.Area(id)
	if !ok {
		return fault.New(fault.NotFound, "area.not_found")
	}
	l := d.locale(c)
	p := d.page(c, l.T("front.title"))
	p.Wide, p.Place = true, area.Name.Words(l.Tag)
	front := view.Front{Page: p, Area: area, Pictures: d.Library.picture, PlaceOf: func(id string) string { return d.placeName(l.Tag, id) }}
	today := d.Surveys.Today()
	for _, sv := range d.Surveys.All() {
		if !d.concerns(sv.Area, area) {
			continue
		}
		switch {
		case sv.OpenOn(today):
			front.Open = append(front.Open, sv)
		case today < sv.Opens:
			front.Soon = append(front.Soon, sv)
		}
	}
	for _, e := range d.Ballots.All() {
		switch here := d.concerns(e.Area, area) && e.Round == ""; {
		case here && e.OpenOn(today):
			front.Votes = append(front.Votes, d.budgetPage(c, e, ""))
		case here && today < e.Opens:
			front.VotesSoon = append(front.VotesSoon, d.budgetPage(c, e, ""))
		}
	}
	var err error
	if front.Rounds, err = d.rounds(c, area); err != nil {
		return err
	}
	if front.Outcomes, err = d.outcomes(c, area, mostCame); err != nil {
		return err
	}
	public, err := d.publicReports(c, area)
	if err != nil {
		return err
	}
	front.Came = cameOf(l, public, mostCame)
	return d.send(c, fiber.StatusOK, view.AreaFront(front))
}

// concerns says whether what belongs to an area is for people of another: it is theirs, or of the system around it.
func (d *desk) concerns(of string, area exercise.Area) bool {
	return d.Areas.Within(of, area.ID) || of == area.Parent
}

// help lists who helps now, in the person's language.
func (d *desk) help(c *fiber.Ctx) error {
	l := d.locale(c)
	return d.same(c, "help/"+l.Tag, func() templ.Component {
		return view.Help(d.page(c, l.T("help.title")), d.Library.HelpLines)
	})
}

// languages lists the languages, how complete they are and who checked them.
func (d *desk) languages(c *fiber.Ctx) error {
	l := d.locale(c)
	return d.same(c, "languages/"+l.Tag, func() templ.Component {
		return view.Languages(d.page(c, l.T("languages.title")))
	})
}

// guide is a page about the service.
func (d *desk) guide(c *fiber.Ctx) error {
	l := d.locale(c)
	name := c.Params("guide")
	g, used, ok := d.Library.Guide(name, l.Tag)
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	in, _ := d.Locales.Locale(used)
	return d.same(c, fmt.Sprintf("guide/%s/%s", name, l.Tag), func() templ.Component {
		return view.Guide(d.page(c, g.Title), g.Title, g.HTML, in)
	})
}

// pictures lists all pictures with their names, and whose they are.
func (d *desk) pictures(c *fiber.Ctx) error {
	l := d.locale(c)
	g, used, ok := d.Library.Guide("pictures", l.Tag)
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	in, _ := d.Locales.Locale(used)
	return d.same(c, "pictures/"+l.Tag, func() templ.Component {
		return view.PictureList(d.page(c, g.Title), g.Title, g.HTML, in, d.Library.allNamed(l.Tag))
	})
}

// sentenceOf says the fault's sentence in the language; a fault without one of its own says its kind's.
func sentenceOf(l *i18n.Locale, f *fault.Error) string {
	key := f.Key
	if !l.Has(key) {
		key = "error." + string(f.Kind)
	}
	args := make([]any, 0, 2*len(f.Args))
	for k, v := range f.Args {
		args = append(args, k, v)
	}
	return l.T(key, args...)
}
