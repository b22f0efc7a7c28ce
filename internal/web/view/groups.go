package view

import (
	"slices"

	"sayso/internal/ballot"
)

// groups are the groups that may be shown.
func (p ResultPage) groups() []ballot.Group {
	var out []ballot.Group
	for _, g := range p.Result.Groups {
		if g.Voters.Shown() && g.Voters.N() > 0 {
			out = append(out, g)
		}
	}
	return out
}

// seen is the part of a group who see at least one wish funded.
func (p ResultPage) seen(g ballot.Group) string {
	if s := g.Share(); s.Shown() {
		return p.T("figure.percent", "Number", s.PerCent())
	}
	return p.T("figure.hidden")
}

// otherwise are the rules that would fund something else, with what that would give to the groups.
func (p ResultPage) otherwise() []ballot.Other {
	return slices.DeleteFunc(slices.Clone(p.Result.Others), func(o ballot.Other) bool { return len(o.Groups) == 0 })
}

// onPaper says whether some of the votes came on paper.
func (p ResultPage) onPaper() bool {
	return p.Result.Spoilt != nil || slices.ContainsFunc(p.Result.Groups, func(g ballot.Group) bool { return g.Variable == "channel" })
}

// part is the share of an equal part that falls to a group.
func (p ResultPage) part(g ballot.Group) string {
	if !g.Voters.Shown() {
		return p.T("figure.hidden")
	}
	return p.L.Decimal(g.OfEqual, 2)
}

// groupBy says something of the group by another rule.
func (p ResultPage) groupBy(o ballot.Other, g ballot.Group, say func(ballot.Group) string) string {
	i := slices.IndexFunc(o.Groups, func(other ballot.Group) bool { return other.Variable == g.Variable && other.Category == g.Category })
	if i < 0 {
		return p.T("figure.hidden")
	}
	return say(o.Groups[i])
}

func (p ResultPage) groupName(g ballot.Group) string {
	if g.Variable == "voice" {
		return p.T("voice_of." + g.Category)
	}
	if g.Variable == "channel" {
		return p.T("channel." + g.Category)
	}
	if g.Variable == ballot.ByWay {
		return p.T("way.group", "For", p.words(p.Whole.Way(ballot.WhichOf(g.Category)).For))
	}
	q, _ := p.Exercise.Question(g.Variable)
	if q == nil {
		return g.Category
	}
	for _, o := range q.Options {
		if o.ID == g.Category {
			return optionWords(p.BudgetPage, q, o)
		}
	}
	return optionWords(p.BudgetPage, q, ballot.Option{ID: g.Category})
}
