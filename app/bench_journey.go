package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// journey is what one person does from the start to the receipt: nine pages, each opened and its form sent. After the
// question about quoting they go straight to their answers and send them.
var journey = []struct{ page, form string }{
	{"/who", "voice=self"}, // here the key is drawn, and hashed slowly
	{"/q/assent", "choice=yes"},
	{"/q/easy", "choice=4"},
	{"/q/who-talk", "choice=friend"},
	{"/q/stops", "choice=too-long"},
	{"/q/good", "words=The+lady+at+the+desk+was+kind+to+me+and+to+my+brother."},
	{"/q/improve", "words=It+took+very+long+until+somebody+saw+us,+and+nobody+told+us+why."},
	{"/q/quote", "choice=yes"},
	{"/check", ""},
}

// goes makes the whole journey and returns how long they waited at each of its pages: from sending the form until the
// page after it is there.
func (v *browser) goes() (waits []time.Duration, err error) {
	const survey = "/s/" + benchSurvey
	if err := errors.Join(v.opens(survey), v.opens(survey+"/who")); err != nil {
		return nil, err
	}
	for i, step := range journey {
		begun := time.Now()
		next, err := v.fills(survey+step.page, step.form)
		if err != nil {
			return nil, err
		}
		if i+2 == len(journey) {
			next = survey + "/check"
		}
		if err := v.opens(next); err != nil {
			return nil, err
		}
		waits = append(waits, time.Since(begun))
		if i == 0 {
			if err := v.opens(survey + journey[1].page); err != nil { // from the page that shows the key
				return nil, err
			}
		}
	}
	return waits, nil
}

// pace is what one round found: whole journeys a second at the most, and at half of that the milliseconds of waiting
// for a page.
type pace struct{ most, usual, tail, first, later float64 }

// journeys measures the highest rate of whole journeys and how long people wait at half of it, several times, and
// makes sure that each journey is stored as one response.
func (k benchSaveCommand) journeys(ctx context.Context, h *house, address, prefix string) ([]figure, error) {
	sv, err := h.survey(benchSurvey)
	if err != nil {
		return nil, err
	}
	before, err := h.surveys.Received(ctx, sv)
	if err != nil {
		return nil, err
	}
	client := &fasthttp.HostClient{Addr: address, MaxConns: 4096}
	var sent int
	paces := make([]pace, k.Rounds)
	for i := range paces {
		var n int
		if paces[i], n, err = k.round(ctx, client); err != nil {
			return nil, err
		}
		sent += n
	}
	after, err := h.surveys.Received(ctx, sv)
	if err == nil && after-before != sent {
		err = fmt.Errorf("%d journeys were acknowledged, but %d responses are stored", sent, after-before)
	}
	return paceRows(paces, prefix), err
}

// round also says how many journeys it made.
func (k benchSaveCommand) round(ctx context.Context, client *fasthttp.HostClient) (p pace, sent int, err error) {
	var done atomic.Int64
	p.most, err = crowd(ctx, k.Callers, k.Journeys, func(int) error {
		_, err := newBrowser(client).goes()
		if err == nil {
			done.Add(1)
		}
		return err
	})
	if err != nil {
		return p, 0, err
	}
	waits, err := arrivals(ctx, client, p.most/2, k.Journeys)
	if err != nil {
		return p, 0, err
	}
	var first, later []time.Duration
	for _, w := range waits {
		first, later = append(first, w[0]), append(later, w[1:]...)
	}
	all := slices.Concat(first, later)
	p.usual, p.tail = percentile(all, 50), percentile(all, 99)
	p.first, p.later = percentile(first, 99), percentile(later, 99)
	return p, int(done.Load()) + len(waits), nil
}

func paceRows(paces []pace, prefix string) []figure {
	middle := func(of func(pace) float64) float64 {
		var list []float64
		for _, p := range paces {
			list = append(list, of(p))
		}
		return median(list)
	}
	const ms = "ms"
	most := middle(func(p pace) float64 { return p.most })
	return []figure{
		figure{Name: prefix + "wait_p99", Value: middle(func(p pace) float64 { return p.tail }), Unit: ms, about: "wait for a page at half of the highest rate of journeys, 99 of 100"}.atMost(mostWait),
		{Name: prefix + "wait_p50", Value: middle(func(p pace) float64 { return p.usual }), Unit: ms, about: "the same, 50 of 100"},
		{Name: prefix + "wait_first_p99", Value: middle(func(p pace) float64 { return p.first }), Unit: ms, about: "wait for the first page alone, where the key is hashed, 99 of 100"},
		{Name: prefix + "wait_later_p99", Value: middle(func(p pace) float64 { return p.later }), Unit: ms, about: "wait for the other eight, 99 of 100"},
		{Name: prefix + "journeys", Value: most, Unit: "journeys/s", about: "highest rate of whole journeys, start to receipt"},
		{Name: prefix + "journey_pages", Value: most * float64(len(journey)), Unit: "pages/s", about: "pages saved at that rate"},
	}
}

// arrivals lets so many people a second begin a journey, whatever became of those before, and returns what each waited
// for at each page. Who begins late because the machine is busy waits from when they would have begun.
func arrivals(ctx context.Context, client *fasthttp.HostClient, rate float64, during time.Duration) ([][]time.Duration, error) {
	n := max(1, int(rate*during.Seconds()))
	waits, errs := make([][]time.Duration, n), make([]error, n)
	var all sync.WaitGroup
	begun := time.Now()
	for i := range n {
		due := begun.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		time.Sleep(time.Until(due))
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			late := time.Since(due)
			waits[i], errs[i] = newBrowser(client).goes()
			if errs[i] == nil {
				waits[i][0] += late
			}
		})
	}
	all.Wait()
	return waits, errors.Join(errors.Join(errs...), ctx.Err())
}

// percentile is the time, in milliseconds, that so many of a hundred did not exceed.
func percentile(waits []time.Duration, percent int) float64 {
	sorted := slices.Sorted(slices.Values(waits))
	at := min(len(sorted)*percent/100, len(sorted)-1)
	return float64(sorted[at]) / float64(time.Millisecond)
}
