package view

import (
	"slices"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/budget"
	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/locales"
)

// spoken are all languages; a phrase that one lacks fails the test.
func spoken(t *testing.T) []*i18n.Locale {
	t.Helper()
	b, err := i18n.Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	b.Missing = func(tag, key string, cause error) { t.Errorf("%s: %s: %v", tag, key, cause) }
	return b.Locales()
}

// counted is the page of a count by the rule, of 40 votes on four ideas.
func counted(l *i18n.Locale, kind ballot.Kind, rule string) ResultPage {
	e := &ballot.Exercise{ID: "x", Ballot: kind, Rule: rule, Amount: 1000_00}
	for _, id := range []string{"a", "b", "c", "d"} {
		e.Projects = append(e.Projects, ballot.Project{ID: id, Name: exercise.Text{"en": strings.ToUpper(id)}, Cost: 600_00})
	}
	p := BudgetPage{Page: Page{L: l}, Exercise: e, Whole: e}
	return ResultPage{BudgetPage: p, Result: &ballot.Result{Of: *e, Voters: 40, Rule: rule, Each: 25_00}}
}

func TestEveryStepAndReasonHasWords(t *testing.T) {
	for _, l := range spoken(t) {
		for _, kind := range []ballot.Kind{ballot.Tick, ballot.Points, ballot.Order, ballot.Thumbs} {
			for _, rule := range append(budget.RuleNames(), "unknown") {
				everyWord(t, counted(l, kind, rule))
			}
		}
	}
}

func everyWord(t *testing.T, p ResultPage) {
	t.Helper()
	for _, s := range budget.Steps {
		step := ballot.Step{Step: s, Project: "a", Tied: []string{"a", "b"}, Paid: 15_00, Left: 400_00}
		if got := p.stepWords(step); !strings.Contains(got[0], p.name("a")) {
			t.Errorf("%s, %s: %s is said as %q", p.L.Tag, p.Result.Rule, s, got)
		}
	}
	for _, w := range budget.Whys {
		if w == budget.WhyNobody {
			continue // that nobody chose it says it all
		}
		for _, v := range []ballot.Verdict{
			{Project: "a", Why: w, Votes: 20}, {Project: "a", Why: w, Votes: 20, Funded: true, Paid: 15_00, Had: .5},
			{Project: "a", Why: w, Votes: 20, Had: .25, Needed: .5, Left: 1_00, Spent: []ballot.Spending{{Project: "b", Amount: 1_00}}, Lot: []string{"b"}},
		} {
			if got := p.because(v); got == "" && (!p.priorities() || v.Lot == nil) {
				t.Errorf("%s, %s: %s has no words", p.L.Tag, p.Result.Rule, w)
			}
			p.why(v)
		}
	}
	for _, m := range budget.Methods {
		if p.ruleName(string(m)) == "" {
			t.Errorf("%s: the rule %s has no plain name", p.L.Tag, m)
		}
	}
}

func TestWhyInWords(t *testing.T) {
	en := spoken(t)[0]
	spent := ballot.Verdict{Project: "a", Why: budget.WhySpent, Votes: 20, Had: .2632, Needed: .68, Left: 100_00,
		Spent: []ballot.Spending{{Project: "b", Amount: 250_00}, {Project: "c", Amount: 150_00}}}
	with := func(change func(*ballot.Verdict)) ballot.Verdict {
		v := spent
		change(&v)
		return v
	}
	set := func(w budget.Why) ballot.Verdict { return ballot.Verdict{Project: "a", Why: w, Votes: 20} }
	for _, c := range []struct {
		name, rule string
		kind       ballot.Kind
		v          ballot.Verdict
		want       string
	}{
		{"support and parts", "mes_cost", ballot.Tick, spent,
			"20 people chose it. Support: 26%. Needed: 68%. In the end they had £100 left for it, and it costs £600. They paid £250 for B and £150 for C."},
		{"near", "mes_card", ballot.Tick, with(func(v *ballot.Verdict) { v.Had, v.Needed, v.Spent = .2632, .2638, nil }),
			"20 people chose it. Support: 26.3%. Needed: 26.4%. In the end they had £100 left for it, and it costs £600."},
		{"four parts", "mes_cost", ballot.Tick, with(func(v *ballot.Verdict) {
			v.Had, v.Spent = 0, append(slices.Clone(v.Spent), ballot.Spending{Project: "d", Amount: 2_00}, ballot.Spending{Project: "e", Amount: 1_00})
		}), "20 people chose it. In the end they had £100 left for it, and it costs £600. They paid £250 for B, £150 for C, £2 for D and some for others."},
		{"in points", "mes_score", ballot.Points, with(func(v *ballot.Verdict) { v.Had, v.Needed, v.Spent = 1.5, 3, nil }),
			"20 people chose it. It had 50% of the support that it needed. In the end they had £100 left for it, and it costs £600."},
		{"few", "mes_cost", ballot.Tick, with(func(v *ballot.Verdict) { v.Votes = 3 }),
			"Fewer than 10 people chose it. The people who chose it had too little for it."},
		{"poor", "mes_cost", ballot.Tick, with(func(v *ballot.Verdict) { v.Why, v.Had, v.Spent = budget.WhyPoor, 0, nil }),
			"20 people chose it. Together they had £100 for it, and it costs £600."},
		{"a point has a price", "mes_score", ballot.Points, ballot.Verdict{Project: "a", Funded: true, Why: budget.WhyChosen, Votes: 20, Paid: 1_67, Had: 2},
			"20 people chose it. Those who could paid £1.67 for each point that they gave it."},
		{"a factor is no money", "cstv", ballot.Points, ballot.Verdict{Project: "a", Funded: true, Why: budget.WhyChosen, Votes: 20, Paid: 1},
			"20 people chose it. There was enough money for it."},
		{"set aside", "cstv", ballot.Points, set(budget.WhySetAside), "20 people chose it. The people who chose it had too little for it."},
		{"set aside, as it was once written", "cstv", ballot.Points, set(budget.WhySpent), "20 people chose it. The people who chose it had too little for it."},
		{"the lot", "phragmen", ballot.Tick, ballot.Verdict{Project: "a", Funded: true, Why: budget.WhyChosen, Votes: 20, Lot: []string{"b", "c"}},
			"20 people chose it. There was enough money for it. It was equal with B and C, and the lot decided."},
		{"the lot against a priority", "greedy_votes", ballot.Thumbs, ballot.Verdict{Project: "a", Why: budget.WhyNoRoom, Votes: 20, Lot: []string{"b"}},
			"20 people chose it. It was equal with B, and the lot decided."},
		{"fewer than others", "greedy_votes", ballot.Thumbs, set(budget.WhyNoRoom), "20 people chose it. Others had more."},
		{"equal first places", "stv", ballot.Order, ballot.Verdict{Project: "a", Why: budget.WhyFewest, Votes: 20, Lot: []string{"b"}},
			"20 people chose it. No idea had fewer votes. Its votes went on to the next wishes. It was equal with B, and the lot decided."},
		{"its turn", "phragmen", ballot.Tick, set(budget.WhyStopped), "20 people chose it. It was its turn, but too little money was left for it. So the count ended."},
	} {
		if got := counted(en, c.kind, c.rule).why(c.v); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestStepsInWords(t *testing.T) {
	p := counted(spoken(t)[0], ballot.Tick, "mes_cost")
	p.Result.Projects = []ballot.Verdict{{Project: "a", Funded: true, Votes: 20, Had: .5}, {Project: "b", Votes: 20, Had: .25, Needed: .5},
		{Project: "c", Votes: 20, Lot: []string{"d"}}}
	for _, c := range []struct {
		rule string
		kind ballot.Kind
		step ballot.Step
		want []string
	}{
		{"mes_cost", ballot.Tick, ballot.Step{Step: budget.Chosen, Project: "a", Paid: 23_59, Left: 400_00, Tied: []string{"a", "b"}}, []string{
			"Chosen: A", "Support: 50%.", "Each person who chose it and had enough left paid £23.59.", "These were equal, and the lot decided: A and B.", "Money left: £400."}},
		{"mes_cost", ballot.Tick, ballot.Step{Step: budget.TooDear, Project: "b", Left: 400_00}, []string{"Not enough money was left: B", "Support: 25%. Needed: 50%.", "Money left: £400."}},
		{"cstv", ballot.Points, ballot.Step{Step: budget.SetAside, Project: "b", Paid: 1, Left: 400_00}, []string{
			"Set aside: B. The people who chose it had too little for it.", "Money left: £400."}},
		{"greedy_votes", ballot.Thumbs, ballot.Step{Step: budget.TooDear, Project: "b"}, []string{"Not taken forward: B"}},
		{"stv", ballot.Order, ballot.Step{Step: budget.Excluded, Project: "b", Left: 1_00, Tied: []string{"b", "c"}}, []string{
			"No idea had fewer votes: B", "These were equal, and the lot decided: B and C.", "Money left: £1."}},
		{"greedy_votes", ballot.Thumbs, ballot.Step{Step: budget.TooDear, Project: "c"}, []string{"Not taken forward: C", "It was equal with D, and the lot decided."}},
	} {
		p.Result.Rule, p.Exercise.Rule, p.Exercise.Ballot = c.rule, c.rule, c.kind
		if got := p.stepWords(c.step); !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.rule, got, c.want)
		}
	}
}

// Of few voters nothing is said that tells of their votes.
func TestFewVoters(t *testing.T) {
	p := counted(spoken(t)[0], ballot.Tick, "greedy_votes")
	p.Result.Voters = 9
	for _, w := range budget.Whys {
		got := p.why(ballot.Verdict{Project: "a", Why: w, Votes: 5, Lot: []string{"b"}})
		if want := map[budget.Why]string{budget.WhyTooLarge: "It costs more than all the money."}[w]; got != want {
			t.Errorf("%s: %q", w, got)
		}
	}
	if got := p.stepWords(ballot.Step{Step: budget.Chosen, Project: "a", Tied: []string{"a", "b"}, Paid: 1}); len(got) != 2 {
		t.Errorf("a step: %q", got)
	}
}

func TestWhyThereAreNoSteps(t *testing.T) {
	p := counted(spoken(t)[0], ballot.Tick, "mes_cost")
	if got := p.noSteps(); got != "There were no steps: no idea could be paid for." {
		t.Error(got)
	}
	if got := p.ideas(nil); got != "no idea" {
		t.Error(got)
	}
	p.Result.EverythingFits = true
	if got := p.noSteps(); got != "There were no rounds: nothing had to be chosen." {
		t.Error(got)
	}
	p.Result.Voters = 0
	if got := p.noSteps(); got != "Nobody voted, so no idea is chosen." {
		t.Error(got)
	}
	if got := p.ruleName("mes_cost_add1_integral+greedy"); got != "Equal parts, and large ideas count more; the parts grow while more fits; the rest by most votes" {
		t.Error(got)
	}
}
