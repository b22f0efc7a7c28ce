package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"sayso/internal/budget"
)

// said is an outcome on its way to the reader.
type said struct {
	*budget.Explanation
	e       *budget.Election
	file    string
	remarks []budget.Remark
	changes map[string]budget.Change
	groups  []budget.GroupShare
}

// work works out what would have funded the projects that are not, or those of them that are named.
func (s *said) work(c *budget.Counter, rule budget.Rule, named []string) error {
	s.changes = map[string]budget.Change{}
	for i, r := range s.Projects {
		if r.Funded || len(named) > 0 && !slices.Contains(named, r.Project) {
			continue
		}
		change, err := c.Change(rule, i)
		if err != nil {
			return err
		}
		s.changes[r.Project] = change
	}
	return nil
}

// amount writes money in units, exactly.
func amount(e *budget.Election, n int64) json.Number {
	return json.Number(units(new(big.Rat).SetFrac64(n, e.Unit)))
}

// units writes a number without needless zeros.
func units(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(9), "0")
}

func (s *said) amount(n int64) string { return string(amount(s.e, n)) }

// price writes an exact price in units of money, rounded to 4 decimals.
func (s *said) price(r *big.Rat) string {
	return new(big.Rat).Quo(r, new(big.Rat).SetInt64(s.e.Unit)).FloatString(4)
}

func percent(part float64) string { return strconv.FormatFloat(100*part, 'f', 2, 64) + " %" }

func short(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// remark says what is odd in the file, as a sentence.
func (s *said) remark(r budget.Remark) string {
	if r.Kind == budget.NumProjects {
		return fmt.Sprintf("META says there are %s projects, and there are %d. Is the file whole?", r.Value, len(s.e.Projects))
	}
	if r.Kind == budget.NumVotes {
		return fmt.Sprintf("META says there are %s ballots, and there are %d. Is the file whole?", r.Value, s.Voters)
	}
	return fmt.Sprintf(remarks[r.Kind], r.Value)
}

// remarks are the sentences of the others, each about the value of the remark.
var remarks = map[budget.Oddity]string{
	budget.Duplicate:   "the ballot names %s twice; it counts once.",
	budget.DearProject: "%s costs more than the whole budget.",
	budget.VoterTwice:  "an earlier ballot is by the voter %s too; both count.",
	budget.NotOne:      "the ballot names %s projects, and may name one (choose-1); all of them count.",
	budget.TooLong:     "the ballot names %s projects, more than max_length; all of them count.",
	budget.ManyPoints:  "the ballot gives %s points altogether, more than max_sum_points; all of them count.",
	budget.HighPoints:  "the ballot gives %s points to one project, more than max_points; all of them count.",
}

func (s *said) print(out io.Writer) {
	fmt.Fprintf(out, "%s: %d ballots (%s), %d projects, budget %s.\n", s.file, s.Voters, s.e.Kind, len(s.e.Projects), s.amount(s.e.Budget))
	for _, r := range s.remarks {
		fmt.Fprintf(out, "Line %d: %s\n", r.Line, s.remark(r))
	}
	fmt.Fprintf(out, "Rule %s, ties by %s.\n\n", s.Rule, s.Ties)
	if s.EverythingFits {
		fmt.Fprintf(out, "Everything fits the budget, so everything is funded. The rule alone would choose:\n")
	}
	fmt.Fprintf(out, "Winners (%d, %s of %s): %s\n", len(s.Winners), s.amount(s.Cost), s.amount(s.e.Budget), strings.Join(s.Winners, ", "))
	if a := s.Add1; a != nil {
		fmt.Fprintf(out, "Each voter began with %s after %d increments of 1; it ended because %s.\n", s.price(a.Each), a.Increments, stops[a.Stopped])
	}
	if s.TiesBroken > 0 {
		fmt.Fprintf(out, "Ties broken by the order: %d.\n", s.TiesBroken)
	}
	fmt.Fprintln(out, "\nRounds")
	for i, r := range s.Rounds {
		fmt.Fprintf(out, "%3d  %s\n", i+1, s.round(r))
	}
	fmt.Fprintln(out, "\nWhy")
	for _, r := range s.Projects {
		fmt.Fprintf(out, "%s: %s\n", short(r.Project+" "+s.name(r.Project), 60), s.reason(r))
	}
	if s.changes == nil && len(s.Funded(s.e)) < len(s.Projects) {
		fmt.Fprintln(out, "\nWhat would have funded a project takes some sixty counts to work out: --changes=yes, for one --project=ID.")
	}
	s.printGroups(out)
}

func (s *said) name(id string) string {
	for _, p := range s.e.Projects {
		if p.ID == id {
			return p.Name["en"]
		}
	}
	return ""
}

var stops = map[budget.Stop]string{
	budget.Exhaustive: "nothing more fits the budget",
	budget.Infeasible: "one more would spend more than the budget",
	budget.Complete:   "everything that anyone wants is funded",
	budget.Bounded:    "it was repeated as often as is allowed",
}

func (s *said) round(r budget.Round) string {
	var b strings.Builder
	switch r.Step {
	case budget.Chosen:
		fmt.Fprintf(&b, "%s is funded", r.Project)
	case budget.Free:
		fmt.Fprintf(&b, "%s is funded: it costs nothing", r.Project)
	case budget.Completed:
		fmt.Fprintf(&b, "%s is funded from what was left", r.Project)
	case budget.Excluded:
		fmt.Fprintf(&b, "%s has the fewest votes and leaves the count; its ballots pass on", r.Project)
	case budget.SetAside:
		fmt.Fprintf(&b, "%s is set aside: its supporters have too little for it", r.Project)
	case budget.TooDear:
		fmt.Fprintf(&b, "%s does not fit what is left", r.Project)
	case budget.Stopped:
		fmt.Fprintf(&b, "%s would be next and does not fit what is left: the count ends", r.Project)
	}
	if r.Merit != nil && r.Step != budget.Free {
		fmt.Fprintf(&b, "; merit %s", r.Merit.FloatString(6))
	}
	if r.Support > 0 {
		fmt.Fprintf(&b, "; effective support %s", s.support(r.Support))
	}
	if r.Price != nil && r.Full > 0 && r.Support > 0 {
		fmt.Fprintf(&b, "; %d pay %s%s", r.Full, s.price(r.Price), s.perPoint())
	}
	if r.Emptied > 0 {
		fmt.Fprintf(&b, "; %d give all they have left", r.Emptied)
	}
	if len(r.Tied) > 0 {
		fmt.Fprintf(&b, "; as good: %s", strings.Join(r.Tied, ", "))
	}
	fmt.Fprintf(&b, "; left %s", s.amount(r.Left))
	return b.String()
}

var whys = map[budget.Why]string{
	budget.WhyChosen:    "funded: the rule chose it",
	budget.WhyFree:      "funded: it costs nothing and somebody wants it",
	budget.WhyCompleted: "funded from what the rule left",
	budget.WhyAllFit:    "funded: everything fits",
	budget.WhyNobody:    "not funded: nobody wished for it",
	budget.WhyTooLarge:  "not funded: it costs more than the whole budget",
	budget.WhySpent:     "not funded: its supporters had spent their part on other wishes",
	budget.WhyPoor:      "not funded: its supporters had too little for it, and spent nothing",
	budget.WhySetAside:  "not funded: its supporters had too little left for it",
	budget.WhyNoRoom:    "not funded: what was left of the budget was less than it costs",
	budget.WhyFewest:    "not funded: none had fewer votes, and its ballots passed on",
	budget.WhyStopped:   "not funded: it was its turn, what was left of the budget was less than it costs, and the count ended",
	budget.WhyBeside:    "not funded: it was its turn beside one that did not fit what was left, and the count ended",
	budget.WhyTooLate:   "not funded: the count ended before its turn",
	budget.WhyUnwanted:  "not funded: nobody gains from it by this rule",
}

// perPoint is said behind a price where it is that of a point.
func (s *said) perPoint() string {
	if strings.HasPrefix(s.Rule, string(budget.SharesCost)) || strings.HasPrefix(s.Rule, string(budget.SharesCount)) {
		return ""
	}
	return " for each point"
}

// support writes an effective support: the part of all voters, or where points are counted, how many of each voter.
func (s *said) support(part float64) string {
	if s.perPoint() == "" {
		return percent(part)
	}
	return strconv.FormatFloat(part, 'f', 2, 64) + " points of each voter"
}

func (s *said) reason(r budget.Reason) string {
	var b strings.Builder
	b.WriteString(whys[r.Why])
	if r.Round > 0 {
		fmt.Fprintf(&b, " (round %d)", r.Round)
	}
	fmt.Fprintf(&b, ". Supporters: %d.", r.Supporters)
	if len(r.Lot) > 0 {
		fmt.Fprintf(&b, " It was as good as %s, and the order of ties decided.", strings.Join(r.Lot, ", "))
	}
	if r.Why == budget.WhyChosen && r.Had > 0 {
		fmt.Fprintf(&b, " Effective support %s.", s.support(r.Had))
	}
	if r.Last > 0 {
		fmt.Fprintf(&b, " When they could last pay, in round %d, its effective support was %s; it needed %s.", r.Last, s.support(r.Had), s.support(r.Needed))
	}
	switch r.Why {
	case budget.WhyPoor:
		fmt.Fprintf(&b, " They had %s together, %s too little.", s.amount(r.Left), s.amount(r.Missing))
	case budget.WhySpent:
		fmt.Fprintf(&b, " They had %s left together, %s too little.", s.amount(r.Left), s.amount(r.Missing))
	}
	for i, sp := range r.Spent[:min(3, len(r.Spent))] {
		b.WriteString([]string{" Their money went to ", ", ", ", "}[i] + sp.Project + " (" + s.amount(sp.Amount) + ")")
	}
	if n := len(r.Spent); n > 3 {
		fmt.Fprintf(&b, " and %d more", n-3)
	}
	if len(r.Spent) > 0 {
		b.WriteString(".")
	}
	if c, ok := s.changes[r.Project]; ok {
		b.WriteString(s.change(c))
	}
	return b.String()
}

func (s *said) change(c budget.Change) string {
	more := fmt.Sprintf("%d more ballots that name only it", c.Supporters)
	if c.Supporters == 1 {
		more = "one more ballot that names only it"
	}
	switch {
	case c.ByCost && c.BySupporters:
		return fmt.Sprintf(" It would have been funded for %s less (for %s), or with %s.", s.amount(c.Cheaper), s.amount(c.Cost), more)
	case c.ByCost:
		return fmt.Sprintf(" It would have been funded for %s less (for %s).", s.amount(c.Cheaper), s.amount(c.Cost))
	case c.BySupporters:
		return " It would have been funded with " + more + "."
	}
	return " Neither a lower price nor as many ballots again would have funded it."
}

func (s *said) printGroups(out io.Writer) {
	if s.groups == nil {
		return
	}
	fmt.Fprintf(out, "\nWho got what\n%-24s %8s %14s %12s %14s %14s\n", "group", "ballots", "of equal part", "see a wish", "of own wishes", "money for them")
	for _, g := range s.groups {
		name := g.Group
		if name == "" {
			name = "not known"
		}
		fmt.Fprintf(out, "%-24s %8d %14.3f %12s %14s %14s\n", short(name, 24), g.Voters, g.OfEqual, percent(g.Any), percent(g.OfOwn), s.amount(g.For))
	}
}
