package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const yard = "testdata/budget/yard.pb"

func TestBudgetCount(t *testing.T) {
	out := fine(t, "budget", "count", yard, "--rule=greedy_votes", "--ties=cheapest_mostvotes_id")
	for _, want := range []string{
		"4 ballots (approval), 3 projects, budget 1000.5.",
		"Line 15: the ballot names wall twice; it counts once.",
		"Winners (2, 950.25 of 1000.5): bench, swing",
		"  1  bench is funded; merit 2.000000; as good: bench, swing, wall; left 650.25",
		"wall A climbing wall: not funded: what was left of the budget was less than it costs (round 3). Supporters: 2." +
			" It was as good as swing, bench, and the order of ties decided." +
			" It would have been funded for 100.01 less (for 599.99), or with one more ballot that names only it.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}

func TestBudgetCountRemarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd.pb")
	const odd = "META\nkey;value\nbudget;9\nvote_type;cumulative\nnum_votes;3\nnum_projects;1\nmax_length;1\nmax_sum_points;5\nmax_points;4\n" +
		"PROJECTS\nproject_id;cost\na;1\nb;10\nVOTES\nvoter_id;vote;points\n1;a,b;5,5\n1;a;1\n"
	if err := os.WriteFile(path, []byte(odd), 0o600); err != nil {
		t.Fatal(err)
	}
	const want = "Line 5: META says there are 3 ballots, and there are 2. Is the file whole?\n" +
		"Line 6: META says there are 1 projects, and there are 2. Is the file whole?\n" +
		"Line 13: b costs more than the whole budget.\n" +
		"Line 16: the ballot names 2 projects, more than max_length; all of them count.\n" +
		"Line 16: the ballot gives 10 points altogether, more than max_sum_points; all of them count.\n" +
		"Line 16: the ballot gives 5 points to one project, more than max_points; all of them count.\n" +
		"Line 17: an earlier ballot is by the voter 1 too; both count.\n"
	if out := fine(t, "budget", "count", path, "--rule=cstv"); !strings.Contains(out, want) {
		t.Errorf("there is no %q in\n%s", want, out)
	}
}

func TestBudgetCountSharesMoney(t *testing.T) {
	out := fine(t, "budget", "count", yard, "--rule=mes_cost", "--groups=age")
	for _, want := range []string{
		"Winners (1, 350.25 of 1000.5): bench",
		"  1  bench is funded; merit 2.000000; effective support 50.00 %; 2 pay 175.1250; left 650.25",
		"not funded: its supporters had spent their part on other wishes. Supporters: 2. They had 325.12 left together, 274.88 too little.",
		"Their money went to bench (175.12).",
		"18 and over                     1          0.700     100.00 %        50.00 %              0",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}

func TestBudgetCountSaysWhatPointsCost(t *testing.T) {
	out := fine(t, "budget", "count", "testdata/budget/points.pb", "--rule=mes_score", "--changes=no")
	for _, want := range []string{
		"; effective support 2.00 points of each voter; 2 pay 10.0000 for each point;",
		"hut A hut: not funded: its supporters had too little for it, and spent nothing. Supporters: 1. They had 33 together, 27 too little.",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}

func TestBudgetCountWorksOutChangesWhenAsked(t *testing.T) {
	const told = "It would have been funded"
	for count, args := range [][]string{{"--changes=no"}, {"--project=wall"}, {"--changes=yes"}} {
		out := fine(t, append([]string{"budget", "count", yard, "--rule=mes_cost"}, args...)...)
		if strings.Count(out, told) != count || strings.Contains(out, "--changes=yes") != (count == 0) {
			t.Errorf("%v:\n%s", args, out)
		}
	}
}

func TestBudgetCountAsJSON(t *testing.T) {
	var got struct {
		Winners []string
		Cost    json.Number
		Funded  []string
		Rounds  []struct{ Project, Price string }
		Add1    struct {
			Stopped string
			Each    string `json:"final_voter_budget"`
		}
		Projects []struct{ Project, Why string }
		Groups   []struct{ Group string }
	}
	out := fine(t, "budget", "count", yard, "--rule=mes_cost_add1", "--ties=lot:7", "--groups=place", "--changes=no", "--json")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Winners, []string{"swing", "bench"}) || got.Cost != "950.25" || len(got.Funded) != 2 || got.Add1.Stopped != "exhaustive" {
		t.Errorf("counted %+v", got)
	}
	if len(got.Rounds) != 2 || got.Rounds[1].Price != "2601/8" || len(got.Projects) != 3 || len(got.Groups) != 4 {
		t.Errorf("counted %+v", got)
	}
}

func TestBudgetCountWhereEverythingFits(t *testing.T) {
	path := rich(t)
	if out := fine(t, "budget", "count", path, "--rule=mes_cost"); !strings.Contains(out, "Everything fits the budget, so everything is funded.") {
		t.Errorf("counted\n%s", out)
	}
	var got struct {
		Fits   bool `json:"everything_fits"`
		Funded []string
	}
	if err := json.Unmarshal([]byte(fine(t, "budget", "count", path, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Fits || len(got.Funded) != 3 {
		t.Errorf("counted %+v", got)
	}
}

// rich is the yard with money for everything.
func rich(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(yard)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rich.pb")
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), "1000.50", "5000", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBudgetCountSideBySide(t *testing.T) {
	out := fine(t, "budget", "count", yard, "--rule=all")
	if strings.Count(out, " projects for ") != 7 || !strings.Contains(out, "wall A climbing wall") {
		t.Errorf("counted\n%s", out)
	}
	var got struct{ Outcomes []struct{ Rule string } }
	if err := json.Unmarshal([]byte(fine(t, "budget", "count", yard, "--rule=all", "--json")), &got); err != nil || len(got.Outcomes) != 7 {
		t.Errorf("counted %+v, %v", got, err)
	}
}

func TestBudgetRefuses(t *testing.T) {
	refused(t, "there is no file none.pb", "budget", "count", "none.pb")
	refused(t, "must end in .pb, .csv or .xlsx", "budget", "count", "budget.go")
	refused(t, `there is no rule called "fair"; there are greedy_votes, `, "budget", "count", yard, "--rule=fair")
	refused(t, `there is no order of ties called "dice"; there are lexico, `, "budget", "count", yard, "--ties=dice")
	refused(t, `the order of ties does not name the project "bench"`, "budget", "count", yard, "--ties=list:wall,swing")
	refused(t, "the rule stv counts wishes in order, and these ballots are of the kind approval", "budget", "count", yard, "--rule=stv")
	refused(t, `the ballots have no column "shoe"; they have: age, place`, "budget", "count", yard, "--groups=shoe")
	wrong := filepath.Join(t.TempDir(), "wrong.pb")
	if err := os.WriteFile(wrong, []byte("META\nkey;value\nbudget;x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "wrong.pb: The part PROJECTS is missing", "budget", "count", wrong)
}

func TestBudgetConvert(t *testing.T) {
	folder := t.TempDir()
	last := yard
	for _, form := range []string{"a.csv", "b.xlsx", "c.pb"} {
		next := filepath.Join(folder, form)
		if out := fine(t, "budget", "convert", last, next); !strings.HasSuffix(out, ": 3 projects and 4 ballots.\n") {
			t.Errorf("said %s", out)
		}
		last = next
	}
	want, err := os.ReadFile(yard)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(last)
	if err != nil || string(got) != string(want) {
		t.Errorf("%v, got\n%s", err, got)
	}
	refused(t, "is there already", "budget", "convert", yard, last)
	refused(t, "must end in .pb, .csv or .xlsx", "budget", "convert", yard, filepath.Join(folder, "d.txt"))
}

func TestBenchBudgetSaysWhatItNeeds(t *testing.T) {
	refused(t, "name the folder that holds the .pb files and expected.json: sayso bench budget FOLDER", "bench", "budget", t.TempDir())
}

func TestBenchBudget(t *testing.T) {
	folder, err := filepath.Abs("../../shared/data/pabulib")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("NOT TESTED: the real elections are missing: %s", folder)
	}
	var got struct{ Rows []figure }
	out, err := sayso(t, "bench", "budget", folder, "--ballots=500", "--rounds=1", "--json") // slow machines and the race detector may miss the bars
	if err != nil && !errors.Is(err, errMissed) {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range got.Rows {
		if f.Value <= 0 && !strings.HasPrefix(f.Name, "budget.made_up.") && f.Name != "machine.others" {
			t.Errorf("%+v", f)
		}
		names[f.Name] = true
	}
	for _, want := range []string{"budget.budapest.times_less_cpu", "budget.ursus_add1.memory", "budget.made_up.every_rule", "budget.made_up.stv"} {
		if !names[want] {
			t.Errorf("there is no row %s in %s", want, out)
		}
	}
}
