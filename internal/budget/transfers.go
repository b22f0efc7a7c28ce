package budget

import (
	"cmp"
	"math/big"
	"math/bits"
)

// Cumulative support transfers, in the variant the paper recommends: minimal transfers over costs.
//
// Every voter has an equal part of the budget, and lays it upon the projects in the proportions of their points. While
// some project has as much upon it as it costs, the one with the most for its cost is funded, and what is too much goes
// back to its supporters in proportion. Else projects whose supporters have too little altogether are set aside, and of
// the others the one with the most for its cost is funded after all: its supporters raise what they gave in proportion,
// none beyond what they have, just as far as needed. What a voter has always lies upon their other projects in the
// proportions of their points. In the end the rest of the budget goes to the most points per cost.
//
// As fractions these amounts would double in length with every project. They are therefore whole grains, of which the
// budget has about 2^62: each voter has the same number, a price is rounded up, and so is what each supporter pays.

// transfer is one count by support transfers on its way.
type transfer struct {
	*run
	p       *profile
	cost    []int64 // grains
	have    []int64 // grains, by ballot, of each who cast it
	rest    []int64 // points, by ballot, upon projects still in the count
	support []int64 // grains, by project
	means   []int64 // grains that its supporters have, by project
	in      []bool
}

func (r *run) transfers() {
	p := r.gives()
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
		run: r, p: p, cost: make([]int64, n), support: make([]int64, n), means: make([]int64, n), in: make([]bool, n),
		have: make([]int64, len(p.weight)), rest: make([]int64, len(p.weight)),
	}
	grains := min(1<<42, (1<<62)/p.voters)
	for i := range t.have {
		t.have[i] = grains
		for k := p.from[i]; k < p.from[i+1]; k++ {
			t.rest[i] += p.score[k]
		}
		t.count(int32(i), 1)
	}
	for q, pr := range r.e.Projects {
		if people, _ := p.total(q); people > 0 && pr.Cost > 0 && pr.Cost <= r.e.Budget {
			t.in[q] = true
			t.cost[q] = ceil(pr.Cost, grains*p.voters, r.e.Budget)
		}
	}
	for q := range t.in {
		if !t.in[q] {
			t.remove(q)
		}
	}
	return t
}

// ceil returns a·b/c rounded up, for a ≤ c or b ≤ c.
func ceil(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, rest := bits.Div64(hi, lo, uint64(c))
	if rest > 0 {
		q++
	}
	return int64(q)
}

// count adds what the voters of the ballot have to their projects, or with sign -1 takes it away.
func (t *transfer) count(i int32, sign int64) {
	if t.have[i] == 0 {
		return
	}
	sign *= t.p.weight[i]
	for k := t.p.from[i]; k < t.p.from[i+1]; k++ {
		if q := t.p.project[k]; t.rest[i] > 0 {
			t.support[q] += sign * t.share(i, t.p.score[k])
			t.means[q] += sign * t.have[i]
		}
	}
}

// share is what a voter lays upon a project they give points to.
func (t *transfer) share(i int32, points int64) int64 {
	return scale(t.have[i], min(points, t.rest[i]), t.rest[i])
}

// best returns the projects of the most support for their cost.
func (t *transfer) best(may func(int) bool) []int {
	var tied []int
	for q, in := range t.in {
		if !in || t.support[q] == 0 || !may(q) {
			continue
		}
		against := 1
		if len(tied) > 0 {
			against = (density{t.support[q], t.cost[q]}).against(density{t.support[tied[0]], t.cost[tied[0]]})
		}
		switch {
		case against > 0:
			tied = append(tied[:0], q)
		case against == 0:
			tied = append(tied, q)
		}
	}
	return tied
}

// enough says whether so many grains pay for the project. What rounding took, less than a grain of each voter for each
// project funded so far, is not held against it.
func (t *transfer) enough(grains int64, q int) bool {
	lost := t.p.voters * int64(len(t.out.winners)+1)
	return grains+lost >= t.cost[q] && t.e.Projects[q].Cost <= t.left
}

// setAside takes out the projects that their supporters cannot pay together, or whose price is beyond what is left.
func (t *transfer) setAside() {
	for q, in := range t.in {
		switch {
		case !in:
		case t.e.Projects[q].Cost > t.left:
			t.note(q, Round{Step: TooDear, Merit: ratio(t.support[q], t.cost[q])})
			t.remove(q)
		case !t.enough(t.means[q], q):
			t.note(q, Round{Step: SetAside, Merit: ratio(t.support[q], t.cost[q])})
			t.remove(q)
		}
	}
}

// remove takes the project out of the count; what lay upon it lies upon the others.
func (t *transfer) remove(q int) {
	t.in[q] = false
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		i := t.p.ballot[j]
		t.count(i, -1)
		t.rest[i] -= t.p.worth[j]
		t.count(i, 1)
	}
}

// buy lets the supporters pay, in proportion to what lies upon the project, none more than they have.
func (t *transfer) buy(q int, tied []int) {
	num, den := t.factor(q)
	round := Round{Step: Chosen, Merit: ratio(t.support[q], t.cost[q]), Tied: t.ids(tied), Price: new(big.Rat).SetFrac64(num, den), Standings: t.stood()}
	t.in[q] = false
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		i := t.p.ballot[j]
		share := t.share(i, t.p.worth[j])
		t.count(i, -1)
		switch {
		case t.have[i] == 0:
		case short(share, num, t.have[i], den):
			t.have[i] = 0
			round.Emptied += t.p.weight[i]
		default:
			t.have[i] -= min(t.have[i], ceil(share, num, den))
			round.Full += t.p.weight[i]
		}
		t.rest[i] -= t.p.worth[j]
		t.count(i, 1)
	}
	t.fund(q, round)
}

// short says whether share·num/den is more than they have.
func short(share, num, have, den int64) bool {
	h1, l1 := bits.Mul64(uint64(share), uint64(num))
	h2, l2 := bits.Mul64(uint64(have), uint64(den))
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2)) > 0
}

// factor returns by how much, num/den, the supporters must change what lies upon the project so that it is paid.
func (t *transfer) factor(q int) (num, den int64) {
	num, den = t.cost[q], t.support[q]
	for {
		left, base := t.cost[q], int64(0)
		for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
			i := t.p.ballot[j]
			share := t.share(i, t.p.worth[j])
			if short(share, num, t.have[i], den) {
				left -= t.p.weight[i] * t.have[i]
			} else {
				base += t.p.weight[i] * share
			}
		}
		if base == 0 || left <= 0 || (density{left, base}).against(density{num, den}) <= 0 {
			return num, den
		}
		num, den = left, base
	}
}

func (t *transfer) stood() []Standing {
	if !t.walk {
		return nil
	}
	var out []Standing
	for q, in := range t.in {
		if in {
			out = append(out, Standing{Project: t.e.Projects[q].ID, Merit: float64(t.support[q]) / float64(t.cost[q])})
		}
	}
	return out
}
