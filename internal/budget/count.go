package budget

import (
	"fmt"
	"math/big"
	"slices"
	"sync"
)

// Counter counts one election by any number of rules, merging equal ballots once. It may be used by several goroutines.
type Counter struct {
	e     *Election
	order Order
	rank  []int
	wants func() *profile // who wants what
	gives func() *profile // who gives what points
	ranks func() *profile // who puts what in which place among all
	walk  bool            // keep the standings of every round
}

// NewCounter makes ready to count. The election must not change from here on.
func NewCounter(e *Election, order Order) (*Counter, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	rank, err := order.Ranks(e)
	if err != nil {
		return nil, err
	}
	return &Counter{
		e: e, order: order, rank: rank,
		wants: sync.OnceValue(func() *profile { return approvals(e) }),
		gives: sync.OnceValue(func() *profile { return scores(e) }),
		ranks: sync.OnceValue(func() *profile { return places(e) }),
	}, nil
}

// worth returns the ballots as the method values wishes.
func (c *Counter) worth(m Method) *profile {
	switch m {
	case GreedyScores, SharesScores, Transfers:
		return c.gives()
	case GreedyBorda, SharesBorda:
		return c.ranks()
	}
	return c.wants()
}

// Count is one count of the election by the rule, ties broken by the order.
func Count(e *Election, rule Rule, order Order) (*Outcome, error) {
	c, err := NewCounter(e, order)
	if err != nil {
		return nil, err
	}
	return c.Count(rule)
}

// Count counts by the rule. The fault is of kind Invalid where the rule cannot count ballots of the election's kind.
func (c *Counter) Count(rule Rule) (*Outcome, error) {
	r, err := c.run(rule)
	if err != nil {
		return nil, err
	}
	return r.out, nil
}

func (c *Counter) run(rule Rule) (*run, error) {
	if !rule.For(c.e.Kind) {
		return nil, invalid("rule", "the rule %s counts wishes in order, and these ballots are of the kind %s", rule, c.e.Kind)
	}
	r := c.begin(rule)
	switch {
	case slices.Contains([]Method{GreedyVotes, GreedyDense, GreedyScores, GreedyBorda}, rule.Method):
		r.greedy(rule.Method)
	case rule.Method.shares():
		r.shares(rule)
	case rule.Method == Phragmen:
		r.phragmen()
	case rule.Method == Maximin:
		r.maximin()
	case rule.Method == Transfers:
		r.transfers()
	case rule.Method == STV:
		r.stv()
	default:
		return nil, fmt.Errorf("the rule %s is not known", rule)
	}
	r.end()
	return r, nil
}

// run is one count on its way.
type run struct {
	*Counter
	out  *Outcome
	left int64 // of the budget
	won  []bool
	// market is, for equal shares, the count that counts, as it ended.
	market *market
}

func (c *Counter) begin(rule Rule) *run {
	return &run{
		Counter: c, left: c.e.Budget, won: make([]bool, len(c.e.Projects)),
		out: &Outcome{Rule: rule.String(), Ties: c.order.String(), EverythingFits: c.e.EverythingFits()},
	}
}

func (r *run) end() {
	o := r.out
	o.Winners = make([]string, len(o.winners))
	for i, p := range o.winners {
		o.Winners[i] = r.e.Projects[p].ID
	}
	o.Cost = r.e.cost(append([]int{}, o.winners...))
}

// fund adds the project to the winners.
func (r *run) fund(p int, round Round) {
	r.won[p] = true
	r.out.winners = append(r.out.winners, p)
	r.left -= r.e.Projects[p].Cost
	r.note(p, round)
}

// note adds a round about the project.
func (r *run) note(p int, round Round) {
	round.project, round.Project, round.Left = p, r.e.Projects[p].ID, r.left
	r.out.Rounds = append(r.out.Rounds, round)
}

// first returns the project that wins the tie, and counts it.
func (r *run) first(tied []int) int {
	best := tied[0]
	for _, p := range tied {
		if r.rank[p] < r.rank[best] {
			best = p
		}
	}
	if len(tied) > 1 && len(tied) < len(r.e.Projects) {
		r.out.TiesBroken++
	}
	return best
}

// ids names the projects where there is more than one.
func (r *run) ids(tied []int) []string {
	if len(tied) < 2 {
		return nil
	}
	names := make([]string, len(tied))
	for i, p := range tied {
		names[i] = r.e.Projects[p].ID
	}
	return names
}

func ratio(a, b int64) *big.Rat { return big.NewRat(a, b) }
