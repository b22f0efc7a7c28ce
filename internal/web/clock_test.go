package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"sayso/internal/people"
)

// TestTheClockJumpsBack lets the clock of the server go back by a second, an hour and three days while people and
// staff are in the middle of something. Nobody loses anything, is shut out, or waits longer than before.
func TestTheClockJumpsBack(t *testing.T) {
	for _, back := range []time.Duration{time.Second, time.Hour, 3 * day} {
		t.Run(back.String(), func(t *testing.T) {
			w := newWorld(t)
			staff := w.member(t, people.Analyst, "north-vale")
			staff.opens("/staff").gets(http.StatusOK)
			p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/improve").says(wished).continues().isAt("/s/worries/q/quote")
			key := p.opens("/s/worries/key").key()
			for range 100 { // the allowance of this address is used up
				w.somebody(t).sends(http.MethodPost, "/key", url.Values{"words": {someKeyText()}})
			}

			w.clock.passes(-back)
			_, err := w.surveys.Sweep(t.Context())
			must(t, err)
			_, err = w.staff.Expire(t.Context())
			must(t, err)
			p.opens("/s/worries/q/improve?change=1").hasTyped("words", wished)
			p.opens("/s/worries/q/assent?change=1").chooses("yes").continues()
			p.opens("/s/worries/check").continues().isAt("/s/worries/done")
			if n := len(w.responses(t, "worries")); n != 1 {
				t.Errorf("%d responses", n)
			}
			staff.opens("/staff").isAt("/staff").gets(http.StatusOK)
			w.somebody(t).begins("getting-there", "self")

			w.clock.passes(7 * time.Second) // and on: one guess has come back, as if nothing had been
			if w.guesses(t, key).status == http.StatusTooManyRequests && back < time.Minute {
				t.Error("a clock that went back by a second shuts out for longer")
			}
			w.clock.passes(back)
			w.guesses(t, key).isAt("/s/worries/mine").sees("main dd", wished)
			chain, err := people.Verify(w.file.Entries(t.Context(), 1))
			if err != nil || chain.Break != people.Whole {
				t.Errorf("the audit log: %+v, %v", chain, err)
			}
		})
	}
}

func someKeyText() string {
	text := ""
	for _, name := range someKey() {
		text += name + ", "
	}
	return text
}
