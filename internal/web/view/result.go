package view

import (
	"fmt"
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

// why tells in a sentence or more why a project is funded, or is not.
func (p ResultPage) why(v ballot.Verdict) string {
	if p.Result.Small() {
		return ""
	}
	out := p.people(v.Votes)
	if v.Votes > 0 || v.Why == budget.WhyCompleted || v.Why == budget.WhyAllFit {
		out += " " + p.because(v)
	}
	return out
}

func (p ResultPage) because(v ballot.Verdict) string {
	key := "because." + string(v.Why)
	switch {
	case p.priorities() && v.Funded:
		return p.T("because.taken")
	case p.priorities():
		return p.T("because.not_taken")
	case v.Why == budget.WhyChosen && v.Paid > 0:
		return p.T("because.paid", "Money", p.money(v.Paid))
	case v.Why == budget.WhySpent:
		return p.spent(v)
	}
	return p.T(key)
}

// spent tells what its supporters had left for a project, and where most of their part went.
func (p ResultPage) spent(v ballot.Verdict) string {
	out := p.T("because.spent", "Left", p.money(v.Left), "Cost", p.money(p.Exercise.Project(v.Project).Cost))
	if len(v.Spent) > 0 {
		out += " " + p.T("because.went", "Project", p.name(v.Spent[0].Project))
	}
	return out
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
	}
	return 100 * float64(v.Votes) / float64(max(p.Result.Voters, 1))
}

const markAt = 75

// marked says whether the rule has a support that projects need, so that bars show how near each came.
func (p ResultPage) marked() bool { return p.family() == "shares" && !p.Result.EverythingFits }

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

// names lists projects.
func (p ResultPage) names(ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = p.name(id)
	}
	return p.L.List(words)
}

// stepWords tells what happened in a round.
func (p ResultPage) stepWords(s ballot.Step) []string {
	out := []string{p.T("step."+string(s.Step), "Project", p.name(s.Project))}
	if s.Paid > 0 && !p.Result.Small() {
		out = append(out, p.T("because.paid", "Money", p.money(s.Paid)))
	}
	if len(s.Tied) > 1 {
		out = append(out, p.T("step.tied", "Projects", p.names(s.Tied)))
	}
	if !p.priorities() {
		out = append(out, p.T("step.left", "Money", p.money(s.Left)))
	}
	return out
}

func (p ResultPage) stepAt(n int) templ.SafeURL {
	return p.at("/steps?step=" + strconv.Itoa(n))
}

// decided says whether the board funds the project.
func (p ResultPage) decided(project string) bool { return contains(p.Outcome.Board.Funded, project) }

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

// seenBy is the part of the group who would see at least one wish funded by another rule.
func (p ResultPage) seenBy(o ballot.Other, g ballot.Group) string {
	i := slices.IndexFunc(o.Groups, func(other ballot.Group) bool { return other.Variable == g.Variable && other.Category == g.Category })
	if i < 0 {
		return p.T("figure.hidden")
	}
	return p.seen(o.Groups[i])
}

// onPaper says whether some of the votes came on paper.
func (p ResultPage) onPaper() bool {
	return p.Result.Spoilt != nil || slices.ContainsFunc(p.Result.Groups, func(g ballot.Group) bool { return g.Variable == "channel" })
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
