package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"sayso/internal/survey"
)

// TestASkipTakesTheTickAway needs no script: where one choice is taken, "I would rather not say" is one of them.
func TestASkipTakesTheTickAway(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/age").chooses("12-15").continues()
	p.opens("/s/worries/q/age").hasChosen("12-15").chooses("withheld").continues().gets(http.StatusOK)
	d := w.draftOf(t, p.opens("/s/worries/key").key())
	if a, _ := d.Answer("age"); a.Skip != survey.Withheld || a.Choices != nil {
		t.Errorf("kept %+v", a)
	}
	p.opens("/s/worries/q/age").hasChosen("skip:withheld").chooses("8-11").continues().opens("/s/worries/q/age").hasChosen("8-11")
	old := p.sends(http.MethodPost, "/s/worries/q/age", url.Values{"choice": {"12-15"}, "skip": {"withheld"}}) // a page of before
	p.follows("/s/worries/q/age", old).gets(http.StatusUnprocessableEntity).hasChosen("12-15")
	p.sends(http.MethodPost, "/s/worries/q/age", url.Values{"skip": {"withheld"}})
	p.opens("/s/worries/q/age").hasChosen("skip:withheld")
}

func TestNoSkipIsDropped(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/who-talk").chooses("family").continues()
	p.opens("/s/worries/q/who-talk").chooses("withheld").continues().gets(http.StatusUnprocessableEntity).hasChosen("family", "withheld").
		sees(".nhsuk-error-summary a[href='#choice-family']", "box below")
	p.goesBack().gets(http.StatusUnprocessableEntity).hasChosen("family", "withheld")
	p.choosesNothing().chooses("withheld").continues().opens("/s/worries/q/who-talk").hasChosen("withheld")
	p.opens("/s/worries/q/improve").says("More paint.").continues().opens("/s/worries/q/improve").chooses("withheld").continues().
		gets(http.StatusUnprocessableEntity).hasTyped("words", "More paint.").hasChosen("withheld").sees(".nhsuk-error-summary a[href='#words']", "")
	p.says("").continues().gets(http.StatusOK).opens("/s/worries/q/improve").hasTyped("words", "").hasChosen("withheld")
}

func TestNoSkipIsDroppedAboutAVoter(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).votesIn("early-help", "self").opens("/b/early-help/about/age").chooses("12-15").continues()
	p.opens("/b/early-help/about/age").hasChosen("12-15").chooses("withheld").continues().opens("/b/early-help/about/age").hasChosen()
	p.opens("/b/early-help/about/groups").chooses("in-care").continues().opens("/b/early-help/about/groups").chooses("withheld").continues().
		gets(http.StatusUnprocessableEntity).hasChosen("in-care", "withheld").sees(".nhsuk-error-summary", "box below")
	p.choosesNothing().chooses("withheld").continues().isAt("/b/early-help/done").opens("/b/early-help/about/groups").hasChosen()
}
