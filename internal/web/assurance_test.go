package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sayso/internal/people"
)

// TestRequestsWithTwoEnds sends requests of which two servers in a row could think differently where they end.
func TestRequestsWithTwoEnds(t *testing.T) {
	w := newWorld(t)
	const head = "POST /key HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	for name, request := range map[string]string{
		"two lengths":              head + "Content-Length: 7\r\nContent-Length: 40\r\n\r\nwords=xGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
		"a length and chunks":      head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
		"chunks by another name":   head + "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
		"a length that is none":    head + "Content-Length: -1\r\n\r\nwords=x",
		"a sign before a length":   head + "Content-Length: +7\r\n\r\nwords=x",
		"chunks of no length":      head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nwords=x\r\n0\r\n\r\n",
		"a name with a space":      head + "Content-Length : 7\r\n\r\nwords=x",
		"a header on two lines":    head + "X-A: b\r\n Content-Length: 7\r\n\r\nwords=x",
		"a line that ends halfway": "GET /help HTTP/1.1\nHost: " + host + "\n\n",
	} {
		got := w.asks(t, request)
		if got.StatusCode < 400 {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
		if strings.Contains(w.log.String(), "smuggled") {
			t.Errorf("%s: what came behind was read as a request", name)
		}
	}
}

func TestDownloadsHaveANameOfOurs(t *testing.T) {
	w := sharedWorld(t)
	for format, kind := range map[string]string{"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json"} {
		got := w.somebody(t).sends(http.MethodGet, "/r/worries/figures/"+format+"?name=../../evil.exe&filename=x", nil)
		name := got.header.Get("Content-Disposition")
		if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), kind) || !strings.Contains(name, "worries") || strings.Contains(name, "evil") {
			t.Errorf("%s: %d, %q as %q", format, got.status, name, got.header.Get("Content-Type"))
		}
	}
	if got := w.somebody(t).sends(http.MethodGet, "/r/worries/figures/exe%0d%0aX:1", nil); got.status != http.StatusNotFound {
		t.Errorf("a format that is none: %d", got.status)
	}
}

func TestPassphraseFields(t *testing.T) {
	w := newWorld(t)
	token, err := w.staff.Invite(t.Context(), people.CommandLine(), "a@example", people.Author, "north-vale")
	must(t, err)
	for _, c := range []struct {
		p                   *person
		path, id, completes string
	}{
		{w.somebody(t), "/staff/sign-in", "passphrase", "current-password"},
		{w.somebody(t), "/staff/invite/" + token, "passphrase", "new-password"},
		{w.owner(t, "b@example").person, "/staff/me", "old", "current-password"},
		{w.owner(t, "c@example").person, "/staff/me", "passphrase", "new-password"},
	} {
		path, complete := c.path, c.completes
		field := c.p.opens(path).page.Find("input#" + c.id)
		if field.AttrOr("type", "") != "password" || field.AttrOr("autocomplete", "") != complete {
			t.Errorf("%s: %v", path, field.Nodes)
		}
		for _, limit := range []string{"maxlength", "pattern", "onpaste", "readonly"} {
			if _, has := field.Attr(limit); has {
				t.Errorf("%s: the field has %s", path, limit)
			}
		}
	}
}

func TestSigningOutIsEverywhere(t *testing.T) {
	w := sharedWorld(t)
	p := w.member(t, people.Administrator, "")
	for _, path := range []string{"/staff", "/staff/me", "/staff/surveys", "/staff/surveys/worries", "/staff/surveys/worries/reports/1", "/staff/people", "/staff/languages", "/staff/audit"} {
		p.opens(path).gets(http.StatusOK).sees("form[action='/staff/sign-out'] button", "")
	}
}

func TestMethodsThatAreNotServed(t *testing.T) {
	w := newWorld(t)
	for _, method := range []string{"TRACE", "TRACK", "CONNECT", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "x"} {
		got := w.asks(t, method+" /help HTTP/1.1\r\nHost: "+host+"\r\nX-Marker: zebulon\r\nContent-Length: 0\r\n\r\n")
		if got.StatusCode < 400 || strings.Contains(bodyOf(t, got), "zebulon") {
			t.Errorf("%s gets %d", method, got.StatusCode)
		}
	}
}

// TestParametersComeFromOnePlace puts the fields of a form into the address and into cookies.
func TestParametersComeFromOnePlace(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self")
	p.cookies["words"], p.cookies["choice"] = "zebulon", "4"
	p.sends(http.MethodPost, "/s/worries/q/improve?words=zebulon&choice=4", url.Values{"skip": {"unknown"}})
	d := w.draftOf(t, p.opens("/s/worries/key").key())
	if a, ok := d.Answer("improve"); ok && a.Words != "" {
		t.Errorf("the words of the address were kept: %+v", a)
	}
	admin := w.member(t, people.Administrator, "")
	for _, where := range []string{"/staff/sign-out?_csrf=" + w.token(t, admin), "/staff/sign-out"} {
		admin.cookies["_csrf"] = w.token(t, admin)
		if got := admin.sends(http.MethodPost, where, url.Values{}, "X-CSRF-Token", w.token(t, admin)); got.status != http.StatusForbidden {
			t.Errorf("a token outside the form: %d", got.status)
		}
	}
}

// TestRefusalsAreLogged looks for a line with route and status of everything that was refused.
func TestRefusalsAreLogged(t *testing.T) {
	w := newWorld(t)
	analyst := w.member(t, people.Analyst, "north-vale")
	csrf := url.Values{"_csrf": {w.token(t, analyst)}}
	for _, c := range []struct {
		method, path string
		form         url.Values
		headers      []string
		route        string
		status       int
	}{
		{http.MethodGet, "/staff/people", nil, nil, "/staff/people", http.StatusForbidden},
		{http.MethodGet, "/staff/surveys/getting-there", nil, nil, "/staff/surveys/:survey", http.StatusNotFound},
		{http.MethodPost, "/staff/sign-out", url.Values{"_csrf": {"x"}}, nil, "/staff/sign-out", http.StatusForbidden},
		{http.MethodPost, "/staff/surveys/worries/reports", csrf, []string{"Sec-Fetch-Site", "cross-site"}, "(none)", http.StatusForbidden},
		{http.MethodPost, "/staff/sign-in", url.Values{"name": {"a"}, "passphrase": {"b"}}, nil, "/staff/sign-in", http.StatusUnprocessableEntity},
		{http.MethodPost, "/key", url.Values{"words": {strings.Join(someKey(), ", ")}}, nil, "/key", http.StatusUnprocessableEntity},
		{http.MethodGet, "/.git/config", nil, nil, "(none)", http.StatusNotFound},
	} {
		before := len(w.log.String())
		if got := analyst.sends(c.method, c.path, c.form, c.headers...); got.status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, got.status, c.status)
		}
		found := slices.ContainsFunc(strings.Split(w.log.String()[before:], "\n"), func(line string) bool {
			var l struct {
				Msg, Route, Request, Time string
				Status                    int
			}
			return json.Unmarshal([]byte(line), &l) == nil && l.Msg == "request" && l.Route == c.route && l.Status == c.status && l.Request != "" && l.Time != ""
		})
		if !found {
			t.Errorf("%s %s is not in the log:\n%s", c.method, c.path, w.log.String()[before:])
		}
	}
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	must(t, r.Write(&b))
	return b.String()
}
