package view

import (
	"strconv"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
)

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
