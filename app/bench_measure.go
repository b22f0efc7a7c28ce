package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"sayso/internal/people"
)

// figure is one row of what a bench command found. A bar that is nil is none.
type figure struct {
	Name    string   `json:"name"`
	Value   float64  `json:"value"`
	Unit    string   `json:"unit"`
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`

	about string // for the table: what was measured
}

func (f figure) atLeast(bar float64) figure { f.AtLeast = &bar; return f }

func (f figure) atMost(bar float64) figure { f.AtMost = &bar; return f }

func (f figure) short() bool {
	return f.AtLeast != nil && f.Value < *f.AtLeast || f.AtMost != nil && f.Value > *f.AtMost
}

// benchOutput is how a bench command says what it found.
type benchOutput struct {
	JSON    bool   `help:"As JSON: rows of name, value, unit, and at_least or at_most."`
	Profile string `placeholder:"FILE" help:"Write a profile of the processor's time to this file, for go tool pprof."`
}

// say prints the rows, as a table or as JSON; errMissed when one of them falls short of its bar.
func (o benchOutput) say(out io.Writer, rows []figure) error {
	if o.JSON {
		if err := json.NewEncoder(out).Encode(map[string]any{"rows": rows}); err != nil {
			return err
		}
	} else {
		for _, f := range rows {
			fmt.Fprintf(out, "%-78s %10s %-10s %s\n", f.about, shortNumber(f.Value), f.Unit, f.bar())
		}
	}
	if slices.ContainsFunc(rows, figure.short) {
		return errMissed
	}
	return nil
}

func (f figure) bar() string {
	switch {
	case f.AtLeast != nil:
		return fmt.Sprintf("(at least %s)", shortNumber(*f.AtLeast))
	case f.AtMost != nil:
		return fmt.Sprintf("(at most %s)", shortNumber(*f.AtMost))
	}
	return ""
}

// shortNumber writes small values with two digits after the point and large ones with none.
func shortNumber(v float64) string {
	if v < 100 && v != float64(int(v)) {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// errNothing says that nothing would be measured.
var errNothing = errors.New("nothing is measured with fewer than one turn, round or caller")

// tell is where a command says what it is about, before it prints its rows.
func (o benchOutput) tell(out io.Writer) io.Writer {
	if o.JSON {
		return io.Discard
	}
	return out
}

// profiled runs what is measured, with a profile of it if one is asked for.
func (o benchOutput) profiled(run func() error) (err error) {
	if o.Profile == "" {
		return run()
	}
	file, err := os.Create(o.Profile)
	if err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}

// benchStores returns the settings for each store that is at hand, by the prefix of its figures: SQLite in a folder that
// goes afterwards, and MongoDB if one is set, in a database of its own, which stays.
func benchStores(c *Config, out io.Writer) (map[string]Config, error) {
	if err := c.readFiles(); err != nil {
		return nil, err
	}
	plain := Config{Addr: c.Addr, Leave: c.Leave, Log: c.Log, Secret: people.NewSecrets().Encode()}
	stores := map[string]Config{"": plain}
	if c.MongoDB != "" {
		plain.MongoDB, plain.Database = c.MongoDB, fmt.Sprintf("%s_bench_%d", c.Database, time.Now().Unix())
		stores["mongodb."] = plain
		fmt.Fprintf(out, "MongoDB is measured in the database %s, drop it afterwards\n", plain.Database)
	}
	return stores, nil
}

// benchHouse opens a house of the settings for measuring, with the shipped surveys: every line of the log is written,
// to the null device. Call the function it returns at the end.
func benchHouse(ctx context.Context, c Config, options ...people.Option) (h *house, leave func() error, err error) {
	folder, err := os.MkdirTemp("", "sayso-bench-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	c.Data = folder
	if h, err = open(ctx, &c, options...); err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(folder))
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	leave = func() error { return errors.Join(null.Close(), h.store.Close(), os.RemoveAll(folder)) }
	if err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	h.log = slog.New(slog.NewJSONHandler(null, nil))
	if err := h.publishShipped(ctx, func(string, ...any) {}); err != nil {
		return nil, nil, errors.Join(err, leave())
	}
	return h, leave, nil
}

// machine measures the raw rates of the machine, beside which the others must be seen.
func machine(since clocks) ([]figure, error) {
	rows := []figure{{Name: "machine.cores", Value: float64(runtime.GOMAXPROCS(0)), about: "processors"}}
	if now, ok := readClocks(); ok && now.all > since.all {
		others := ((now.busy - now.own) - (since.busy - since.own)) / (now.all - since.all)
		rows = append(rows, figure{Name: "machine.others", Value: max(0, 100*others), Unit: "%", about: "time of the processors that other programs took meanwhile"})
	}
	syncs, err := syncRate(time.Second)
	return append(rows, figure{Name: "machine.fsync", Value: syncs, Unit: "1/s",
		about: "the disk: appends of 4 KiB that wait for it, one after the other"}), err
}

// clocks are seconds of all processors together: all there were, those in use, and those in use by this program.
type clocks struct{ all, busy, own float64 }

// ticks is how many clock ticks of /proc/stat make a second, on every platform Linux runs on.
const ticks = 100

// readClocks reads the clocks where the system shows them, as Linux does.
func readClocks() (c clocks, ok bool) {
	all := tickCounts("/proc/stat", "cpu ", 8) // user nice system idle iowait irq softirq steal
	own := tickCounts("/proc/self/stat", ") ", 13)
	if all == nil || own == nil {
		return c, false
	}
	for i, n := range all {
		if c.all += n; i != 3 && i != 4 {
			c.busy += n
		}
	}
	c.own = own[11] + own[12] // of the program itself, and of the system for it
	return c, true
}

// tickCounts reads the first n numbers after the mark, in seconds; what is no number is 0. Nil if there are none.
func tickCounts(path, mark string, n int) []float64 {
	data, err := os.ReadFile(path)
	_, rest, found := strings.Cut(string(data), mark)
	fields := strings.Fields(rest)
	if err != nil || !found || len(fields) < n {
		return nil
	}
	counts := make([]float64, n)
	for i := range counts {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			counts[i] = v / ticks
		}
	}
	return counts
}

// syncRate is how many appends of 4 KiB, each followed by an fsync, a file takes a second.
func syncRate(during time.Duration) (rate float64, err error) {
	folder, err := os.MkdirTemp("", "sayso-bench-")
	if err != nil {
		return 0, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	f, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	block, n, begun := make([]byte, 4096), 0, time.Now()
	for ; time.Since(begun) < during; n++ {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}

// abreast measures several things in short turns, there and back, so that what else the machine does meets all of them
// alike. It returns for each the rate of every turn.
func abreast(turns int, measures ...func() (float64, error)) ([][]float64, error) {
	rates := make([][]float64, len(measures))
	for turn := range turns {
		for i := range measures {
			if turn%2 == 1 {
				i = len(measures) - 1 - i
			}
			rate, err := measures[i]()
			if err != nil {
				return nil, err
			}
			rates[i] = append(rates[i], rate)
		}
	}
	return rates, nil
}

// share is the median, over the turns, of one rate as a share of another in the same turn.
func share(of, to []float64) float64 {
	shares := make([]float64, len(of))
	for i := range of {
		shares[i] = of[i] / to[i]
	}
	return median(shares)
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
