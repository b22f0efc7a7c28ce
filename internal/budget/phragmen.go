package budget

import (
	"math/big"
	"slices"
)

// phragmen counts by Phragmén's sequential rule: all voters earn at the same pace, and as soon as the supporters of a
// project have what it costs, they spend all they have on it. The load of voters is when they last spent. It ends when
// one of the projects that are next would break the budget. Projects that cost more than the whole budget take no part;
// what nobody supports comes last.
func (r *run) phragmen() {
	p := r.wants()
	l := &loads{p: p, last: make([]int32, len(p.weight)), moments: []big.Int{{}}}
	l.over.SetInt64(1)
	for i, pr := range r.e.Projects {
		people, _ := p.total(i)
		l.people = append(l.people, people)
		l.since = append(l.since, []int64{people})
		if pr.Cost <= r.e.Budget {
			l.rest = append(l.rest, i)
		}
	}
	for len(l.rest) > 0 {
		tied, sum, weight := l.soonest(r.e)
		for _, t := range tied {
			if r.e.Projects[t].Cost > r.left {
				r.note(t, Round{Step: Stopped, Merit: l.moment(sum, weight), Tied: r.ids(tied)})
				return
			}
		}
		w := r.first(tied)
		r.fund(w, Round{Step: Chosen, Merit: l.moment(sum, weight), Tied: r.ids(tied), Full: l.people[w], Standings: r.standings(l)})
		l.buy(w, sum, weight)
	}
}

// loads keeps when voters last spent, exactly. Moments are whole numbers over one denominator; since[p][k] is how many
// supporters of project p last spent in round k, counted from 1, or never in round 0, the moment 0.
type loads struct {
	p       *profile
	over    big.Int
	moments []big.Int
	last    []int32 // by ballot
	people  []int64
	since   [][]int64
	rest    []int

	a, b, word big.Int // scratch
}

// soonest returns the projects that can be bought next, and the moment: sum/(over·weight), of weight 0 for never.
func (l *loads) soonest(e *Election) (tied []int, sum *big.Int, weight int64) {
	sum = new(big.Int)
	for _, p := range l.rest {
		s := l.sum(p, e.Projects[p].Cost)
		against := -1
		if len(tied) > 0 {
			against = l.compare(s, l.people[p], sum, weight)
		}
		switch {
		case against < 0:
			tied, weight = append(tied[:0], p), l.people[p]
			sum.Set(s)
		case against == 0:
			tied = append(tied, p)
		}
	}
	return tied, sum, weight
}

// sum returns the cost and what the supporters of the project spent so far, over the denominator.
func (l *loads) sum(p int, cost int64) *big.Int {
	l.a.Mul(&l.over, l.word.SetInt64(cost))
	for k, n := range l.since[p] {
		if n != 0 {
			l.a.Add(&l.a, l.b.Mul(&l.moments[k], l.word.SetInt64(n)))
		}
	}
	return &l.a
}

func (l *loads) compare(s *big.Int, w int64, t *big.Int, v int64) int {
	switch {
	case w == 0 && v == 0:
		return 0
	case w == 0:
		return 1
	case v == 0:
		return -1
	}
	x := l.b.Mul(s, l.word.SetInt64(v))
	return x.Cmp(new(big.Int).Mul(t, l.word.SetInt64(w)))
}

func (l *loads) moment(sum *big.Int, weight int64) *big.Rat {
	if weight == 0 {
		return nil
	}
	over := new(big.Int).Mul(&l.over, l.word.SetInt64(weight))
	return new(big.Rat).SetFrac(new(big.Int).Set(sum), over)
}

// buy lets the supporters of the project spend all at the moment.
func (l *loads) buy(w int, sum *big.Int, weight int64) {
	l.rest = slices.DeleteFunc(l.rest, func(p int) bool { return p == w })
	if weight == 0 {
		return
	}
	g := gcd(weight, l.a.Mod(sum, l.word.SetInt64(weight)).Int64())
	l.word.SetInt64(weight / g)
	l.over.Mul(&l.over, &l.word)
	for k := range l.moments {
		l.moments[k].Mul(&l.moments[k], &l.word)
	}
	round := int32(len(l.moments))
	l.moments = append(l.moments, *new(big.Int).Quo(sum, big.NewInt(g)))
	for p := range l.since {
		l.since[p] = append(l.since[p], 0)
	}
	for j := l.p.by[w]; j < l.p.by[w+1]; j++ {
		i := l.p.ballot[j]
		n := l.p.weight[i]
		for k := l.p.from[i]; k < l.p.from[i+1]; k++ {
			since := l.since[l.p.project[k]]
			since[l.last[i]] -= n
			since[round] += n
		}
		l.last[i] = round
	}
}

// standings tells, for a walk through the rounds, when each project could be bought.
func (r *run) standings(l *loads) []Standing {
	if !r.walk {
		return nil
	}
	out := make([]Standing, 0, len(l.rest))
	for _, p := range l.rest {
		s := Standing{Project: r.e.Projects[p].ID}
		if l.people[p] > 0 {
			sum := l.sum(p, r.e.Projects[p].Cost)
			s.Merit = quotient(sum, new(big.Int).Mul(&l.over, big.NewInt(l.people[p])))
		}
		out = append(out, s)
	}
	return out
}
