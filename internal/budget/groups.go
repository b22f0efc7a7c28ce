package budget

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// GroupShare is what an outcome gives to a group of voters. Averages are over all of them, also those who named nothing.
type GroupShare struct {
	Group  string // "" of those of whom it is not known
	Voters int64
	// Wishes is the average number of their wishes that are funded, and WishesCost what those cost, in units of money.
	Wishes, WishesCost float64
	// Share is the average part of the funded costs that falls to them when the cost of each project is shared evenly
	// among all who wished for it, in units of money; OfEqual is that over an equal part of the budget.
	Share, OfEqual float64
	Any            float64 // the part, from 0 to 1, who see at least one wish funded
	OfOwn          float64 // the average part of their own wishes that is funded
	// Fair is the average of each one's share over their fair share, at most 1: the fair share is the equal part of the
	// budget, or what all their wishes would give them if that is less.
	Fair float64
	For  int64 // what the funded projects that are meant for the group cost, in the smallest unit of money
}

// WhoGot tells what the funded projects give to each group, of names the group of a ballot by its place. The last one,
// named "all", is everybody.
func WhoGot(e *Election, o *Outcome, of func(ballot int) string) []GroupShare {
	w := newSharing(e, o)
	groups := map[string]*GroupShare{}
	all := &GroupShare{Group: "all"}
	for i, b := range e.Ballots {
		name := of(i)
		g := groups[name]
		if g == nil {
			g = &GroupShare{Group: name}
			groups[name] = g
		}
		one := w.one(b)
		g.add(one)
		all.add(one)
	}
	var out []GroupShare
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, groups[name].averaged(w))
	}
	return append(out, all.averaged(w))
}

// sharing is the parts into which the costs of projects fall.
type sharing struct {
	e      *Election
	funded []bool
	part   []float64 // cost over people who wished for it, in units of money
	equal  float64   // part of the budget
}

func newSharing(e *Election, o *Outcome) *sharing {
	w := &sharing{e: e, funded: make([]bool, len(e.Projects)), part: make([]float64, len(e.Projects))}
	place := make(map[string]int, len(e.Projects))
	votes := e.votes()
	for i, p := range e.Projects {
		place[p.ID] = i
		if votes[i] > 0 {
			w.part[i] = w.money(p.Cost) / float64(votes[i])
		}
	}
	for _, id := range o.Funded(e) {
		w.funded[place[id]] = true
	}
	w.equal = w.money(e.Budget) / float64(max(len(e.Ballots), 1))
	return w
}

func (w *sharing) money(n int64) float64 { return float64(n) / float64(w.e.Unit) }

// one is what a single ballot gets.
func (w *sharing) one(b Ballot) GroupShare {
	g := GroupShare{Voters: 1}
	could := 0.0
	for _, p := range b.Wishes {
		could += w.part[p]
		if w.funded[p] {
			g.Wishes++
			g.WishesCost += w.money(w.e.Projects[p].Cost)
			g.Share += w.part[p]
		}
	}
	if g.Wishes > 0 {
		g.Any, g.OfOwn = 1, g.Wishes/float64(len(b.Wishes))
	}
	g.Fair = 1
	if fair := min(could, w.equal); fair > 0 {
		g.Fair = min(1, g.Share/fair)
	}
	return g
}

func (g *GroupShare) add(o GroupShare) {
	g.Voters += o.Voters
	g.Wishes += o.Wishes
	g.WishesCost += o.WishesCost
	g.Share += o.Share
	g.Any += o.Any
	g.OfOwn += o.OfOwn
	g.Fair += o.Fair
}

// averaged divides the sums by the number of voters.
func (g *GroupShare) averaged(w *sharing) GroupShare {
	n := float64(max(g.Voters, 1))
	out := GroupShare{
		Group: g.Group, Voters: g.Voters, Wishes: g.Wishes / n, WishesCost: g.WishesCost / n, Share: g.Share / n,
		Any: g.Any / n, OfOwn: g.OfOwn / n, Fair: g.Fair / n,
	}
	if w.equal > 0 {
		out.OfEqual = out.Share / w.equal
	}
	for i, p := range w.e.Projects {
		if w.funded[i] && slices.Contains(p.For, g.Group) {
			out.For += p.Cost
		}
	}
	return out
}

// By returns the groups of a trait, for WhoGot; nil if the ballots do not have it.
func (e *Election) By(trait string) func(ballot int) string {
	at := slices.Index(e.Traits, trait)
	if at < 0 {
		return nil
	}
	return func(i int) string {
		if t := e.Ballots[i].Traits; at < len(t) {
			return t[at]
		}
		return ""
	}
}

// AgeBand is ages from From on, up to the next band.
type AgeBand struct {
	From int
	Name string
}

// ByAge returns the bands of a trait that holds ages in years, for WhoGot: "" where it holds none.
func (e *Election) ByAge(trait string, bands []AgeBand) func(ballot int) string {
	of := e.By(trait)
	if of == nil {
		return nil
	}
	bands = slices.SortedFunc(slices.Values(bands), func(a, b AgeBand) int { return cmp.Compare(b.From, a.From) })
	return func(i int) string {
		age, err := strconv.Atoi(of(i))
		if err != nil {
			return ""
		}
		for _, b := range bands {
			if age >= b.From {
				return b.Name
			}
		}
		return ""
	}
}
