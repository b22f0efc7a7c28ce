package view

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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

// stepLine says what happened in a round in one line.
func (p ResultPage) stepLine(s ballot.Step) string {
	key := "step." + string(s.Step)
	switch {
	case p.priorities() && s.Step == budget.TooDear:
		key = "step.not_taken"
	case s.Step == budget.Excluded && (p.Result.Small() || len(s.Tied) > 1):
		key = "step.excluded_too"
	}
	return p.T(key, "Project", p.name(s.Project))
}

// stepWords tells what happened in a round.
func (p ResultPage) stepWords(s ballot.Step) []string {
	out := []string{p.stepLine(s)}
	if !p.Result.Small() {
		v := p.verdict(s.Project)
		for _, more := range []string{p.support(v), p.paid(s.Paid, v.Votes, "step")} {
			if more != "" {
				out = append(out, more)
			}
		}
		switch {
		case len(s.Tied) > 1:
			out = append(out, p.T("step.tied", "Projects", p.names(s.Tied)))
		case len(v.Lot) > 0:
			out = append(out, p.T("because.lot", "Projects", p.names(v.Lot)))
		}
	}
	if !p.priorities() {
		out = append(out, p.T("step.left", "Money", p.money(s.Left)))
	}
	return out
}

// verdict is what was found about the project.
func (p ResultPage) verdict(project string) ballot.Verdict {
	for _, v := range p.Result.Projects {
		if v.Project == project {
			return v
		}
	}
	return ballot.Verdict{Project: project}
}

// noSteps says why there was no round.
func (p ResultPage) noSteps() string {
	switch {
	case p.Result.Voters == 0:
		return p.nobody()
	case p.Result.EverythingFits:
		return p.T("step.none")
	}
	return p.T("step.none_paid")
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

func (p ResultPage) stepAt(n int) templ.SafeURL {
	return p.at("/steps?step=" + strconv.Itoa(n))
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

// BudgetDesk is one exercise as staff see it.
type BudgetDesk struct {
	BudgetPage
	Open, Over bool // people can vote; nobody can any more
	Heard      Heard
	Counts     []ballot.Outcome
	Error      string      // why no interim count was published
	Preview    PreviewLink // just made, else empty
}

// Shown is what can be seen of an exercise beside its first page.
type Shown struct {
	Outcome   bool // the final count
	Standing  bool // an interim count
	IdeasOpen bool // ideas can be told
}

// final is the newest count that is not an interim one.
func (b BudgetDesk) final() (ballot.Outcome, bool) {
	for _, o := range b.Counts {
		if o.State != ballot.Interim {
			return o, true
		}
	}
	return ballot.Outcome{}, false
}

// BoardForm is what was typed as the decision of the board and could not be kept.
type BoardForm struct {
	Funded []string
	Why    string
	Error  string
}

func countPath(exercise string, number int) templ.SafeURL {
	return templ.SafeURL("/staff/budgets/" + exercise + "/counts/" + strconv.Itoa(number))
}

// boardFunds says whether the form of the board's decision has the project ticked: as it was sent, as it was decided, or
// as it was counted.
func (p ResultPage) boardFunds(form BoardForm, v ballot.Verdict) bool {
	switch {
	case form.Error != "":
		return contains(form.Funded, v.Project)
	case p.Outcome.Board != nil:
		return p.decided(v.Project)
	}
	return v.Funded
}

func (p ResultPage) boardWhy(form BoardForm) string {
	if form.Error == "" && p.Outcome.Board != nil {
		return p.Outcome.Board.Why
	}
	return form.Why
}
