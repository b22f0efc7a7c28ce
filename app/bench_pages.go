package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sayso/internal/intake"
	"sayso/internal/web"
)

type benchPagesCommand struct {
	benchOutput `embed:""`
	Turns       int           `default:"20" help:"How many turns each server has."`
	For         time.Duration `default:"300ms" help:"How long a turn lasts."`
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
func (k benchPagesCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	empty, leave, err := benchHouse(ctx, *c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	full, leaveFull, err := benchHouse(ctx, *c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leaveFull()) }()
	if err := k.fill(ctx, full, out); err != nil {
		return err
	}
	rows, err := k.rows(ctx, empty, full)
	if err != nil {
		return err
	}
	return k.say(out, rows)
}

// fill keeps made-up responses.
func (k benchPagesCommand) fill(ctx context.Context, h *house, out io.Writer) error {
	if k.JSON {
		out = io.Discard
	}
	made, err := h.madeUp(1, map[string]int{benchSurvey: k.Responses})
	if err != nil {
		return err
	}
	bar := newBar(out, "Making up responses")
	_, err = intake.Fill(ctx, h.store, made, func(done int) { bar.show(int64(done), int64(k.Responses)) })
	bar.end()
	return err
}

func (k benchPagesCommand) rows(ctx context.Context, empty, full *house) ([]figure, error) {
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	hello, err := k.opens(ctx, bare, "/", func(*browser) error { return nil })
	if err != nil {
		return nil, err
	}
	fresh, err := k.opens(ctx, web.New(empty.parts(false)), benchQuestion, begins)
	if err != nil {
		return nil, err
	}
	freshFull, err := k.opens(ctx, web.New(full.parts(false)), benchQuestion, begins)
	if err != nil {
		return nil, err
	}
	own, err := k.opens(ctx, web.New(empty.parts(false)), benchQuestion, answers)
	if err != nil {
		return nil, err
	}
	ownFull, err := k.opens(ctx, web.New(full.parts(false)), benchQuestion, answers)
	if err != nil {
		return nil, err
	}
	raw, err := machine()
	if err != nil {
		return nil, err
	}
	var rates [][]float64
	err = k.profiled(func() error {
		rates, err = abreast(k.Turns, hello, fresh, freshFull, own, ownFull)
		return err
	})
	if err != nil {
		return nil, err
	}
	const persecond = "requests/s"
	stored := fmt.Sprintf("%d responses", k.Responses)
	return append([]figure{
		figure{Name: "pages.question_to_hello", Value: share(rates[1], rates[0]), about: "question page, as a share of bare Fiber that says hello"}.atLeast(leastOfHello),
		figure{Name: "pages.question_full_to_empty", Value: share(rates[2], rates[1]), about: "the same over " + stored + ", as a share of over none"}.atLeast(leastOfEmpty),
		{Name: "pages.answered_full_to_empty", Value: share(rates[4], rates[3]), about: "page of a question answered before, over " + stored + " as a share of none"},
		{Name: "pages.hello", Value: median(rates[0]), Unit: persecond, about: "bare Fiber that says hello"},
		{Name: "pages.question", Value: median(rates[1]), Unit: persecond, about: "question page"},
		{Name: "pages.question_full", Value: median(rates[2]), Unit: persecond, about: "question page over " + stored},
		{Name: "pages.answered", Value: median(rates[3]), Unit: persecond, about: "page of a question answered before: read from the store and rendered"},
		{Name: "pages.answered_full", Value: median(rates[4]), Unit: persecond, about: "the same over " + stored},
	}, raw...), nil
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
