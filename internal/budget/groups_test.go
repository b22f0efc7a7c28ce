package budget

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// aged is what another program found for a group of ages.
type aged struct {
	Voters     int64   `json:"n"`
	Wishes     float64 `json:"avg_approved_winners"`
	WishesCost float64 `json:"avg_cost_of_approved_winners"`
	Share      float64 `json:"avg_share"`
	OfEqual    float64 `json:"share_over_equal_share"`
	Any        float64 `json:"at_least_one_winner"`
	OfOwn      float64 `json:"avg_fraction_of_own_ballot_won"`
	Fair       float64 `json:"avg_capped_fair_share_ratio"`
}

func TestWhoGotEqualsTheReference(t *testing.T) {
	folder := shared(t)
	data, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Elections map[string]struct {
			Age map[string]map[string]aged `json:"age_groups"`
		} `json:"elections"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for file, x := range all.Elections {
		if len(x.Age) == 0 {
			continue
		}
		e := election(t, filepath.Join(folder, file))
		for name, want := range x.Age {
			ties, ruleName, _ := strings.Cut(name, "/")
			order, err := ParseOrder(ties)
			if err != nil {
				t.Fatal(err)
			}
			o, err := Count(e, rule(t, ruleName), order)
			if err != nil {
				t.Fatal(err)
			}
			o.EverythingFits = false // the reference looks at what the rule alone chooses
			of := e.ByAge("age", []AgeBand{{0, "under_18"}, {18, "adult_18_plus"}})
			for _, g := range WhoGot(e, o, of) {
				if g.Group == "" {
					g.Group = "unknown"
				}
				sameShare(t, file+" "+name+" "+g.Group, g, want[g.Group])
				compared++
			}
		}
	}
	if compared < 50 {
		t.Errorf("only %d groups were compared", compared)
	}
}

func sameShare(t *testing.T, name string, got GroupShare, want aged) {
	t.Helper()
	if got.Voters != want.Voters {
		t.Errorf("%s: %d voters, want %d", name, got.Voters, want.Voters)
	}
	for what, pair := range map[string][2]float64{
		"wishes": {got.Wishes, want.Wishes}, "cost": {got.WishesCost, want.WishesCost}, "share": {got.Share, want.Share},
		"of equal": {got.OfEqual, want.OfEqual}, "any": {got.Any, want.Any}, "of own": {got.OfOwn, want.OfOwn}, "fair": {got.Fair, want.Fair},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-6*(1+math.Abs(pair[1])*1e-3) {
			t.Errorf("%s: %s is %v, want %v", name, what, pair[0], pair[1])
		}
	}
}
