package budget

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Order is the total order by which ties are broken. It is published before the ballots open.
type Order struct {
	Name string   // "lexico", "cheapest_mostvotes_id", "lot" or "list"
	Seed string   // of "lot": published, and drawn where everybody can see it
	List []string // of "list": ids of all projects, the one that wins ties first
}

// Orders that need nothing more.
var (
	// Lexico prefers the project whose id is smallest as a string.
	Lexico = Order{Name: "lexico"}
	// Cheapest prefers the lowest cost, then the most votes, then the smallest id, as equalshares.net recommends.
	Cheapest = Order{Name: "cheapest_mostvotes_id"}
)

// ParseOrder reads "lexico", "cheapest_mostvotes_id", "lot:SEED" or "list:ID,ID,…".
func ParseOrder(s string) (Order, error) {
	name, rest, _ := strings.Cut(s, ":")
	switch {
	case s == Lexico.Name:
		return Lexico, nil
	case s == Cheapest.Name:
		return Cheapest, nil
	case name == "lot" && rest != "":
		return Order{Name: name, Seed: rest}, nil
	case name == "list" && rest != "":
		return Order{Name: name, List: strings.Split(rest, ",")}, nil
	}
	return Order{}, fmt.Errorf("there is no order of ties called %q; there are lexico, cheapest_mostvotes_id, lot:SEED and list:ID,ID,…", s)
}

// String writes the order as ParseOrder reads it.
func (o Order) String() string {
	switch o.Name {
	case "lot":
		return "lot:" + o.Seed
	case "list":
		return "list:" + strings.Join(o.List, ",")
	}
	return o.Name
}

// Ranks returns for each project its place in the order, 0 for the one that wins every tie. A lot orders the projects
// by the SHA-256 of the seed, a line feed and the id, so that anyone can draw it again.
func (o Order) Ranks(e *Election) ([]int, error) {
	places := make([]int, len(e.Projects))
	for i := range places {
		places[i] = i
	}
	byID := func(a, b int) int { return strings.Compare(e.Projects[a].ID, e.Projects[b].ID) }
	switch o.Name {
	case "lexico":
		slices.SortFunc(places, byID)
	case "cheapest_mostvotes_id":
		votes := e.votes()
		slices.SortFunc(places, func(a, b int) int {
			return cmp.Or(cmp.Compare(e.Projects[a].Cost, e.Projects[b].Cost), cmp.Compare(votes[b], votes[a]), byID(a, b))
		})
	case "lot":
		drawn := make([][sha256.Size]byte, len(places))
		for i, p := range e.Projects {
			drawn[i] = sha256.Sum256([]byte(o.Seed + "\n" + p.ID))
		}
		slices.SortFunc(places, func(a, b int) int {
			return cmp.Or(slices.Compare(drawn[a][:], drawn[b][:]), byID(a, b))
		})
	case "list":
		return o.listed(e)
	default:
		return nil, invalid("order", "there is no order of ties called %q", o.Name)
	}
	ranks := make([]int, len(places))
	for rank, p := range places {
		ranks[p] = rank
	}
	return ranks, nil
}

func (o Order) listed(e *Election) ([]int, error) {
	place := make(map[string]int, len(o.List))
	for rank, id := range o.List {
		if _, twice := place[id]; twice {
			return nil, invalid("order", "the order of ties names %q twice", id)
		}
		place[id] = rank
	}
	ranks := make([]int, len(e.Projects))
	for i, p := range e.Projects {
		rank, ok := place[p.ID]
		if !ok {
			return nil, invalid("order", "the order of ties does not name the project %q", p.ID)
		}
		ranks[i] = rank
		delete(place, p.ID)
	}
	for _, id := range o.List {
		if _, unknown := place[id]; unknown {
			return nil, invalid("order", "the order of ties names %q, and there is no such project", id)
		}
	}
	return ranks, nil
}

// votes returns how many ballots name each project.
func (e *Election) votes() []int64 {
	votes := make([]int64, len(e.Projects))
	for i := range e.Ballots {
		for _, p := range e.Ballots[i].Wishes {
			votes[p]++
		}
	}
	return votes
}
