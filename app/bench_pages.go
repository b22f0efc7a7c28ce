package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sayso/internal/intake"
	"sayso/internal/web"
)

type benchPagesCommand struct {
	benchOutput `embed:""`
	Turns       int           `default:"60" help:"How many turns each server has."`
	For         time.Duration `default:"100ms" help:"How long a turn lasts."`
	Callers     int           `default:"64" help:"How many people ask at once."`
	Responses   int           `default:"557077" help:"How many stored responses to compare with none; as many as The Big Ask of 2021 had, unless set."`
}

// The shares that a question page must reach: of the rate of a bare handler, and of its own rate over an empty store.
const (
	leastOfHello = 0.40
	leastOfEmpty = 0.85
)

// benchSurvey is the survey that is measured; benchQuestion one of its pages that everybody meets.
const (
	benchSurvey   = "worries"
	benchQuestion = "/s/worries/q/easy"
)

// Run measures how many question pages a second the whole app serves to people who take part, as a share of what a
// bare Fiber handler that sends "hello" reaches in the same run; and the same over a store full of responses.
func (k benchPagesCommand) Run(ctx context.Context, c *Config, out io.Writer) error {
	if min(k.Turns, k.Callers) < 1 {
		return errNothing
	}
	stores, err := benchStores(c, k.tell(out))
	if err != nil {
		return err
	}
	var rows []figure
	begun, _ := readClocks()
	err = k.profiled(func() error {
		for _, prefix := range slices.Sorted(maps.Keys(stores)) {
			found, err := k.over(ctx, stores[prefix], "pages."+prefix, k.tell(out))
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
	raw, err := machine(begun)
	if err != nil {
		return err
	}
	return k.say(out, append(rows, raw...))
}

// over measures the pages over one store, empty and full.
func (k benchPagesCommand) over(ctx context.Context, c Config, prefix string, tell io.Writer) (rows []figure, err error) {
	empty, leave, err := benchHouse(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	if c.MongoDB != "" {
		c.Database += "_full"
	}
	full, leaveFull, err := benchHouse(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leaveFull()) }()
	made, err := full.madeUp(1, map[string]int{benchSurvey: k.Responses})
	if err != nil {
		return nil, err
	}
	bar := newBar(tell, "Making up responses")
	_, err = intake.Fill(ctx, full.store, made, func(done int) { bar.show(int64(done), int64(k.Responses)) })
	bar.end()
	if err != nil {
		return nil, err
	}
	rates, err := k.rates(ctx, empty, full)
	if err != nil {
		return nil, err
	}
	return k.rows(prefix, rates), nil
}

// rates are the answers a second of each turn: hello, a question page and the page of a question that was answered,
// the latter two over the empty and over the full store.
func (k benchPagesCommand) rates(ctx context.Context, empty, full *house) ([][]float64, error) {
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	hello, err := k.opens(ctx, bare, "/", func(*browser) error { return nil })
	if err != nil {
		return nil, err
	}
	measures := []func() (float64, error){hello}
	for _, prepare := range []func(*browser) error{begins, answers} {
		for _, h := range []*house{empty, full} {
			measure, err := k.opens(ctx, web.New(h.parts(false)), benchQuestion, prepare)
			if err != nil {
				return nil, err
			}
			measures = append(measures, measure)
		}
	}
	return abreast(k.Turns, measures...)
}

func (k benchPagesCommand) rows(prefix string, rates [][]float64) []figure {
	const perSecond = "requests/s"
	hello, page, pageFull, own, ownFull := rates[0], rates[1], rates[2], rates[3], rates[4]
	stored := fmt.Sprintf("%d responses", k.Responses)
	return []figure{
		figure{Name: prefix + "question_to_hello", Value: share(page, hello), about: "question page, as a share of bare Fiber that says hello"}.atLeast(leastOfHello),
		figure{Name: prefix + "question_full_to_empty", Value: share(pageFull, page), about: "the same over " + stored + ", as a share of over none"}.atLeast(leastOfEmpty),
		{Name: prefix + "answered_full_to_empty", Value: share(ownFull, own), about: "page of a question answered before, over " + stored + ", as a share"},
		{Name: prefix + "hello", Value: median(hello), Unit: perSecond, about: "bare Fiber that says hello"},
		{Name: prefix + "question", Value: median(page), Unit: perSecond, about: "question page"},
		{Name: prefix + "question_full", Value: median(pageFull), Unit: perSecond, about: "question page over " + stored},
		{Name: prefix + "answered", Value: median(own), Unit: perSecond, about: "page of a question answered before: read from the store and rendered"},
		{Name: prefix + "answered_full", Value: median(ownFull), Unit: perSecond, about: "the same over " + stored},
	}
}

// opens serves the app, lets a person come as far as prepare leads them, and returns what measures how often a crowd
// of such people can open the page a second.
func (k benchPagesCommand) opens(ctx context.Context, app *fiber.App, page string, prepare func(*browser) error) (func() (float64, error), error) {
	address, err := listen(app)
	if err != nil {
		return nil, err
	}
	client := &fasthttp.HostClient{Addr: address, MaxConns: k.Callers}
	somebody := newBrowser(client)
	if err := prepare(somebody); err != nil {
		return nil, err
	}
	return func() (float64, error) {
		return crowd(ctx, k.Callers, k.For, func(int) error { return somebody.opens(page) })
	}, nil
}

// begins begins a draft.
func begins(v *browser) error {
	_, err := v.fills("/s/"+benchSurvey+"/who", "voice=self")
	return err
}

// answers begins a draft and answers the question that is measured.
func answers(v *browser) error {
	if err := begins(v); err != nil {
		return err
	}
	_, err := v.fills(benchQuestion, "choice=2")
	return err
}
