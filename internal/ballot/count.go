package ballot

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"sayso/internal/budget"
	"sayso/internal/disclosure"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// mostWork bounds what is spent on working out what would have funded the projects that are not: ballots times projects,
// for each of some sixty counts a project. It takes some twenty seconds of a processor, and does not depend on one, so
// that every server freezes the same.
const (
	mostWork     = 1_000_000_000
	countsToFind = 60
)

// Count counts the ballots by the locked rule and freezes what it found as the next count; only staff see it until
// somebody approves it. A count nobody decided about is refused in its favour. Forbidden while people can vote, Conflict
// once a count is public, or while paper ballots wait to be settled. For analysts.
func (s *Service) Count(ctx context.Context, by people.Staff, id string) (Outcome, error) {
	if !by.Is(people.Analyst) {
		return Outcome{}, forbidden()
	}
	e, err := s.Newest(id)
	if err != nil {
		return Outcome{}, err
	}
	if s.Today() <= e.Closes {
		return Outcome{}, fault.New(fault.Forbidden, "result.still_open").With(map[string]any{"Day": e.Closes.Time()})
	}
	earlier, err := s.Outcomes(ctx, id)
	if err != nil {
		return Outcome{}, err
	}
	if slices.ContainsFunc(earlier, func(o Outcome) bool { return o.State == Approved }) {
		return Outcome{}, fault.New(fault.Conflict, "result.public_already")
	}
	spoilt, err := s.settled(ctx, e)
	if err != nil {
		return Outcome{}, err
	}
	t, err := s.read(ctx, e)
	if err != nil {
		return Outcome{}, err
	}
	t.spoilt += spoilt
	o, err := t.outcome()
	if err != nil {
		return Outcome{}, fmt.Errorf("count %s: %w", id, err)
	}
	o.Number, o.MadeBy, o.MadeOn = 1, by.ID, s.Today()
	if len(earlier) > 0 {
		o.Number = earlier[0].Number + 1
	}
	return o, s.keep(ctx, by, o, earlier)
}

// keep refuses the counts that wait, and keeps the new one.
func (s *Service) keep(ctx context.Context, by people.Staff, o Outcome, earlier []Outcome) error {
	for _, old := range earlier {
		if old.State != Made {
			continue
		}
		if _, err := s.Refuse(ctx, by, old.Exercise, old.Number); err != nil {
			return err
		}
	}
	if err := s.store.CreateOutcome(ctx, o); err != nil {
		return fmt.Errorf("keep the count %s/%d: %w", o.Exercise, o.Number, err)
	}
	return s.record(ctx, by, people.ActVotesCounted, o)
}

// outcome counts, tells why, and writes the votes down.
func (t *tally) outcome() (Outcome, error) {
	rule, err := budget.ParseRule(t.e.Rule)
	if err != nil {
		return Outcome{}, err
	}
	c, err := budget.NewCounter(t.election, t.e.Ties())
	if err != nil {
		return Outcome{}, err
	}
	x, err := t.explain(c, rule)
	if err != nil {
		return Outcome{}, err
	}
	r, err := t.result(x)
	if err != nil {
		return Outcome{}, err
	}
	lost := len(t.e.Projects) - len(x.Funded(t.election))
	if countsToFind*lost*len(t.election.Ballots)*len(t.e.Projects) <= mostWork {
		if err := t.changes(c, rule, r); err != nil {
			return Outcome{}, err
		}
	}
	others, err := t.others(c, rule)
	if err != nil {
		return Outcome{}, err
	}
	if err := t.whoGot(r, x.Outcome, others); err != nil {
		return Outcome{}, err
	}
	o := Outcome{Exercise: t.e.ID, Revision: 1, Area: t.e.Area, State: Made}
	if o.File, r.SHA256, err = pack(t.file()); err != nil {
		return Outcome{}, err
	}
	o.Result, err = json.Marshal(r)
	return o, err
}

// explain counts and tells why. Where there is no vote nothing is funded, although rules that fund what fits would leave
// all to the lot.
func (t *tally) explain(c *budget.Counter, rule budget.Rule) (*budget.Explanation, error) {
	if len(t.election.Ballots) > 0 {
		return c.Explain(rule)
	}
	x := &budget.Explanation{Outcome: &budget.Outcome{Rule: rule.String(), Ties: t.e.Ties().String()}}
	for _, p := range t.e.Projects {
		x.Projects = append(x.Projects, budget.Reason{Project: p.ID, Why: budget.WhyNobody})
	}
	return x, nil
}

func (t *tally) result(x *budget.Explanation) (*Result, error) {
	n := int64(len(t.election.Ballots))
	r := &Result{Of: *t.e, Voters: Votes(n), Rule: x.Rule, Ties: x.Ties, EverythingFits: x.EverythingFits, TiesBroken: x.TiesBroken}
	r.Each = Money(t.election.Budget / max(n, 1))
	if x.Add1 != nil && x.Add1.Increments > 0 {
		each := x.Add1.Each
		r.Raised = Money(new(big.Int).Quo(each.Num(), each.Denom()).Int64())
	}
	var err error
	if r.TieOrder, err = t.e.TieOrder(); err != nil {
		return nil, err
	}
	funded := x.Funded(t.election)
	for _, reason := range x.Projects {
		r.Projects = append(r.Projects, verdict(reason))
		if reason.Funded {
			r.Cost += t.e.Project(reason.Project).Cost
		}
	}
	slices.SortStableFunc(r.Projects, func(a, b Verdict) int { return order(funded, a) - order(funded, b) })
	for _, round := range x.Rounds {
		r.Steps = append(r.Steps, Step{Step: round.Step, Project: round.Project, Tied: round.Tied, Paid: pence(round.Price), Left: Money(round.Left)})
	}
	if t.spoilt == 0 {
		return r, nil
	}
	spoilt, err := disclosure.PublishLedger(disclosure.Standard(), int64(t.spoilt), []disclosure.Part{{Name: "spoilt", Count: int64(t.spoilt)}})
	r.Spoilt = &spoilt.Total
	return r, err
}

// order is where a project stands among all: funded ones in the order in which they were chosen, then the others.
func order(funded []string, v Verdict) int {
	if i := slices.Index(funded, v.Project); i >= 0 {
		return i
	}
	return len(funded)
}

func verdict(r budget.Reason) Verdict {
	v := Verdict{Project: r.Project, Funded: r.Funded, Why: r.Why, Round: r.Round, Votes: Votes(r.Supporters), Lot: r.Lot,
		Paid: pence(r.Price), Had: r.Had, Needed: r.Needed, Left: Money(r.Left), Missing: Money(r.Missing)}
	for _, s := range r.Spent {
		v.Spent = append(v.Spent, Spending{s.Project, Money(s.Amount)})
	}
	return v
}

// pence rounds an exact amount to the nearest, halves upwards; nil is none.
func pence(r *big.Rat) Money {
	if r == nil {
		return 0
	}
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	return Money(new(big.Int).Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}

// changes works out what would have funded each project that is not.
func (t *tally) changes(c *budget.Counter, rule budget.Rule, r *Result) error {
	for i := range r.Projects {
		v := &r.Projects[i]
		if v.Funded || v.Votes == 0 {
			continue
		}
		change, err := c.Change(rule, slices.IndexFunc(t.e.Projects, func(p Project) bool { return p.ID == v.Project }))
		if err != nil {
			return err
		}
		if change.BySupporters {
			v.More = change.Supporters
		}
		if change.ByCost {
			v.Cheaper = Money(change.Cheaper)
		}
	}
	return nil
}

// whoGot tells who got what by the count, and what each of the other rules would fund and give to the groups that are
// shown there. Each is published for itself: together they would hide more, and a group hidden in the count stays hidden
// in all.
func (t *tally) whoGot(r *Result, count *budget.Outcome, others []*budget.Outcome) (err error) {
	if r.Groups, err = t.groups(count); err != nil {
		return err
	}
	funds := func(o *budget.Outcome) []string { return slices.Sorted(slices.Values(o.Funded(t.election))) }
	for _, o := range others {
		other := Other{Rule: o.Rule, Funded: o.Funded(t.election)}
		if !slices.Equal(funds(o), funds(count)) {
			if other.Groups, err = t.groups(o); err != nil {
				return err
			}
		}
		for i, g := range r.Groups {
			if len(other.Groups) > 0 && !g.Voters.Shown() {
				other.Groups[i] = g
			}
		}
		r.Others = append(r.Others, other)
	}
	return nil
}

// others counts the same ballots by the other rules that make sense of them, to lay side by side; none without ballots.
func (t *tally) others(c *budget.Counter, locked budget.Rule) (out []*budget.Outcome, err error) {
	if len(t.election.Ballots) == 0 {
		return nil, nil
	}
	for _, rule := range budget.RulesFor(t.election.Kind) {
		if rule == locked {
			continue
		}
		o, err := c.Count(rule)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func (s *Service) record(ctx context.Context, by people.Staff, act string, o Outcome) error {
	if err := s.audit.Record(ctx, by, act, "budget/"+o.Exercise, o.Area, map[string]string{"number": strconv.Itoa(o.Number)}); err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}

func forbidden() error { return fault.New(fault.Forbidden, "error.forbidden") }
