package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"

	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/web"
)

type benchSaveCommand struct {
	benchOutput `embed:""`
	Turns       int           `default:"40" help:"How many turns saving and appending have."`
	For         time.Duration `default:"200ms" help:"How long a turn lasts."`
	Callers     int           `default:"64" help:"How many people answer at once."`
	Drafts      int           `default:"20000" help:"How many drafts of other people there are meanwhile."`
	Rounds      int           `default:"7" help:"How many times whole journeys are measured: at the highest rate, and at half of it."`
	Journeys    time.Duration `default:"2s" help:"How long each such measurement lasts."`
}

// What saving must reach: a share of the store's own rate, and milliseconds.
const (
	leastOfAppend = 0.60
	mostWait      = 50
)

// Run measures how many answered pages a second the whole app saves durably, as a share of what its store appends by
// itself; and how long people wait for a page at half of the highest rate of whole journeys.
func (k benchSaveCommand) Run(ctx context.Context, c *Config, out io.Writer) error {
	if min(k.Turns, k.Callers, k.Rounds) < 1 {
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
			found, err := k.over(ctx, stores[prefix], "save."+prefix)
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

// over measures saving over one store.
func (k benchSaveCommand) over(ctx context.Context, c Config, prefix string) (rows []figure, err error) {
	h, leave, err := benchHouse(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	address, err := listen(web.New(h.parts(false)))
	if err != nil {
		return nil, err
	}
	if err := k.othersBegin(ctx, h); err != nil {
		return nil, err
	}
	saves, err := k.saves(ctx, h, address, prefix)
	if err != nil {
		return nil, err
	}
	waits, err := k.journeys(ctx, h, address, prefix)
	return append(saves, waits...), err
}

// othersBegin makes the drafts of people who do nothing meanwhile, so that those who do are far apart in the store.
func (k benchSaveCommand) othersBegin(ctx context.Context, h *house) error {
	var made atomic.Int64
	var all errgroup.Group
	for range k.Callers {
		all.Go(func() error {
			for made.Add(1) <= int64(k.Drafts) {
				if err := h.store.CreateDraft(ctx, k.draft(h)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return all.Wait()
}

// draft is one that somebody has come some way with.
func (k benchSaveCommand) draft(h *house) survey.Draft {
	return survey.Draft{ID: newResponseID(), Area: "north-vale", Survey: benchSurvey, Version: 1, Language: "en", Voice: exercise.Self,
		LastPage: h.surveys.Today(), Receipt: newResponseID(), Answers: []survey.Answer{
			{Question: "assent", Choices: []string{"yes"}}, {Question: "easy", Choices: []string{"4"}},
			{Question: "improve", Words: "It took very long until somebody saw us, and nobody told us why."}}}
}

// saves compares three things done by as many people at once: a page that is saved through the app; a response that is
// appended to the store; and a draft that is changed in the store, which is what a saved page asks of it.
func (k benchSaveCommand) saves(ctx context.Context, h *house, address, prefix string) ([]figure, error) {
	client := &fasthttp.HostClient{Addr: address, MaxConns: k.Callers}
	crowdOf := make([]saver, k.Callers)
	for i := range crowdOf {
		crowdOf[i].browser = newBrowser(client)
		if err := begins(crowdOf[i].browser); err != nil {
			return nil, err
		}
	}
	appends, err := k.appends(h)
	if err != nil {
		return nil, err
	}
	drafts, err := k.drafts(ctx, h)
	if err != nil {
		return nil, err
	}
	turn := func(do func(caller int) error) func() (float64, error) {
		return func() (float64, error) { return crowd(ctx, k.Callers, k.For, do) }
	}
	rates, err := abreast(k.Turns,
		turn(func(i int) error { return crowdOf[i].save() }),
		turn(func(i int) error { return appends(ctx) }),
		turn(func(i int) error { return drafts(ctx, i) }))
	if err != nil {
		return nil, err
	}
	page, response, draft := rates[0], rates[1], rates[2]
	people := fmt.Sprintf("%d people at once", k.Callers)
	return []figure{
		figure{Name: prefix + "page_to_append", Value: share(page, response), about: "an answered page saved, " + people + ", as a share of the store's append"}.atLeast(leastOfAppend),
		{Name: prefix + "page_to_draft", Value: share(page, draft), about: "the same as a share of changing a draft in the store"},
		{Name: prefix + "page", Value: median(page), Unit: "saves/s", about: "answered pages saved"},
		{Name: prefix + "append", Value: median(response), Unit: "appends/s", about: "responses appended to the store, durably, as many callers, same grouping"},
		{Name: prefix + "draft", Value: median(draft), Unit: "changes/s", about: "drafts changed in the store, durably, as many callers, same grouping"},
	}, nil
}

// saver is somebody who answers the same question over and over, differently each time.
type saver struct {
	browser *browser
	times   int
}

func (s *saver) save() error {
	s.times++
	_, err := s.browser.fills(benchQuestion, "choice="+strconv.Itoa(1+s.times%5))
	return err
}

// appends returns what appends one more made-up response.
func (k benchSaveCommand) appends(h *house) (func(context.Context) error, error) {
	made, err := h.madeUp(1, map[string]int{benchSurvey: 1000})
	if err != nil {
		return nil, err
	}
	usual := slices.Collect(made)
	today := h.surveys.Today()
	var next atomic.Int64
	return func(ctx context.Context) error {
		r := usual[int(next.Add(1))%len(usual)]
		r.ID, r.Day = newResponseID(), today
		_, err := h.store.Append(ctx, r)
		return err
	}, nil
}

// newResponseID draws an id as those of responses: 128 random bits, hex.
func newResponseID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// drafts returns what changes the draft of a caller.
func (k benchSaveCommand) drafts(ctx context.Context, h *house) (func(ctx context.Context, caller int) error, error) {
	ids := make([]string, k.Callers)
	for i := range ids {
		d := k.draft(h)
		if err := h.store.CreateDraft(ctx, d); err != nil {
			return nil, err
		}
		ids[i] = d.ID
	}
	return func(ctx context.Context, caller int) error {
		_, err := h.store.UpdateDraft(ctx, ids[caller], func(d *survey.Draft) error {
			d.Put(survey.Answer{Question: "easy", Choices: []string{strconv.Itoa(1 + d.Revision%5)}})
			return nil
		})
		return err
	}, nil
}
