package budget

import (
	"fmt"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// Kind is what a ballot says.
type Kind string

// The kinds of ballot, by the names that Pabulib gives them.
const (
	Approval   Kind = "approval"   // any number of wishes
	ChooseOne  Kind = "choose-1"   // one wish
	Cumulative Kind = "cumulative" // points, of which everybody has the same number
	Scoring    Kind = "scoring"    // points for each project by itself
	Ordinal    Kind = "ordinal"    // wishes in order, the dearest first
)

// Kinds are all kinds of ballot.
var Kinds = []Kind{Approval, ChooseOne, Cumulative, Scoring, Ordinal}

// Bounds within which every sum of the rules that count in machine words stays exact.
const (
	mostMoney    = 1_000_000_000_000 // smallest units, of the budget and of all prices together
	mostBallots  = 5_000_000
	mostPoints   = 1_000_000 // in one ballot for one project
	mostProjects = 5_000
)

// Election is what is counted: projects, a budget, and anonymous ballots.
type Election struct {
	Kind     Kind
	Budget   int64    // in the smallest unit of money
	Unit     int64    // smallest units in one unit of money, such as 100 pence in a pound: what Add1 adds for each voter
	Traits   []string // names of what is known of the ballots, such as "age_band"; never who cast them
	Projects []Project
	Ballots  []Ballot
}

// Project is something that can be funded, wholly or not at all.
type Project struct {
	ID   string
	Name exercise.Text
	Cost int64    // in the smallest unit of money
	For  []string // groups of people it is meant for
}

// Ballot is what one person wishes for.
type Ballot struct {
	Wishes []int    // places in Election.Projects, each at most once; in order of preference for Ordinal
	Points []int64  // beside Wishes for Cumulative and Scoring, else nil
	Traits []string // beside Election.Traits; "" is not known
}

// Check refuses an election that cannot be counted. Read and count only what has passed.
func (e *Election) Check() error {
	switch {
	case e.Budget < 0 || e.Budget > mostMoney:
		return invalid("money", "the budget is %d, and must be from 0 to %d", e.Budget, int64(mostMoney))
	case e.Unit < 1 || e.Unit > mostMoney:
		return invalid("money", "a unit of money has %d smallest units", e.Unit)
	case len(e.Projects) > mostProjects:
		return invalid("size", "there are %d projects, more than %d", len(e.Projects), mostProjects)
	case len(e.Ballots) > mostBallots:
		return invalid("size", "there are %d ballots, more than %d", len(e.Ballots), mostBallots)
	}
	if err := e.checkProjects(); err != nil {
		return err
	}
	seen := make([]int, len(e.Projects))
	for i := range e.Ballots {
		if err := e.checkBallot(i, seen); err != nil {
			return err
		}
	}
	return nil
}

func (e *Election) checkProjects() error {
	ids := make(map[string]bool, len(e.Projects))
	var total int64
	for _, p := range e.Projects {
		switch {
		case p.ID == "":
			return invalid("project", "a project has no id")
		case ids[p.ID]:
			return invalid("project", "the project %q stands twice", p.ID)
		case p.Cost < 0 || p.Cost > mostMoney:
			return invalid("money", "the project %q costs %d, and may cost from 0 to %d", p.ID, p.Cost, int64(mostMoney))
		}
		if total += p.Cost; total > mostMoney {
			return invalid("money", "the projects cost more than %d together", int64(mostMoney))
		}
		ids[p.ID] = true
	}
	return nil
}

// checkBallot refuses a wish for what there is not, or for the same twice: the second would count as another voter.
// Seen keeps, for each project, the last ballot that named it, counted from 1.
func (e *Election) checkBallot(i int, seen []int) error {
	b := e.Ballots[i]
	switch {
	case b.Points != nil && len(b.Points) != len(b.Wishes):
		return invalid("ballot", "ballot %d gives %d points to %d projects", i+1, len(b.Points), len(b.Wishes))
	case len(b.Traits) > len(e.Traits):
		return invalid("ballot", "ballot %d has more traits than there are", i+1)
	}
	for j, p := range b.Wishes {
		if p < 0 || p >= len(seen) {
			return invalid("ballot", "ballot %d names a project that there is not", i+1)
		}
		if seen[p] == i+1 {
			return invalid("ballot", "ballot %d names the project %q twice", i+1, e.Projects[p].ID)
		}
		seen[p] = i + 1
		if b.Points != nil && (b.Points[j] < 0 || b.Points[j] > mostPoints) {
			return invalid("ballot", "ballot %d gives %d points, and may give from 0 to %d", i+1, b.Points[j], mostPoints)
		}
	}
	return nil
}

// EverythingFits says whether all projects together cost no more than the budget, so that there is nothing to choose.
func (e *Election) EverythingFits() bool { return e.cost(nil) <= e.Budget }

// cost returns what the projects of these places cost together; nil means all.
func (e *Election) cost(places []int) int64 {
	var total int64
	if places == nil {
		for _, p := range e.Projects {
			total += p.Cost
		}
	}
	for _, p := range places {
		total += e.Projects[p].Cost
	}
	return total
}

func invalid(about, format string, args ...any) error {
	return fault.New(fault.Invalid, "budget.invalid_"+about).Because(fmt.Errorf(format, args...))
}
