package main

import (
	"html"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// TestTheStoreIsAway lets the store of a running server fail and come back in several ways. Somebody is in the middle
// of a page each time.
func TestTheStoreIsAway(t *testing.T) {
	for name, begin := range map[string]func(t *testing.T, p *process, data string) (end func()){
		"full disk":              func(t *testing.T, p *process, data string) func() { return limitFiles(t, p, 40<<10) },
		"nothing can be written": func(t *testing.T, p *process, data string) func() { return limitFiles(t, p, 0) },
		"locked by another":      func(t *testing.T, _ *process, data string) func() { return lockFile(t, data) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			p := serves(t, "--data="+data)
			goesAway(t, p, func() func() { return begin(t, p, data) })
			p.leaves(t)
			if said := saidIn(t, data); len(said) != 1 || said["She said that it is loud."] != 1 {
				t.Errorf("what was said: %v", said)
			}
			fine(t, "doctor", "--data="+data)
		})
	}
}

// goesAway lets somebody answer while the store is away, and once more when it is back.
func goesAway(t *testing.T, p *process, begin func() (end func())) {
	t.Helper()
	client := withoutRedirects(visitor(t))
	sends := func(path string, form url.Values) (*http.Response, string) {
		t.Helper()
		r, err := client.PostForm(p.url+path, form)
		if err != nil {
			t.Fatal(err)
		}
		return r, html.UnescapeString(body(t, r))
	}
	moves := func(path, to string, form url.Values) {
		t.Helper()
		if r, page := sends(path, form); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != to {
			t.Fatalf("%s answers %s to %s:\n%s", path, r.Status, r.Header.Get("Location"), page)
		}
	}
	waits := func(path, keeps string, form url.Values) {
		t.Helper()
		r, page := sends(path, form)
		after, err := strconv.Atoi(r.Header.Get("Retry-After"))
		if r.StatusCode != http.StatusServiceUnavailable || err != nil || after < 1 || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %s: %v", path, r.Status, r.Header)
		}
		if !strings.Contains(page, keeps) || !strings.Contains(page, "</html>") || strings.Contains(page, "sqlite") || strings.Contains(page, "mongo") {
			t.Errorf("%s answers without %q:\n%s", path, keeps, page)
		}
	}
	words := url.Values{"words": {"She said that it is loud."}}
	moves("/s/meals/who", "/s/meals/key", url.Values{"voice": {"self"}})
	before := len(p.faults(t))
	end := begin()
	waits("/s/meals/q/why", "She said that it is loud.</textarea>", words)
	waits("/s/meals/q/like", `value="bad" checked`, url.Values{"choice": {"bad"}})
	p.refusesClearly(t, before, "/s/:survey/q/:question", "/s/:survey/q/:question")
	end()
	moves("/s/meals/q/like", "/s/meals/q/why", url.Values{"choice": {"bad"}})
	moves("/s/meals/q/why", "/s/meals/check", words)
	moves("/s/meals/check", "/s/meals/done", url.Values{})
	if status, _, _ := fetch(t, client, p.url+"/readyz"); status != http.StatusOK {
		t.Errorf("the server is not ready again: %d", status)
	}
}

// lockFile holds the lock of writers, as a program that looks after the file may.
func lockFile(t *testing.T, data string) (end func()) {
	t.Helper()
	conn, err := sqlite.OpenConn(filepath.Join(data, "sayso.db"), sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteTransient(conn, "BEGIN IMMEDIATE", nil); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
