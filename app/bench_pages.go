package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"sayso/content"
	"sayso/internal/theme"
	"sayso/internal/web"
)

type benchPagesCommand struct {
	JSON    bool          `help:"As JSON: rows of name, value, unit, at_least."`
	Rounds  int           `default:"5" help:"How many times each server is measured, in turn."`
	For     time.Duration `default:"2s" help:"How long each measurement lasts."`
	Callers int           `default:"64" help:"How many people ask at once."`
}

// leastPages is the share of a bare handler's rate that a question page must reach.
const leastPages = 0.40

// Run measures how many question pages a second the whole app serves to people who take part, as a share of what a
// bare Fiber handler that sends "hello" reaches in the same run.
func (k benchPagesCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "sayso-bench-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	c.Data, c.MongoDB, c.Secret = folder, "", ""
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	h.log = slog.New(slog.NewJSONHandler(io.Discard, nil)) // every line is written, to nowhere
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	hello, err := k.serve(bare)
	if err != nil {
		return err
	}
	page, err := k.question(ctx, h)
	if err != nil {
		return err
	}
	rates := map[string][]float64{}
	for range k.Rounds {
		for name, t := range map[string]target{"hello": hello, "page": page} {
			rate, err := k.measure(ctx, t)
			if err != nil {
				return err
			}
			rates[name] = append(rates[name], rate)
		}
	}
	return k.say(out, median(rates["hello"]), median(rates["page"]))
}

// target is one address to ask, as one person with their cookies.
type target struct{ url, cookies string }

func (k benchPagesCommand) serve(app *fiber.App) (target, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return target{}, fmt.Errorf("listen: %w", err)
	}
	go func() { _ = app.Listener(listener) }() // it ends with the program; what it serves is asked for below
	return target{url: "http://" + listener.Addr().String() + "/"}, nil
}

// question serves the app and walks one person to their first question.
func (k benchPagesCommand) question(ctx context.Context, h *house) (target, error) {
	files, err := fs.Sub(content.FS, "surveys")
	if err != nil {
		return target{}, err
	}
	surveys, err := h.readSurveys(files)
	if err != nil {
		return target{}, err
	}
	for i := range surveys {
		reopen(&surveys[i].survey, h.surveys.Today())
	}
	if err := h.publishAll(ctx, surveys, func(string, ...any) {}); err != nil {
		return target{}, err
	}
	t, err := k.serve(web.New(h.parts(false)))
	if err != nil {
		return target{}, err
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(t.url + "s/worries/who")
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/x-www-form-urlencoded")
	req.SetBodyString("voice=self")
	if err := fasthttp.Do(req, resp); err != nil {
		return target{}, fmt.Errorf("begin a draft: %w", err)
	}
	var cookies []string
	for _, cookie := range resp.Header.Cookies() {
		var ck fasthttp.Cookie
		if err := ck.ParseBytes(cookie); err != nil {
			return target{}, fmt.Errorf("read a cookie: %w", err)
		}
		cookies = append(cookies, string(ck.Key())+"="+string(ck.Value()))
	}
	return target{url: t.url + "s/worries/q/easy", cookies: strings.Join(cookies, "; ")}, nil
}

// measure asks for the target as often as it answers and returns the answers a second.
func (k benchPagesCommand) measure(ctx context.Context, t target) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, k.For)
	defer cancel()
	client := &fasthttp.Client{MaxConnsPerHost: k.Callers}
	defer client.CloseIdleConnections()
	var answers atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	begun := time.Now()
	for range k.Callers {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := ask(client, t); err != nil {
					failed.Store(&err)
					return
				}
				answers.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(answers.Load()) / time.Since(begun).Seconds(), nil
}

func ask(client *fasthttp.Client, t target) error {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(t.url)
	req.Header.Set("Accept-Encoding", "br")
	if t.cookies != "" {
		req.Header.Set("Cookie", t.cookies)
	}
	if err := client.Do(req, resp); err != nil {
		return fmt.Errorf("ask for %s: %w", t.url, err)
	}
	if resp.StatusCode() != fasthttp.StatusOK {
		return fmt.Errorf("%s answers %d", t.url, resp.StatusCode())
	}
	return nil
}

func (k benchPagesCommand) say(out io.Writer, hello, page float64) error {
	least, share := leastPages, page/hello
	var err error
	if k.JSON {
		err = json.NewEncoder(out).Encode(map[string]any{"rows": []theme.Figure{
			{Name: "pages.question_to_hello", Value: share, AtLeast: &least},
			{Name: "pages.hello", Value: hello, Unit: "requests/s"},
			{Name: "pages.question", Value: page, Unit: "requests/s"},
			{Name: "machine.cores", Value: float64(runtime.GOMAXPROCS(0))},
		}})
	} else {
		fmt.Fprintf(out, "bare Fiber that says hello %10.0f requests/s (median of %d)\n", hello, k.Rounds)
		fmt.Fprintf(out, "question page              %10.0f requests/s\n", page)
		fmt.Fprintf(out, "share                      %10.2f (at least %.2f)\n", share, least)
	}
	if err == nil && share < least {
		return errMissed
	}
	return err
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
