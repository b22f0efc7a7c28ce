package view

import (
	"fmt"
	"strings"

	"sayso/internal/ballot"
	"sayso/internal/budget"
)

// ResultPage is the outcome of an exercise, as everybody sees it or as staff see it before.
type ResultPage struct {
	BudgetPage // of the exercise as it was counted
	Result     *ballot.Result
	Outcome    ballot.Outcome
	Step       int // of the walk through the count, from 1
}

// file is what the file with the votes is called.
func (p ResultPage) file() string { return ballot.FileName(p.Exercise.ID) }

// command counts the votes again.
func (p ResultPage) command() string {
	return fmt.Sprintf("sayso budget count %s --rule %s --ties %s", p.file(), quoted(p.Result.Rule), quoted(p.Result.Ties))
}

// quoted writes a word as a shell takes it literally.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func (p ResultPage) name(project string) string {
	if found := p.Exercise.Project(project); found != nil {
		return p.words(found.Name)
	}
	return project
}

// fill is how long the bar of a project is, of 100; the mark of what it needed stands at 75.
func (p ResultPage) fill(v ballot.Verdict) float64 {
	switch {
	case p.marked() && v.Funded && v.Had > 0:
		return markAt
	case p.marked() && v.Needed > 0:
		return min(markAt, markAt*v.Had/v.Needed)
	case p.marked() && !v.Funded: // never enough to pay for it: what there was of its cost
		return markAt * float64(v.Left) / float64(max(v.Left+v.Missing, 1))
	}
	return 100 * float64(v.Votes) / float64(max(p.Result.Voters, 1))
}

const markAt = 75

// marked says whether the rule has a support that projects need, so that bars show how near each came.
func (p ResultPage) marked() bool { return p.shares() && !p.Result.EverythingFits }

func (p ResultPage) shares() bool { return p.family() == "shares" }

func (p ResultPage) state(v ballot.Verdict) (key, class string) {
	switch {
	case v.Funded && p.priorities():
		return "result.taken", "s-state--done"
	case v.Funded:
		return "result.funded", "s-state--done"
	case p.priorities():
		return "result.not_taken", "s-state--no"
	}
	return "result.not_funded", "s-state--no"
}

func (p ResultPage) funded() int {
	n := 0
	for _, v := range p.Result.Projects {
		if v.Funded {
			n++
		}
	}
	return n
}

func (p ResultPage) fundedIDs() []string {
	var ids []string
	for _, v := range p.Result.Projects {
		if v.Funded {
			ids = append(ids, v.Project)
		}
	}
	return ids
}

// likeThis says whether another rule would fund the same projects.
func (p ResultPage) likeThis(o ballot.Other) bool {
	ids := p.fundedIDs()
	for _, id := range ids {
		if !contains(o.Funded, id) {
			return false
		}
	}
	return len(ids) == len(o.Funded)
}

// ideas lists what a rule funds, which may be nothing.
func (p ResultPage) ideas(ids []string) string {
	if len(ids) == 0 {
		return p.T("others.none")
	}
	return p.names(ids)
}

// ruleName names a rule in few words; beside it stands its exact name.
func (p ResultPage) ruleName(name string) string {
	rule, err := budget.ParseRule(name)
	if err != nil || !p.L.Has("rule_name."+string(rule.Method)) {
		return ""
	}
	out := p.T("rule_name." + string(rule.Method))
	if rule.Add1 {
		out = p.T("rule_name.raised", "Rule", out)
	}
	if rule.Greedy {
		out = p.T("rule_name.rest", "Rule", out)
	}
	return out
}

// names lists projects.
func (p ResultPage) names(ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = p.name(id)
	}
	return p.L.List(words)
}

// nobody says that there was no vote to count.
func (p ResultPage) nobody() string {
	if p.Result.Spoilt != nil {
		return p.T("result.none_counted")
	}
	return p.T("result.nobody")
}

// either says the first phrase of votes on money, the second of votes on priorities, which are about none.
func (p ResultPage) either(funded, taken string) string {
	if p.priorities() {
		return p.T(taken)
	}
	return p.T(funded)
}

// decided says whether the board funds the project.
func (p ResultPage) decided(project string) bool { return contains(p.Outcome.Board.Funded, project) }

// boardCosts is what the board funds costs; what was counted in a range, at most.
func (p ResultPage) boardCosts() (cost ballot.Money) {
	for _, id := range p.Outcome.Board.Funded {
		if project := p.Exercise.Project(id); project != nil {
			cost += project.Cost
		}
	}
	return cost
}

// differs says whether the board decided otherwise than the count.
func (p ResultPage) differs() bool {
	for _, v := range p.Result.Projects {
		if v.Funded != p.decided(v.Project) {
			return true
		}
	}
	return false
}
