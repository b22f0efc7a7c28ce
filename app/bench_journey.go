package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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

// journeys measures the highest rate of whole journeys, then how long people wait at half of it.
func (k benchSaveCommand) journeys(ctx context.Context, h *house, address, prefix string) ([]figure, error) {
	client := &fasthttp.HostClient{Addr: address, MaxConns: 4096}
	sv, err := h.survey(benchSurvey)
	if err != nil {
		return nil, err
	}
	before, err := h.surveys.Received(ctx, sv)
	if err != nil {
		return nil, err
	}
	var most, tails, usual, begins, later []float64
	made := 0
	for range k.Rounds {
		rate, err := crowd(ctx, k.Callers, k.Journeys, func(int) error {
			_, err := newBrowser(client).goes()
			return err
		})
		if err != nil {
			return nil, err
		}
		waits, err := arrivals(ctx, client, rate/2, k.Journeys)
		if err != nil {
			return nil, err
		}
		made += len(waits)
		var first, rest []time.Duration
		for _, w := range waits {
			first, rest = append(first, w[0]), append(rest, w[1:]...)
		}
		all := slices.Concat(first, rest)
		most, usual, tails = append(most, rate), append(usual, percentile(all, 50)), append(tails, percentile(all, 99))
		begins, later = append(begins, percentile(first, 99)), append(later, percentile(rest, 99))
	}
	if err := k.allThere(ctx, h, before+made); err != nil {
		return nil, err
	}
	const ms = "ms"
	return []figure{
		figure{Name: prefix + "wait_p99", Value: median(tails), Unit: ms, about: "wait for a page at half of the highest rate of whole journeys, 99 of 100"}.atMost(mostWait),
		{Name: prefix + "wait_p50", Value: median(usual), Unit: ms, about: "the same, 50 of 100"},
		{Name: prefix + "wait_first_p99", Value: median(begins), Unit: ms, about: "wait for the first page alone, where the key is hashed, 99 of 100"},
		{Name: prefix + "wait_later_p99", Value: median(later), Unit: ms, about: "wait for the other eight, 99 of 100"},
		{Name: prefix + "journeys", Value: median(most), Unit: "journeys/s", about: "highest rate of whole journeys, start to receipt"},
		{Name: prefix + "journey_pages", Value: median(most) * float64(len(journey)), Unit: "pages/s", about: "pages saved at that rate"},
	}, nil
}

// allThere makes sure that what was acknowledged is stored: at least so many responses.
func (k benchSaveCommand) allThere(ctx context.Context, h *house, least int) error {
	sv, err := h.survey(benchSurvey)
	if err != nil {
		return err
	}
	n, err := h.surveys.Received(ctx, sv)
	if err == nil && n < least {
		err = fmt.Errorf("%d responses are stored, but %d were acknowledged", n, least)
	}
	return err
}

// arrivals lets so many people a second begin a journey, whatever became of those before, and returns what each waited
// for at each page. Who begins late because the machine is busy waits from when they would have begun.
func arrivals(ctx context.Context, client *fasthttp.HostClient, rate float64, during time.Duration) ([][]time.Duration, error) {
	n := int(rate * during.Seconds())
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
	if len(waits) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(waits))
	at := min(len(sorted)*percent/100, len(sorted)-1)
	return float64(sorted[at]) / float64(time.Millisecond)
}
