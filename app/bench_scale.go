package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sayso/internal/people"
	"sayso/internal/report"
)

type benchScaleCommand struct {
	benchOutput `embed:""`
	Responses   int           `default:"557077" help:"How many responses; as many as The Big Ask of 2021 had, unless set. A tenth and a hundredth are measured too."`
	More        int           `default:"1000" help:"How many responses come between two reports."`
	Seed        uint64        `default:"2021" help:"The same seed makes the same responses."`
	For         time.Duration `default:"1s" help:"How long the rate of a bare handler is measured."`
}

// What a country may take: seconds, mebibytes, and how much more a response may cost at ten times as many.
const (
	mostMade       = 180
	mostCold       = 60
	mostColdMemory = 512
	mostNext       = 2
	mostExport     = 128
	mostFirstByte  = 1
	mostGrowth     = 1.10
)

// Run makes responses up, imports them, and makes reports and exports of them, at a hundredth, a tenth and the whole of
// their number.
func (k benchScaleCommand) Run(ctx context.Context, c *Config, out io.Writer) error {
	if min(k.Responses/100, k.More) < 1 {
		return errNothing
	}
	stores, err := benchStores(c, k.tell(out))
	if err != nil {
		return err
	}
	begun, _ := readClocks()
	var rows []figure
	err = k.profiled(func() error {
		for _, prefix := range slices.Sorted(maps.Keys(stores)) {
			found, err := k.over(ctx, stores[prefix], "scale."+prefix, k.tell(out))
			if err != nil {
				return err
			}
			rows = append(rows, found...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	raw, err := k.machine(ctx, begun)
	if err != nil {
		return err
	}
	return k.say(out, append(rows, raw...))
}

// machine adds the rate of a bare handler to those of cores and disk.
func (k benchScaleCommand) machine(ctx context.Context, begun clocks) ([]figure, error) {
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	address, err := listen(bare)
	if err != nil {
		return nil, err
	}
	client := &fasthttp.HostClient{Addr: address}
	rate, err := crowd(ctx, 16, k.For, func(int) error { return newBrowser(client).opens("/") })
	if err != nil {
		return nil, err
	}
	raw, err := machine(begun)
	return append(raw, figure{Name: "machine.hello", Value: rate, Unit: "1/s", about: "a bare Fiber handler, asked by 16 callers"}), err
}

// turns is how often a hundredth and a tenth are measured.
const turns = 5

// over measures the three sizes over one store. A machine is faster at one time than at another: so sizes that are held
// against each other are measured in turns, a hundredth before each tenth, and a tenth on both sides of the whole.
func (k benchScaleCommand) over(ctx context.Context, c Config, prefix string, tell io.Writer) (rows []figure, err error) {
	measured, database := 0, c.Database
	measure := func(n int, into *[]*taken) {
		if err != nil {
			return
		}
		fmt.Fprintf(tell, "%d responses …\n", n)
		if measured++; c.MongoDB != "" {
			c.Database = fmt.Sprintf("%s_%d", database, measured)
		}
		var t *taken
		if t, err = k.size(ctx, c, n); err != nil {
			err = fmt.Errorf("with %d responses: %w", n, err)
		}
		*into = append(*into, t)
	}
	var hundredths, tenths, beside, whole []*taken
	for range turns {
		measure((k.Responses+50)/100, &hundredths)
		measure((k.Responses+5)/10, &tenths)
	}
	measure((k.Responses+5)/10, &beside)
	measure(k.Responses, &whole)
	measure((k.Responses+5)/10, &beside)
	if err != nil {
		return nil, err
	}
	rows = append(whole[0].rows(prefix), costs(prefix, hundredths, nil)...)
	rows = append(rows, costs(prefix, tenths, hundredths)...)
	return append(rows, costs(prefix, []*taken{whole[0], whole[0]}, beside)...), nil
}

// taken is what one size took.
type taken struct {
	responses, more                  int
	made, brought, cold, next, apart effort
	exports                          map[report.Format]download
}

// size makes and brings in so many responses and works with them.
func (k benchScaleCommand) size(ctx context.Context, c Config, n int) (t *taken, err error) {
	h, leave, err := benchHouse(ctx, c, people.WithOneTimeLinks())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	folder, err := os.MkdirTemp("", "sayso-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	b := bringer{house: h, file: filepath.Join(folder, "responses.csv")}
	t = &taken{responses: n, more: k.More, exports: map[report.Format]download{}}
	makeReport := func() error {
		_, err := h.reports.Make(ctx, people.CommandLine(), benchSurvey)
		return err
	}
	for _, step := range []struct {
		took *effort
		do   func() error
	}{
		{&t.made, func() error { return b.write(k.Seed, n, "") }},
		{&t.brought, func() error { return b.bring(ctx, n) }},
		{&t.cold, makeReport},
		{nil, func() error { return b.more(ctx, k.Seed+1, k.More, h.surveys.Today()) }},
		{&t.next, makeReport},
		{nil, func() error { return b.more(ctx, k.Seed+2, k.More, "") }},
		{&t.apart, makeReport},
	} {
		took, err := exert(step.do)
		if err != nil {
			return nil, err
		}
		if step.took != nil {
			*step.took = took
		}
	}
	for _, format := range []report.Format{report.CSV, report.XLSX} {
		if t.exports[format], err = downloads(ctx, h, format, n+2*k.More); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *taken) rows(prefix string) []figure {
	row := func(name string, value float64, unit, about string) figure {
		return figure{Name: prefix + name, Value: value, Unit: unit, about: about}
	}
	rows := []figure{
		row("made_and_imported", t.made.seconds+t.brought.seconds, "s", fmt.Sprintf("%d responses made and imported", t.responses)).atMost(mostMade),
		row("imported", t.brought.seconds, "s", "of these the import"),
		row("imported.memory", t.brought.peak, "MiB", "the highest memory of the program meanwhile"),
		row("report.cold", t.cold.seconds, "s", "the first report").atMost(mostCold),
		row("report.cold.memory", t.cold.peak, "MiB", "the highest memory of the program meanwhile").atMost(mostColdMemory),
		row("report.next", t.next.seconds, "s", fmt.Sprintf("the next report, after %d more came today", t.more)).atMost(mostNext),
		row("report.apart", t.apart.seconds, "s", fmt.Sprintf("another, after %d more were imported into all the days before", t.more)),
	}
	for _, format := range []report.Format{report.CSV, report.XLSX} {
		d, name := t.exports[format], "export."+string(format)
		rows = append(rows,
			row(name+".first_byte", d.first, "s", "all answers as "+string(format)+": the first byte").atMost(mostFirstByte),
			row(name+".memory", d.above, "MiB", "the highest memory of the program above that at rest").atMost(mostExport),
			row(name, d.seconds, "s", "all of it"),
			row(name+".rows", float64(d.rows), "rows", "its rows, which were checked"))
	}
	return rows
}

// costs is what a response costs, by the processor's time: what else the machine does lengthens the other one. Behind it
// stands how much more that is than at the size before, each held against the one measured beside it. The median stands.
func costs(prefix string, now, before []*taken) (rows []figure) {
	n := now[0].responses
	for _, c := range []struct {
		name, about string
		of          func(*taken) effort
	}{
		{"import", "the import", func(t *taken) effort { return t.brought }},
		{"report", "the first report", func(t *taken) effort { return t.cold }},
		{"export", "all answers as CSV", func(t *taken) effort { return t.exports[report.CSV].effort }},
	} {
		var each, growth []float64
		cost := func(t *taken) float64 { return max(c.of(t).processor, 0.01) / float64(t.responses) }
		for i, t := range now {
			if each = append(each, cost(t)); before != nil {
				growth = append(growth, cost(t)/cost(before[i]))
			}
		}
		rows = append(rows, figure{Name: fmt.Sprintf("%scost.%s.%d", prefix, c.name, n), Value: 1e6 * median(each), Unit: "us",
			about: fmt.Sprintf("%s of %d: processor's time for one response", c.about, n)})
		if before != nil {
			rows = append(rows, figure{Name: fmt.Sprintf("%sgrowth.%s.%d", prefix, c.name, n), Value: median(growth), Unit: "times",
				about: fmt.Sprintf("against the cost at %d", before[0].responses)}.atMost(mostGrowth))
		}
	}
	return rows
}
