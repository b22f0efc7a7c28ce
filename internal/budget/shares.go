package budget

import (
	"math"
	"math/big"
	"slices"
)

// market is one count by the method of equal shares. Every voter begins with the same part of the budget. A project is
// paid for by its supporters: each pays the price per point times the points they gave, or all they have left. Of those
// that can be paid, the one with the least price per utility is chosen. Prices only rise as voters spend, so what was
// found in an earlier round bounds them from below, and few projects have to be looked at in a round.
//
// The floats in left are wrong by at most slack. They only sort out who surely can and who surely cannot pay; the
// others are compared in the ledger, and every price is exact.
type market struct {
	ledger
	p       *profile
	cost    []int64
	utility []int64 // of a point, by project: its cost, or 1
	rank    []int
	total   []int64 // points of all supporters

	left   []float64 // by ballot: what each has left
	slack  float64   // no float in left is wrong by more; every payment adds a grain at most
	grain  float64
	broke  []int32  // by ballot: the round in which the last was spent, -1 for none
	length []uint16 // by ballot: how many payments; they lie from profile.from on
	round  []uint16 // payments: in which round
	points []int64  // payments: how many times its price

	bound    []float64 // by project: the price per point is at least this
	queue    []int     // projects that may still be paid, the least price per utility first
	status   []uint8   // beside profile.ballot, of the last offer of each project
	paid     []int64   // scratch: payments of a group of voters, by round
	one      []int64   // scratch: payments of one voter
	rounds   []sale
	ties     int
	walk     bool // keep the standings
	projects []Project
}

// What a supporter does in an offer.
const (
	payer   uint8 = iota // pays the price
	emptied              // gives all that is left
	bankrupt
)

// sale is a round of the market.
type sale struct {
	project int
	tied    []int
	offer   offer
	// standings are what each project's supporters find effective, where the rounds are to be walked through
	standings []Standing
}

// offer is what a project's supporters can pay: the price per point is sum/(over·weight), the denominator being that
// of the ledger before the round.
type offer struct {
	sum    big.Int
	weight int64
	price  float64
	full   int64 // people who pay the price
	empty  int64 // people who give all they have
	ok     bool
}

func newMarket(p *profile, e *Election, rank []int, m Method) *market {
	k := &market{p: p, rank: rank, projects: e.Projects}
	k.cost, k.utility = make([]int64, len(e.Projects)), make([]int64, len(e.Projects))
	k.total = make([]int64, len(e.Projects))
	for i, pr := range e.Projects {
		k.cost[i], k.utility[i] = pr.Cost, 1
		if m == SharesCost {
			k.utility[i] = pr.Cost
		}
		_, k.total[i] = p.total(i)
	}
	n := len(p.weight)
	k.left, k.broke, k.length = make([]float64, n), make([]int32, n), make([]uint16, n)
	k.round, k.points = make([]uint16, len(p.project)), make([]int64, len(p.project))
	k.status = make([]uint8, len(p.ballot))
	k.bound = make([]float64, len(e.Projects))
	k.paid, k.one = make([]int64, len(e.Projects)), make([]int64, len(e.Projects))
	return k
}

// wanted says whether the project takes part: somebody would gain from it, and it costs something.
func (k *market) wanted(p int) bool { return k.total[p] > 0 && k.cost[p] > 0 }

// open starts a count in which each voter has num/den.
func (k *market) open(num, den int64) {
	k.begin(num, den)
	each := float64(num) / float64(den)
	for i := range k.left {
		k.left[i], k.broke[i], k.length[i] = each, -1, 0
	}
	k.grain = each * 1e-15
	k.slack = k.grain
	k.rounds, k.ties, k.queue = k.rounds[:0], 0, k.queue[:0]
	for p := range k.cost {
		if k.wanted(p) {
			k.bound[p] = float64(k.cost[p]) / float64(k.total[p]) * (1 - 1e-15)
			k.queue = append(k.queue, p)
		}
	}
	slices.SortStableFunc(k.queue, func(a, b int) int {
		if k.merit(a) < k.merit(b) {
			return -1
		}
		return 1
	})
}

// merit is the least price per utility that the project can have.
func (k *market) merit(p int) float64 { return k.bound[p] / float64(k.utility[p]) }

// next chooses a project, and says whether there was one.
func (k *market) next() bool {
	var tied []int
	var best offer
	limit := math.Inf(1) // the price per utility of the best offer, rounded up
	k.sort()
	standings := k.stand()
	kept := k.queue[:0]
	for i, p := range k.queue {
		if k.merit(p) > limit {
			kept = append(kept, k.queue[i:]...)
			break
		}
		if !k.raise(p) {
			continue // its supporters will never have enough again
		}
		kept = append(kept, p)
		if k.merit(p) > limit {
			continue
		}
		o := k.exact(p)
		if !o.ok {
			kept = kept[:len(kept)-1]
			continue
		}
		k.bound[p] = o.price * (1 - 1e-15)
		against := -1
		if len(tied) > 0 {
			against = k.compare(&o, p, &best, tied[0])
		}
		switch {
		case against < 0:
			tied, best = append(tied[:0], p), o
			limit = o.price / float64(k.utility[p]) * (1 + 4e-15)
		case against == 0:
			tied = append(tied, p)
		}
	}
	k.queue = kept
	if len(tied) == 0 {
		return false
	}
	k.choose(tied, best)
	k.rounds[len(k.rounds)-1].standings = standings
	return true
}

// stand tells what all projects that can still be paid have, for a walk through the rounds.
func (k *market) stand() []Standing {
	if !k.walk {
		return nil
	}
	var out []Standing
	for _, p := range k.queue {
		if k.raise(p) {
			out = append(out, Standing{
				Project: k.projects[p].ID, Merit: 1 / k.merit(p),
				Support: float64(k.cost[p]) / k.bound[p] / float64(k.p.voters),
			})
		}
	}
	k.sort()
	return out
}

// sort puts the queue in order again, of which little has changed.
func (k *market) sort() {
	for i := 1; i < len(k.queue); i++ {
		for j := i; j > 0 && k.merit(k.queue[j]) < k.merit(k.queue[j-1]); j-- {
			k.queue[j], k.queue[j-1] = k.queue[j-1], k.queue[j]
		}
	}
}

// compare says which of two offers asks less for a utility.
func (k *market) compare(a *offer, pa int, b *offer, pb int) int {
	x := new(big.Int).Mul(&a.sum, k.word.SetInt64(b.weight))
	x.Mul(x, k.word.SetInt64(k.utility[pb]))
	y := new(big.Int).Mul(&b.sum, k.word.SetInt64(a.weight))
	y.Mul(y, k.word.SetInt64(k.utility[pa]))
	return x.Cmp(y)
}

// raise lifts the bound of the project as far as floats can prove, and returns false where its supporters surely have
// less than it costs. The supporters together give f(q) = Σ min(left, q·points) at the price q, and f is known to within
// wrong. Below the price where the floats meet the cost, f falls at least as steeply as those who can pay are many, so the
// true price is below it by no more than wrong over their points.
func (k *market) raise(p int) bool {
	from, to := k.p.by[p], k.p.by[p+1]
	cost := float64(k.cost[p])
	wrong := 2*k.slack*float64(k.p.voters) + 3e-16*float64(to-from+8)*cost
	q := k.bound[p]
	for {
		poor, rich := 0.0, int64(0)
		for j := from; j < to; j++ {
			i, w := k.p.ballot[j], k.p.worth[j]
			if k.left[i] < q*float64(w) {
				poor += float64(k.p.weight[i]) * k.left[i]
			} else {
				rich += k.p.weight[i] * w
			}
		}
		if rich == 0 {
			return poor+wrong >= cost // if in doubt the ledger says
		}
		price := (cost - poor) / float64(rich)
		if price <= q*(1+1e-14) {
			k.bound[p] = max(k.bound[p], (min(q, price)-wrong/float64(rich))*(1-1e-15))
			return true
		}
		q = price
	}
}

// exact finds the offer of a project. The bound is a proven one, so those who have less than it asks of them surely
// give all they have. The price that the others would pay is a bound again, until none of them has less.
func (k *market) exact(p int) offer {
	var o offer
	q := k.bound[p]
	from, to := k.p.by[p], k.p.by[p+1]
	clear(k.paid[:len(k.price)])
	o.weight = k.total[p]
	var poor int64
	empty := func(j int32) {
		i := k.p.ballot[j]
		k.status[j] = emptied
		if k.broke[i] >= 0 {
			k.status[j] = bankrupt
		} else {
			poor += k.p.weight[i]
			k.owe(i, k.p.weight[i], k.paid)
		}
		o.weight -= k.p.weight[i] * k.p.worth[j]
	}
	for j := from; j < to; j++ {
		k.status[j] = payer
		i := k.p.ballot[j]
		if k.broke[i] >= 0 || k.left[i]+k.slack < q*float64(k.p.worth[j]) {
			empty(j)
		}
	}
	for {
		k.ledger.left(&o.sum, poor, k.paid[:len(k.price)])
		o.sum.Sub(k.b.Mul(&k.over, k.word.SetInt64(k.cost[p])), &o.sum)
		if o.weight == 0 {
			return o // had they just as much as it costs, the last of them would not be short
		}
		k.b.Mul(&k.over, k.word.SetInt64(o.weight))
		o.price = quotient(&o.sum, &k.b)
		moved := false
		for j := from; j < to; j++ {
			if k.status[j] == payer && k.short(k.p.ballot[j], k.p.worth[j], &o) < 0 {
				empty(j)
				moved = true
			}
		}
		if !moved {
			o.ok = true
			return o
		}
	}
}

// owe adds to paid how often the voters of the ballot paid in each round, times how many they are.
func (k *market) owe(i int32, people int64, paid []int64) {
	at := k.p.from[i]
	for j := at; j < at+int32(k.length[i]); j++ {
		paid[k.round[j]] += people * k.points[j]
	}
}

// short compares what a voter has left with what the offer asks for the points: below 0 they have less.
func (k *market) short(i int32, points int64, o *offer) int {
	ask := o.price * float64(points)
	switch margin := k.slack + ask*4e-15; {
	case k.left[i]+margin < ask:
		return -1
	case k.left[i]-margin > ask:
		return 1
	}
	one := k.one[:len(k.price)]
	clear(one)
	k.owe(i, 1, one)
	var has big.Int
	k.ledger.left(&has, 1, one)
	has.Mul(&has, k.word.SetInt64(o.weight))
	return has.Cmp(k.a.Mul(&o.sum, k.word.SetInt64(points)))
}

// choose sells to the supporters of the first of the tied, whose offer is as good as the best.
func (k *market) choose(tied []int, best offer) {
	p := tied[0]
	for _, t := range tied {
		if k.rank[t] < k.rank[p] {
			p = t
		}
	}
	if len(tied) > 1 {
		if p != tied[0] {
			best = k.exact(p)
		}
		if len(tied) < len(k.cost) {
			k.ties++
		}
	}
	round := uint16(len(k.price))
	for j := k.p.by[p]; j < k.p.by[p+1]; j++ {
		i, points := k.p.ballot[j], k.p.worth[j]
		switch {
		case k.status[j] == bankrupt:
			continue
		case k.status[j] == emptied, k.short(i, points, &best) == 0:
			k.left[i], k.broke[i] = 0, int32(round)
			best.empty += k.p.weight[i]
			continue
		}
		k.left[i] -= best.price * float64(points)
		at := k.p.from[i] + int32(k.length[i])
		k.round[at], k.points[at] = round, points
		k.length[i]++
		best.full += k.p.weight[i]
	}
	k.slack += k.grain
	k.add(&best.sum, best.weight)
	k.queue = slices.DeleteFunc(k.queue, func(q int) bool { return q == p })
	k.rounds = append(k.rounds, sale{project: p, tied: slices.Clone(tied), offer: best})
}
