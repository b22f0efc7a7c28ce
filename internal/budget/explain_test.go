package budget

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
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
		"mes_cost":        {WhyPoor, WhyPoor, WhyTooLarge, WhyNobody, WhyUnwanted, WhyPoor},
		"mes_card":        {WhyPoor, WhyPoor, WhyTooLarge, WhyNobody, WhyFree, WhyPoor},
		"mes_cost+greedy": {WhyCompleted, WhyPoor, WhyTooLarge, WhyCompleted, WhyCompleted, WhyCompleted},
		"phragmen":        {WhyChosen, WhyStopped, WhyTooLarge, WhyNobody, WhyChosen, WhyTooLate},
		"maximin_support": {WhyChosen, WhyNoRoom, WhyTooLarge, WhyNobody, WhyChosen, WhyChosen},
	} {
		why(t, e, rule, want)
	}
	why(t, parsed(t, Ordinal, 100, "a 60", "b 60", "c 50", "3: a", "2: b", "1: c b"), "stv", []Why{WhyChosen, WhyNoRoom, WhyNoRoom})
	why(t, parsed(t, Approval, 100, "a 60", "b 30", "c 30", "1: a"), "phragmen", []Why{WhyChosen, WhyCompleted, WhyNobody})
	why(t, parsed(t, Approval, 100, "a 60", "b 40", "1: a"), "mes_cost", []Why{WhyChosen, WhyAllFit})
	why(t, parsed(t, Approval, 100, "a 60", "b 60", "c 40", "1: b c", "3: a"), "mes_cost", []Why{WhyChosen, WhyPoor, WhyPoor})
	why(t, parsed(t, Approval, 100, "a 60", "b 60", "c 30", "4: a", "2: b", "1: c"), "phragmen", []Why{WhyChosen, WhyStopped, WhyBeside})
	// Who gave points to b and c have too little for them; what is left goes to b.
	points := parsed(t, Cumulative, 100, "a 40", "b 50", "c 60", "4: a", "2: b", "1: c")
	for i := range points.Ballots {
		points.Ballots[i].Points = []int64{3}
	}
	why(t, points, "cstv", []Why{WhyChosen, WhyCompleted, WhySetAside})
}

// Where the order of ties decides, whoever it decided about is told with whom they were equal.
func TestLots(t *testing.T) {
	for name, tc := range map[string]struct {
		e     *Election
		rules []string
		want  [][]string
	}{
		"two of three fit": {
			parsed(t, Approval, 2, "a 1", "b 1", "c 1", "d 1", "2: a", "2: b", "2: c", "1: d"), []string{"greedy_votes", "greedy_votes_per_cost"},
			[][]string{{"b", "c"}, {"a", "c"}, {"a", "b"}, nil},
		},
		"all equal ones fit": {
			parsed(t, Approval, 2, "a 1", "b 1", "c 1", "2: a", "2: b", "1: c"), []string{"greedy_votes", "mes_cost", "maximin_support"},
			[][]string{nil, nil, nil},
		},
		"one has the money of both": {
			parsed(t, Approval, 100, "a 60", "b 60", "c 10", "4: a b", "1: c"), []string{"mes_cost", "mes_card", "maximin_support", "phragmen"},
			[][]string{{"b"}, {"a"}, nil},
		},
		"it would not have fitted": {
			parsed(t, Approval, 100, "a 60", "b 60", "c 50", "3: a", "2: b", "2: c"), []string{"greedy_votes"},
			[][]string{nil, nil, nil},
		},
		"everything fits": {parsed(t, Approval, 100, "a 50", "b 50", "2: a", "2: b"), []string{"greedy_votes", "mes_cost"}, [][]string{nil, nil}},
		"equal first places": {
			parsed(t, Ordinal, 100, "a 60", "b 60", "c 60", "2: a", "2: b", "2: c"), []string{"stv"},
			[][]string{{"b", "c"}, {"a"}, {"a", "b"}}, // c leaves before b
		},
	} {
		c, err := NewCounter(tc.e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range tc.rules {
			x, err := c.Explain(rule(t, r))
			if err != nil {
				t.Fatal(err)
			}
			for p, want := range tc.want {
				if got := x.Projects[p]; !slices.Equal(got.Lot, want) {
					t.Errorf("%s by %s: %s (%s) was as good as %v, want %v", name, r, got.Project, got.Why, got.Lot, want)
				}
			}
		}
	}
}

// The order of ties is said to have decided against a project just where it would be funded if it won every tie.
func TestLotsDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyElection.Draw(t, "election")
		// The other counts of Add1 have ties of their own, and who stays in a transferable vote for long may still lose.
		names := slices.DeleteFunc(rulesOf(e), func(name string) bool { return strings.Contains(name, "_add1") || name == "stv" })
		r, err := ParseRule(rapid.SampledFrom(names).Draw(t, "rule"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewCounter(e, Lexico)
		if err != nil {
			t.Fatal(err)
		}
		x, err := c.Explain(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, reason := range x.Projects {
			if reason.Funded {
				continue
			}
			first := Order{Name: "list", List: []string{reason.Project}}
			for p := range e.Projects {
				if id := e.Projects[p].ID; id != reason.Project {
					first.List = append(first.List, id)
				}
			}
			slices.Sort(first.List[1:])
			funded := slices.Contains(counted(t, e, r.String(), first).Funded(e), reason.Project)
			if funded != (len(reason.Lot) > 0) {
				t.Fatalf("%s: %+v; where it wins every tie it is funded: %v", r, reason, funded)
			}
		}
	})
}

// By the number of wishes the cheapest for each of its supporters comes first, whatever it costs.
func TestNeededWithoutCosts(t *testing.T) {
	// Each of 10 has 10. For a, four pay 5 each; b asks 8 of each of its five, and with eight it would ask 5 as well.
	e := parsed(t, Approval, 100, "a 20", "b 40", "c 100", "4: a b", "1: b", "5: ")
	c, err := NewCounter(e, Lexico)
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.Explain(rule(t, "mes_card"))
	if err != nil {
		t.Fatal(err)
	}
	if b := x.Projects[1]; b.Funded || b.Last != 1 || !near(b.Had, .5) || !near(b.Needed, .8) {
		t.Errorf("b: %+v", b)
	}
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
