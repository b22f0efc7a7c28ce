package budget

import "math/big"

// Cumulative support transfers, in the variant the paper recommends: minimal transfers over costs.
//
// Every voter has an equal part of the budget, and lays it upon the projects in the proportions of their points. While
// some project has as much upon it as it costs, the one with the most for its cost is funded, and what is too much goes
// back to its supporters in proportion. Else projects whose supporters have too little altogether are set aside, and of
// the others the one with the most for its cost is funded after all: its supporters raise what they gave in proportion,
// none beyond what they have, just as far as needed. What a voter has always lies upon their other projects in the
// proportions of their points. In the end the rest of the budget goes to the most points per cost.
//
// As fractions these amounts would double in length with every project. They are therefore whole grains, of which each
// voter begins with 2^104, and what rounding may have taken is added up: were every amount exact, all voters together
// would have within loss grains of what they have here. For what a voter pays is their money times a part from 0 to 1,
// so an earlier fault never grows; and if the factor is wrong all pay too much or all too little, together no more than
// what the supporters' money was wrong by and the rounding of this round. So no sum over voters is wrong by more than
// doubt, which is less than 2^-50 of the budget at the bounds of an election and about 2^-94 in one of a town. What may
// be equal within it counts as equal: an exact tie is always found to be one, and left to the order of ties.

// transfer is one count by support transfers on its way.
type transfer struct {
	*run
	p       *profile
	cost    []wide  // grains, rounded down
	have    []wide  // grains, by ballot, of each who cast it
	rest    []int64 // points, by ballot, upon projects still in the count
	support []wide  // grains, by project
	means   []wide  // grains that its supporters have, by project
	loss    wide    // grains that rounding may have taken or given, of all voters together
	in      []bool
}

// grains are what each voter begins with, so that all of them have less than 2^127.
var grains = wide{1 << 40, 0}

func (r *run) transfers() {
	p := r.worth(Transfers)
	r.free(p)
	if p.voters == 0 || r.e.Budget == 0 {
		return
	}
	t := newTransfer(r, p)
	for {
		tied := t.best(func(q int) bool { return t.enough(t.support[q], q) })
		if len(tied) == 0 {
			t.setAside()
			tied = t.best(func(int) bool { return true })
		}
		if len(tied) == 0 {
			break
		}
		t.buy(r.first(tied), tied)
	}
	r.take(r.merits(GreedyScores), Completed)
}

func newTransfer(r *run, p *profile) *transfer {
	n := len(r.e.Projects)
	t := &transfer{
		run: r, p: p, cost: make([]wide, n), support: make([]wide, n), means: make([]wide, n), in: make([]bool, n),
		have: make([]wide, len(p.weight)), rest: make([]int64, len(p.weight)),
	}
	all := grains.times(p.voters)
	for q, pr := range r.e.Projects {
		if people, _ := p.total(q); people > 0 && pr.Cost > 0 && pr.Cost <= r.e.Budget {
			t.in[q] = true
			t.cost[q] = all.part(pr.Cost, r.e.Budget)
		}
	}
	for i := range t.have {
		t.have[i] = grains
		for k := p.from[i]; k < p.from[i+1]; k++ {
			if t.in[p.project[k]] {
				t.rest[i] += p.score[k]
			}
		}
		t.count(int32(i), wide.plus)
	}
	return t
}

// doubt is by how many grains a sum over voters may be wrong: by what was lost, and a grain for each rounded share.
func (t *transfer) doubt() wide { return t.loss.plus(wide{0, uint64(t.p.voters) + 1}) }

// count adds what the voters of the ballot have to their projects, or takes it away.
func (t *transfer) count(i int32, to func(wide, wide) wide) {
	if t.have[i].zero() || t.rest[i] == 0 {
		return
	}
	all := t.have[i].times(t.p.weight[i])
	for k := t.p.from[i]; k < t.p.from[i+1]; k++ {
		if q := t.p.project[k]; t.in[q] {
			t.support[q] = to(t.support[q], t.share(i, t.p.score[k]).times(t.p.weight[i]))
			t.means[q] = to(t.means[q], all)
		}
	}
}

// share is what a voter lays upon a project in the count that they give points to.
func (t *transfer) share(i int32, points int64) wide { return t.have[i].part(points, t.rest[i]) }

// best returns the projects of the most support for their cost: all that may be it, when what rounding may have given
// the one and taken from the other is left out.
func (t *transfer) best(may func(int) bool) []int {
	doubt, first := t.doubt(), -1
	for q := range t.in {
		if t.stands(q, may) && (first < 0 || t.least(q).against(t.price(q), t.least(first), t.price(first)) > 0) {
			first = q
		}
	}
	var tied []int
	for q := range t.in {
		if first >= 0 && t.stands(q, may) && t.support[q].plus(doubt).against(t.price(q), t.least(first), t.price(first)) >= 0 {
			tied = append(tied, q)
		}
	}
	return tied
}

// stands says whether something surely lies upon the project, and it may be chosen.
func (t *transfer) stands(q int, may func(int) bool) bool {
	return t.in[q] && !t.least(q).zero() && may(q)
}

// least is what surely lies upon the project.
func (t *transfer) least(q int) wide { return t.support[q].minus(t.doubt()) }

func (t *transfer) price(q int) int64 { return t.e.Projects[q].Cost }

// enough says whether so many grains may pay for the project.
func (t *transfer) enough(grains wide, q int) bool {
	return grains.plus(t.doubt()).compare(t.cost[q]) >= 0 && t.price(q) <= t.left
}

// setAside takes out the projects that their supporters cannot pay together, or whose price is beyond what is left.
func (t *transfer) setAside() {
	for q, in := range t.in {
		switch {
		case !in:
		case t.price(q) > t.left:
			t.note(q, Round{Step: TooDear, Merit: t.merit(q)})
			t.remove(q)
		case !t.enough(t.means[q], q):
			t.note(q, Round{Step: SetAside, Merit: t.merit(q)})
			t.remove(q)
		}
	}
}

// merit is what lies upon the project for its cost, to 18 decimals: with those that rounding may have changed left out.
func (t *transfer) merit(q int) *big.Rat {
	of := new(big.Int).Mul(t.support[q].big(), big.NewInt(t.e.Budget))
	by := new(big.Int).Mul(grains.times(t.p.voters).big(), big.NewInt(t.price(q)))
	near, _ := new(big.Rat).SetString(new(big.Rat).SetFrac(of, by).FloatString(18))
	return near
}

// remove takes the project out of the count; what lay upon it lies upon the others.
func (t *transfer) remove(q int) {
	t.in[q] = false
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		i := t.p.ballot[j]
		t.count(i, wide.minus)
		t.rest[i] -= t.p.worth[j]
		t.count(i, wide.plus)
	}
}

// buy lets the supporters pay, in proportion to what lies upon the project, none more than they have.
func (t *transfer) buy(q int, tied []int) {
	f, doubt := t.factor(q), t.doubt()
	round := Round{Step: Chosen, Merit: t.merit(q), Tied: t.ids(tied), Price: f.rat(), Standings: t.stood()}
	t.in[q] = false
	var people int64
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		i := t.p.ballot[j]
		share, had := t.share(i, t.p.worth[j]), t.have[i].compare(doubt) > 0
		t.count(i, wide.minus)
		t.have[i] = t.have[i].minus(f.pay(share))
		people += t.p.weight[i]
		switch {
		case !had: // nothing, or what rounding left
		case t.have[i].compare(doubt) <= 0:
			round.Emptied += t.p.weight[i]
		default:
			round.Full += t.p.weight[i]
		}
		t.rest[i] -= t.p.worth[j]
		t.count(i, wide.plus)
	}
	// A share is rounded down and what it pays up: twice less than the factor and one. The price and the factor, once.
	t.loss = t.loss.plus(wide{0, 2}).plus(wide{0, uint64(people)}.times(2 * (f.most() + 1)))
	t.fund(q, round)
}

// factor returns by how much the supporters must change what lies upon the project so that it is paid: if they have
// just as much as it costs, by so much that all of them give all.
func (t *transfer) factor(q int) factor {
	f := newFactor(t.cost[q], t.support[q])
	for {
		left, base, most := t.cost[q], wide{}, int64(1)
		for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
			i := t.p.ballot[j]
			share := t.share(i, t.p.worth[j])
			if f.pay(share).compare(t.have[i]) > 0 {
				left = left.minus(t.have[i].times(t.p.weight[i]))
			} else {
				base = base.plus(share.times(t.p.weight[i]))
			}
			most = max(most, t.rest[i]/t.p.worth[j]+1)
		}
		switch {
		case left.zero(), base.zero(), f.atLeast(left, base):
			return f
		case left.against(most, base, 1) > 0:
			return newFactor(wide{0, uint64(most)}, wide{0, 1})
		}
		f = newFactor(left, base)
	}
}

func (t *transfer) stood() []Standing {
	if !t.walk {
		return nil
	}
	var out []Standing
	for q, in := range t.in {
		if in {
			out = append(out, Standing{Project: t.e.Projects[q].ID, Merit: t.support[q].float() / t.cost[q].float()})
		}
	}
	return out
}
