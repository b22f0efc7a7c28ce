package budget

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// elections draws small elections of a kind in which ties, broke voters and prices that just fit are common.
func elections(kind Kind) *rapid.Generator[*Election] {
	return rapid.Custom(func(t *rapid.T) *Election {
		e := &Election{Kind: kind, Unit: rapid.SampledFrom([]int64{1, 10}).Draw(t, "unit")}
		costs := rapid.Int64Range(0, 12)
		for i := range rapid.IntRange(1, 6).Draw(t, "projects") {
			e.Projects = append(e.Projects, Project{ID: fmt.Sprint("p", i), Cost: costs.Draw(t, "cost") * e.Unit})
		}
		e.Budget = rapid.Int64Range(0, 30).Draw(t, "budget") * e.Unit
		for range rapid.IntRange(0, 9).Draw(t, "ballots") {
			e.Ballots = append(e.Ballots, ballots(kind, len(e.Projects)).Draw(t, "ballot"))
		}
		return e
	})
}

func ballots(kind Kind, projects int) *rapid.Generator[Ballot] {
	return rapid.Custom(func(t *rapid.T) Ballot {
		all := make([]int, projects)
		for i := range all {
			all[i] = i
		}
		b := Ballot{Wishes: rapid.Permutation(all).Draw(t, "order")[:rapid.IntRange(0, projects).Draw(t, "wishes")]}
		if kind == ChooseOne {
			b.Wishes = b.Wishes[:min(1, len(b.Wishes))]
		}
		if kind == Cumulative || kind == Scoring {
			b.Points = []int64{}
			for range b.Wishes {
				b.Points = append(b.Points, rapid.Int64Range(0, 4).Draw(t, "points"))
			}
		}
		return b
	})
}

var anyElection = rapid.OneOf(elections(Approval), elections(ChooseOne), elections(Cumulative), elections(Ordinal))

func counted(t *rapid.T, e *Election, rule string, order Order) *Outcome {
	r, err := ParseRule(rule)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Count(e, r, order)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func rulesOf(e *Election) []string {
	return slices.DeleteFunc(RuleNames(), func(name string) bool {
		r, err := ParseRule(name)
		return err != nil || !r.For(e.Kind)
	})
}

func TestNeverOverBudgetWhateverTheOrderOfBallots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyElection.Draw(t, "election")
		turned := *e
		turned.Ballots = rapid.Permutation(e.Ballots).Draw(t, "turned")
		order := rapid.SampledFrom([]Order{Lexico, Cheapest, {Name: "lot", Seed: "a"}}).Draw(t, "order")
		for _, rule := range rulesOf(e) {
			o := counted(t, e, rule, order)
			if o.Cost > e.Budget {
				t.Fatalf("%s spends %d of %d", rule, o.Cost, e.Budget)
			}
			if again := slices.Compact(slices.Sorted(slices.Values(o.Winners))); len(again) != len(o.Winners) {
				t.Fatalf("%s funds a project twice: %v", rule, o.Winners)
			}
			if other := counted(t, &turned, rule, order); !slices.Equal(other.Winners, o.Winners) {
				t.Fatalf("%s: %v, and %v when the ballots come in another order", rule, o.Winners, other.Winners)
			}
			if o.EverythingFits && len(o.Funded(e)) != len(e.Projects) {
				t.Fatalf("%s: everything fits, and only %v is funded", rule, o.Funded(e))
			}
		}
	})
}

// plainShares is equal shares by the book, with a fraction for every voter.
func plainShares(e *Election, p *profile, m Method, each *big.Rat, rank []int) []int {
	left := make([]*big.Rat, len(p.weight))
	for i := range left {
		left[i] = new(big.Rat).Set(each)
	}
	var winners []int
	for {
		best, bestPer, bestPrice := -1, new(big.Rat), new(big.Rat)
		for c, pr := range e.Projects {
			if pr.Cost == 0 || slices.Contains(winners, c) {
				continue
			}
			price := plainPrice(p, c, pr.Cost, left)
			if price == nil {
				continue
			}
			per := new(big.Rat).Set(price)
			if m == SharesCost {
				per.Quo(per, big.NewRat(pr.Cost, 1))
			}
			if d := per.Cmp(bestPer); best < 0 || d < 0 || d == 0 && rank[c] < rank[best] {
				best, bestPer, bestPrice = c, per, price
			}
		}
		if best < 0 {
			return winners
		}
		winners = append(winners, best)
		for j := p.by[best]; j < p.by[best+1]; j++ {
			i := p.ballot[j]
			pay := new(big.Rat).Mul(bestPrice, big.NewRat(p.worth[j], 1))
			if pay.Cmp(left[i]) > 0 {
				pay.Set(left[i])
			}
			left[i].Sub(left[i], pay)
		}
	}
}

// plainPrice is the price per point, nil if the supporters have too little.
func plainPrice(p *profile, c int, cost int64, left []*big.Rat) *big.Rat {
	from, to := p.by[c], p.by[c+1]
	rich := map[int32]bool{}
	for j := from; j < to; j++ {
		rich[j] = true
	}
	for {
		rest, points := big.NewRat(cost, 1), new(big.Rat)
		for j := from; j < to; j++ {
			w := big.NewRat(p.weight[p.ballot[j]], 1)
			if rich[j] {
				points.Add(points, w.Mul(w, big.NewRat(p.worth[j], 1)))
			} else {
				rest.Sub(rest, w.Mul(w, left[p.ballot[j]]))
			}
		}
		if points.Sign() == 0 {
			return nil
		}
		price, same := rest.Quo(rest, points), true
		for j := range rich {
			if ask := new(big.Rat).Mul(price, big.NewRat(p.worth[j], 1)); ask.Cmp(left[p.ballot[j]]) > 0 {
				delete(rich, j)
				same = false
			}
		}
		if same {
			return price
		}
	}
}

func TestEqualSharesIsWhatTheBookSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyElection.Draw(t, "election")
		if len(e.Ballots) == 0 {
			return
		}
		c, err := NewCounter(e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []Method{SharesCost, SharesCount, SharesScores, SharesBorda} {
			if !(Rule{Method: m}).For(e.Kind) {
				continue
			}
			p := c.worth(m)
			want := plainShares(e, p, m, big.NewRat(e.Budget, int64(len(e.Ballots))), c.rank)
			r, err := c.run(Rule{Method: m})
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(slices.Clone(r.out.winners), func(p int) bool { return e.Projects[p].Cost == 0 })
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %v, want %v", m, got, want)
			}
			books(t, r, p)
		}
	})
}

// books checks that what supporters paid and have left adds up.
func books(t *rapid.T, r *run, p *profile) {
	k := r.market
	for c := range r.e.Projects {
		people, _ := p.total(c)
		left, spent := k.account(c)
		for _, s := range spent {
			if s.Sign() < 0 {
				t.Fatalf("a negative payment %v", s)
			}
			left.Add(left, s)
		}
		if want := big.NewRat(r.e.Budget*people, p.voters); left.Cmp(want) != 0 {
			t.Fatalf("supporters had %v, and paid and have left %v", want, left)
		}
	}
	for i, s := range k.rounds {
		_, spent := k.account(s.project)
		if spent[i].Cmp(big.NewRat(k.cost[s.project], 1)) != 0 {
			t.Fatalf("round %d: paid %v for what costs %d", i+1, spent[i], k.cost[s.project])
		}
	}
}

// Extended justified representation up to one project: where so many voters agree on projects that their equal parts
// pay for them, at least one of them gets as much as these are worth, or would with one more project.
func TestEqualSharesRepresentsEveryGroup(t *testing.T) {
	for _, c := range []struct {
		rule    string
		utility func(Project) int64
	}{
		{"mes_cost", func(p Project) int64 { return p.Cost }},
		{"mes_card", func(Project) int64 { return 1 }},
	} {
		rapid.Check(t, func(t *rapid.T) {
			e := elections(Approval).Draw(t, "election")
			won := map[int]bool{}
			for p, pr := range e.Projects {
				won[p] = slices.Contains(counted(t, e, c.rule, Lexico).Winners, pr.ID)
			}
			for set := 1; set < 1<<len(e.Projects); set++ {
				var cost, worth, without int64
				for p, pr := range e.Projects {
					if set>>p&1 == 1 {
						cost, worth = cost+pr.Cost, worth+c.utility(pr)
					}
				}
				for _, b := range e.Ballots {
					if agrees(b, set) && !content(e, b, won, worth, c.utility) {
						without++
					}
				}
				if without > 0 && without*e.Budget >= cost*int64(len(e.Ballots)) && cost > 0 {
					t.Fatalf("%s: %d voters who agree on the set %b get too little of %v", c.rule, without, set, won)
				}
			}
		})
	}
}

func agrees(b Ballot, set int) bool {
	for p := 0; set>>p > 0; p++ {
		if set>>p&1 == 1 && !slices.Contains(b.Wishes, p) {
			return false
		}
	}
	return true
}

func content(e *Election, b Ballot, won map[int]bool, worth int64, utility func(Project) int64) bool {
	var has, more int64
	for _, p := range b.Wishes {
		if u := utility(e.Projects[p]); won[p] {
			has += u
		} else {
			more = max(more, u)
		}
	}
	return has >= worth || has+more > worth
}

func TestMoreSupportNeverLosesToItsCopy(t *testing.T) {
	rules := []string{"greedy_votes", "greedy_votes_per_cost", "mes_cost", "mes_card", "mes_cost_add1", "mes_cost_add1_integral+greedy", "phragmen", "maximin_support"}
	rapid.Check(t, func(t *rapid.T) {
		e := elections(Approval).Draw(t, "election")
		copied := rapid.IntRange(0, len(e.Projects)-1).Draw(t, "copied")
		e.Projects = append(e.Projects, Project{ID: "q", Cost: e.Projects[copied].Cost}) // last in the order of ties
		fewer := false
		for i := range e.Ballots {
			b := &e.Ballots[i]
			if !slices.Contains(b.Wishes, copied) {
				continue
			}
			if rapid.Bool().Draw(t, "too") {
				b.Wishes = append(slices.Clone(b.Wishes), len(e.Projects)-1)
			} else {
				fewer = true
			}
		}
		if !fewer {
			return
		}
		for _, rule := range rules {
			o := counted(t, e, rule, Lexico)
			if slices.Contains(o.Winners, "q") && !slices.Contains(o.Winners, e.Projects[copied].ID) {
				t.Fatalf("%s funds the copy with fewer supporters: %v", rule, o.Winners)
			}
		}
	})
}

// plainLoad is the least greatest load by its dual: the greatest cost of a set over the number of its supporters.
func plainLoad(e *Election, projects []int) *big.Rat {
	most := new(big.Rat)
	for set := 1; set < 1<<len(projects); set++ {
		var cost, people int64
		for k, p := range projects {
			if set>>k&1 == 1 {
				cost += e.Projects[p].Cost
			}
		}
		for _, b := range e.Ballots {
			if slices.ContainsFunc(b.Wishes, func(w int) bool {
				k := slices.Index(projects, w)
				return k >= 0 && set>>k&1 == 1
			}) {
				people++
			}
		}
		if l := big.NewRat(cost, people); l.Cmp(most) > 0 {
			most = l
		}
	}
	return most
}

func TestMaximinKeepsTheGreatestLoadLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := elections(Approval).Draw(t, "election")
		c, err := NewCounter(e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		r := c.begin(Rule{Method: Maximin})
		sp := newSpread(r)
		if rapid.Bool().Draw(t, "coarse") {
			sp.fine = 1 // then as many grains as there are people in a load
		}
		sp.count()
		r.end()
		o := r.out
		var in []int
		left, votes := e.Budget, e.votes()
		for round := 0; ; round++ {
			best, least := -1, new(big.Rat)
			for p, pr := range e.Projects { // their ids are in order
				if slices.Contains(in, p) || votes[p] == 0 || pr.Cost > left {
					continue
				}
				if l := plainLoad(e, append(slices.Clone(in), p)); best < 0 || l.Cmp(least) < 0 {
					best, least = p, l
				}
			}
			if best < 0 {
				if round != len(o.Winners) {
					t.Fatalf("%v, want the first %d", o.Winners, round)
				}
				return
			}
			if round >= len(o.Winners) || o.Winners[round] != e.Projects[best].ID || o.Rounds[round].Merit.Cmp(least) != 0 {
				t.Fatalf("%v, want %s in round %d with the load %v", o.Winners, e.Projects[best].ID, round+1, least)
			}
			in, left = append(in, best), left-e.Projects[best].Cost
		}
	})
}

// larger draws elections as rapid does not: with many voters, who run out of money at different times.
func larger(seed uint64, kind Kind, projects, ballots int) *Election {
	draw := rand.New(rand.NewPCG(seed, 1))
	e := &Election{Kind: kind, Unit: 1}
	for i := range projects {
		e.Projects = append(e.Projects, Project{ID: fmt.Sprintf("p%02d", i), Cost: 1 + draw.Int64N(200)})
		e.Budget += e.Projects[i].Cost
	}
	e.Budget = e.Budget/3 + 1
	for range ballots {
		b := Ballot{Wishes: draw.Perm(projects)[:1+draw.IntN(6)]}
		if kind == Cumulative {
			for range b.Wishes {
				b.Points = append(b.Points, 1+draw.Int64N(9))
			}
		}
		e.Ballots = append(e.Ballots, b)
	}
	return e
}

func TestLargerElectionsToo(t *testing.T) {
	for seed := range uint64(12) {
		e := larger(seed, []Kind{Approval, Cumulative, Ordinal}[seed%3], 25, 40+10*int(seed))
		c, err := NewCounter(e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []Method{SharesCost, SharesCount, SharesScores, SharesBorda} {
			if !(Rule{Method: m}).For(e.Kind) {
				continue
			}
			p := c.worth(m)
			r, err := c.run(Rule{Method: m})
			if err != nil {
				t.Fatal(err)
			}
			if want := plainShares(e, p, m, big.NewRat(e.Budget, p.voters), c.rank); !slices.Equal(r.out.winners, want) {
				t.Errorf("seed %d, %s: %v, want %v", seed, m, r.out.winners, want)
			}
		}
		coarse, fine := c.begin(Rule{}), c.begin(Rule{})
		s := newSpread(coarse)
		s.fine = 1
		s.count()
		newSpread(fine).count()
		if !slices.Equal(coarse.out.winners, fine.out.winners) {
			t.Errorf("seed %d: %v in coarse grains, %v in fine", seed, coarse.out.winners, fine.out.winners)
		}
		for i, round := range fine.out.Rounds {
			if coarse.out.Rounds[i].Merit.Cmp(round.Merit) != 0 {
				t.Errorf("seed %d, round %d: the load is %v in coarse grains, %v in fine", seed, i+1, coarse.out.Rounds[i].Merit, round.Merit)
			}
		}
	}
}
