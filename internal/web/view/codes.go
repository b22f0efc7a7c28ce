package view

import (
	"context"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"sayso/internal/admission"
	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/people"
)

// CodesPage is the page of staff on which the codes of an exercise are made.
type CodesPage struct {
	Page
	Exercise exercise.Text // its title
	Closed   bool          // it needs codes
	Staff    string        // path of its page for staff
	Form     CodesForm
	Batches  []admission.Batch
	Now      time.Time
	Offered  []*i18n.Locale // languages of the exercise, for sheets
}

// CodesForm is the form for more codes as it was sent, with what to mend: in the field, or among the batches.
type CodesForm struct {
	Name, Count  string
	Error, Field string
}

func (f CodesForm) of(field string) string {
	if f.Field != field {
		return ""
	}
	return f.Error
}

// Making says whether a batch is being made, so that the page should come again.
func (p CodesPage) Making() bool {
	for _, b := range p.Batches {
		if b.State == admission.Making && b.Held(p.Now) {
			return true
		}
	}
	return false
}

// waits says whether a batch must be made or cancelled before another.
func (p CodesPage) waits() bool {
	for _, b := range p.Batches {
		if b.State == admission.Making {
			return true
		}
	}
	return false
}

func (p CodesPage) at(rest string) templ.SafeURL { return templ.SafeURL(p.Staff + "/codes" + rest) }

func (p CodesPage) number(n int) string { return p.L.Number(int64(n)) }

// used is what may be told of how many codes were used.
func (p CodesPage) used(b admission.Batch) string {
	if b.Used == 0 {
		return p.T("codes.used_few", "Day", p.L.Date(b.UsedOn.Time()))
	}
	return p.T("codes.used", "Number", p.number(int(b.Used)), "Day", p.L.Date(b.UsedOn.Time()))
}

func printable(b admission.Batch) bool { return b.Count <= admission.MostPrinted }

// SheetsPage is a page of codes to print and cut.
type SheetsPage struct {
	Page
	Exercise exercise.Text // its title
	Back     string        // path of the page of codes
	Link     string        // of a code, without the code
	Shown    string        // the address to type
	Codes    iter.Seq2[people.Code, error]
}

// bare is an address as people type it.
func bare(address string) string { return strings.TrimPrefix(address, "www.") }

func progressOf(b admission.Batch) string { return strconv.Itoa(b.Made) }

// unless breaks the page off with the error, if there is one.
func unless(err error) templ.Component {
	return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
}
