package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/web/view"
)

// leaflet begins a page to print that leads people to an exercise by a code for cameras and a short link.
func (d *desk) leaflet(c *fiber.Ctx, path, key string, title exercise.Text, languages []exercise.Language) view.Leaflet {
	l := d.locale(c)
	p := d.page(c, l.T(key)+": "+title.Words(l.Tag))
	_, short, _ := strings.Cut(d.address(c, path), "://")
	s := view.Leaflet{Page: p, Title: title, Pictures: d.Library.picture, Path: path, Short: short,
		Address: d.address(c, path+"?lang="+l.Tag)}
	for _, tag := range exercise.Offered(languages) {
		if other, ok := d.Locales.Locale(tag); ok {
			s.Offered = append(s.Offered, other)
		}
	}
	return s
}

func (d *desk) surveyLeaflet(c *fiber.Ctx, sv *survey.Survey, key string) view.Leaflet {
	s := d.leaflet(c, "/s/"+sv.ID, key, sv.Title, sv.Languages)
	s.Place = d.placeName(s.L.Tag, sv.Area)
	s.Why, s.Audience, s.Picture, s.Opens, s.Closes = sv.Why, sv.Audience, sv.Picture, sv.Opens, sv.Closes
	return s
}

func (d *desk) budgetLeaflet(c *fiber.Ctx, e *ballot.Exercise, key string) view.Leaflet {
	s := d.leaflet(c, "/b/"+e.ID, key, e.Title, e.Languages)
	s.Place = d.placeName(s.L.Tag, e.Area)
	s.Why, s.Audience, s.Picture, s.Opens, s.Closes = e.Why, e.Audience, e.Picture, e.Opens, e.Closes
	return s
}

// poster is a page to hang up.
func (d *desk) poster(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Poster(d.surveyLeaflet(c, sv, "poster.poster")))
}

// cards are eight cards a page, to cut out and give away.
func (d *desk) cards(c *fiber.Ctx) error {
	sv, err := d.surveyOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Cards(d.surveyLeaflet(c, sv, "poster.cards")))
}

// budgetPoster is the poster of a budget exercise.
func (d *desk) budgetPoster(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Poster(d.budgetLeaflet(c, e, "poster.poster")))
}

// budgetCards are the cards of a budget exercise.
func (d *desk) budgetCards(c *fiber.Ctx) error {
	e, err := d.budgetOf(c)
	if err != nil {
		return err
	}
	return d.send(c, fiber.StatusOK, view.Cards(d.budgetLeaflet(c, e, "poster.cards")))
}
