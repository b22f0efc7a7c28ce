package view

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
	"sayso/internal/budget"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// BudgetPage is a page about one budget exercise.
type BudgetPage struct {
	Page
	Exercise *ballot.Exercise // as those meet it who vote by the way of the page; by none, as it is for everybody
	Whole    *ballot.Exercise // with both ways to vote
	Pictures Pictures
	Key      []Picture                // the person's six pictures, where the page shows them
	PlaceOf  func(area string) string // the name of a place in the page's language

	Stages []ballot.Stretch // the stages, where the page shows them
	Ideas  *survey.Survey   // where ideas are told; nil: nowhere that can be seen
}

func (p BudgetPage) words(t exercise.Text) string { return t.Words(p.L.Tag) }

func (p BudgetPage) at(rest string) templ.SafeURL { return templ.SafeURL("/b/" + p.Exercise.ID + rest) }

// afterKey is the page after the six pictures.
func (p BudgetPage) afterKey() templ.SafeURL {
	if p.Whole.Also != nil {
		return p.at("/way")
	}
	return p.at("/vote")
}

// offered says whether people may take part in the page's language.
func (p BudgetPage) offered() bool { return contains(p.Exercise.Offered(), p.L.Tag) }

// draft says whether nobody has checked the words in the page's language.
func (p BudgetPage) draft() bool {
	for _, g := range p.Exercise.Languages {
		if g.Tag == p.L.Tag {
			return g.CheckedBy == ""
		}
	}
	return false
}

func (p BudgetPage) priorities() bool { return p.Exercise.Ballot == ballot.Thumbs }

// pounds writes an amount in pounds, with pence where there are any.
func (p BudgetPage) pounds(m ballot.Money) string {
	pounds, pence := m.Pounds()
	written := p.L.Number(int64(pounds))
	if pence {
		written = p.L.Decimal(pounds, 2)
	}
	return p.T("money.pounds", "Amount", written)
}

// money writes an amount: in coins where there are any, and in pounds.
func (p BudgetPage) money(m ballot.Money) string {
	written := p.pounds(m)
	if coin := p.Exercise.Coin; coin > 0 && m%coin == 0 {
		return p.T("money.both", "Coins", p.T("money.coins", "Count", m.Coins(coin)), "Money", written)
	}
	return written
}

// cost writes what a project costs: one amount, or from one to another.
func (p BudgetPage) cost(project *ballot.Project) string {
	if project.CostFrom > 0 && project.CostFrom < project.Cost {
		return p.T("money.range", "From", p.money(project.CostFrom), "To", p.money(project.Cost))
	}
	return p.money(project.Cost)
}

// about is what a tile says of a project in one line: cost, for whom, where, when it helps.
func (p BudgetPage) about(project *ballot.Project) string {
	var parts []string
	if !p.priorities() {
		parts = append(parts, p.cost(project))
	}
	if len(project.For) > 0 {
		parts = append(parts, p.words(project.For))
	}
	if project.Place != "" {
		parts = append(parts, p.PlaceOf(project.Place))
	}
	if len(project.Provider) > 0 {
		parts = append(parts, p.words(project.Provider))
	}
	if project.Help != "" {
		parts = append(parts, p.T("help_when."+string(project.Help)))
	}
	if len(project.IdeaOf) > 0 {
		parts = append(parts, p.T("stage.idea_of", "Who", p.words(project.IdeaOf)))
	}
	return joinDots(parts)
}

// how tells how to fill in the ballot.
func (p BudgetPage) how() string {
	return p.T("ballot_kind."+string(p.Exercise.Ballot), "Number", p.Exercise.Most)
}

// family is the kind of rule that the exact rule belongs to, for which there are words.
func (p BudgetPage) family() string {
	switch name := p.Exercise.Rule; {
	case strings.HasPrefix(name, "mes_"):
		return "shares"
	case strings.HasPrefix(name, "greedy_"):
		return "greedy"
	case name == string(budget.STV) || name == string(budget.Transfers):
		return "transfers"
	}
	return "even"
}

// ruleWords explains the rule in a sentence or two.
func (p BudgetPage) ruleWords() string {
	switch name := p.Exercise.Rule; {
	case p.priorities() && p.family() == "greedy":
		return p.T("rule.most")
	case strings.HasPrefix(name, string(budget.SharesBorda)):
		return p.T("rule.places_shares")
	case strings.HasPrefix(name, string(budget.GreedyBorda)):
		return p.T("rule.places_greedy")
	}
	return p.T("rule." + p.family())
}

// VotePage is the ballot of a person.
type VotePage struct {
	BudgetPage
	Ballot  ballot.Ballot
	Shown   []*ballot.Project // in their order of display
	Error   string            // why a press was refused
	Pressed string            // the project of that press
}

// chosen are the wishes for an ordered ballot, the dearest first.
func (p VotePage) chosen() []*ballot.Project {
	var out []*ballot.Project
	for _, w := range p.Ballot.Wishes {
		if project := p.Exercise.Project(w.Project); project != nil && w.Counts() {
			out = append(out, project)
		}
	}
	return out
}

// listed are the projects below the chosen ones: all, but for an ordered ballot only the others.
func (p VotePage) listed() []*ballot.Project {
	if p.Exercise.Ballot != ballot.Order {
		return p.Shown
	}
	var out []*ballot.Project
	for _, project := range p.Shown {
		if _, _, there := p.Ballot.Wish(project.ID); !there {
			out = append(out, project)
		}
	}
	return out
}

// isIn says whether the ballot wishes for the project.
func (p VotePage) isIn(project *ballot.Project) bool {
	w, _, ok := p.Ballot.Wish(project.ID)
	return ok && w.Counts()
}

// isDown says whether the ballot has a thumb down for it.
func (p VotePage) isDown(project *ballot.Project) bool {
	w, _, ok := p.Ballot.Wish(project.ID)
	return ok && !w.Counts()
}

func (p VotePage) points(project *ballot.Project) int {
	w, _, _ := p.Ballot.Wish(project.ID)
	return w.Points
}

// total says in words how much of what there is the ballot asks for: in coins alone where people count in them.
func (p VotePage) total() string {
	if p.Exercise.Coin > 0 {
		return p.counted() + " " + p.coinWords()
	}
	if e := p.Exercise; e.Ballot == ballot.Tick || e.Ballot == ballot.Purse {
		return p.counted() + " " + p.T("vote.money_total", "Spent", p.money(e.Spent(&p.Ballot)), "Amount", p.money(e.Amount))
	}
	return p.counted()
}

// counted says how much was chosen, but for the money.
func (p VotePage) counted() string {
	e, n := p.Exercise, len(p.chosen())
	switch e.Ballot {
	case ballot.Points:
		return p.T("vote.points_total", "Given", p.Ballot.Given(), "Most", e.Most)
	case ballot.UpTo, ballot.Order:
		return p.T("vote.chosen_of", "Number", n, "Most", e.Most)
	case ballot.Thumbs:
		return p.T("vote.thumbs_total", "Number", n)
	}
	return p.T("vote.chosen_total", "Number", n)
}

// bar is how far the bar beside the total is filled, and of what.
func (p VotePage) bar() (value, most int64) {
	e := p.Exercise
	switch e.Ballot {
	case ballot.Points:
		return int64(p.Ballot.Given()), int64(e.Most)
	case ballot.UpTo, ballot.Order:
		return int64(len(p.chosen())), int64(e.Most)
	case ballot.Thumbs:
		return int64(len(p.chosen())), int64(len(e.Projects))
	}
	return int64(e.Spent(&p.Ballot)), int64(e.Amount)
}

// barValue and barMost are the same as text.
func (p VotePage) barValue() string { v, _ := p.bar(); return fmt.Sprint(v) }
func (p VotePage) barMost() string  { _, m := p.bar(); return fmt.Sprint(m) }

// next is where the person goes on to: the first question about them they have not met, or the last page.
func (p BudgetPage) next(about ballot.Background) templ.SafeURL {
	for _, q := range p.Exercise.Questions {
		if _, met := about.Answer(q.ID); !met {
			return p.at("/about/" + q.ID)
		}
	}
	return p.at("/done")
}

// AboutPage is one question about the person.
type AboutPage struct {
	BudgetPage
	Question *ballot.Question
	Number   int // from 1
	Choices  []string
	Withheld bool // the box below the options was ticked
	Error    string
}

// options returns the options of the question with their words.
func (p AboutPage) options() []ballot.Option {
	if len(p.Question.Options) > 0 {
		return p.Question.Options
	}
	var out []ballot.Option
	for _, id := range p.Question.OptionIDs() {
		out = append(out, ballot.Option{ID: id})
	}
	return out
}

func (p AboutPage) optionText(o ballot.Option) string {
	return optionWords(p.BudgetPage, p.Question, o)
}

func optionWords(p BudgetPage, q *ballot.Question, o ballot.Option) string {
	switch {
	case len(o.Text) > 0:
		return p.words(o.Text)
	case q.Role == ballot.RoleAge:
		return p.T("age_band." + o.ID)
	}
	return p.T("option.place." + o.ID)
}

func (p AboutPage) back() templ.SafeURL {
	if p.Number > 1 {
		return p.at("/about/" + p.Exercise.Questions[p.Number-2].ID)
	}
	return p.at("/vote")
}
