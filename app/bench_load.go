package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// listen serves the app on a free port of this machine, until the program ends.
func listen(app *fiber.App) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	go func() { _ = app.Listener(listener) }() // what it serves is asked for, and must answer
	return listener.Addr().String(), nil
}

// browser is one person's browser: it keeps cookies and follows nothing by itself.
type browser struct {
	client  *fasthttp.HostClient
	cookies map[string]string
	header  string // the cookies as they are sent
}

func newBrowser(client *fasthttp.HostClient) *browser {
	return &browser{client: client, cookies: map[string]string{}}
}

// opens asks for a page, which must be there.
func (v *browser) opens(path string) error {
	_, err := v.sends(fasthttp.MethodGet, path, "", fasthttp.StatusOK)
	return err
}

// fills sends a form and returns where that leads.
func (v *browser) fills(path, form string) (location string, err error) {
	return v.sends(fasthttp.MethodPost, path, form, fasthttp.StatusSeeOther)
}

func (v *browser) sends(method, path, form string, want int) (location string, err error) {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.Header.SetMethod(method)
	req.SetRequestURI(path)
	req.Header.SetHost(v.client.Addr)
	req.Header.Set(fasthttp.HeaderAcceptEncoding, "gzip, deflate, br")
	req.Header.Set(fasthttp.HeaderAcceptLanguage, "en-GB,en;q=0.9")
	if v.header != "" {
		req.Header.Set(fasthttp.HeaderCookie, v.header)
	}
	if method == fasthttp.MethodPost {
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.SetBodyString(form)
	}
	if err := v.client.Do(req, resp); err != nil {
		return "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode() != want {
		return "", fmt.Errorf("%s %s answers %d instead of %d", method, path, resp.StatusCode(), want)
	}
	if err := v.keep(resp); err != nil {
		return "", err
	}
	_, location, _ = strings.Cut(string(resp.Header.Peek(fasthttp.HeaderLocation)), v.client.Addr)
	return location, nil
}

func (v *browser) keep(resp *fasthttp.Response) error {
	var changed bool
	for _, text := range resp.Header.Cookies() {
		var ck fasthttp.Cookie
		if err := ck.ParseBytes(text); err != nil {
			return fmt.Errorf("read a cookie: %w", err)
		}
		v.cookies[string(ck.Key())], changed = string(ck.Value()), true
	}
	if changed {
		var all []string
		for _, name := range slices.Sorted(maps.Keys(v.cookies)) {
			all = append(all, name+"="+v.cookies[name])
		}
		v.header = strings.Join(all, "; ")
	}
	return nil
}

// crowd lets callers do the same thing over and over for a while, each as fast as it is answered, and returns how
// often all of them together did it a second.
func crowd(ctx context.Context, callers int, during time.Duration, do func(caller int) error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	begun := time.Now()
	for caller := range callers {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := do(caller); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(done.Load()) / time.Since(begun).Seconds(), nil
}
