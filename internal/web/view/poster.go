package view

import (
	"github.com/a-h/templ"

	"sayso/internal/exercise"
	"sayso/internal/i18n"
)

// Leaflet is a page to print about an exercise: a poster, or cards.
type Leaflet struct {
	Page
	Title, Why, Audience exercise.Text
	Picture              string
	Pictures             Pictures
	Opens, Closes        exercise.Day
	Path                 string // of the exercise, such as "/s/worries"
	Address              string // where the code for cameras leads: the exercise in the language of the page
	Short                string // the address as people type it
	Offered              []*i18n.Locale
}

func (s Leaflet) at(rest string) templ.SafeURL { return templ.SafeURL(s.Path + rest) }

// offered says whether people may take part in the language of the page.
func (s Leaflet) offered() bool {
	for _, l := range s.Offered {
		if l == s.L {
			return true
		}
	}
	return false
}

// days are the first and the last day on which people can take part.
func (s Leaflet) days() string {
	return s.T("poster.days", "From", s.L.Date(s.Opens.Time()), "To", s.L.Date(s.Closes.Time()))
}

func (s Leaflet) codeName() string { return s.T("poster.code", "Title", s.Title.Words(s.L.Tag)) }

const cardsOnPage = 8
