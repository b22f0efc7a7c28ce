package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/people"
)

// decides makes the outcome of the exercise public and returns what it funds.
func (w *world) decides(t *testing.T, id string) []string {
	t.Helper()
	must(t, w.castVotes(t.Context(), id, 60))
	o, err := w.ballots.Count(t.Context(), people.CommandLine(), id)
	must(t, err)
	_, err = w.ballots.Approve(t.Context(), people.CommandLine(), id, o.Number)
	must(t, err)
	p, err := w.ballots.Public(t.Context(), id)
	must(t, err)
	return p.Funded()
}

func TestOutcomesStandWherePeopleLook(t *testing.T) {
	w := newWorld(t)
	must(t, w.fill(t.Context(), 150, "worries", "getting-there"))
	p := w.somebody(t).opens("/a/north-vale").seesNo("main a[href='/b/summer/outcome']")
	p.opens("/r/worries").seesNo("main a[href='/b/summer/outcome']")
	funded := w.decides(t, "summer")
	e, err := w.ballots.Newest("summer")
	must(t, err)
	name := e.Project(funded[0]).Name["en"]
	p.opens("/a/north-vale").sees("main .s-came", name).seesNo("main .s-told")
	p.clicks("main a[href='/a/north-vale/came']").gets(http.StatusOK).sees("main", "You voted for: ").sees("main .s-came", name)
	p.sees("main .s-steps", "What to do in summer").sees("main .s-steps a[href='/r/worries']", "When I feel worried or sad")
	p.opens("/r/worries").sees("main", "Votes on money here").clicks("main a[href='/b/summer/outcome']").gets(http.StatusOK)
	w.member(t, people.Board, "north-vale").opens("/staff/surveys/worries/reports/1").sees("main a[href='/b/summer/outcome']", "See the outcome")
	for _, elsewhere := range []string{"/a/harbour-coast", "/a/harbour-coast/came", "/r/getting-there"} {
		p.opens(elsewhere).gets(http.StatusOK).seesNo("main a[href='/b/summer/outcome']")
	}
	p.opens("/a/hillbeck/came").sees("main a[href='/b/summer/outcome']", "See the outcome") // a place of the system
	_, err = w.ballots.Decide(t.Context(), people.CommandLine(), "summer", 1, []string{funded[0]}, "There was less money.", "en")
	must(t, err)
	for _, path := range []string{"/a/north-vale", "/a/north-vale/came", "/r/worries"} {
		p.opens(path).sees("main .s-came", "Decided otherwise by the North Vale Children’s Board.").sees("main .s-came", "There was less money.")
	}
	p.opens("/a/atlantis/came").gets(http.StatusNotFound)
}

func TestBoardTellsWhatBecameOfProjects(t *testing.T) {
	w := newWorld(t)
	funded := w.decides(t, "summer")
	p := w.somebody(t).opens("/b/summer/outcome").sees("#told", "Nothing has been told yet by the North Vale Children’s Board.")
	board := w.member(t, people.Board, "north-vale").opens("/staff/budgets/summer/counts/1")
	form := "#told-" + funded[0] + " details form "
	board.presses(form+"button").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "Choose how far it has come.")
	board.choosesIn(form, "begun").types("text-"+funded[0], strings.Repeat("a", 2001)).presses(form + "button").gets(http.StatusUnprocessableEntity)
	board.hasTyped("text-"+funded[0], strings.Repeat("a", 2001)).sees(form+".nhsuk-error-message", "")
	board.types("text-"+funded[0], "The pool is booked. <b>Now</b> we hire.").presses(form + "button").isAt("/staff/budgets/summer/counts/1")
	board.opens("/staff/budgets/summer/counts/1?lang=ur")
	board.choosesIn(form, "done").types("text-"+funded[0], "سب تیار ہے").presses(form + "button")
	p.opens("/b/summer/outcome").sees("#told", "The pool is booked. <b>Now</b> we hire.").sees("#told .s-state--done", "Done").sees("#told [lang=ur][dir=rtl]", "سب تیار ہے")
	if text := p.page.Find("#told").Text(); strings.Index(text, "سب تیار ہے") > strings.Index(text, "The pool") {
		t.Error("the newest stands below")
	}
	p.opens("/a/north-vale").sees("main .s-told", "Done").opens("/a/north-vale/came").sees("main .s-told", "سب تیار ہے")
	board.opens("/staff/budgets/summer/counts/1?lang=en").presses("button[name=take][value='2']").isAt("/staff/budgets/summer/counts/1")
	board.sees("#told-"+funded[0], "Taken back on 22 November 2026").sees("#told-"+funded[0], "سب تیار ہے").seesNo("button[name=take][value='2']")
	p.opens("/b/summer/outcome").seesNo("#told .s-state--done").sees("#told .s-state--soon", "Begun")
	for role, want := range map[people.Role]int{people.Author: http.StatusForbidden, people.Analyst: http.StatusSeeOther} {
		m := w.member(t, role, "north-vale")
		got := m.sends(http.MethodPost, "/staff/budgets/summer/counts/1/told", url.Values{"_csrf": {w.token(t, m)}, "take": {"1"}})
		if got.status != want {
			t.Errorf("%s gets %d, want %d", role, got.status, want)
		}
	}
	p.opens("/b/summer/outcome").sees("#told", "Nothing has been told yet")
	if o, err := w.ballots.Outcome(t.Context(), "summer", 1); err != nil || len(o.Told) != 2 || o.Told[0].State != ballot.Begun {
		t.Errorf("the record is %+v, %v", o.Told, err)
	}
}

// choosesIn ticks what has the value within what the selector finds.
func (p *person) choosesIn(within, value string) *person {
	p.t.Helper()
	p.page.Find(within + "input[type=radio]").RemoveAttr("checked")
	field := p.page.Find(within + "input[value=" + value + "]")
	if field.Length() != 1 {
		p.t.Fatalf("%s offers %q %d times in %s", p.path, value, field.Length(), within)
	}
	field.SetAttr("checked", "")
	return p
}
