package web_test

import (
	"net/http"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/people"
)

func TestStagesFromIdeasToDelivery(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "dreams", func(e *ballot.Exercise) {
		e.Opens, e.Closes, e.Decision.On = "2027-03-01", "2027-03-31", "2027-04-30"
		e.Ideas = &ballot.Ideas{Survey: "worries", Question: "improve"}
		e.Projects[0].IdeaOf = exercise.Text{"en": "the school council"}
	})
	p := w.somebody(t).opens("/b/dreams").sees(".s-notice", "opens on 1 March 2027").sees(".s-notice", "You can tell us your idea until 31 January 2027.")
	p.sees(".s-way__stage--now", "People tell us their ideas.").sees(".s-way", "1 February 2027 to 28 February 2027").sees("main", "Costs can change")
	if n := p.page.Find(".s-way li[aria-current]").Length(); n != 1 {
		t.Errorf("%d stages are now", n)
	}
	p.opens("/b/dreams/compare").sees("main", "£") // projects can be seen while they are shaped
	p.opens("/b/dreams").clicks(".s-notice a").isAt("/s/worries").gets(http.StatusOK)
	w.clock.passes(80 * day) // 2027-02-10
	p.opens("/b/dreams").seesNo(".s-notice a.nhsuk-button").sees(".s-way__stage--now", "We make a plan for each idea")
	w.clock.passes(25 * day)
	p.opens("/b/dreams").sees(".s-way__stage--now", "You vote.").seesNo(".s-notice")
	p.votesIn("dreams", "self").sees(".s-projects", "Idea of: the school council")
	w.clock.passes(30 * day)
	p.opens("/b/dreams").sees(".s-way__stage--now", "We count the votes")
	w.decides(t, "dreams")
	w.clock.passes(30 * day)
	p.opens("/b/dreams").sees(".s-way__stage--now", "The ideas that won get made.")
	p.opens("/b/dreams/outcome").sees(".s-way__stage--now", "The ideas that won get made.").sees(".s-way a[href='/s/worries']", "When I feel worried or sad")
	w.publishes(t, "lost", func(e *ballot.Exercise) { e.Ideas = &ballot.Ideas{Survey: "nowhere", Question: "x"} })
	p.opens("/b/lost").gets(http.StatusOK).sees(".s-way", "People tell us their ideas.").seesNo(".s-way a")
}

func TestInterimCountIsSeenUntilTheOutcome(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "live", func(e *ballot.Exercise) { e.Results = ballot.WhileOpen })
	p := w.somebody(t).opens("/b/live").sees(".s-promises", "This vote shows on some days how it stands.").seesNo("a[href='/b/live/interim']")
	p.opens("/b/live/interim").gets(http.StatusNotFound)
	p.opens("/b/early-help").sees(".s-promises", "Nobody sees how the vote stands before it closes.")
	analyst := w.member(t, people.Analyst, "north-vale").opens("/staff/budgets/early-help").seesNo("form[action$=interim]")
	analyst.opens("/staff/budgets/live").presses("#early").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "Fewer than 10 people have voted.")
	must(t, w.castVotes(t.Context(), "live", 60))
	analyst.opens("/staff/budgets/live").presses("#early").isAt("/staff/budgets/live/counts/1").sees("main .s-tag", "Interim count")
	analyst.opens("/staff/budgets/live").sees("main .s-steps", "Interim count").presses("#early").gets(http.StatusUnprocessableEntity).
		sees(".nhsuk-error-summary", "Fewer than 10 more people have voted")
	w.member(t, people.Board, "north-vale").opens("/staff/budgets/live").seesNo("form[action$=interim]")
	p.opens("/b/live").clicks("a[href='/b/live/interim']").sees(".s-tag", "Interim count 22 November 2026").sees("main", "It can change until the vote closes on 20 February.")
	if st, err := w.ballots.Standing(t.Context(), "live"); err != nil || p.page.Find("main .s-steps li").Length() != len(st.Funded) {
		t.Errorf("shown are %s, not %v, %v", p.main(), st.Funded, err)
	}
	for _, number := range []string{"60", "59", "58", "57", "56", "55"} { // nearly all of 60 wish for something
		if strings.Contains(p.main(), number) {
			t.Errorf("the page tells how many voted: %s", p.main())
		}
	}
	p.opens("/b/live/outcome").gets(http.StatusNotFound).opens("/b/live/votes").gets(http.StatusNotFound)
	w.clock.passes(100 * day)
	p.opens("/b/live/interim").sees("main", "It was counted while people could still vote.")
	analyst = w.member(t, people.Analyst, "north-vale").opens("/staff/budgets").sees("main table", "To be counted")
	analyst.opens("/staff/budgets/live").presses("form[action$=counts] button").isAt("/staff/budgets/live/counts/2").presses("button[value=approve]")
	p.opens("/b/live/interim").gets(http.StatusNotFound).opens("/b/live").seesNo("a[href='/b/live/interim']").sees("main a[href='/b/live/outcome']", "")
	analyst.opens("/staff/budgets/live/counts/1").gets(http.StatusOK).sees("main .s-tag", "Interim count")
}
