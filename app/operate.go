package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"sayso/internal/fault"
	"sayso/internal/operation"
	"sayso/internal/web"
)

// staleAfter is how old the surveys in memory may be: many times refreshEvery.
const staleAfter = 2 * time.Minute

// watch puts a stop watch between the rooms and the store, and joins what an operator sees.
func (h *house) watch(s store) {
	h.readiness = operation.NewReadiness(func(ctx context.Context) error { return h.check(ctx, s) })
	sources := operation.Sources{
		Ready:       h.readiness.Ready,
		Drafts:      s.CountDrafts,
		KeysWaiting: func() int { return h.keys.Waiting() },
	}
	for _, r := range web.Routes() {
		sources.Routes = append(sources.Routes, r.Pattern)
	}
	if one, ok := s.(interface{ Queue() int }); ok {
		sources.Queue = one.Queue
	}
	h.metrics = operation.New(sources)
	h.store = timed{s, h.metrics}
}

// check says why requests should not come: the store does not answer, or the surveys in memory are old.
func (h *house) check(ctx context.Context, s store) error {
	at := h.refreshed.Load()
	if at == nil {
		return errors.New("the surveys were not read yet")
	}
	if age := time.Since(*at); age > staleAfter {
		return fmt.Errorf("the surveys were last read %v ago", age.Round(time.Second))
	}
	if _, err := s.Survey(ctx, "readiness", 0); err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("the store does not answer: %w", err)
	}
	return nil
}

func (h *house) health() web.Health {
	return web.Health{Ready: h.readiness.Ready, Leaving: h.readiness.Leaving, Observe: h.metrics.Request}
}

// operate serves what only operators may see on an address of its own, if there is one, until stop is called.
func (h *house) operate(say func(format string, args ...any)) (stop func() error, err error) {
	if h.config.Operation == "" {
		return func() error { return nil }, nil
	}
	listener, err := net.Listen("tcp", h.config.Operation)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", h.config.Operation, err)
	}
	server := h.metrics.Server()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			h.log.Error("metrics are not served any more", "cause", err)
		}
	}()
	say("Metrics are at http://%s/metrics", listener.Addr())
	return server.Close, nil
}

type healthCommand struct{}

// Run asks /readyz; an error unless it says that the server is ready.
func (healthCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("SAYSO_ADDR is %q: %w", c.Addr, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*operation.Patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.scheme()+"://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	// Whoever asks themselves on the same machine need not see a certificate, which names us by another address.
	self := &tls.Config{InsecureSkipVerify: true, ServerName: c.TLSDomain} //nolint:gosec // as said above
	answer, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: self}}).Do(request)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	_, err = fmt.Fprintln(out, "ready")
	return err
}
