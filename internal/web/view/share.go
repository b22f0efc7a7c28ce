package view

import (
	"strconv"
	"strings"

	"sayso/internal/exercise"
)

// Offer is an exercise that a shared device can be for.
type Offer struct {
	Ref       string // "s/" or "b/" and its id
	Title     exercise.Text
	Audience  exercise.Text
	Picture   string
	Languages []string // in which people may take part
	Open      bool
}

func (o Offer) id() string { return "exercise-" + strings.ReplaceAll(o.Ref, "/", "-") }

// ShareForm is what a worker chose, and what is to be mended.
type ShareForm struct {
	Exercise string // an Offer's Ref
	Lang     string
	Minutes  string
	Field    string
	Error    string
}

// The fields of the form.
const (
	FieldExercise = "exercise"
	FieldLanguage = "language"
	FieldMinutes  = "minutes"
	FieldPIN      = "pin"
	FieldAgain    = "again"
)

// SharePage is a page about what a shared device is for, or can be for.
type SharePage struct {
	Page
	ShareForm
	Offers   []Offer
	Pictures Pictures
}

func (p SharePage) errorOf(field string) string {
	if p.Field != field {
		return ""
	}
	return p.Error
}

// first is the id of the control that the error is about.
func (p SharePage) first() string {
	switch {
	case p.Field == FieldExercise && len(p.Offers) > 0:
		return p.Offers[0].id()
	case p.Field == FieldLanguage:
		return "language-" + p.Languages[0].Tag
	case p.Field == FieldMinutes:
		return "minutes-" + strconv.Itoa(Minutes[0])
	}
	return p.Field
}
