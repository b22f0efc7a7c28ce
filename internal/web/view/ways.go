package view

import (
	"strconv"

	"sayso/internal/ballot"
)

// wayName says in words how one votes by the way.
func (p BudgetPage) wayName(w ballot.Which) string {
	way := p.Whole.Way(w)
	return p.T("ballot_kind."+string(way.Ballot), "Number", way.Most)
}

// wayPicture is the picture of a way: what is counted in it, or how one chooses.
func (p BudgetPage) wayPicture(w ballot.Which) string {
	way, other := p.Whole.Way(w), p.Whole.Way(ballot.First+ballot.Second-w)
	switch {
	case way.Coin > 0 && other.Coin == 0:
		return "coin"
	case way.Ballot == ballot.Purse || other.Coin > 0 && way.Coin == 0:
		return "money"
	case way.Ballot == ballot.UpTo:
		return "star"
	}
	return "yes"
}

// wayCounts says what one counts in by the way; empty where all count in the same.
func (p BudgetPage) wayCounts(w ballot.Which) string {
	way, other := p.Whole.Way(w), p.Whole.Way(ballot.First+ballot.Second-w)
	switch way.Coin {
	case other.Coin:
		return ""
	case 0:
		return p.T("way.in_pounds")
	}
	return p.T("way.in_coins", "Money", p.pounds(way.Coin))
}

// ownWay says in words for whom the way is by which the ballot is filled in.
func (p VotePage) ownWay() string { return p.words(p.way().For) }

func (p VotePage) way() ballot.Way { return p.Whole.Way(p.Ballot.Way) }

// compareAt is the page that compares the projects, in the money that the person counts in.
func (p VotePage) compareAt() string {
	if p.Ballot.Way == 0 {
		return "/compare"
	}
	return "/compare?way=" + strconv.Itoa(int(p.Ballot.Way))
}

// named are the projects of the wishes.
func (p VotePage) named(wishes []ballot.Wish) []*ballot.Project {
	var out []*ballot.Project
	for _, w := range wishes {
		if project := p.Exercise.Project(w.Project); project != nil {
			out = append(out, project)
		}
	}
	return out
}

// mostCoins is how many coins a picture of coins has at the most; more tell nobody anything.
const mostCoins = 100

// coins are the coins there are, and those that the ballot asks for beyond them; none where people count in pounds or
// there are too many to draw.
func (p VotePage) coins() []coin {
	e := p.Exercise
	if e.Coin == 0 || e.Amount.Coins(e.Coin) > mostCoins {
		return nil
	}
	all, used := e.Amount.Coins(e.Coin), e.Spent(&p.Ballot).Coins(e.Coin)
	out := make([]coin, min(max(all, used), mostCoins))
	for i := range out {
		out[i] = coin{used: int64(i) < used, beyond: int64(i) >= all}
	}
	return out
}

// coin is one coin in a picture of them.
type coin struct {
	used   bool
	beyond bool // of what there is
}

// coinWords says in words how many coins there are, and how many the wishes take.
func (p VotePage) coinWords() string {
	e := p.Exercise
	all, used := e.Amount.Coins(e.Coin), e.Spent(&p.Ballot).Coins(e.Coin)
	if used > all {
		return p.T("coins.beyond", "Used", used, "All", all)
	}
	return p.T("coins.used", "Used", used, "All", all, "Left", all-used)
}
