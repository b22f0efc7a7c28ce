package main

import (
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sayso/internal/survey"
)

// town is a server that is killed and started again, and the people who come to it.
type town struct {
	t    *testing.T
	args []string

	mu   sync.Mutex
	at   *process
	back chan struct{} // closed when the next server is there

	acknowledged atomic.Int64 // saved pages
	progress     chan struct{}
	over         chan struct{}
}

func newTown(t *testing.T, args ...string) *town {
	w := &town{t: t, args: args, back: make(chan struct{}), progress: make(chan struct{}, 1), over: make(chan struct{})}
	w.at = serves(t, args...)
	return w
}

// here is the server, and what is closed when another has taken its place.
func (w *town) here() (*process, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at, w.back
}

// restarts kills the server and starts another on the same folder.
func (w *town) restarts() {
	old, _ := w.here()
	old.kill(w.t)
	p := serves(w.t, w.args...)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = p
	close(w.back)
	w.back = make(chan struct{})
}

// until waits for so many more acknowledged pages.
func (w *town) until(more int64) {
	for want := w.acknowledged.Load() + more; w.acknowledged.Load() < want; <-w.progress {
	}
}

func (w *town) acknowledge() {
	w.acknowledged.Add(1)
	select {
	case w.progress <- struct{}{}:
	default:
	}
}

func (w *town) isOver() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}

// voice is one journey through the survey, and how much of it the server acknowledged.
type voice struct {
	client *http.Client
	words  string
	begun  bool // the server acknowledged who speaks
	saved  bool // and the words
	asked  bool // it was asked at least once to take them in
	sent   bool // and acknowledged that
}

var errOver = errors.New("over")

// sends posts the form until a server acknowledges it: again after each connection that broke, at whatever server is
// there then. errOver when nobody waits for the answer any more.
func (w *town) sends(v *voice, path string, form url.Values) (*http.Response, error) {
	for {
		at, back := w.here()
		if w.isOver() {
			return nil, errOver
		}
		r, err := v.client.PostForm(at.url+path, form)
		if err == nil {
			_, err = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
		}
		if err == nil && r.StatusCode == http.StatusServiceUnavailable { // the store is away, and not the server
			continue
		}
		if err == nil {
			return r, nil
		}
		select {
		case <-back:
		case <-w.over:
			return nil, errOver
		}
	}
}

// goes through the whole survey.
func (w *town) goes(v *voice) error {
	for _, step := range []struct {
		path, next string
		form       url.Values
		before     func()
		done       *bool
	}{
		{"/s/meals/who", "/s/meals/key", url.Values{"voice": {"self"}}, nil, &v.begun},
		{"/s/meals/q/why", "/s/meals/check", url.Values{"words": {v.words}}, nil, &v.saved},
		{"/s/meals/check", "/s/meals/done", url.Values{}, func() { v.asked = true }, &v.sent},
	} {
		if step.before != nil {
			step.before()
		}
		r, err := w.sends(v, step.path, step.form)
		if err != nil {
			return err
		}
		if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != step.next && !strings.HasPrefix(to, "/s/meals/q/like") {
			return fmt.Errorf("%s of %q answers %s %s", step.path, v.words, r.Status, to)
		} else if step.path == "/s/meals/check" && to != step.next { // one question has to be answered
			return fmt.Errorf("%q was sent back to %s", v.words, to)
		}
		*step.done = true
		w.acknowledge()
	}
	return nil
}

// people come one after the other, until it is over.
func (w *town) people(many int) []*voice {
	var all sync.WaitGroup
	var mu sync.Mutex
	var voices []*voice
	for g := range many {
		all.Go(func() {
			for i := 0; !w.isOver(); i++ {
				v := &voice{client: withoutRedirects(visitor(w.t)), words: fmt.Sprintf("%d-%d said that it is loud.", g, i)}
				mu.Lock()
				voices = append(voices, v)
				mu.Unlock()
				if err := w.goes(v); err != nil && !errors.Is(err, errOver) {
					w.t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return voices
}

const (
	kills     = 20
	talkers   = 8
	underLoad = 30 // acknowledged pages, and some, between two kills
)

// TestKill kills the serving program again and again while people answer, and finds every acknowledged page and
// response once, although each of them sent again whatever was not acknowledged.
func TestKill(t *testing.T) {
	data := t.TempDir()
	w := newTown(t, "--data="+data)
	go func() {
		defer close(w.over)
		for range kills {
			w.until(underLoad + rand.Int64N(underLoad))
			w.restarts()
		}
		w.until(talkers)
	}()
	voices := w.people(talkers)
	last, _ := w.here()
	found := w.drafts(last, voices)
	last.leaves(t)
	said := saidIn(t, data)
	sent := 0
	for _, v := range voices {
		n := said[v.words]
		delete(said, v.words)
		switch {
		case n > 1, v.sent && n == 0, !v.asked && n > 0:
			t.Errorf("%q is there %d times; sent: %t, acknowledged: %t", v.words, n, v.asked, v.sent)
		case v.saved && n == 0 && !found[v.words]:
			t.Errorf("%q was acknowledged, and is neither in a draft nor in a response", v.words)
		}
		if v.sent {
			sent++
		}
	}
	if len(said) > 0 || sent < kills {
		t.Errorf("%d acknowledged responses of %d people; nobody said %v", sent, len(voices), said)
	}
	t.Logf("%d kills, %d acknowledged pages, %d acknowledged responses", kills, w.acknowledged.Load(), sent)
}

// drafts are the words of those who saved and did not send, as their browsers show them.
func (w *town) drafts(at *process, voices []*voice) map[string]bool {
	found := map[string]bool{}
	for _, v := range voices {
		if v.saved && !v.sent {
			_, _, page := fetch(w.t, v.client, at.url+"/s/meals/q/why?change=1")
			found[v.words] = strings.Contains(html.UnescapeString(page), v.words)
		}
	}
	return found
}

// saidIn counts how often the responses of the folder say the same.
func saidIn(t *testing.T, data string) map[string]int {
	t.Helper()
	return saidOn(t, &Config{Data: data})
}

// saidOn counts how often the responses of the store say the same.
func saidOn(t *testing.T, c *Config) map[string]int {
	t.Helper()
	c.Addr, c.Log = "127.0.0.1:0", "error"
	h, err := open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	}()
	sv, err := h.surveys.Newest("meals")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for r, err := range h.store.Scan(t.Context(), survey.Range{Area: sv.Area, Survey: sv.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Answers, func(a survey.Answer) bool { return a.Question == "why" })
		if i < 0 {
			t.Errorf("a response says nothing: %+v", r)
			continue
		}
		said[strings.Clone(r.Answers[i].Words)]++
	}
	return said
}

// TestTornLog kills the program again and again, and each time spoils the end of its write-ahead log as a failing
// machine may.
func TestTornLog(t *testing.T) {
	const header, frame = 32, 24 + 8192
	data := t.TempDir()
	w := newTown(t, "--data="+data)
	var all []*voice
	speaks := func(words string) {
		v := &voice{client: withoutRedirects(visitor(t)), words: "She said so before " + words + "."}
		if err := w.goes(v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	for name, spoil := range map[string]func(log []byte) []byte{
		"half a frame":        func(log []byte) []byte { return append(log, log[header:header+frame/2]...) },
		"rubbish at the end":  func(log []byte) []byte { return append(log, strings.Repeat("rubbish ", 5000)...) },
		"a frame of the past": func(log []byte) []byte { return append(log, log[header:header+frame]...) },
		"nothing but zeros":   func(log []byte) []byte { return append(log, make([]byte, frame)...) },
	} {
		speaks(name)
		w.at.kill(t)
		file := filepath.Join(data, "sayso.db-wal")
		log, err := os.ReadFile(file)
		if err != nil || len(log) < header+frame {
			t.Fatalf("%s: the log has %d bytes, %v", name, len(log), err)
		}
		if err := os.WriteFile(file, spoil(log), 0o600); err != nil {
			t.Fatal(err)
		}
		w.at = serves(t, w.args...)
	}
	speaks("the end")
	w.at.leaves(t)
	said := saidIn(t, data)
	for _, v := range all {
		if said[v.words] != 1 {
			t.Errorf("%q is there %d times", v.words, said[v.words])
		}
	}
	fine(t, "doctor", "--data="+data)
}

// TestDroppedConnections breaks connections in the middle of a form, and before the answer to one is read.
func TestDroppedConnections(t *testing.T) {
	data := t.TempDir()
	w := newTown(t, "--data="+data)
	v := &voice{client: withoutRedirects(visitor(t))}
	if _, err := w.sends(v, "/s/meals/who", url.Values{"voice": {"self"}}); err != nil {
		t.Fatal(err)
	}
	at, _ := url.Parse(w.at.url)
	cookie := v.client.Jar.Cookies(at)[0].String()
	page := func(path string) string {
		_, _, page := fetch(t, v.client, w.at.url+path)
		return html.UnescapeString(page)
	}
	post := func(path, form string, upTo int) {
		conn := dialed(t, at.Host)
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: say\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
			path, cookie, len(form), form[:upTo])
		if err := conn.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, conn) // until the server has hung up, and so has dealt with it
		_ = conn.Close()
	}
	const words = "words=She+said+that+it+is+loud."
	for _, upTo := range []int{0, 1, 6, 16, len(words) - 1} {
		post("/s/meals/q/why", words, upTo)
		if got := page("/s/meals/q/why?change=1"); strings.Contains(got, "She") {
			t.Fatalf("the first %d bytes of a form were kept:\n%s", upTo, got)
		}
	}
	post("/s/meals/q/why", words, len(words))
	if !strings.Contains(page("/s/meals/q/why?change=1"), "She said that it is loud.") {
		t.Error("a whole form whose answer nobody read was not kept")
	}
	for range 3 {
		post("/s/meals/check", "", 0)
	}
	if r, err := w.sends(v, "/s/meals/check", url.Values{}); err != nil || r.Header.Get("Location") != "/s/meals/done" {
		t.Errorf("sent once more: %v, %v", r, err)
	}
	w.at.leaves(t)
	if said := saidIn(t, data); len(said) != 1 || said["She said that it is loud."] != 1 {
		t.Errorf("what was said: %v", said)
	}
}
