package view

import (
	"slices"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
)

// LivesIn is the question where the person lives; without places it is not asked.
type LivesIn struct {
	Places []exercise.Area
	Chosen string // id of a place, or exercise.Elsewhere
	Error  string
}

// NotFor is what somebody reads who lives elsewhere.
type NotFor struct {
	Places []string    // names of those whom it is for
	Yours  *BudgetPage // the exercise of the same round that is theirs; nil: there is none
	Open   []Readable  // what else is open for them
	Back   templ.SafeURL
	Front  templ.SafeURL
}

// RoundPage is several exercises by place, under one rule.
type RoundPage struct {
	Page
	ID      string
	Area    exercise.Area // the system
	VoteIn  ballot.VoteIn
	Entries []RoundEntry // in the order of the names of their places
}

// RoundEntry is one exercise of a round.
type RoundEntry struct {
	BudgetPage
	State   OpenState
	Outcome bool // can be read
	Mine    bool // the person has a ballot in it
}

func roundPath(round string) templ.SafeURL { return templ.SafeURL("/b/round/" + round) }

func (r RoundPage) title() string { return r.T("round.title", "Area", r.Area.Name.Words(r.L.Tag)) }

func (r RoundPage) places() []string {
	var out []string
	for _, e := range r.Entries {
		out = append(out, e.PlaceOf(e.Exercise.Place))
	}
	return out
}

// when says until when the round is open, or when it opens.
func (r RoundPage) when() string {
	var last, first exercise.Day
	for _, e := range r.Entries {
		if e.State == Open {
			last = max(last, e.Exercise.Closes)
		}
		if e.State == NotYet && (first == "" || e.Exercise.Opens < first) {
			first = e.Exercise.Opens
		}
	}
	switch {
	case last != "":
		return r.T("start.until", "Day", r.L.DayMonth(last.Time()))
	case first != "":
		return r.T("start.not_yet", "Day", r.L.Date(first.Time()))
	}
	return ""
}

// OpenState is whether people can vote in any exercise of the round, or will.
func (r RoundPage) OpenState() OpenState {
	in := func(s OpenState) bool {
		return slices.ContainsFunc(r.Entries, func(e RoundEntry) bool { return e.State == s })
	}
	switch {
	case in(Open):
		return Open
	case in(NotYet):
		return NotYet
	}
	return Closed
}

// link leads to what one can do: vote on, begin, or read the outcome.
func (e RoundEntry) link() templ.SafeURL {
	switch {
	case e.Mine && e.State == Open:
		return e.at("/vote")
	case e.Outcome:
		return e.at("/outcome")
	}
	return e.at("")
}

func (e RoundEntry) when() string {
	switch {
	case e.State == Open:
		return e.T("start.until", "Day", e.L.DayMonth(e.Exercise.Closes.Time()))
	case e.State == NotYet:
		return e.T("start.not_yet", "Day", e.L.Date(e.Exercise.Opens.Time()))
	case e.Outcome:
		return e.T("result.see")
	}
	return e.T("start.closed", "Day", e.L.Date(e.Exercise.Closes.Time()))
}

// stageDays says in words from when to when a stage is.
func (p BudgetPage) stageDays(s ballot.Stretch) string {
	day := func(d exercise.Day) string { return p.L.Date(d.Time()) }
	switch {
	case s.Stage == ballot.Deciding:
		return p.T("stage.by", "Day", day(s.To))
	case s.From != "" && s.To != "":
		return p.T("stage.from_to", "From", day(s.From), "To", day(s.To))
	case s.To != "":
		return p.T("stage.until", "Day", day(s.To))
	case s.From != "":
		return p.T("stage.from", "Day", day(s.From))
	}
	return ""
}

// fromPlaces are the names of the places whose people may vote; none: everybody.
func (p BudgetPage) fromPlaces() []string {
	var out []string
	for _, id := range p.Exercise.From() {
		out = append(out, p.PlaceOf(id))
	}
	return out
}

// rounds are those in the state.
func (f Front) rounds(state OpenState) []RoundPage {
	var out []RoundPage
	for _, r := range f.Rounds {
		if r.OpenState() == state {
			out = append(out, r)
		}
	}
	return out
}

func (f Front) namesOf(places []string) []string {
	var out []string
	for _, id := range places {
		out = append(out, f.PlaceOf(id))
	}
	return out
}
