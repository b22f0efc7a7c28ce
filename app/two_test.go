package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"
)

// pair are two servers on one store, whose visitors never know which one they meet.
type pair struct {
	t    *testing.T
	args []string // where the store is
	a, b *process
}

func newPair(t *testing.T, args ...string) *pair {
	return &pair{t: t, args: args, a: serves(t, args...), b: serves(t, args...)}
}

// TestTwoServers lets two processes serve one file.
func TestTwoServers(t *testing.T) {
	data := t.TempDir()
	p := newPair(t, "--data="+data)
	p.staffMeetBoth()
	p.peopleMeetBoth()
	p.manyAtOnce()
	p.guessesMeetBoth()
	p.a.kill(t)
	p.journey(p.b, p.b, p.b)
	p.b.leaves(t)
	said := saidIn(t, data)
	if len(said) != 3+atOnce {
		t.Errorf("%d different things were said: %v", len(said), said)
	}
	for words, n := range said {
		if n != 1 {
			t.Errorf("%q is there %d times", words, n)
		}
	}
	fine(t, "audit", "verify", "--data="+data)
	fine(t, "doctor", "--data="+data)
}

// form sends a form to the server and wants the status, and to be sent on to the path if there is one.
func (p *pair) form(at *process, c *http.Client, path string, form url.Values, status int, to string) *http.Response {
	p.t.Helper()
	r, err := c.PostForm(at.url+path, form)
	if err != nil {
		p.t.Fatal(err)
	}
	page := body(p.t, r)
	if r.StatusCode != status || to != "" && r.Header.Get("Location") != to {
		p.t.Fatalf("%s answers %s to %q, want %d to %q:\n%s", path, r.Status, r.Header.Get("Location"), status, to, page)
	}
	return r
}

// finds returns what the page of the path holds where the selector says.
func (p *pair) finds(at *process, c *http.Client, path, selector string) *goquery.Selection {
	p.t.Helper()
	_, _, page := fetch(p.t, c, at.url+path)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		p.t.Fatal(err)
	}
	found := doc.Find(selector)
	if found.Length() == 0 {
		p.t.Fatalf("%s has no %s:\n%s", path, selector, page)
	}
	return found.First()
}

const (
	lead       = "lead@example.org"
	passphrase = "four kinds of tea for the bus"
)

// staffMeetBoth becomes staff, signs in, is locked and signs out, each at the one server and the other.
func (p *pair) staffMeetBoth() {
	invite := fine(p.t, append([]string{"staff", "add", lead, "--role=administrator"}, p.args...)...)
	_, token, _ := strings.Cut(strings.TrimSpace(invite), "/staff/invite/")
	c, path := withoutRedirects(visitor(p.t)), "/staff/invite/"+token
	secret := p.finds(p.a, c, path, "code.s-code").Text()
	now := time.Now()
	code := func(steps int) string {
		code, err := totp.GenerateCode(secret, now.Add(time.Duration(steps)*30*time.Second))
		if err != nil {
			p.t.Fatal(err)
		}
		return code
	}
	accept := url.Values{"passphrase": {passphrase}, "code": {code(0)}}
	p.form(p.a, c, path, accept, http.StatusSeeOther, "/staff/sign-in")
	p.form(p.b, c, path, accept, http.StatusNotFound, "")

	who := url.Values{"name": {lead}, "passphrase": {passphrase}}
	p.form(p.a, c, "/staff/sign-in", who, http.StatusSeeOther, "/staff/code?next=%2Fstaff")
	p.form(p.b, c, "/staff/code", url.Values{"code": {code(0)}}, http.StatusUnprocessableEntity, "") // used at the other
	p.form(p.b, c, "/staff/code", url.Values{"code": {code(1)}}, http.StatusSeeOther, "/staff")
	csrf := p.finds(p.a, c, "/staff", "input[name=_csrf]").AttrOr("value", "")

	other := withoutRedirects(visitor(p.t))
	wrong := url.Values{"name": {lead}, "passphrase": {"of the other kind of tea"}}
	for _, at := range []*process{p.a, p.b, p.a, p.b, p.b} {
		p.form(at, other, "/staff/sign-in", wrong, http.StatusUnprocessableEntity, "")
	}
	for _, at := range []*process{p.a, p.b} { // it is locked, wherever
		p.form(at, other, "/staff/sign-in", who, http.StatusUnprocessableEntity, "")
	}

	p.form(p.b, c, "/staff/sign-out", url.Values{"_csrf": {"of another"}}, http.StatusForbidden, "")
	p.form(p.b, c, "/staff/sign-out", url.Values{"_csrf": {csrf}}, http.StatusSeeOther, "/staff/sign-in")
	if status, head, _ := fetch(p.t, c, p.a.url+"/staff"); status != http.StatusSeeOther || head.Get("Location") != "/staff/sign-in?next=%2Fstaff" {
		p.t.Errorf("signed out at the one server, the other answers %d", status)
	}
}

// journey goes through the survey, each page at the server of its turn.
func (p *pair) journey(at ...*process) *http.Client {
	p.t.Helper()
	c := withoutRedirects(visitor(p.t))
	words := fmt.Sprintf("He said so to %s, %s and %s.", at[0].url, at[1].url, at[2].url)
	p.form(at[0], c, "/s/meals/who", url.Values{"voice": {"self"}}, http.StatusSeeOther, "/s/meals/key")
	p.form(at[1], c, "/s/meals/q/why", url.Values{"words": {words}}, http.StatusSeeOther, "/s/meals/check")
	if got := p.finds(at[2], c, "/s/meals/check", "main").Text(); !strings.Contains(got, words) {
		p.t.Errorf("the other server shows %s", got)
	}
	p.form(at[2], c, "/s/meals/check", url.Values{}, http.StatusSeeOther, "/s/meals/done")
	return c
}

// peopleMeetBoth lets somebody answer at both servers, and find at the one with their key what the other took in.
func (p *pair) peopleMeetBoth() {
	c := p.journey(p.a, p.b, p.a)
	var names []string
	for _, s := range p.finds(p.b, c, "/s/meals/done", "ol.s-key").Find(".s-key__name").EachIter() {
		names = append(names, s.Text())
	}
	fresh := withoutRedirects(visitor(p.t))
	p.form(p.b, fresh, "/key", url.Values{"words": {strings.Join(names, ", ")}}, http.StatusSeeOther, "/s/meals/mine")
	if got := p.finds(p.a, fresh, "/s/meals/mine", "main").Text(); !strings.Contains(got, "He said so") {
		p.t.Errorf("the key shows %s", got)
	}
}

// guessesMeetBoth types wrong keys at the one server and the other, until both refuse: long before each had done so by
// itself.
func (p *pair) guessesMeetBoth() {
	p.t.Helper()
	c := p.journey(p.a, p.a, p.b)
	var wrong []string
	for _, s := range p.finds(p.a, c, "/s/meals/done", "ol.s-key").Find(".s-key__name").EachIter() {
		wrong = append(wrong, s.Text())
	}
	slices.Reverse(wrong)
	form, begun, let := url.Values{"words": {strings.Join(wrong, ", ")}}, time.Now(), 0
	refused := map[*process]bool{}
	for i := 0; len(refused) < 2; i++ {
		at := []*process{p.a, p.b}[i%2]
		r, err := c.PostForm(at.url+"/key", form)
		if err != nil {
			p.t.Fatal(err)
		}
		switch page := body(p.t, r); r.StatusCode {
		case http.StatusUnprocessableEntity:
			let++
		case http.StatusTooManyRequests:
			refused[at] = true
		default:
			p.t.Fatalf("%s answers %s:\n%s", at.url, r.Status, page)
		}
	}
	least, most := 100, 100+2*10+int(10*time.Since(begun).Minutes())
	if let < least || let > most {
		p.t.Errorf("two servers let %d wrong keys through in %v, want %d to %d", let, time.Since(begun), least, most)
	}
}

const atOnce = 6

// manyAtOnce sends each form to both servers at the same time.
func (p *pair) manyAtOnce() {
	both := func(c *http.Client, path string, form url.Values) {
		var all sync.WaitGroup
		for _, at := range []*process{p.a, p.b} {
			all.Go(func() {
				if r, err := c.PostForm(at.url+path, form); err != nil {
					p.t.Error(err)
				} else if page := body(p.t, r); r.StatusCode != http.StatusSeeOther && r.StatusCode != http.StatusGone {
					p.t.Errorf("%s answers %s:\n%s", path, r.Status, page)
				}
			})
		}
		all.Wait()
	}
	var all sync.WaitGroup
	for i := range atOnce {
		all.Go(func() {
			c := withoutRedirects(visitor(p.t))
			r, err := c.PostForm(p.a.url+"/s/meals/who", url.Values{"voice": {"self"}})
			if err != nil || r.StatusCode != http.StatusSeeOther {
				p.t.Error(r, err)
				return
			}
			_ = body(p.t, r)
			both(c, "/s/meals/q/why", url.Values{"words": {fmt.Sprintf("She said so at once, %d.", i)}})
			both(c, "/s/meals/check", url.Values{})
		})
	}
	all.Wait()
}
