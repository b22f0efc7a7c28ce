package budget

import (
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// expectation is the outcome of a rule as another program found it, with exact fractions.
type expectation struct {
	Winners        []string `json:"winners"`
	Cost           string   `json:"cost"`
	Ties           *int     `json:"ties"`
	PlusGreedy     []string `json:"winners_plus_greedy"`
	CostPlusGreedy string   `json:"cost_plus_greedy"`
	Increments     int64    `json:"increments"`
	Stopped        Stop     `json:"stopped"`
	Final          string   `json:"final_voter_budget"`
}

type expectations struct {
	N       int64                             `json:"n"`
	Results map[string]map[string]expectation `json:"results"`
}

func expected(t testing.TB) (string, map[string]expectations) {
	t.Helper()
	folder := shared(t)
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Elections map[string]expectations `json:"elections"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Elections) < 35 {
		t.Fatalf("only %d elections", len(all.Elections))
	}
	return folder, all.Elections
}

func rule(t testing.TB, name string) Rule {
	t.Helper()
	r, err := ParseRule(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOutcomesEqualTheReference(t *testing.T) {
	folder, elections := expected(t)
	for name, want := range elections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := election(t, filepath.Join(folder, name))
			if int64(len(e.Ballots)) != want.N {
				t.Errorf("%d ballots, want %d", len(e.Ballots), want.N)
			}
			compared := 0
			for ties, results := range want.Results {
				order, err := ParseOrder(ties)
				if err != nil {
					t.Fatal(err)
				}
				c, err := NewCounter(e, order)
				if err != nil {
					t.Fatal(err)
				}
				for name, x := range results {
					if x.Winners != nil { // else the other program took too long
						compared++
						compare(t, c, name, x)
					}
				}
			}
			if compared < 6 {
				t.Errorf("only %d outcomes were compared", compared)
			}
		})
	}
}

func compare(t *testing.T, c *Counter, name string, want expectation) {
	t.Helper()
	r := rule(t, name)
	r.Greedy = want.PlusGreedy != nil
	o, err := c.Count(r)
	if err != nil {
		t.Fatal(err)
	}
	got, cost := byRule(c.e, o)
	if r.Method == Phragmen { // the reference is sorted
		slices.Sort(got)
	}
	if !slices.Equal(got, want.Winners) {
		t.Errorf("%s, %s:\n got %v\nwant %v", name, c.order, got, want.Winners)
	}
	money(t, c.e, cost, want.Cost)
	if want.Ties != nil && *want.Ties != o.TiesBroken && !tiedLater(o) {
		t.Errorf("%s, %s: %d ties, want %d", name, c.order, o.TiesBroken, *want.Ties)
	}
	if want.Final != "" {
		each, ok := new(big.Rat).SetString(want.Final)
		if !ok {
			t.Fatalf("%q is no fraction", want.Final)
		}
		each.Mul(each, big.NewRat(c.e.Unit, 1))
		if a := o.Add1; a.Increments != want.Increments || a.Stopped != want.Stopped || a.Each.Cmp(each) != 0 {
			t.Errorf("%s, %s: %+v, want %+v", name, c.order, *a, want)
		}
	}
	if want.PlusGreedy != nil && !slices.Equal(o.Winners, want.PlusGreedy) {
		t.Errorf("%s, %s:\n got %v\nwant %v", r, c.order, o.Winners, want.PlusGreedy)
	}
	if want.CostPlusGreedy != "" {
		money(t, c.e, o.Cost, want.CostPlusGreedy)
	}
}

// tiedLater says whether the completion broke ties too, which the reference does not count.
func tiedLater(o *Outcome) bool {
	return slices.ContainsFunc(o.Rounds, func(r Round) bool { return r.Step == Completed && r.Tied != nil })
}

// byRule returns what was chosen before the completion.
func byRule(e *Election, o *Outcome) (ids []string, cost int64) {
	for _, r := range o.Rounds {
		if r.Step == Chosen || r.Step == Free {
			ids, cost = append(ids, r.Project), cost+e.Projects[r.project].Cost
		}
	}
	return append([]string{}, ids...), cost
}

func money(t *testing.T, e *Election, got int64, want string) {
	t.Helper()
	w, ok := new(big.Rat).SetString(want)
	if !ok || new(big.Rat).SetFrac64(got, e.Unit).Cmp(w) != 0 {
		t.Errorf("cost %d/%d, want %s", got, e.Unit, want)
	}
}

func TestWorkedExamples(t *testing.T) {
	folder := filepath.Join(shared(t), "worked")
	for _, c := range []struct {
		file, rule string
		want       []string
	}{
		{"equalshares_example1", "mes_cost", []string{"bike", "playground", "library"}},
		{"equalshares_example1", "greedy_votes", []string{"bike", "gym"}},
		{"equalshares_example1", "mes_card", []string{"library", "park", "gym", "playground"}},
		{"equalshares_example1", "phragmen", []string{"gym", "library", "park", "playground"}},
		{"equalshares_example1", "mes_cost_add1", []string{"bike", "playground", "library"}},
		{"equalshares_example2", "mes_cost", []string{"gym", "park", "playground"}},
		{"equalshares_example2", "greedy_votes", []string{"gym", "bike"}},
		{"equalshares_example2", "mes_card", []string{"library", "park", "gym", "playground"}},
		{"equalshares_example2", "mes_cost_add1", []string{"gym", "park", "playground", "library"}},
		{"add1_loop", "mes_cost_add1", []string{"a"}},
		{"add1_loop", "mes_cost_add1_integral", []string{"a"}},
		{"add1_loop", "mes_cost_add1_integral_noexh", []string{"a"}},
		{"duplicate_ids", "mes_cost", []string{"b"}},
		{"zero_cost", "mes_cost", []string{"b"}},
		{"zero_cost", "greedy_votes", []string{"b", "a", "c"}},
		{"zero_cost", "phragmen", []string{"a", "b", "c"}},
		{"all_tied", "mes_card", []string{"a", "b"}},
	} {
		o, err := Count(election(t, filepath.Join(folder, c.file+".pb")), rule(t, c.rule), Lexico)
		if err != nil {
			t.Fatal(err)
		}
		got := o.Winners
		if c.rule == "phragmen" {
			got = slices.Sorted(slices.Values(got))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: got %v, want %v", c.file, c.rule, got, c.want)
		}
	}
}
