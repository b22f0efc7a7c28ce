package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/web"
)

type serveCommand struct{}

// Run serves until the context ends, then finishes what is in hand.
func (serveCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	say := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	if c.Surveys != "" {
		if err := h.publishFolder(ctx, c.Surveys, say); err != nil {
			return errors.Join(err, h.store.Close())
		}
	}
	if c.Budgets != "" {
		if err := h.publishBudgetFolder(ctx, c.Budgets, say); err != nil {
			return errors.Join(err, h.store.Close())
		}
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("nothing can listen on %s (%w); set SAYSO_ADDR to another address", c.Addr, err), h.store.Close())
	}
	stop, err := h.operate(say)
	if err != nil {
		return errors.Join(err, listener.Close(), h.store.Close())
	}
	defer func() { err = errors.Join(err, stop()) }()
	listener, shut, err := h.encrypt(listener, say)
	if err != nil {
		return errors.Join(err, listener.Close(), h.store.Close())
	}
	defer func() { err = errors.Join(err, shut()) }()
	say("Sayso listens on %s://%s", h.config.scheme(), listener.Addr())
	if len(h.surveys.All()) == 0 {
		say(firstSteps)
	}
	return h.serve(ctx, listener, web.New(h.parts(false)))
}

// firstSteps is for whoever starts with nothing.
const firstSteps = `There is no survey yet. To publish one:
  1. Write a file as the page /about/surveys explains; content/surveys in the source has four to start from.
  2. Check it:            sayso check FILE
  3. Start again with it: SAYSO_SURVEYS=FOLDER sayso serve
For your own places set SAYSO_AREAS to a folder like content/areas; without it they are made up.
To see Sayso with surveys and made-up answers first: sayso demo`

const (
	farewell     = 20 * time.Second // from being told to stop until the last request in hand is given up
	refreshEvery = 10 * time.Second // surveys that another process published
	sweepEvery   = time.Hour        // drafts, sessions and spendings whose time is over
)

// serve answers on the listener until the context ends, and keeps house meanwhile.
func (h *house) serve(ctx context.Context, listener net.Listener, app *fiber.App) error {
	failed := make(chan error, 1)
	go func() { failed <- app.Listener(listener) }()
	kept := make(chan struct{})
	inner, stop := context.WithCancel(ctx)
	go func() { h.keep(inner); close(kept) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = h.leave(app)
	}
	stop()
	<-kept
	h.codes.Close()
	return errors.Join(err, h.store.Close())
}

// leave says at first that nobody should come, and answers those who do; then it shuts the door and finishes what is
// in hand.
func (h *house) leave(app *fiber.App) error {
	h.log.Info("stopping", "drain", h.config.Drain.String())
	h.readiness.Leave()
	time.Sleep(h.config.Drain)
	if err := app.ShutdownWithTimeout(farewell - h.config.Drain); err != nil {
		return fmt.Errorf("requests were still in hand after %v: %w", farewell, err)
	}
	return nil
}

// keep refreshes the surveys and sweeps away what is over, until the context ends.
func (h *house) keep(ctx context.Context) {
	refresh, sweep := time.NewTicker(refreshEvery), time.NewTicker(sweepEvery)
	defer refresh.Stop()
	defer sweep.Stop()
	h.sweep(ctx)
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-refresh.C:
			failing = h.refreshAgain(ctx, failing)
		case <-sweep.C:
			h.sweep(ctx)
		}
	}
}

// refreshAgain says once that the surveys cannot be read, and once that they can again.
func (h *house) refreshAgain(ctx context.Context, failing bool) (fails bool) {
	err := h.refresh(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil && !failing:
		h.log.Error("the surveys cannot be refreshed", "cause", err)
	case err == nil && failing:
		h.log.Info("the surveys are refreshed again")
	}
	return err != nil
}

func (h *house) refresh(ctx context.Context) error {
	if err := errors.Join(h.surveys.Refresh(ctx), h.ballots.Refresh(ctx)); err != nil {
		return err
	}
	now := time.Now()
	h.refreshed.Store(&now)
	return nil
}

func (h *house) sweep(ctx context.Context) {
	drafts, err := h.surveys.Sweep(ctx)
	sessions, ended := h.staff.Expire(ctx)
	_, forgot := h.limits.Expire(ctx)
	err = errors.Join(err, ended, forgot)
	switch {
	case err == nil:
		h.metrics.Swept(h.now())
		h.log.Info("swept", "drafts", drafts, "sessions", sessions)
	case ctx.Err() == nil:
		h.log.Error("drafts and sessions cannot be swept", "cause", err)
	}
}
