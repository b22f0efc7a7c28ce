package budget

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
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
	WhyPoor      Why = "poor"       // its supporters had too little for it, and spent nothing
	WhySetAside  Why = "set_aside"  // its supporters had too little left for it, and what lay upon it passed on
	WhyNoRoom    Why = "no_room"    // what was left of the budget was less than it costs
	WhyFewest    Why = "fewest"     // it had the fewest votes, and its ballots passed on
	WhyStopped   Why = "stopped"    // it was its turn, too little money was left for it, and the count ended
	WhyBeside    Why = "beside"     // it was its turn beside such a project
	WhyTooLate   Why = "too_late"   // the count ended before its turn
	WhyUnwanted  Why = "not_chosen" // of other reasons: it costs nothing, and nobody gains from it
)

// Whys are all kinds of reasons.
var Whys = []Why{
	WhyChosen, WhyFree, WhyCompleted, WhyAllFit, WhyNobody, WhyTooLarge, WhySpent, WhyPoor, WhySetAside, WhyNoRoom, WhyFewest,
	WhyStopped, WhyBeside, WhyTooLate, WhyUnwanted,
}

// Reason is why a project is funded, or is not, in numbers.
type Reason struct {
	Project    string
	Funded     bool
	Why        Why
	Round      int   // counted from 1: when it was decided; 0 if no round was about it
	Supporters int64 // people who wished for it
	// Lot names the projects that were as good, in the order of Election.Projects, where the order of ties decided
	// between them and this one: one of them is funded and another is not. Nil if no tie decided.
	Lot []string

	// For equal shares, from 0 to 1 of all voters: the effective support when its supporters could last pay, the one it
	// would have been chosen with instead of the project that was, and the round. Of a funded project Had is what it was
	// chosen with. Where points are counted it is in points for each voter, and may be more than 1.
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
	lots := r.lots()
	for p := range x.Projects {
		x.Projects[p] = r.reason(p)
		x.Projects[p].Lot = lots[p]
	}
	return x, nil
}

// lots returns for each project those that were as good in a round in which the order of ties decided against one of
// them: had it been preferred there, it would have been funded, or at least not excluded then.
func (r *run) lots() [][]string {
	place := make(map[string]int, len(r.e.Projects))
	for p, pr := range r.e.Projects {
		place[pr.ID] = p
	}
	equal := make([]map[string]bool, len(r.e.Projects))
	for _, round := range r.out.Rounds {
		lost := func(id string) bool { return r.lost(place[id], round) }
		if !slices.ContainsFunc(round.Tied, lost) {
			continue
		}
		for _, id := range round.Tied {
			if p := place[id]; r.won[p] || lost(id) {
				equal[p] = joined(equal[p], round.Tied)
			}
		}
	}
	out := make([][]string, len(equal))
	for p, pr := range r.e.Projects {
		delete(equal[p], pr.ID)
		out[p] = slices.SortedFunc(maps.Keys(equal[p]), func(a, b string) int { return place[a] - place[b] })
	}
	return out
}

func joined(set map[string]bool, ids []string) map[string]bool {
	if set == nil {
		set = make(map[string]bool, len(ids))
	}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// lost says whether the project is not funded because another of those that were as good was preferred in the round.
func (r *run) lost(p int, round Round) bool {
	switch {
	case r.won[p] || r.out.EverythingFits:
		return false
	case round.Step == Excluded:
		return round.project == p
	case round.Step == Chosen, round.Step == Completed:
		return r.e.Projects[p].Cost <= round.Left+r.e.Projects[round.project].Cost
	}
	return false
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
	return cmp.Or(r.unserved(p), out.Why, WhyTooLate)
}

// unserved tells why a count ended without a project that it would still have come to.
func (r *run) unserved(p int) Why {
	last := len(r.out.Rounds) - 1
	dear := r.e.Projects[p].Cost > r.left
	switch {
	case last >= 0 && r.out.Rounds[last].Step == Stopped:
		switch turn := slices.Contains(r.out.Rounds[last].Tied, r.e.Projects[p].ID) || r.out.Rounds[last].project == p; {
		case turn && dear:
			return WhyStopped
		case turn:
			return WhyBeside
		}
	case dear && !slices.ContainsFunc(r.out.Rounds, func(round Round) bool { return round.project == p }):
		return WhyNoRoom
	}
	return ""
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
		return WhySetAside
	case Stopped:
		return WhyStopped
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
				out.Had, out.Needed, out.Last = st.Support, k.needed(p, s), i+1
			}
		}
	}
	left, spent := k.account(p)
	if paid := func(r *big.Rat) bool { return r.Sign() > 0 }; out.Why == WhySpent && !slices.ContainsFunc(spent, paid) {
		out.Why = WhyPoor
	}
	out.Left = floor(left)
	out.Missing = max(0, k.cost[p]-out.Left)
	for i, s := range k.rounds {
		if a := floor(spent[i]); a > 0 {
			out.Spent = append(out.Spent, Spending{r.e.Projects[s.project].ID, a})
		}
	}
	sortSpending(out.Spent)
}

// needed is the effective support with which the project would have been as good as the one that was chosen.
func (k *market) needed(p int, s sale) float64 {
	price := s.offer.price * float64(k.utility[p]) / float64(k.utility[s.project])
	return float64(k.cost[p]) / price / float64(k.p.voters)
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
