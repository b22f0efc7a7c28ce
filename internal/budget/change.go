package budget

import (
	"cmp"
	"slices"
)

func sortSpending(s []Spending) {
	slices.SortStableFunc(s, func(a, b Spending) int { return cmp.Compare(b.Amount, a.Amount) })
}

// Change is what would have funded a project, everything else being the same. Each was found by counting again: with
// one smallest unit of money more, or one ballot less, the project is not funded.
type Change struct {
	Project string
	// Cost is the price at which it would have been funded, and Cheaper by how much that is less than its cost.
	Cost, Cheaper int64
	ByCost        bool // there is such a price
	// Supporters is how many more ballots that name nothing else would have funded it.
	Supporters   int64
	BySupporters bool // there is such a number, of at most as many as voted
}

// Change works out what would have funded the project of this place. It counts some sixty times.
func (c *Counter) Change(rule Rule, project int) (Change, error) {
	p := c.e.Projects[project]
	out := Change{Project: p.ID}
	funded := func(with func(*Election), profiles bool) (bool, error) {
		e := *c.e
		e.Projects, e.Ballots = slices.Clone(e.Projects), slices.Clip(e.Ballots)
		with(&e)
		rank, err := c.order.Ranks(&e)
		if err != nil {
			return false, err
		}
		again := &Counter{e: &e, order: c.order, rank: rank, wants: c.wants, gives: c.gives, ranks: c.ranks}
		if profiles {
			again.wants, again.gives = func() *profile { return approvals(&e) }, func() *profile { return scores(&e) }
			again.ranks = func() *profile { return places(&e) }
		}
		r, err := again.run(rule)
		if err != nil {
			return false, err
		}
		return r.won[project] || r.out.EverythingFits, nil
	}
	cheaper := func(cost int64) (bool, error) {
		return funded(func(e *Election) { e.Projects[project].Cost = cost }, false)
	}
	for price := p.Cost / 2; price > 0 && !out.ByCost; price /= 2 { // for nothing is not cheap: see WhyUnwanted
		var err error
		if out.Cost, out.ByCost, err = edge(price, p.Cost, cheaper); err != nil {
			return out, err
		}
	}
	if out.ByCost {
		out.Cheaper = p.Cost - out.Cost
	}
	more := func(n int64) (bool, error) {
		return funded(func(e *Election) {
			for range n {
				e.Ballots = append(e.Ballots, c.single(project))
			}
		}, true)
	}
	enough := int64(1)
	for most := int64(len(c.e.Ballots)); ; enough = min(2*enough, most) {
		ok, err := more(enough)
		if err != nil {
			return out, err
		}
		if ok {
			break
		}
		if enough >= most {
			return out, nil
		}
	}
	var err error
	out.Supporters, _, err = edge(enough, enough/2, more)
	out.BySupporters = err == nil
	return out, err
}

// edge returns a number from yes, where the answer is yes, towards no, where it is no, whose next is a no; false if the
// answer at yes is no.
func edge(yes, no int64, ask func(int64) (bool, error)) (int64, bool, error) {
	if ok, err := ask(yes); err != nil || !ok {
		return 0, false, err
	}
	for yes-no > 1 || no-yes > 1 {
		middle := yes + (no-yes)/2
		ok, err := ask(middle)
		if err != nil {
			return 0, false, err
		}
		if ok {
			yes = middle
		} else {
			no = middle
		}
	}
	return yes, true, nil
}

// single is a ballot that names only the project, with as many points as any ballot gives.
func (c *Counter) single(project int) Ballot {
	b := Ballot{Wishes: []int{project}}
	if c.e.Kind != Cumulative && c.e.Kind != Scoring {
		return b
	}
	b.Points = []int64{1}
	for i := range c.e.Ballots {
		var sum int64
		for _, n := range c.e.Ballots[i].Points {
			sum += n
		}
		b.Points[0] = max(b.Points[0], min(sum, mostPoints))
	}
	return b
}

// Compare counts by several rules and returns their outcomes side by side.
func (c *Counter) Compare(rules []Rule) ([]*Outcome, error) {
	out := make([]*Outcome, len(rules))
	for i, rule := range rules {
		var err error
		if out[i], err = c.Count(rule); err != nil {
			return nil, err
		}
	}
	return out, nil
}
