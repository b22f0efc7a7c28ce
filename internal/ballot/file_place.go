package ballot

import (
	"slices"

	"sayso/internal/authoring"
)

// roundPath is the part of addresses under which rounds stand, so that no exercise may have it for its id.
const roundPath = "round"

func (l *linter) ideas(known authoring.Known) {
	i := l.e.Ideas
	if i == nil {
		return
	}
	l.ID(".ideas.survey", "the survey in which people tell their ideas", i.Survey)
	l.ID(".ideas.question", "the question in which people tell their ideas", i.Question)
	if known.Idea == nil {
		return
	}
	if sentence := known.Idea(i.Survey, i.Question, l.e.Area); sentence != "" {
		l.Say(".ideas", "%s", sentence)
	}
}

func (l *linter) results() {
	if r := l.e.Results; r != "" && r != WhileOpen {
		l.Say(".results", "Say results: early if people may see how the vote stands before it closes, or leave results out.")
	}
}

func (l *linter) round() {
	e := l.e
	if e.ID == roundPath {
		l.Say(".id", "The id %q is taken: rounds stand at that address. Choose another.", e.ID)
	}
	if e.Round == "" {
		if e.VoteIn != "" || e.Place != "" {
			l.Say(".round", "Only an exercise of a round has a place and vote_in. Name the round, or take both away.")
		}
		return
	}
	l.ID(".round", "the round", e.Round)
	if !slices.Contains(VotesIn, e.VoteIn) {
		l.Say(".vote_in", "Say in which exercises of the round one person may vote (vote_in): one of %s.", authoring.Listed(VotesIn))
	}
	switch {
	case e.Place == "":
		l.Say(".place", "Say for which place of the area this exercise of the round is (place).")
	case !l.places[e.Place]:
		l.Say(".place", "The area has no place called %q.", e.Place)
	case l.places[e.Area] && e.Area != e.Place:
		l.Say(".place", "The exercise belongs to the place %s, and cannot be for %s.", e.Area, e.Place)
	}
	if e.VoteIn == InMine && len(e.Only) > 0 {
		l.Say(".only", "With vote_in: mine only people of the place vote already. Take only away.")
	}
}
