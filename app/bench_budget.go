package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"sayso/internal/budget"
)

type benchBudgetCommand struct {
	benchOutput
	Rounds  int    `default:"5" help:"How many times each real election is counted; the median is told."`
	Ballots int    `default:"400000" help:"How many ballots are made up for the last table."`
	Seed    uint64 `default:"1" help:"Seed of the made-up ballots."`
	Folder  string `arg:"" optional:"" default:"../shared/data/pabulib" help:"Folder with the real elections (.pb, from the Pabulib library) and expected.json: what pabutools found, and how long it took."`
}

// What is promised: so many times less CPU than pabutools, and so long for every rule on made-up ballots.
const (
	leastFaster   = 50
	mostEveryRule = 20.0 // seconds of CPU
)

// promisedCounts are the counts that are compared with pabutools.
var promisedCounts = []struct{ name, file, rule, key string }{
	{"budapest", "Hungary_Budapest_2024.pb", "mes_cost", "lexico/mes_cost/multiprofile"},
	{"ursus_add1", "Poland_Warszawa_2021_Ursus.pb", "mes_cost_add1", "lexico/mes_cost_add1/multiprofile"},
	{"wieliczka_add1", "Poland_Wieliczka_2023_Green_Budget.pb", "mes_cost_add1", "lexico/mes_cost_add1/multiprofile"},
}

// Run measures how fast elections are read and counted.
func (k benchBudgetCommand) Run(out io.Writer) error {
	reference, err := k.reference()
	if err != nil {
		return err
	}
	begun, _ := readClocks()
	var rows []figure
	err = k.profiled(func() error {
		for _, c := range promisedCounts {
			more, err := k.measure(c.name, filepath.Join(k.Folder, c.file), c.rule, reference[c.file][c.key])
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
		more, err := k.everyRule()
		rows = append(rows, more...)
		return err
	})
	if err != nil {
		return err
	}
	raw, err := machine(begun)
	if err != nil {
		return err
	}
	return k.say(out, append(rows, raw...))
}

// reference reads how much CPU pabutools used: file → count → seconds.
func (k benchBudgetCommand) reference() (map[string]map[string]float64, error) {
	data, err := os.ReadFile(filepath.Join(k.Folder, "expected.json"))
	if err != nil {
		return nil, fmt.Errorf("the real elections cannot be read (%w); name the folder that holds the .pb files and expected.json: sayso bench budget FOLDER", err)
	}
	var all struct {
		Elections map[string]struct {
			Timing map[string]struct {
				CPU float64 `json:"cpu_s"`
			} `json:"timing"`
		} `json:"elections"`
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(k.Folder, "expected.json"), err)
	}
	out := map[string]map[string]float64{}
	for file, e := range all.Elections {
		out[file] = map[string]float64{}
		for key, t := range e.Timing {
			out[file][key] = t.CPU
		}
	}
	for _, c := range promisedCounts {
		if out[c.file][c.key] == 0 {
			return nil, fmt.Errorf("expected.json says nothing of the CPU time of %s in %s", c.key, c.file)
		}
	}
	return out, nil
}

// measure reads and counts an election several times, and returns the median of the CPU time.
func (k benchBudgetCommand) measure(name, path, rule string, reference float64) ([]figure, error) {
	r, err := budget.ParseRule(rule)
	if err != nil {
		return nil, err
	}
	var spent []float64
	var used float64
	for range max(1, k.Rounds) {
		e, memory, err := allocated(func() error {
			e, _, err := readElection(path)
			if err != nil {
				return err
			}
			_, err = budget.Count(e, r, budget.Lexico)
			return err
		})
		if err != nil {
			return nil, err
		}
		spent, used = append(spent, e.processor), memory
	}
	cpu := median(spent)
	what := fmt.Sprintf("%s by %s", filepath.Base(path), rule)
	return []figure{
		figure{Name: "budget." + name + ".times_less_cpu", Value: reference / cpu, Unit: "times", about: what + ": less processor time than pabutools"}.atLeast(leastFaster),
		{Name: "budget." + name + ".cpu", Value: cpu, Unit: "s", about: "  processor time of reading and counting"},
		{Name: "budget." + name + ".pabutools_cpu", Value: reference, Unit: "s", about: "  that of pabutools, as expected.json has it"},
		{Name: "budget." + name + ".memory", Value: used, Unit: "MB", about: "  memory allocated, all in all"},
	}, nil
}

// allocated is how many MB the work allocated, all in all.
func allocated(work func() error) (effort, float64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e, err := exert(work)
	runtime.ReadMemStats(&after)
	return e, float64(after.TotalAlloc-before.TotalAlloc) / 1e6, err
}

// everyRule counts made-up ballots by every rule, one after the other.
func (k benchBudgetCommand) everyRule() ([]figure, error) {
	var rows []figure
	var sum effort
	counters := map[budget.Kind]*budget.Counter{}
	for _, name := range everyRule {
		kind := budget.Cumulative
		switch {
		case name == "stv", strings.Contains(name, "borda"):
			kind = budget.Ordinal
		case !strings.Contains(name, "score") && name != "cstv":
			kind = budget.Approval
		}
		if counters[kind] == nil {
			c, err := budget.NewCounter(madeUp(kind, k.Ballots, 200, k.Seed), budget.Cheapest)
			if err != nil {
				return nil, err
			}
			counters[kind] = c
		}
		r, err := budget.ParseRule(name)
		if err != nil {
			return nil, err
		}
		e, err := exert(func() error {
			_, err := counters[kind].Count(r)
			return err
		})
		if err != nil {
			return nil, err
		}
		sum.processor, sum.seconds, sum.peak = sum.processor+e.processor, sum.seconds+e.seconds, max(sum.peak, e.peak)
		rows = append(rows, figure{Name: "budget.made_up." + name, Value: e.processor, Unit: "s", about: "  " + name})
	}
	what := fmt.Sprintf("%d made-up ballots over 200 projects, every rule", k.Ballots)
	return append([]figure{
		figure{Name: "budget.made_up.every_rule", Value: sum.processor, Unit: "s", about: what + ": processor time"}.atMost(mostEveryRule),
		{Name: "budget.made_up.by_the_clock", Value: sum.seconds, Unit: "s", about: "  by the clock"},
		{Name: "budget.made_up.memory", Value: sum.peak, Unit: "MiB", about: "  highest memory of the program"},
	}, rows...), nil
}

// everyRule names every method, and Add1 in each of its variants; +greedy is the same count with a short completion.
var everyRule = []string{
	"greedy_votes", "greedy_votes_per_cost", "mes_cost", "mes_card", "phragmen", "maximin_support",
	"mes_cost_add1", "mes_cost_add1_integral+greedy", "mes_cost_add1_integral_noexh", "mes_card_add1",
	"greedy_score_per_cost", "mes_score", "mes_score_add1", "mes_score_add1_integral", "mes_score_add1_integral_noexh", "cstv",
	"stv", "greedy_borda_per_cost", "mes_borda", "mes_borda_add1",
}

// madeUp makes up an election: projects of 20 places and 6 sorts, some loved more than others, and voters who like what
// is near or of the sort they care for. Each names 1 to 8 projects. An eighth of all costs can be funded; the part of
// each voter is the same however many they are.
func madeUp(kind budget.Kind, ballots, projects int, seed uint64) *budget.Election {
	draw := rand.New(rand.NewPCG(seed, 0))
	e := &budget.Election{Kind: kind, Unit: 1}
	love := make([]float64, projects)
	for i := range projects {
		p := budget.Project{ID: fmt.Sprintf("p%03d", i+1), Cost: max(1, 1000*(5+draw.Int64N(400))*int64(ballots)/400_000)}
		e.Projects = append(e.Projects, p)
		e.Budget += p.Cost
		love[i] = draw.ExpFloat64() + 0.2
	}
	e.Budget /= 8
	heads := make([][]float64, 20*6) // by place and sort: the sums of what projects are liked
	for h := range heads {
		sum := 0.0
		for i, l := range love {
			if i%20 == h/6 {
				l *= 8
			}
			if i%6 == h%6 {
				l *= 3
			}
			sum += l
			heads[h] = append(heads[h], sum)
		}
	}
	for range ballots {
		e.Ballots = append(e.Ballots, drawn(draw, kind, heads[draw.IntN(len(heads))]))
	}
	return e
}

func drawn(draw *rand.Rand, kind budget.Kind, sums []float64) budget.Ballot {
	var b budget.Ballot
	for n := 1 + draw.IntN(8); len(b.Wishes) < n; {
		p, _ := slices.BinarySearch(sums, draw.Float64()*sums[len(sums)-1])
		if !slices.Contains(b.Wishes, p) {
			b.Wishes = append(b.Wishes, p)
		}
	}
	if kind == budget.Cumulative {
		b.Points = make([]int64, len(b.Wishes))
		for i := range b.Points {
			b.Points[i] = 1
		}
		for range 10 - len(b.Points) {
			b.Points[draw.IntN(len(b.Points))]++
		}
	}
	return b
}
