package budget

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"
)

// density is worth over cost. Where the cost is nothing it is above all others, or below where it is worth nothing.
type density struct{ worth, cost int64 }

// against compares exactly.
func (d density) against(o density) int {
	switch {
	case d.cost == 0 || o.cost == 0:
		return cmp.Compare(d.class(), o.class())
	}
	h1, l1 := bits.Mul64(uint64(d.worth), uint64(o.cost))
	h2, l2 := bits.Mul64(uint64(o.worth), uint64(d.cost))
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
}

// class is 2 for something for nothing, 0 for nothing, else 1.
func (d density) class() int {
	switch {
	case d.worth == 0:
		return 0
	case d.cost == 0:
		return 2
	}
	return 1
}

func (d density) rat() *big.Rat {
	if d.cost == 0 {
		return new(big.Rat)
	}
	return ratio(d.worth, d.cost)
}

// greedy funds the project of the greatest merit that still fits, again and again.
func (r *run) greedy(m Method) { r.take(r.merits(m), Chosen) }

// merits returns the merit of each project. By votes, what costs nothing has none: its supporters gain no money's
// worth, which is what the rule goes by.
func (r *run) merits(m Method) []density {
	p := r.worth(m)
	out := make([]density, len(r.e.Projects))
	for i := range out {
		people, points := p.total(i)
		switch cost := r.e.Projects[i].Cost; {
		case m == GreedyScores, m == GreedyBorda:
			out[i] = density{points, cost}
		case m == GreedyDense:
			out[i] = density{people, cost}
		case cost > 0:
			out[i] = density{people, 1}
		default:
			out[i] = density{0, 1}
		}
	}
	return out
}

// take goes through the projects that are not funded, the greatest merit first, and funds each that fits.
func (r *run) take(merit []density, step Step) {
	var rest []int
	for p := range r.e.Projects {
		if !r.won[p] {
			rest = append(rest, p)
		}
	}
	slices.SortFunc(rest, func(a, b int) int { return cmp.Or(merit[b].against(merit[a]), r.rank[a]-r.rank[b]) })
	for i, p := range rest {
		equal := i + 1
		for equal < len(rest) && merit[rest[equal]].against(merit[p]) == 0 {
			equal++
		}
		tied := rest[i:equal]
		if r.e.Projects[p].Cost > r.left {
			r.note(p, Round{Step: TooDear, Merit: merit[p].rat()})
			continue
		}
		if len(tied) > 1 && len(tied) < len(r.e.Projects) && !r.allFit(tied) {
			r.out.TiesBroken++
		}
		r.fund(p, Round{Step: step, Merit: merit[p].rat(), Tied: r.ids(tied)})
	}
}

// allFit says whether all these can be funded together, so that their order is no matter.
func (r *run) allFit(tied []int) bool { return r.e.cost(append([]int{}, tied...)) <= r.left }
