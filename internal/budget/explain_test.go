package budget

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestReasons(t *testing.T) {
	// Each of 11 has 100. The bike path takes all of its seven supporters' money.
	e := election(t, filepath.Join(shared(t), "worked", "equalshares_example1.pb"))
	c, err := NewCounter(e, Lexico)
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Explain(rule(t, "mes_cost"))
	if err != nil {
		t.Fatal(err)
	}
	bike, gym, park := x.Projects[0], x.Projects[1], x.Projects[2]
	if bike.Why != WhyChosen || !bike.Funded || bike.Round != 1 || bike.Emptied != 7 || bike.Price.RatString() != "100" || !near(bike.Had, 7./11) {
		t.Errorf("bike: %+v", bike)
	}
	if gym.Why != WhySpent || gym.Funded || gym.Left != 0 || gym.Missing != 400 || gym.Last != 1 || !near(gym.Had, 6./11) || !near(gym.Needed, 7./11) ||
		!slices.Equal(gym.Spent, []Spending{{"bike", 600}}) {
		t.Errorf("gym: %+v", gym)
	}
	if park.Left != 33 || park.Missing != 217 || !slices.Equal(park.Spent, []Spending{{"bike", 300}, {"playground", 100}, {"library", 66}}) {
		t.Errorf("park: %+v", park)
	}
	if got := x.Rounds[0].Standings; len(got) != 5 || got[1].Project != "gym" || !near(got[1].Support, 6./11) {
		t.Errorf("the standings of round 1: %+v", got)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestWhy(t *testing.T) {
	e := parsed(t, Approval, 100, "a 60", "b 60", "c 200", "d 10", "e 0", "f 30", "5: a", "3: b", "1: c", "1: e", "1: f b")
	for rule, want := range map[string][]Why{
		"greedy_votes":    {WhyChosen, WhyNoRoom, WhyTooLarge, WhyCompleted, WhyChosen, WhyChosen},
		"mes_cost":        {WhySpent, WhySpent, WhyTooLarge, WhyNobody, WhyUnwanted, WhySpent},
		"mes_card":        {WhySpent, WhySpent, WhyTooLarge, WhyNobody, WhyFree, WhySpent},
		"mes_cost+greedy": {WhyCompleted, WhySpent, WhyTooLarge, WhyCompleted, WhyCompleted, WhyCompleted},
		"phragmen":        {WhyChosen, WhyTooLate, WhyTooLarge, WhyNobody, WhyChosen, WhyTooLate},
	} {
		why(t, e, rule, want)
	}
	why(t, parsed(t, Ordinal, 100, "a 60", "b 60", "c 50", "3: a", "2: b", "1: c b"), "stv", []Why{WhyChosen, WhyNoRoom, WhyNoRoom})
	why(t, parsed(t, Approval, 100, "a 60", "b 30", "c 30", "1: a"), "phragmen", []Why{WhyChosen, WhyCompleted, WhyNobody})
	why(t, parsed(t, Approval, 100, "a 60", "b 40", "1: a"), "mes_cost", []Why{WhyChosen, WhyAllFit})
}

func why(t *testing.T, e *Election, name string, want []Why) {
	t.Helper()
	c, err := NewCounter(e, Lexico)
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Explain(rule(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for p, r := range x.Projects {
		if r.Why != want[p] {
			t.Errorf("%s: %s because %s, want %s", name, r.Project, r.Why, want[p])
		}
		funded := slices.Contains(x.Funded(e), r.Project)
		if told := slices.Contains([]Why{WhyChosen, WhyFree, WhyCompleted, WhyAllFit}, r.Why); r.Funded != funded || told != funded {
			t.Errorf("%s: %s is funded: %v, told: %v because %s", name, r.Project, funded, r.Funded, r.Why)
		}
	}
}

// What is said would have funded a project does, and a little less does not.
func TestChangesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyElection.Draw(t, "election")
		r, err := ParseRule(rapid.SampledFrom(rulesOf(e)).Draw(t, "rule"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewCounter(e, Cheapest)
		if err != nil {
			t.Fatal(err)
		}
		o, err := c.Count(r)
		if err != nil {
			t.Fatal(err)
		}
		for p, pr := range e.Projects {
			if slices.Contains(o.Funded(e), pr.ID) {
				continue
			}
			change, err := c.Change(r, p)
			if err != nil {
				t.Fatal(err)
			}
			cost := func(n int64) bool {
				changed := *e
				changed.Projects = slices.Clone(e.Projects)
				changed.Projects[p].Cost = n
				return slices.Contains(counted(t, &changed, r.String(), Cheapest).Funded(&changed), pr.ID)
			}
			if change.ByCost && (!cost(change.Cost) || cost(change.Cost+1) || change.Cost+change.Cheaper != pr.Cost) {
				t.Fatalf("%s: %s, which costs %d: %+v", r, pr.ID, pr.Cost, change)
			}
			more := func(n int64) bool {
				changed := *e
				for range n {
					changed.Ballots = append(slices.Clip(changed.Ballots), c.single(p))
				}
				return slices.Contains(counted(t, &changed, r.String(), Cheapest).Funded(&changed), pr.ID)
			}
			if change.BySupporters && (!more(change.Supporters) || more(change.Supporters-1)) {
				t.Fatalf("%s: %s: %+v", r, pr.ID, change)
			}
		}
	})
}

func TestChangesOfAWorkedExample(t *testing.T) {
	e := parsed(t, Approval, 100, "a 60", "b 60", "5: a", "4: b")
	for name, want := range map[string]Change{
		// By votes b fits once it costs 40; with two more votes it is first (with one, a wins the tie).
		"greedy_votes": {Project: "b", Cost: 40, Cheaper: 20, ByCost: true, Supporters: 2, BySupporters: true},
		// Its four supporters have 4·100/9 together; with three more they are 7 of 12, who have 58.33, and with four 8 of 13.
		"mes_cost": {Project: "b", Cost: 44, Cheaper: 16, ByCost: true, Supporters: 4, BySupporters: true},
	} {
		c, err := NewCounter(e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Change(rule(t, name), 1); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
}

func TestCompare(t *testing.T) {
	e := parsed(t, Approval, 100, "a 60", "b 60", "c 40", "5: a", "4: b c")
	c, err := NewCounter(e, Lexico)
	if err != nil {
		t.Fatal(err)
	}
	rules := RulesFor(e.Kind)
	all, err := c.Compare(rules)
	if err != nil || len(all) != len(rules) {
		t.Fatalf("%d outcomes, %v", len(all), err)
	}
	for i, o := range all {
		if one := won(t, e, rules[i].String(), Lexico); o.Rule != one.Rule || !slices.Equal(o.Winners, one.Winners) {
			t.Errorf("%s beside others: %v, alone %v", o.Rule, o.Winners, one.Winners)
		}
	}
	if _, err := c.Compare([]Rule{{Method: STV}}); err == nil {
		t.Error("wishes without an order are counted as ordered ones")
	}
}

func TestMoneyForAGroup(t *testing.T) {
	e := parsed(t, Approval, 100, "a 60", "b 30", "c 40", "2: a", "1: b c")
	e.Projects[0].For, e.Projects[1].For = []string{"8-11", "12-15"}, []string{"8-11"}
	e.Traits = []string{"age_band"}
	for i, band := range []string{"8-11", "", "12-15"} {
		e.Ballots[i].Traits = []string{band}
	}
	if e.By("place") != nil || e.ByAge("place", nil) != nil {
		t.Error("a trait that the ballots do not have makes groups")
	}
	got := WhoGot(e, won(t, e, "greedy_votes", Lexico), e.By("age_band"))
	if len(got) != 4 || got[0].Group != "" || got[1].Group != "12-15" || got[3].Group != "all" {
		t.Fatalf("groups %+v", got)
	}
	if got[1].For != 60 || got[2].For != 90 || got[1].Any != 1 || got[1].Share != 30 || got[3].Voters != 3 {
		t.Errorf("shares %+v", got)
	}
}
