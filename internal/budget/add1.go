package budget

import "math/big"

// mostIncrements bounds Add1: as often it is repeated at most.
const mostIncrements = 200_000

// shares counts by the method of equal shares, repeated where the rule is one of Add1.
func (r *run) shares(rule Rule) {
	p := r.worth(rule.Method)
	k := newMarket(p, r.e, r.rank, rule.Method)
	a := &repeat{run: r, k: k, rule: rule}
	a.start()
	r.market = k
	k.walk = r.walk && !rule.Add1  // of Add1 the count that counts is taken again
	if rule.Method != SharesCost { // by cost nobody gains from what costs nothing
		r.free(p)
	}
	if rule.Add1 {
		a.repeat()
	} else if p.voters > 0 {
		a.count(0)
	}
	r.record(k)
	if rule.Greedy {
		r.take(r.merits(rule.Method.completion()), Completed)
	}
}

// free funds what costs nothing and somebody wants.
func (r *run) free(p *profile) {
	for i, pr := range r.e.Projects {
		if people, _ := p.total(i); pr.Cost == 0 && people > 0 {
			r.fund(i, Round{Step: Free})
		}
	}
}

// record takes over the rounds of the last count.
func (r *run) record(k *market) {
	over := new(big.Int).Set(&k.over)
	for i, s := range k.rounds {
		price := new(big.Rat)
		if i < len(k.price) {
			price.SetFrac(new(big.Int).Set(&k.price[i]), over)
		}
		merit, support := new(big.Rat), 0.0
		if price.Sign() > 0 {
			merit.Quo(ratio(k.utility[s.project], 1), price)
			support = float64(k.cost[s.project]) / s.offer.price / float64(k.p.voters)
		}
		r.fund(s.project, Round{
			Step: Chosen, Tied: r.ids(s.tied), Price: price, Merit: merit, Support: support,
			Full: s.offer.full, Emptied: s.offer.empty, Standings: s.standings,
		})
	}
}

// repeat is a count of Add1 on its way.
type repeat struct {
	*run
	k    *market
	rule Rule
	from int64 // what each voter begins with, times den
	den  int64
}

// start works out the equal part of the budget.
func (a *repeat) start() {
	a.from, a.den = a.e.Budget, max(a.k.p.voters, 1)
	if a.rule.Integral {
		a.from, a.den = a.e.Budget/(a.den*a.e.Unit)*a.e.Unit, 1
	}
}

// count counts after so many increments, and returns what the outcome costs.
func (a *repeat) count(increments int64) int64 {
	a.k.open(a.from+increments*a.e.Unit*a.den, a.den)
	var cost int64
	for a.k.next() {
		cost += a.k.cost[a.k.rounds[len(a.k.rounds)-1].project]
	}
	a.out.TiesBroken += a.k.ties
	return cost
}

// repeat counts with more and more money until it stops, and leaves the market as of the outcome that counts.
func (a *repeat) repeat() {
	var stop Stop
	n := int64(0)
	for ; stop == ""; n++ {
		switch cost := a.count(n); {
		case cost > a.e.Budget:
			stop = Infeasible
		case !a.rule.Beyond && a.exhaustive(cost):
			stop = Exhaustive
		case a.complete():
			stop = Complete
		case n == mostIncrements || a.k.p.voters == 0:
			stop = Bounded
		}
	}
	n-- // the count that stopped it
	if k := a.k; stop == Infeasible || a.walk {
		if k.walk = a.walk; stop == Infeasible {
			n = max(n-1, 0)
		}
		ties := a.out.TiesBroken
		a.count(n)
		a.out.TiesBroken = ties
	}
	each := big.NewRat(a.from+n*a.e.Unit*a.den, a.den)
	a.out.Add1 = &Add1{Increments: n, Stopped: stop, Each: each}
}

// exhaustive says whether no project that anyone wants still fits.
func (a *repeat) exhaustive(cost int64) bool {
	won := a.elected()
	for p := range a.k.cost {
		if a.k.wanted(p) && !won[p] && cost+a.k.cost[p] <= a.e.Budget {
			return false
		}
	}
	return true
}

// complete says whether all projects that anyone wants are chosen: more money changes nothing.
func (a *repeat) complete() bool {
	n := 0
	for p := range a.k.cost {
		if a.k.wanted(p) {
			n++
		}
	}
	return n == len(a.k.rounds)
}

func (a *repeat) elected() []bool {
	won := make([]bool, len(a.k.cost))
	for _, s := range a.k.rounds {
		won[s.project] = true
	}
	return won
}
