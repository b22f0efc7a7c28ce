package web_test

import (
	"context"
	"net/http"
	"testing"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/web"
)

func TestBoardsReadNoQuoteThatNobodyKept(t *testing.T) {
	w := newWorld(t)
	must(t, w.fill(t.Context(), 400, "worries"))
	r, err := w.reports.Record(t.Context(), "worries", 1)
	must(t, err)
	p, err := r.Preview(true)
	must(t, err)
	kept, held, undecided := "#quote-"+p.Quotes[0].ID, "#quote-"+p.Quotes[1].ID, "#quote-"+p.Quotes[5].ID
	must(t, w.reports.HoldBack(t.Context(), people.CommandLine(), "worries", 1, p.Quotes[1].ID, survey.HeldSafety))
	const path = "/staff/surveys/worries/reports/1"
	w.member(t, people.Board, "north-vale").opens(path).gets(http.StatusOK).sees(kept, "").seesNo(held).seesNo(undecided)
	w.member(t, people.Analyst, "north-vale").opens(path).sees(kept, "").sees(held, "").sees(undecided, "")
}

func TestStaffOfAnAreaThatIsGoneSeeNoEntriesOfOthers(t *testing.T) {
	w := newWorld(t)
	p := w.member(t, people.Analyst, "north-vale").opens("/staff/audit").sees("main tbody", "invited somebody")
	m, err := w.file.StaffNamed(t.Context(), "analyst@north-vale.example")
	must(t, err)
	_, err = w.file.UpdateStaff(t.Context(), m.ID, func(m *people.Staff) error {
		m.Area = "gone-vale"
		return nil
	})
	must(t, err)
	p.opens("/staff/audit").gets(http.StatusOK).seesNo("main tbody tr")
}

// unwritable is a store of reports to which nothing can be written.
type unwritable struct{ report.Store }

func (unwritable) UpdateRecord(context.Context, string, int, func(*report.Record) error) (report.Record, error) {
	return report.Record{}, fault.New(fault.Unavailable, "error.unavailable")
}

func TestStaffFormsKeepWhatWasTypedWhileNothingCanBeWritten(t *testing.T) {
	w := newWorld(t)
	must(t, w.fill(t.Context(), 400, "worries"))
	r, err := w.reports.Latest(t.Context(), "worries")
	must(t, err)
	parts := w.parts
	parts.Reports = report.NewService(unwritable{w.file}, report.Sources{Surveys: w.surveys, Areas: parts.Areas}, parts.Audit, w.clock.Now)
	w.app = web.New(parts)
	board := w.member(t, people.Board, "north-vale").opens("/staff/surveys/worries/reports/1")
	theme := r.Themes[0].ID
	board.types("text-"+theme, "Quieter rooms, and a lamp in each.").form.Set("kind", "did")
	board.presses("form:has(input[value=" + theme + "]) button").gets(http.StatusServiceUnavailable)
	board.sees("main textarea", "Quieter rooms, and a lamp in each.").sees("main", "We could not save this just now.")
}
