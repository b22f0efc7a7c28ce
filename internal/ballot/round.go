package ballot

import (
	"cmp"
	"fmt"
	"slices"
)

// VoteIn says in which exercises of a round one person may vote.
type VoteIn string

// In which exercises of a round one person may vote.
const (
	InMine VoteIn = "mine" // only in that of the place where they live
	InAny  VoteIn = "any"  // in one, whichever
	InAll  VoteIn = "all"  // in each
)

// VotesIn are all rules of rounds.
var VotesIn = []VoteIn{InMine, InAny, InAll}

// Once says whether one person has one ballot in the whole round.
func (e *Exercise) Once() bool { return e.VoteIn == InMine || e.VoteIn == InAny }

// From returns the places whose people may vote; none: everybody may, wherever they live.
func (e *Exercise) From() []string {
	if e.VoteIn == InMine {
		return []string{e.Place}
	}
	return e.Only
}

// Admits says whether people who live in the place may vote.
func (e *Exercise) Admits(place string) bool {
	from := e.From()
	return len(from) == 0 || slices.Contains(from, place)
}

// RoundOf returns the exercises of the round in the order of their places.
func RoundOf(round string, all []*Exercise) []*Exercise {
	var out []*Exercise
	for _, e := range all {
		if round != "" && e.Round == round {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b *Exercise) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID)) })
	return out
}

// Clash says, in a sentence for authors, why the exercise cannot be in one round with the other; empty if it can. Areas
// are of one system when sameSystem says so.
func (e *Exercise) Clash(other *Exercise, sameSystem func(a, b string) bool) string {
	switch {
	case e.Round == "" || e.Round != other.Round || e.ID == other.ID:
		return ""
	case e.VoteIn != other.VoteIn:
		return fmt.Sprintf("The round %q has two rules: %s says vote_in: %s, and %s says vote_in: %s. Let both say the same.", e.Round, e.ID, e.VoteIn, other.ID, other.VoteIn)
	case e.Place == other.Place:
		return fmt.Sprintf("The round %q has two exercises for the place %s: %s and %s. Give each a place of its own.", e.Round, e.Place, e.ID, other.ID)
	case !sameSystem(e.Area, other.Area):
		return fmt.Sprintf("The round %q is in two areas: %s and %s. Give one of them another round.", e.Round, e.ID, other.ID)
	}
	return ""
}
