package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/people"
	"sayso/internal/store/sqlite"
	"sayso/internal/web"
)

// posts sends the bytes as the body, with headers that follow one another.
func (p *person) posts(path, body string, headers ...string) answer {
	p.t.Helper()
	req := p.request(http.MethodPost, path, url.Values{})
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.app.Test(req, -1)
	must(p.t, err)
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	must(p.t, err)
	return answer{res.StatusCode, res.Header, b.String()}
}

// zipped is a megabyte of one letter, in a thousand bytes.
func zipped(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte("words=" + strings.Repeat("x", 1<<20)))
	must(t, err)
	must(t, z.Close())
	return b.String()
}

func TestOnlyPlainForms(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self")
	const path, form = "/s/worries/q/improve", "application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		body    string
		headers []string
		want    int
	}{
		"a form":                  {"words=loud", nil, http.StatusSeeOther},
		"a form with its letters": {"words=loud", []string{"Content-Type", form + "; charset=utf-8"}, http.StatusSeeOther},
		"nothing":                 {"", []string{"Content-Type", ""}, http.StatusUnprocessableEntity},
		"JSON":                    {`{"words":"loud"}`, []string{"Content-Type", "application/json"}, http.StatusUnsupportedMediaType},
		"XML":                     {`<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`, []string{"Content-Type", "application/xml"}, http.StatusUnsupportedMediaType},
		"parts":                   {"--b\r\n\r\n--b--", []string{"Content-Type", "multipart/form-data; boundary=b"}, http.StatusUnsupportedMediaType},
		"no type":                 {"words=loud", []string{"Content-Type", ""}, http.StatusUnsupportedMediaType},
		"a bomb":                  {zipped(t), []string{"Content-Encoding", "gzip"}, http.StatusUnsupportedMediaType},
		"bombs in a bomb":         {zipped(t), []string{"Content-Encoding", "gzip, gzip, br"}, http.StatusUnsupportedMediaType},
		"many fields":             {strings.Repeat("choice=a&", 255) + "x=1", nil, http.StatusUnprocessableEntity},
		"too many fields":         {strings.Repeat("choice=a&", 256) + "x=1", nil, http.StatusRequestEntityTooLarge},
		"too many bare fields":    {strings.Repeat("&", 60_000), nil, http.StatusRequestEntityTooLarge},
		"names within names":      {strings.Repeat("choice.0.0.0=a&", 100) + "choice[5000000]=x&words[0][0][0]=y", nil, http.StatusUnprocessableEntity},
	} {
		at := path
		if strings.Contains(name, "field") || strings.Contains(name, "names") || name == "nothing" {
			at = "/s/worries/q/assent" // where something must be chosen
		}
		if got := p.posts(at, c.body, c.headers...); got.status != c.want || !strings.Contains(got.body, "</html>") && got.status != http.StatusSeeOther {
			t.Errorf("%s: %d, want %d:\n%s", name, got.status, c.want, got.body)
		}
	}
}

func TestBeginningIsLimited(t *testing.T) {
	w := newWorld(t, with(func(s *web.Settings) { s.Proxies = []string{"0.0.0.0"} }))
	kept := w.somebody(t)
	kept.headers["X-Forwarded-For"] = "198.51.100.7"
	kept.begins("worries", "self")
	w.app = web.NewCrowded(w.parts, "198.51.100.7")
	p := w.somebody(t)
	p.headers["X-Forwarded-For"] = "198.51.100.7"
	p.opens("/s/worries/who").chooses("helped").continues().gets(http.StatusTooManyRequests).
		hasChosen("helped").sees(".nhsuk-error-summary", "Try again in 1 minute")
	if p.header.Get("Retry-After") == "" || len(p.cookies) > 0 {
		t.Errorf("whoever has to wait gets %v, %v", p.header, p.cookies)
	}
	kept.app = w.app
	kept.opens("/s/worries/q/improve").says(wished).continues().isAt("/s/worries/q/quote") // whoever has begun goes on
	other := w.somebody(t)
	other.headers["X-Forwarded-For"] = "198.51.100.8"
	other.begins("worries", "self")
	w.clock.passes(time.Second)
	p.continues().isAt("/s/worries/key")
}

// TestLogLinesStayWhole tries to write lines of its own into the log, in every place that a request has.
func TestLogLinesStayWhole(t *testing.T) {
	w := newWorld(t)
	const forged = "x\n{\"level\":\"ERROR\",\"msg\":\"forged\"}\r\nforged"
	p := w.somebody(t).begins("worries", "self")
	p.headers["User-Agent"], p.headers["Referer"] = "forged", "http://forged"
	p.posts("/s/worries/q/improve", url.Values{"words": {forged}}.Encode())
	p.posts("/s/worries/q/easy", url.Values{"choice": {forged}}.Encode())
	p.posts("/key", url.Values{"words": {forged}}.Encode())
	p.posts("/staff/sign-in", url.Values{"name": {forged}, "passphrase": {forged}, "next": {forged}}.Encode())
	for _, path := range []string{"/forged%0aforged", "/s/forged%0a%7b%7d", "/s/worries?lang=%0aforged", "/staff/invite/%0aforged", "/about/%0d%0aforged"} {
		p.sends(http.MethodGet, path, nil)
	}
	w.asks(t, "GET /forged HTTP/1.1\r\nHost: "+host+"\r\nX-Request-ID: forged\r\nX-Forwarded-For: forged\r\n\r\n")
	w.asks(t, "forged\r\nforged: forged\r\n\r\n")
	lines := 0
	for line := range strings.Lines(w.log.String()) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil || strings.Contains(line, "forged") {
			t.Errorf("the log holds %q: %v", line, err)
		}
		lines++
	}
	if lines < 12 {
		t.Errorf("only %d lines", lines)
	}
}

// TestLeavingLeadsWhereTheOperatorSays, whatever is sent along.
func TestLeavingLeadsWhereTheOperatorSays(t *testing.T) {
	w := sharedWorld(t)
	for _, path := range []string{"/leave", "/leave?next=https://evil.example", "/leave?to=//evil.example"} {
		got := w.somebody(t).sends(http.MethodPost, path, url.Values{"next": {"https://evil.example"}})
		if got.status != http.StatusSeeOther || got.location() != "https://www.example.org/weather" {
			t.Errorf("%s leads to %q with %d", path, got.location(), got.status)
		}
	}
}

// TestLinksToLanguagesCanBeFollowed from pages that answer a form whose address has no page to read.
func TestLinksToLanguagesCanBeFollowed(t *testing.T) {
	w := newWorld(t)
	admin := w.member(t, people.Administrator, "")
	csrf := url.Values{"_csrf": {w.token(t, admin)}}
	for path, want := range map[string]string{"/staff/people/unknown": "/staff/people", "/staff/surveys/worries/reports/9/decide": "/staff/surveys/worries/reports/9",
		"/staff/people": "", "/nothing/at/all": "/", "/s/worries/q/easy": "", "/s/unknown/finish": "/s/unknown"} {
		got := admin.sends(http.MethodPost, path, csrf)
		page := admin.shows(path, got).page
		for _, link := range page.Find(".s-lang__list a[hreflang]").EachIter() {
			if to := link.AttrOr("href", ""); to != want+"?lang="+link.AttrOr("hreflang", "") {
				t.Errorf("%s (%d) leads to %q", path, got.status, to)
			}
		}
	}
}

func FuzzForm(f *testing.F) {
	store, err := sqlite.OpenTemporary(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = store.Close() })
	app, err := join(f.Context(), making{store: store})
	if err != nil {
		f.Fatal(err)
	}
	patterns := map[string]bool{}
	for _, r := range web.Routes() {
		if r.Method == http.MethodPost {
			patterns[parameters.ReplaceAllString(r.Pattern, "worries")] = true
		}
	}
	for path := range patterns {
		for _, body := range []string{"voice=self&new=1", "choice=yes&choice=%ff&words=%00&skip=unknown&go=back", "words[0][1]=x&choice[9999999]=y&choice.z=1",
			"picture=dog&picture=cat&choose=1&words=", "name=a&passphrase=b&next=//x&_csrf=c&code=123456&act=approve&theme=x&kind=done&by=2026-99-99"} {
			f.Add(path, body)
		}
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if !patterns[path] {
			t.Skip()
		}
		p := &person{t: t, app: app.app, cookies: map[string]string{}, headers: map[string]string{}}
		got := p.posts(path, body, fiber.HeaderContentType, fiber.MIMEApplicationForm)
		if got.status >= 500 && got.status != http.StatusServiceUnavailable || got.status < 300 && got.body == "" {
			t.Errorf("%s with %q: %d", path, body, got.status)
		}
		if strings.Contains(got.body, "goroutine ") {
			t.Errorf("%s with %q tells too much", path, body)
		}
	})
}
