package budget

import (
	"cmp"
	"math/big"
)

// Explanation is an outcome with the standings in every round, and a reason for every project.
type Explanation struct {
	*Outcome
	Voters   int64
	Projects []Reason // in the order of Election.Projects
}

// Why is the kind of a reason.
type Why string

// Why a project is funded, or is not.
const (
	WhyChosen    Why = "chosen"     // the rule chose it in a round
	WhyFree      Why = "free"       // it costs nothing, and somebody wants it
	WhyCompleted Why = "completed"  // it was funded from what was left, by the completion or though nobody wished for it
	WhyAllFit    Why = "all_fit"    // everything fits, so everything is funded
	WhyNobody    Why = "nobody"     // nobody wished for it
	WhyTooLarge  Why = "too_large"  // it costs more than the whole budget
	WhySpent     Why = "spent"      // its supporters had spent their part on other wishes
	WhyNoRoom    Why = "no_room"    // what was left of the budget was less than it costs
	WhyFewest    Why = "fewest"     // it had the fewest votes, and its ballots passed on
	WhyTooLate   Why = "too_late"   // the count ended before its turn
	WhyUnwanted  Why = "not_chosen" // of other reasons: it costs nothing, and nobody gains from it
)

// Reason is why a project is funded, or is not, in numbers.
type Reason struct {
	Project    string
	Funded     bool
	Why        Why
	Round      int   // counted from 1: when it was decided; 0 if no round was about it
	Supporters int64 // people who wished for it

	// For equal shares, from 0 to 1 of all voters: the effective support when its supporters could last pay, that of
	// the project which was chosen instead, and the round. Of a funded project Had is what it was chosen with.
	Had, Needed float64
	Last        int

	Price         *big.Rat   // for equal shares: what each supporter who could paid for it
	Full, Emptied int64      // people who paid the price, and who gave all they had
	Left          int64      // for equal shares: what its supporters had left together in the end, rounded down
	Missing       int64      // what they were short of the cost; 0 if nothing
	Spent         []Spending // where the money of its supporters went, the greatest part first
}

// Spending is what a group of people paid for a project, in the smallest unit of money, rounded down.
type Spending struct {
	Project string
	Amount  int64
}

// Explain counts by the rule and tells why.
func (c *Counter) Explain(rule Rule) (*Explanation, error) {
	walking := *c
	walking.walk = true
	r, err := walking.run(rule)
	if err != nil {
		return nil, err
	}
	x := &Explanation{Outcome: r.out, Voters: int64(len(c.e.Ballots)), Projects: make([]Reason, len(c.e.Projects))}
	for p := range x.Projects {
		x.Projects[p] = r.reason(p)
	}
	return x, nil
}

// reason tells why the project is funded, or is not.
func (r *run) reason(p int) Reason {
	out := Reason{Project: r.e.Projects[p].ID, Funded: r.won[p] || r.out.EverythingFits}
	out.Supporters, _ = r.wants().total(p)
	for i, round := range r.out.Rounds {
		if round.project == p {
			out.Round, out.Why = i+1, becauseOf(round.Step)
			out.Price, out.Full, out.Emptied, out.Had = round.Price, round.Full, round.Emptied, round.Support
			if r.won[p] == (round.Step == Chosen || round.Step == Free || round.Step == Completed) {
				break
			}
		}
	}
	switch {
	case r.won[p] && out.Supporters == 0 && out.Why == WhyChosen:
		out.Why = WhyCompleted
	case !r.won[p]:
		out.Why = r.missed(out, p)
		if r.market != nil {
			r.purses(&out, p)
		}
	}
	return out
}

// missed tells why the rule did not choose the project, about which the rounds told what stands in out.
func (r *run) missed(out Reason, p int) Why {
	switch {
	case r.out.EverythingFits:
		return WhyAllFit
	case r.e.Projects[p].Cost > r.e.Budget:
		return WhyTooLarge
	case out.Supporters == 0:
		return WhyNobody
	case r.market != nil:
		return WhySpent
	}
	return cmp.Or(out.Why, WhyTooLate)
}

func becauseOf(s Step) Why {
	switch s {
	case Chosen:
		return WhyChosen
	case Free:
		return WhyFree
	case Completed:
		return WhyCompleted
	case Excluded:
		return WhyFewest
	case SetAside:
		return WhySpent
	case Stopped:
		return WhyTooLate
	}
	return WhyNoRoom
}

// purses tells what the supporters of the project had, and on what they spent it.
func (r *run) purses(out *Reason, p int) {
	k := r.market
	if !k.wanted(p) {
		if out.Why == WhySpent {
			out.Why = WhyUnwanted
		}
		return
	}
	for i, s := range k.rounds {
		for _, st := range s.standings {
			if st.Project == out.Project {
				out.Had, out.Needed, out.Last = st.Support, float64(k.cost[s.project])/s.offer.price/float64(k.p.voters), i+1
			}
		}
	}
	left, spent := k.account(p)
	out.Left = floor(left)
	out.Missing = max(0, k.cost[p]-out.Left)
	for i, s := range k.rounds {
		if a := floor(spent[i]); a > 0 {
			out.Spent = append(out.Spent, Spending{r.e.Projects[s.project].ID, a})
		}
	}
	sortSpending(out.Spent)
}

func floor(r *big.Rat) int64 { return new(big.Int).Quo(r.Num(), r.Denom()).Int64() }

// account returns, exactly, what the supporters of the project have left together, and what they paid in each round.
func (k *market) account(p int) (left *big.Rat, spent []*big.Rat) {
	n := len(k.rounds)
	times := make([]int64, n)    // how often the price of a round was paid
	broke := make([]int64, n)    // how many gave all they had in a round …
	before := make([][]int64, n) // … and how often they had paid in earlier rounds
	for i := range before {
		before[i] = make([]int64, n)
	}
	var people int64
	for j := k.p.by[p]; j < k.p.by[p+1]; j++ {
		i := k.p.ballot[j]
		w := k.p.weight[i]
		people += w
		k.owe(i, w, times)
		if b := k.broke[i]; b >= 0 {
			broke[b] += w
			k.owe(i, w, before[b])
		}
	}
	over := new(big.Int).Set(&k.over)
	rat := func(z *big.Int) *big.Rat { return new(big.Rat).SetFrac(z, over) }
	left = rat(new(big.Int).Mul(&k.each, big.NewInt(people)))
	spent = make([]*big.Rat, n)
	for i := range spent {
		z := new(big.Int).Mul(&k.price[i], big.NewInt(times[i]))
		var rest big.Int
		k.ledger.left(&rest, broke[i], before[i])
		spent[i] = rat(z.Add(z, &rest))
		left.Sub(left, spent[i])
	}
	return left, spent
}
