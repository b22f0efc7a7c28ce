package view

import (
	"math"
	"slices"
	"strings"

	"sayso/internal/ballot"
	"sayso/internal/budget"
)

// people says how many wished for a project.
func (p ResultPage) people(v ballot.Votes) string {
	switch {
	case v == 0:
		return p.T("why.nobody")
	case v.Few():
		return p.T("why.few")
	}
	return p.T("why.people", "Count", int64(v))
}

// why tells in a sentence or more why a project is funded, or is not. Of few voters only what tells nothing of their votes.
func (p ResultPage) why(v ballot.Verdict) string {
	if p.Result.Small() {
		if v.Why == budget.WhyTooLarge && p.Result.Voters > 0 {
			return p.T("because.too_large")
		}
		return ""
	}
	said := []string{p.people(v.Votes)}
	if v.Votes > 0 || v.Why == budget.WhyCompleted || v.Why == budget.WhyAllFit {
		said = append(said, p.support(v), p.because(v))
		if len(v.Lot) > 0 {
			said = append(said, p.T("because.lot", "Projects", p.names(v.Lot)))
		}
	}
	said = slices.DeleteFunc(said, func(sentence string) bool { return sentence == "" })
	return strings.Join(said, " ")
}

// because says the reason in words; empty where the lot is all there is to say.
func (p ResultPage) because(v ballot.Verdict) string {
	switch {
	case p.priorities():
		return p.priority(v)
	case v.Why == budget.WhyChosen:
		if paid := p.paid(v.Paid, v.Votes, "because"); paid != "" {
			return paid
		}
	case v.Why == budget.WhySpent, v.Why == budget.WhyPoor:
		return p.spent(v)
	case v.Why == budget.WhyFewest && len(v.Lot) > 0:
		return p.T("because.fewest_too")
	}
	return p.T("because." + string(v.Why))
}

// priority says why a priority is taken forward, or is not.
func (p ResultPage) priority(v ballot.Verdict) string {
	switch {
	case v.Why == budget.WhyAllFit:
		return p.T("because.all_taken")
	case len(v.Lot) > 0:
		return ""
	case v.Funded:
		return p.T("because.taken")
	}
	return p.T("because.not_taken")
}

// by says whether the rule's name begins with that of one of the methods.
func (p ResultPage) by(methods ...budget.Method) bool {
	return slices.ContainsFunc(methods, func(m budget.Method) bool { return strings.HasPrefix(p.Result.Rule, string(m)) })
}

// paid tells what each supporter who could paid for a wish or a point, in the words for a verdict ("because") or a step;
// empty where nobody pays, where it is no amount of money, and of few supporters.
func (p ResultPage) paid(m ballot.Money, v ballot.Votes, words string) string {
	switch {
	case m == 0 || v.Few():
		return ""
	case p.by(budget.SharesCost, budget.SharesCount):
		return p.T(words+".paid", "Money", p.money(m))
	case p.by(budget.SharesScores) && p.Exercise.Ballot == ballot.Points:
		return p.T(words+".per_point", "Money", p.money(m))
	}
	return ""
}

// spent tells what its supporters had for a project, and where their parts went.
func (p ResultPage) spent(v ballot.Verdict) string {
	cost := p.money(p.Exercise.Project(v.Project).Cost)
	switch {
	case v.Votes.Few() || !p.shares():
		return p.T("because.set_aside")
	case v.Why == budget.WhyPoor:
		return p.T("because.poor", "Left", p.money(v.Left), "Cost", cost)
	}
	out := p.T("because.spent", "Left", p.money(v.Left), "Cost", cost)
	if len(v.Spent) == 0 {
		return out
	}
	var parts []string
	for _, s := range v.Spent[:min(mostSpent, len(v.Spent))] {
		parts = append(parts, p.T("because.part", "Money", p.money(whole(s.Amount)), "Project", p.name(s.Project)))
	}
	if len(v.Spent) > mostSpent {
		parts = append(parts, p.T("because.rest"))
	}
	return out + " " + p.T("because.went", "Parts", p.L.List(parts))
}

// whole leaves out the pence of an amount so large that they tell nothing.
func whole(m ballot.Money) ballot.Money {
	if m >= 100_00 {
		m -= m % 100
	}
	return m
}

// mostSpent is how many other wishes are named on which the supporters of a project spent their parts.
const mostSpent = 3

// support tells in words how much support a project had, and how much it needed; empty where the rule asks for none, and
// of few supporters.
func (p ResultPage) support(v ballot.Verdict) string {
	points := !p.by(budget.SharesCost, budget.SharesCount)
	switch {
	case !p.marked() || v.Votes.Few() || v.Had == 0 || v.Funded && points:
		return ""
	case v.Funded:
		had, _ := p.percents(v.Had, v.Had)
		return p.T("result.had", "Had", had)
	case v.Needed == 0:
		return ""
	case points: // it is in points, which are no part of the voters
		part, _ := p.percents(v.Had/v.Needed, 1)
		return p.T("result.had_of", "Part", part)
	}
	had, needed := p.percents(v.Had, v.Needed)
	return p.T("result.had_needed", "Had", had, "Needed", needed)
}

// percents writes two parts, in as many digits as tell them apart, at most two.
func (p ResultPage) percents(a, b float64) (string, string) {
	for digits := 0; ; digits++ {
		one, other := p.L.Decimal(100*a, digits), p.L.Decimal(100*b, digits)
		if one != other || digits == 2 || math.Abs(a-b) < 1e-9 {
			return p.T("figure.percent", "Number", one), p.T("figure.percent", "Number", other)
		}
	}
}

// change tells what would have funded a project; empty if that is not known.
func (p ResultPage) change(v ballot.Verdict) string {
	switch {
	case p.Result.Small() || v.Funded || p.priorities():
		return ""
	case v.More > 0:
		return p.T("because.more", "Count", v.More)
	case v.Cheaper > 0:
		return p.T("because.cheaper", "Money", p.money(v.Cheaper))
	}
	return ""
}
