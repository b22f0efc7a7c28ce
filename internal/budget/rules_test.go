package budget

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"sayso/internal/fault"
)

// parsed makes an election from lines such as "a 400" for projects, and "3: a b" for so many ballots.
func parsed(t testing.TB, kind Kind, budget int64, lines ...string) *Election {
	t.Helper()
	e := &Election{Kind: kind, Budget: budget, Unit: 1}
	for _, line := range lines {
		head, wishes, isBallot := strings.Cut(line, ":")
		if !isBallot {
			var p Project
			if _, err := fmt.Sscan(line, &p.ID, &p.Cost); err != nil {
				t.Fatal(line, err)
			}
			e.Projects = append(e.Projects, p)
			continue
		}
		var n int
		if _, err := fmt.Sscan(head, &n); err != nil {
			t.Fatal(line, err)
		}
		var b Ballot
		for _, w := range strings.Fields(wishes) {
			id, points, pointed := strings.Cut(w, "=")
			b.Wishes = append(b.Wishes, slices.IndexFunc(e.Projects, func(p Project) bool { return p.ID == id }))
			if pointed {
				var n int64
				if _, err := fmt.Sscan(points, &n); err != nil {
					t.Fatal(line, err)
				}
				b.Points = append(b.Points, n)
			}
		}
		for range n {
			e.Ballots = append(e.Ballots, b)
		}
	}
	return e
}

func won(t testing.TB, e *Election, name string, order Order) *Outcome {
	t.Helper()
	o, err := Count(e, rule(t, name), order)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// told writes the rounds in short.
func told(o *Outcome) string {
	var out []string
	for _, r := range o.Rounds {
		merit := ""
		if r.Merit != nil {
			merit = " " + strings.TrimRight(strings.TrimRight(r.Merit.FloatString(5), "0"), ".")
		}
		out = append(out, string(r.Step)+" "+r.Project+merit)
	}
	return strings.Join(out, ", ")
}

func TestSTV(t *testing.T) {
	for _, c := range []struct {
		name string
		e    *Election
		want string
	}{
		// Two of four for 100 each: the quota is ⌊100·100/300⌋+1 = 34. a has 46, the surplus 12 passes on at
		// 12/46 = .26086 of a vote: b has 20+46·.26086. Then d goes, and with its ballots c has the quota.
		{"as councils are elected", parsed(t, Ordinal, 200, "a 100", "b 100", "c 100", "d 100",
			"46: a b", "20: b", "26: c b", "8: d c"),
			"chosen a 46, excluded d 8, chosen c 34, too_dear b 31.99956, too_dear d"},
		// One that asks for everything needs more than half.
		{"half is not more than half", parsed(t, Ordinal, 100, "a 100", "b 50", "c 50", "5: a", "3: b c", "2: c b"),
			"excluded c 2, chosen b 5, too_dear a 5, completed c"},
		{"most of all", parsed(t, Ordinal, 100, "a 100", "b 50", "c 50", "8: a", "1: b", "1: c"),
			"chosen a 8, too_dear b 1, too_dear c 1"},
		{"ties exclude the last in the order", parsed(t, Ordinal, 50, "a 50", "b 50", "c 50", "1: a", "1: b", "2: c"),
			"excluded b 1, excluded a 1, chosen c 2, too_dear a, too_dear b"},
		{"nobody", parsed(t, Ordinal, 50, "a 50"), ""},
	} {
		o := won(t, c.e, "stv", Lexico)
		if got := told(o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	_, err := Count(parsed(t, Approval, 1, "a 1", "1: a"), Rule{Method: STV}, Lexico)
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("wishes without an order are counted: %v", err)
	}
}

func TestTransfers(t *testing.T) {
	for _, c := range []struct {
		name string
		e    *Election
		want string
	}{
		// Each of 10 has 10. Upon a lie 4·10 + 2·5 = 50, upon b 4·10 + 2·5 = 50.
		{"what lies upon it pays", parsed(t, Cumulative, 100, "a 50", "b 50", "4: a=2", "4: b=2", "2: a=1 b=1"),
			"chosen a 1, chosen b 1"},
		// a has 60 for 30: half goes back, and those who also like c lay it there: 2·2, and 2·5 were there.
		{"what is too much goes back", parsed(t, Cumulative, 80, "a 30", "b 50", "c 14", "4: a=1", "2: a=1 c=1", "2: b=1"),
			"chosen a 1.66667, chosen c 1, too_dear b 0.4, too_dear b 0.04"},
		// None has enough. b's supporters have 40 altogether, and raise what they gave.
		{"supporters raise what they give", parsed(t, Cumulative, 100, "a 90", "b 40", "5: a=1", "1: a=1 b=1", "3: b=1", "1:"),
			"set_aside a 0.61111, chosen b 1, too_dear a 0.06667"},
	} {
		o := won(t, c.e, "cstv", Lexico)
		if got := told(o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestOrders(t *testing.T) {
	e := parsed(t, Approval, 10, "b 5", "a 5", "c 4", "d 5", "2: a b c d", "1: d")
	for text, want := range map[string]string{
		"lexico":                "a b c d",
		"cheapest_mostvotes_id": "c d a b",
		"list:d,c,b,a":          "d c b a",
		"lot:2026-05-01":        "a d b c",
	} {
		order, err := ParseOrder(text)
		if err != nil || order.String() != text {
			t.Fatalf("%s is read as %s, %v", text, order, err)
		}
		ranks, err := order.Ranks(e)
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]string, len(ranks))
		for p, rank := range ranks {
			ids[rank] = e.Projects[p].ID
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, wrong := range []string{"", "lot", "lot:", "list:", "alphabet"} {
		if o, err := ParseOrder(wrong); err == nil {
			t.Errorf("%q is read as %v", wrong, o)
		}
	}
	for _, wrong := range []string{"list:a,b,c", "list:a,b,c,d,a", "list:a,b,c,d,e"} {
		o, err := ParseOrder(wrong)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Ranks(e); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s orders the projects, %v", wrong, err)
		}
	}
	if _, err := (Order{Name: "alphabet"}).Ranks(e); !fault.Is(err, fault.Invalid) {
		t.Errorf("an order that is not known: %v", err)
	}
}

func TestTheOrderDecidesAndIsReported(t *testing.T) {
	e := parsed(t, Approval, 10, "a 5", "b 5", "c 5", "d 9", "2: a b c", "1: d")
	for _, rule := range []string{"greedy_votes", "mes_card", "phragmen", "maximin_support"} {
		for _, order := range []string{"list:c,b,a,d", "list:b,a,c,d"} {
			by, err := ParseOrder(order)
			if err != nil {
				t.Fatal(err)
			}
			o := won(t, e, rule, by)
			if len(o.Rounds) == 0 || len(o.Rounds[0].Tied) != 3 || o.TiesBroken == 0 {
				t.Errorf("%s: the tie is not reported: %+v", rule, o)
			} else if got := o.Rounds[0].Project; got != by.List[0] {
				t.Errorf("%s, %s: %s is first", rule, order, got)
			}
		}
	}
}

func TestRuleNames(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range RuleNames() {
		if r := rule(t, name); r.String() != name || seen[name] {
			t.Errorf("%s is read as %s, or stands twice", name, r)
		}
		seen[name] = true
	}
	if len(seen) != 8+4*10 {
		t.Errorf("%d rules: %v", len(seen), RuleNames())
	}
	for _, wrong := range []string{"", "mes", "greedy_votes_add1", "phragmen+greedy", "mes_cost_integral", "mes_cost_noexh", "mes_cost+greedy_add1"} {
		if r, err := ParseRule(wrong); err == nil {
			t.Errorf("%q is read as %s", wrong, r)
		}
	}
	for _, k := range Kinds {
		for _, r := range RulesFor(k) {
			if !seen[r.String()] || !r.For(k) {
				t.Errorf("%s is laid beside others for %s", r, k)
			}
		}
	}
}

func TestAdd1AlwaysEnds(t *testing.T) {
	for _, c := range []struct {
		rule string
		e    *Election
		want Add1
	}{
		{"mes_cost_add1_integral_noexh", parsed(t, Approval, 10, "a 4", "z 5", "y 5", "2: a"), Add1{0, Complete, big.NewRat(5, 1)}},
		{"mes_cost_add1", parsed(t, Approval, 10, "a 11", "1: a"), Add1{0, Exhaustive, big.NewRat(10, 1)}},
		{"mes_cost_add1_integral_noexh", parsed(t, Approval, 10, "a 11", "1: a"), Add1{0, Infeasible, big.NewRat(10, 1)}},
		{"mes_cost_add1", parsed(t, Approval, 10, "a 5"), Add1{0, Exhaustive, big.NewRat(10, 1)}},
		{"mes_cost_add1_noexh", parsed(t, Approval, 10, "a 5", "3:"), Add1{0, Complete, big.NewRat(10, 3)}},
		{"mes_cost_add1_noexh", parsed(t, Approval, mostMoney, fmt.Sprint("a ", int64(mostMoney/2)), "1: a", "999:"),
			Add1{mostIncrements, Bounded, big.NewRat(mostMoney/1000+mostIncrements, 1)}},
	} {
		got := won(t, c.e, c.rule, Lexico).Add1
		if got.Increments != c.want.Increments || got.Stopped != c.want.Stopped || got.Each.Cmp(c.want.Each) != 0 {
			t.Errorf("%s: %+v, want %+v", c.rule, *got, c.want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Election){
		"the budget is -1":                     func(e *Election) { e.Budget = -1 },
		"a unit of money":                      func(e *Election) { e.Unit = 0 },
		"has no id":                            func(e *Election) { e.Projects[0].ID = "" },
		`"a" stands twice`:                     func(e *Election) { e.Projects[1].ID = "a" },
		`"a" costs -1`:                         func(e *Election) { e.Projects[0].Cost = -1 },
		"more than 1000000000000":              func(e *Election) { e.Projects[0].Cost = mostMoney },
		"there is not":                         func(e *Election) { e.Ballots[1].Wishes = []int{2} },
		`ballot 2 names the project "a" twice`: func(e *Election) { e.Ballots[1].Wishes = []int{0, 0} },
		"gives 1 points to 2":                  func(e *Election) { e.Ballots[0].Points = []int64{1} },
		"gives -1 points":                      func(e *Election) { e.Ballots[0].Points = []int64{1, -1} },
		"more traits":                          func(e *Election) { e.Ballots[0].Traits = []string{"x"} },
	} {
		e := parsed(t, Approval, 10, "a 5", "b 5", "1: a b", "1: b")
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(e)
		if _, err := Count(e, Rule{Method: GreedyVotes}, Lexico); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestPlacesAmongAllProjects(t *testing.T) {
	for _, c := range []struct {
		name, rule string
		e          *Election
		want       string
	}{
		// A single favourite is worth 2 points of 3 projects, as the first of two is. a has 20 for 60, b 4, c 2.
		{"together they have too little", "mes_borda", parsed(t, Ordinal, 60, "a 60", "b 60", "c 60", "10: a", "2: b c"), ""},
		{"ten who name one outvote two who name two", "mes_borda+greedy", parsed(t, Ordinal, 60, "a 60", "b 60", "c 60", "10: a", "2: b c"),
			"completed a 0.33333, too_dear b 0.06667, too_dear c 0.03333"},
		{"so with more money in each part", "mes_borda_add1", parsed(t, Ordinal, 60, "a 60", "b 60", "c 60", "10: a", "2: b c"), "chosen a 0.33333"},
		{"and by the points alone", "greedy_borda_per_cost", parsed(t, Ordinal, 60, "a 60", "b 60", "c 60", "10: a", "2: b c"),
			"chosen a 0.33333, too_dear b 0.06667, too_dear c 0.03333"},
		// Each of 4 has 30. a: 2 give 2 points and 1 gives 1 for 40, so a point costs 8: merit 1/8. b: 1 gives 2 points, 2
		// give 1, for 40: 10. c: 2 points for 20: 10, and then all that the fourth has. After a, two have 14 and one 22.
		// b costs them 10 a point, or 20 for two: they have it. c has 30 of the fourth.
		{"by hand", "mes_borda", parsed(t, Ordinal, 120, "a 40", "b 40", "c 20", "2: a b", "1: b a", "1: c"),
			"chosen a 0.125, chosen b 0.1, chosen c 0.1"},
	} {
		if got := told(won(t, c.e, c.rule, Lexico)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	// By what stands below on the same ballot, a single favourite is worth nothing.
	e := parsed(t, Ordinal, 60, "a 60", "b 60", "c 60", "10: a", "2: b c")
	if got := won(t, e, "mes_score+greedy", Lexico).Winners; !slices.Equal(got, []string{"b"}) {
		t.Errorf("mes_score is not what the reference counts: %v", got)
	}
	if _, err := Count(parsed(t, Cumulative, 1, "a 1", "1: a=1"), Rule{Method: SharesBorda}, Lexico); !fault.Is(err, fault.Invalid) {
		t.Errorf("points are counted as places: %v", err)
	}
}
