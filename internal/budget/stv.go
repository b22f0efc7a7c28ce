package budget

import (
	"encoding/binary"
	"math/big"
	"math/bits"
	"slices"
)

// The single transferable vote, for projects with prices.
//
// Young people in North Ayrshire allotted youth funds "using the single transferable vote method" on Young Scot's
// platform (PB Scotland, "Young people take budget lead", 3 April 2017; Arran Banner, 1 February 2018). How prices
// entered the count is not published, so this is the count that Scotland's councils use (Scottish Local Government
// Elections Order 2007, SSI 2007/42, schedule 1, rules 46 to 52: the weighted inclusive Gregory method, five decimals,
// "any remainder being ignored") with one change: the quota goes with the price. Where k projects of the same price use up the budget, n ballots give the
// Scottish quota ⌊n/(k+1)⌋+1; with k = budget/cost that is ⌊n·cost/(budget+cost)⌋+1, which is what each project needs
// here. A project that asks for the whole budget needs more than half of the ballots.
//
// Stage by stage: what no longer fits is set aside, and its ballots pass on. If the others all fit together, they are
// funded. Else the one furthest above its quota is funded, and its surplus passes on; if none reaches its quota, the
// one with the fewest votes is excluded, and its ballots pass on. What is left in the end goes to excluded projects that
// fit, the last excluded first. A project is funded wholly or not at all, although in 2016 the last one on Arran was
// given what was left.

// vote is one ballot in the five decimals of the Order.
const vote = 100_000

// paper is equal ballots, where they lie and what each is worth.
type paper struct {
	wishes []int
	people int64
	at     int // place in wishes; len(wishes): it lies with nobody
	value  int64
}

// tally is a count by the single transferable vote on its way.
type tally struct {
	*run
	papers []paper
	lies   [][]int32 // papers that lie with each project
	votes  []int64
	goes   []bool // still in the count
	quota  []int64
	gone   []int // projects that were excluded, in that order
}

func (r *run) stv() {
	t := &tally{
		run: r, papers: ranked(r.e), lies: make([][]int32, len(r.e.Projects)), votes: make([]int64, len(r.e.Projects)),
		goes: make([]bool, len(r.e.Projects)), quota: make([]int64, len(r.e.Projects)),
	}
	var valid int64
	for _, p := range t.papers {
		valid += p.people
		for _, w := range p.wishes {
			t.goes[w] = true // what nobody names takes no part
		}
	}
	for p, pr := range r.e.Projects {
		if t.quota[p] = vote; r.e.Budget+pr.Cost > 0 {
			t.quota[p] = (scale(valid, pr.Cost, r.e.Budget+pr.Cost) + 1) * vote
		}
	}
	for i := range t.papers {
		t.papers[i].at = -1
		t.pass(int32(i))
	}
	for t.stage() {
	}
	for _, p := range slices.Backward(t.gone) {
		if r.e.Projects[p].Cost > r.left {
			t.note(p, Round{Step: TooDear})
		} else {
			t.fund(p, Round{Step: Completed})
		}
	}
}

// ranked merges the ballots that name the same projects in the same order.
func ranked(e *Election) []paper {
	var papers []paper
	place := map[string]int{}
	var key []byte
	for i := range e.Ballots {
		wishes := e.Ballots[i].Wishes
		if len(wishes) == 0 {
			continue
		}
		key = key[:0]
		for _, w := range wishes {
			key = binary.AppendUvarint(key, uint64(w))
		}
		at, ok := place[string(key)]
		if !ok {
			at = len(papers)
			place[string(key)] = at
			papers = append(papers, paper{wishes: wishes, value: vote})
		}
		papers[at].people++
	}
	return papers
}

// scale returns a·b/c rounded down, for numbers from 0 up with a ≤ c or b ≤ c.
func scale(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(q)
}

// pass moves the paper to the next of its wishes that is still in the count.
func (t *tally) pass(i int32) {
	p := &t.papers[i]
	for p.at++; p.at < len(p.wishes); p.at++ {
		if w := p.wishes[p.at]; t.goes[w] {
			t.lies[w] = append(t.lies[w], i)
			t.votes[w] += p.people * p.value
			return
		}
	}
}

// leave takes the project out of the count; part of over of the worth of its papers passes on.
func (t *tally) leave(p int, part, over int64) {
	t.goes[p] = false
	papers := t.lies[p]
	t.lies[p] = nil
	for _, i := range papers {
		if part < over {
			t.papers[i].value = scale(t.papers[i].value, part, over)
		}
		t.pass(i)
	}
}

// stage does one stage and says whether there is another.
func (t *tally) stage() bool {
	t.setAside()
	var in []int
	for p, goes := range t.goes {
		if goes {
			in = append(in, p)
		}
	}
	if len(in) == 0 {
		return false
	}
	if t.allFit(in) {
		for len(in) > 0 {
			p, tied := t.most(in, func(p int) int64 { return t.votes[p] })
			in = without(in, p)
			t.fund(p, Round{Step: Chosen, Merit: t.merit(p), Tied: t.ids(tied)})
		}
		return false
	}
	var reached []int
	for _, p := range in {
		if t.votes[p] >= t.quota[p] {
			reached = append(reached, p)
		}
	}
	if len(reached) > 0 {
		p, tied := t.most(reached, func(p int) int64 { return t.votes[p] - t.quota[p] })
		t.fund(p, Round{Step: Chosen, Merit: t.merit(p), Tied: t.ids(tied), Standings: t.stood(in)})
		t.leave(p, t.votes[p]-t.quota[p], t.votes[p])
		return true
	}
	t.exclude(in)
	return true
}

// setAside takes out, all at once, what costs more than is left.
func (t *tally) setAside() {
	var dear []int
	for p, goes := range t.goes {
		if goes && t.e.Projects[p].Cost > t.left {
			t.goes[p] = false
			dear = append(dear, p)
			t.note(p, Round{Step: TooDear, Merit: t.merit(p)})
		}
	}
	for _, p := range dear {
		t.leave(p, 1, 1)
	}
}

// exclude takes out the project with the fewest votes; of equal ones, the last in the order of ties.
func (t *tally) exclude(in []int) {
	var tied []int
	for _, p := range in {
		switch {
		case len(tied) == 0 || t.votes[p] < t.votes[tied[0]]:
			tied = append(tied[:0], p)
		case t.votes[p] == t.votes[tied[0]]:
			tied = append(tied, p)
		}
	}
	last := tied[0]
	for _, p := range tied {
		if t.rank[p] > t.rank[last] {
			last = p
		}
	}
	if len(tied) > 1 {
		t.out.TiesBroken++
	}
	t.note(last, Round{Step: Excluded, Merit: t.merit(last), Tied: t.ids(tied), Standings: t.stood(in)})
	t.gone = append(t.gone, last)
	t.leave(last, 1, 1)
}

// most returns the project that has most, the first in the order of equal ones, and all equal ones.
func (t *tally) most(in []int, has func(int) int64) (int, []int) {
	var tied []int
	for _, p := range in {
		switch {
		case len(tied) == 0 || has(p) > has(tied[0]):
			tied = append(tied[:0], p)
		case has(p) == has(tied[0]):
			tied = append(tied, p)
		}
	}
	return t.first(tied), tied
}

func (t *tally) merit(p int) *big.Rat { return ratio(t.votes[p], vote) }

func (t *tally) stood(in []int) []Standing {
	if !t.walk {
		return nil
	}
	out := make([]Standing, len(in))
	for i, p := range in {
		out[i] = Standing{Project: t.e.Projects[p].ID, Merit: float64(t.votes[p]) / vote}
	}
	return out
}

func without(list []int, p int) []int {
	out := make([]int, 0, len(list))
	for _, q := range list {
		if q != p {
			out = append(out, q)
		}
	}
	return out
}
