package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// moody is a store that goes away when told to.
type moody struct {
	survey.Store
	away, broken atomic.Bool
}

func (m *moody) err() error {
	switch {
	case m.away.Load():
		return fault.New(fault.Unavailable, "error.unavailable")
	case m.broken.Load():
		panic("zebulon: the disk is on fire")
	}
	return nil
}

func (m *moody) CreateReceipt(ctx context.Context, r people.Receipt) error {
	if err := m.err(); err != nil {
		return err
	}
	return m.Store.CreateReceipt(ctx, r)
}

func (m *moody) Draft(ctx context.Context, id string) (survey.Draft, error) {
	if err := m.err(); err != nil {
		return survey.Draft{}, err
	}
	return m.Store.Draft(ctx, id)
}

func (m *moody) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (survey.Draft, error) {
	if err := m.err(); err != nil {
		return survey.Draft{}, err
	}
	return m.Store.UpdateDraft(ctx, id, change)
}

func (m *moody) Append(ctx context.Context, rs ...survey.Response) (int, error) {
	if err := m.err(); err != nil {
		return 0, err
	}
	return m.Store.Append(ctx, rs...)
}

func (m *moody) Receipt(ctx context.Context, hash string) (people.Receipt, error) {
	if err := m.err(); err != nil {
		return people.Receipt{}, err
	}
	return m.Store.Receipt(ctx, hash)
}

func (m *moody) Withdraw(ctx context.Context, ref survey.Ref) error {
	if err := m.err(); err != nil {
		return err
	}
	return m.Store.Withdraw(ctx, ref)
}

func newMoodyWorld(t *testing.T) (*world, *moody) {
	t.Helper()
	m := &moody{}
	return newWorld(t, func(making *making) {
		making.surveys = func(s survey.Store) survey.Store { m.Store = s; return m }
	}), m
}

// isAsked to wait: the page came with 503 and says when to try again.
func (p *person) isAskedToWait() *person {
	p.t.Helper()
	p.gets(http.StatusServiceUnavailable)
	if p.header.Get("Retry-After") == "" || p.header.Get("Cache-Control") != "no-store" {
		p.t.Errorf("%s does not say when to try again: %v", p.path, p.header)
	}
	return p
}

func TestTheStoreIsAway(t *testing.T) {
	w, store := newMoodyWorld(t)
	p := w.somebody(t).opens("/s/worries/who").chooses("helped")
	store.away.Store(true)
	p.continues().isAskedToWait().hasChosen("helped").sees(".nhsuk-error-summary", "")
	store.away.Store(false)
	p.continues().isAt("/s/worries/key").continues().chooses("yes").continues().opens("/s/worries/q/improve").says(wished)

	store.away.Store(true)
	p.continues().isAskedToWait().isAt("/s/worries/q/improve").hasTyped("words", wished).sees(".nhsuk-error-summary a[href='#words']", "")
	p.goesBack().isAskedToWait().hasTyped("words", wished)
	store.away.Store(false)
	p.continues().isAt("/s/worries/q/quote").opens("/s/worries/q/who-talk").chooses("family", "friend")

	store.away.Store(true)
	p.continues().isAskedToWait().hasChosen("family", "friend")
	p.anotherWindow().opens("/s/worries/q/easy").gets(http.StatusOK) // kept: it needs no store
	store.away.Store(false)
	p.continues().opens("/s/worries/check")

	store.away.Store(true)
	p.continues().isAskedToWait()
	store.away.Store(false)
	p.opens("/s/worries/check").sees("main dd", "More time to talk").continues().isAt("/s/worries/done")
	key := p.key()

	store.away.Store(true)
	q := w.guesses(t, key).isAskedToWait().hasTyped("words", key)
	store.away.Store(false)
	q.continues().isAt("/s/worries/mine").clicks("a[href='/s/worries/take-back']")
	store.away.Store(true)
	q.presses("#take-back").isAskedToWait()
	store.away.Store(false)
	if r := w.opened(t, key).Response; r.Withdrawn {
		t.Error("taken back by a store that was away")
	}
}

// TestTheServerStopsWhileSending: the response was written, the receipt was not, and it is tomorrow.
func TestTheServerStopsWhileSending(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	path, form := p.filled("#send")
	d := w.draftOf(t, p.opens("/s/worries/key").key())
	_, err := w.store.UpdateDraft(t.Context(), d.ID, func(d *survey.Draft) error { d.Submitted = "2026-11-22"; return nil })
	must(t, err)
	_, err = w.store.Append(t.Context(), survey.Response{Ref: survey.Ref{Area: d.Area, Survey: d.Survey, Day: "2026-11-22", ID: d.ID}})
	must(t, err)
	w.clock.passes(day)
	p.follows(path, p.sends(http.MethodPost, path, form)).isAt("/s/worries/done")
	if n := len(w.responses(t, "worries")); n != 1 {
		t.Errorf("%d responses", n)
	}
}

func TestPanics(t *testing.T) {
	w, store := newMoodyWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/improve?lang=pl").says("my secret words")
	store.broken.Store(true)
	p.continues().gets(http.StatusInternalServerError).sees("html[lang=pl] h1", "")
	store.broken.Store(false)
	if strings.Contains(p.body, "zebulon") || strings.Contains(p.body, "goroutine") {
		t.Error("the page tells the cause")
	}
	log := w.log.String()
	if !strings.Contains(log, "zebulon") || strings.Contains(log, "secret words") {
		t.Errorf("the log lacks the cause, or tells what was typed:\n%s", log)
	}
	p.opens("/s/worries/q/improve").gets(http.StatusOK)
}
