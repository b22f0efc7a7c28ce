package web_test

import (
	"net/http"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/survey"
)

// round publishes an exercise for each of two places, under the rule.
func (w *world) round(t *testing.T, rule ballot.VoteIn) {
	t.Helper()
	for _, place := range []string{"hillbeck", "old-town"} {
		w.publishes(t, "in-"+place, func(e *ballot.Exercise) { e.Round, e.Place, e.VoteIn = "spring", place, rule })
	}
}

// beginsIn begins a ballot of a round, living in the place where that is asked.
func (p *person) beginsIn(budget, place string) *person {
	p.t.Helper()
	p.opens("/b/" + budget + "/who").chooses("self")
	if place != "" {
		p.chooses(place)
	}
	return p.continues()
}

func TestRoundIsOneEntryAndOnePage(t *testing.T) {
	w := newWorld(t)
	w.round(t, ballot.InAll)
	for _, front := range []string{"/a/north-vale", "/a/hillbeck", "/a/millbridge"} {
		p := w.somebody(t).opens(front).seesNo("main a[href='/b/in-hillbeck']").sees("main a[href='/b/round/spring']", "Votes in North Vale, place by place")
		if n := p.page.Find("main a[href='/b/round/spring']").Length(); n != 1 {
			t.Errorf("%s shows the round %d times", front, n)
		}
	}
	w.somebody(t).opens("/a/harbour-coast").seesNo("main a[href='/b/round/spring']")
	p := w.somebody(t).opens("/b/round/spring").gets(http.StatusOK).sees("main", "You can vote in every place.").sees("main .s-tag", "Hillbeck")
	p.clicks("main a[href='/b/in-hillbeck']").sees("main a[href='/b/round/spring']", "See all places")
	p.beginsIn("in-hillbeck", "").isAt("/b/in-hillbeck/key")
	p.beginsIn("in-old-town", "").isAt("/b/in-old-town/key") // in each
	p.opens("/b/round/spring").sees("main a[href='/b/in-hillbeck/vote']", "").sees("main .s-state", "You have a ballot here")
	p.opens("/b/round/autumn").gets(http.StatusNotFound)
	w.clock.passes(100 * day)
	w.decides(t, "in-hillbeck")
	w.somebody(t).opens("/b/round/spring").sees("main a[href='/b/in-hillbeck/outcome']", "").opens("/a/north-vale").seesNo("main a[href='/b/round/spring']")
}

func TestOneBallotInTheRound(t *testing.T) {
	w := newWorld(t)
	w.round(t, ballot.InAny)
	p := w.somebody(t).beginsIn("in-hillbeck", "").isAt("/b/in-hillbeck/key")
	who := p.anotherWindow().opens("/b/in-old-town/who").sees("main h1", "You have a ballot already").sees("main", "Hillbeck")
	if got := p.sends(http.MethodPost, "/b/in-old-town/who", map[string][]string{"voice": {"self"}}); got.status != http.StatusOK || len(p.cookies) != 1 {
		t.Errorf("a second ballot is begun: %d, %v", got.status, p.cookies)
	}
	p.opens("/b/in-hillbeck/who").sees("main", "") // and one goes on with one's own
	who.clicks("main .s-buttons a[href='/b/in-hillbeck/vote']").isAt("/b/in-hillbeck/vote")
	who.opens("/b/in-old-town/who").clicks("main .s-buttons a[href='/b/in-hillbeck/take-back']").presses("#take-back")
	who.beginsIn("in-old-town", "").isAt("/b/in-old-town/key")
	other := w.somebody(t).beginsIn("in-hillbeck", "").opens("/b/in-hillbeck/mine").presses("form[action$=finish] button") // somebody else, on the same device
	other.beginsIn("in-old-town", "").isAt("/b/in-old-town/key")
	gone := w.somebody(t).beginsIn("in-hillbeck", "")
	for b, err := range w.file.ScanBallots(t.Context(), "in-hillbeck") {
		must(t, err)
		must(t, w.ballots.TakeBack(t.Context(), b.ID)) // from another device
	}
	gone.beginsIn("in-old-town", "").isAt("/b/in-old-town/key")
}

func TestBallotOfOnesOwnPlace(t *testing.T) {
	w := newWorld(t)
	w.round(t, ballot.InMine)
	p := w.somebody(t).opens("/b/in-hillbeck").sees("main", "For people who live in Hillbeck.").sees("main", "You vote in the place where you live.")
	p.opens("/b/in-hillbeck/who").chooses("self").continues().gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary a[href='#place-elsewhere']", "Choose where you live.")
	p.hasChosen("self").chooses("old-town").continues().gets(http.StatusOK).sees("main h1", "This is for people who live in Hillbeck")
	p.sees("main a[href='/b/in-old-town']", "").sees("main a[href='/b/early-help']", "").seesNo("main a[href='/b/in-hillbeck']")
	p.beginsIn("in-hillbeck", "elsewhere").sees("main h1", "This is for people who live in Hillbeck").seesNo("main a[href='/b/in-old-town']").sees("main a[href='/b/early-help']", "")
	if len(p.cookies) > 0 {
		t.Errorf("somebody from elsewhere carries %v", p.cookies)
	}
	p.clicks("main a[href='/b/in-hillbeck/who']").chooses("self", "hillbeck").continues().isAt("/b/in-hillbeck/key")
	p.opens("/b/in-hillbeck/who?change=1").seesNo("input[name=place]").chooses("helped").continues().isAt("/b/in-hillbeck/vote") // it was asked once
	p.opens("/b/in-old-town/who").sees("main h1", "You have a ballot already")
	for b, err := range w.file.ScanBackgrounds(t.Context(), "in-hillbeck") {
		if err != nil || len(b.Answers) > 0 {
			t.Errorf("the place is kept: %+v, %v", b, err)
		}
	}
}

func TestOnlyPeopleOfSomePlaces(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "ours", func(e *ballot.Exercise) { e.Only = []string{"hillbeck", "old-town"} })
	w.clock.passes(-60 * day)
	w.publish(t, "worries", func(sv *survey.Survey) { sv.Only = []string{"millbridge"} })
	w.clock.passes(60 * day)
	w.publishes(t, "invited", func(e *ballot.Exercise) { e.Codes = true })
	p := w.somebody(t).opens("/a/north-vale").sees("main", "For people who live in Hillbeck and Old Town.").sees("main", "For people who live in Millbridge.")
	p.beginsIn("ours", "millbridge").sees("main h1", "This is for people who live in Hillbeck and Old Town").sees("main a[href='/s/worries']", "").
		seesNo("main a[href='/b/invited']")
	p.beginsIn("ours", "elsewhere").seesNo("main a[href='/s/worries']").sees("main a[href='/s/speech-therapy']", "")
	p.beginsIn("ours", "old-town").isAt("/b/ours/key")
	p.opens("/s/worries").sees("main", "For people who live in Millbridge.").continues().chooses("self").continues().gets(http.StatusUnprocessableEntity).
		sees(".nhsuk-error-summary", "Choose where you live.")
	p.chooses("hillbeck").continues().gets(http.StatusOK).sees("main h1", "This is for people who live in Millbridge").sees("main a[href='/b/ours']", "")
	p.clicks("main a[href='/s/worries/who']").chooses("self", "millbridge").continues().isAt("/s/worries/key")
	newest, err := w.surveys.Newest("worries")
	must(t, err)
	other := *newest
	other.Only = nil
	if _, _, err := w.surveys.Publish(t.Context(), other); err == nil {
		t.Error("whose people may take part changes while it is open")
	}
}
