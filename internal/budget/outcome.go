package budget

import "math/big"

// Outcome is what a rule makes of an election.
type Outcome struct {
	Rule    string
	Ties    string   // the order that broke ties
	Winners []string // ids of what the rule chooses, in the order in which it did
	Cost    int64    // of the winners, in the smallest unit of money
	// EverythingFits says that all projects fit the budget together: then all of them are funded, whatever the rule.
	EverythingFits bool
	Rounds         []Round
	TiesBroken     int   // how often two or more projects, but not all, were equal; over all counts of Add1
	Add1           *Add1 // nil for other rules
	winners        []int
}

// Funded returns the ids of what is funded: the winners, and where everything fits the rest too.
func (o *Outcome) Funded(e *Election) []string {
	funded := append([]string(nil), o.Winners...)
	if !o.EverythingFits {
		return funded
	}
	won := make([]bool, len(e.Projects))
	for _, p := range o.winners {
		won[p] = true
	}
	for i, p := range e.Projects {
		if !won[i] {
			funded = append(funded, p.ID)
		}
	}
	return funded
}

// Step is what happened in a round.
type Step string

// The steps.
const (
	Chosen    Step = "chosen"    // the rule chose the project
	Free      Step = "free"      // it costs nothing, and somebody wants it
	Completed Step = "completed" // it was funded from what was left
	Excluded  Step = "excluded"  // it had the fewest votes, which went on to the next wishes
	SetAside  Step = "set_aside" // its supporters have too little for it
	TooDear   Step = "too_dear"  // it costs more than is left
	Stopped   Step = "stopped"   // the project was next, but no money was left for it: Phragmén ends there
)

// Steps are all steps.
var Steps = []Step{Chosen, Free, Completed, Excluded, SetAside, TooDear, Stopped}

// Round is one step of a count that can be walked through.
type Round struct {
	Step    Step
	Project string
	Tied    []string // the projects that were as good, itself among them, where the order of ties decided
	// Merit is what the rule compares, exactly: votes; votes or points per money; for equal shares the utility per price,
	// which by cost is the number of supporters found effective; for Phragmén and maximin support the load of voters,
	// of which the least is best; for support transfers what lies upon the project per cost, to 18 decimals.
	Merit *big.Rat
	// Support is, for equal shares, the effective support: the part of all voters, from 0 to 1, who would pay for the
	// project if all its supporters could pay the same price.
	Support float64
	// Price is what each supporter who could pays for a wish (for points: for one point); nil where nobody pays.
	Price *big.Rat
	// Full and Emptied are how many supporters paid the price, and how many gave all they had left.
	Full, Emptied int64
	Left          int64 // of the budget afterwards, in the smallest unit of money
	Standings     []Standing
	project       int
}

// Standing is how a project stood when a round began.
type Standing struct {
	Project string
	Merit   float64 // as Round.Merit
	// Support is the part of all voters whose even payments would buy it, from 0 to 1: the effective support of equal
	// shares. 0 for other rules.
	Support float64
}

// Add1 is how the repeated count ended.
type Add1 struct {
	Increments int64 // of one unit of money, until the outcome that counts
	Stopped    Stop
	Each       *big.Rat // each voter's part in that outcome, in the smallest unit of money
}

// Stop is why Add1 ended.
type Stop string

// The reasons to stop.
const (
	Exhaustive Stop = "exhaustive"      // nothing more fits the budget
	Infeasible Stop = "next_infeasible" // one more would spend more than the budget
	Complete   Stop = "complete"        // everything that anyone wants is funded
	Bounded    Stop = "bounded"         // it was repeated as often as is allowed
)
