package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"sayso/internal/budget"
)

type benchBudgetCommand struct {
	JSON    bool   `help:"As JSON: rows of name, value, unit, at_least or at_most."`
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

// budgetRow is a row for a machine.
type budgetRow struct {
	Name    string   `json:"name"`
	Value   float64  `json:"value"`
	Unit    string   `json:"unit"`
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`
}

func (f budgetRow) missed() bool {
	return f.AtLeast != nil && f.Value < *f.AtLeast || f.AtMost != nil && f.Value > *f.AtMost
}

// Run measures how fast elections are read and counted.
func (k benchBudgetCommand) Run(out io.Writer) error {
	reference, err := k.reference()
	if err != nil {
		return err
	}
	var rows []budgetRow
	for _, c := range promisedCounts {
		more, err := k.measure(c.name, filepath.Join(k.Folder, c.file), c.rule, reference[c.file][c.key])
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	more, err := k.everyRule()
	if err != nil {
		return err
	}
	rows = append(rows, more...)
	rows = append(rows, budgetRow{Name: "machine.cores", Value: float64(runtime.GOMAXPROCS(0))})
	return k.say(out, rows)
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
func (k benchBudgetCommand) measure(name, path, rule string, reference float64) ([]budgetRow, error) {
	r, err := budget.ParseRule(rule)
	if err != nil {
		return nil, err
	}
	var spent []float64
	var used uint64
	for range max(1, k.Rounds) {
		s, memory, err := spentOn(func() error {
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
		spent, used = append(spent, s), memory
	}
	least := float64(leastFaster)
	cpu := median(spent)
	return []budgetRow{
		{Name: "budget." + name + ".times_less_cpu", Value: reference / cpu, AtLeast: &least},
		{Name: "budget." + name + ".cpu", Value: cpu, Unit: "s"},
		{Name: "budget." + name + ".pabutools_cpu", Value: reference, Unit: "s"},
		{Name: "budget." + name + ".memory", Value: float64(used) / 1e6, Unit: "MB"},
	}, nil
}

// spentOn returns the CPU time of all threads in seconds, and the bytes that were allocated.
func spentOn(work func() error) (float64, uint64, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun, err := cpuTime()
	if err != nil {
		return 0, 0, err
	}
	if err := work(); err != nil {
		return 0, 0, err
	}
	ended, err := cpuTime()
	runtime.ReadMemStats(&after)
	return (ended - begun).Seconds(), after.TotalAlloc - before.TotalAlloc, err
}

func cpuTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("ask for the CPU time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// everyRule counts made-up ballots by every rule, one after the other.
func (k benchBudgetCommand) everyRule() ([]budgetRow, error) {
	var rows []budgetRow
	total, wall, highest := 0.0, 0.0, uint64(0)
	counters := map[budget.Kind]*budget.Counter{}
	for _, name := range everyRule {
		kind := budget.Cumulative
		switch {
		case name == "stv":
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
		begun := time.Now()
		took, _, err := spentOn(func() error {
			_, err := counters[kind].Count(r)
			return err
		})
		if err != nil {
			return nil, err
		}
		total, wall = total+took, wall+time.Since(begun).Seconds()
		rows = append(rows, budgetRow{Name: "budget.made_up." + name, Value: took, Unit: "s"})
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		highest = max(highest, m.HeapInuse)
	}
	most := mostEveryRule
	debug.FreeOSMemory()
	return append([]budgetRow{
		{Name: "budget.made_up.every_rule", Value: total, Unit: "s", AtMost: &most},
		{Name: "budget.made_up.by_the_clock", Value: wall, Unit: "s"},
		{Name: "budget.made_up.heap", Value: float64(highest) / 1e6, Unit: "MB"},
	}, rows...), nil
}

// everyRule names every method, and Add1 in each of its variants; +greedy is the same count with a short completion.
var everyRule = []string{
	"greedy_votes", "greedy_votes_per_cost", "mes_cost", "mes_card", "phragmen", "maximin_support",
	"mes_cost_add1", "mes_cost_add1_integral+greedy", "mes_cost_add1_integral_noexh", "mes_card_add1",
	"greedy_score_per_cost", "mes_score", "mes_score_add1", "mes_score_add1_integral", "mes_score_add1_integral_noexh", "cstv",
	"stv",
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

func (k benchBudgetCommand) say(out io.Writer, rows []budgetRow) error {
	var err error
	if k.JSON {
		err = json.NewEncoder(out).Encode(map[string]any{"rows": rows})
	} else {
		for _, f := range rows {
			bar := ""
			if f.AtLeast != nil {
				bar = fmt.Sprintf(" (at least %g)", *f.AtLeast)
			}
			if f.AtMost != nil {
				bar = fmt.Sprintf(" (at most %g)", *f.AtMost)
			}
			fmt.Fprintf(out, "%-46s %12.3f %s%s\n", f.Name, f.Value, f.Unit, bar)
		}
	}
	for _, f := range rows {
		if f.missed() {
			return errors.Join(err, errMissed)
		}
	}
	return err
}
