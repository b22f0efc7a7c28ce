package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/web"
)

// shares makes the device a shared one for the exercise, with five minutes and the PIN 2468.
func (p *person) shares(ref, lang string) *person {
	p.t.Helper()
	p.opens("/k").gets(http.StatusOK).chooses(ref, lang, "5").types("pin", "2468").types("again", "2468").continues()
	return p.isAt("/k").gets(http.StatusOK).sees("main .s-big", "")
}

// starts is the next one in front of the shared device.
func (p *person) starts() *person {
	p.t.Helper()
	return p.opens("/k").presses("main form[action='/k/start'] button")
}

// finishes presses the button of the band.
func (p *person) finishes() *person { p.t.Helper(); return p.presses(".s-shared button") }

// answersOnShared begins the survey and says something.
func (p *person) answersOnShared() *person {
	p.t.Helper()
	p.starts().isAt("/s/worries").clicks("main a[href$='/who']").chooses("self").continues().isAt("/s/worries/key")
	p.clicks("main .s-buttons a").chooses("yes").continues().chooses("2").continues()
	return p.opens("/s/worries/q/improve").says(wished).continues()
}

// theirs are the cookies that hold something of whoever takes part.
func (p *person) theirs() []string {
	var out []string
	for name := range p.cookies {
		if name == "sitting" || strings.HasPrefix(name, "say-") {
			out = append(out, name)
		}
	}
	return out
}

func TestTheNextOneStartsClean(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	p.sees(".s-shared", "This is a shared device").finishes().isAt("/k").sees("h1", "You have not sent it yet")
	p.presses("main button:contains('Stop here')").isAt("/k").sees("main .s-big", "Start")
	if left := p.theirs(); len(left) > 0 {
		t.Errorf("there is left %v", left)
	}
	if got := p.cookies["language"]; got != "en" {
		t.Errorf("the language is %q", got)
	}
	for _, path := range []string{"/s/worries/q/improve", "/s/worries/check", "/s/worries/key", "/s/worries/mine", "/s/worries"} {
		p.opens(path).isAt("/k")
	}
	p.starts().isAt("/s/worries").clicks("main a[href$='/who']").hasChosen().chooses("self").continues()
	p.opens("/s/worries/q/improve").hasTyped("words", "")
}

func TestFinishingHasTheBrowserForget(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("b/early-help", "en").starts().isAt("/b/early-help").votesIn("early-help", "self").pressesOf("mentors", "add")
	path, form := p.filled(".s-shared button")
	got := p.sends(http.MethodPost, path, form)
	if got.location() != "/k" || got.header.Get("Clear-Site-Data") != `"cache"` || len(p.theirs()) > 0 {
		t.Errorf("after the vote: %d to %q, %v, %v", got.status, got.location(), got.header, p.cookies)
	}
	p.opens("/b/early-help/vote").isAt("/k").starts().opens("/b/early-help/vote").isAt("/b/early-help")
	p.votesIn("early-help", "self").seesNo(".s-project--in")
}

// TestStartWhileSomebodyHasBegun is for the child who takes the tablet from one who forgot to finish.
func TestStartWhileSomebodyHasBegun(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	before := maps.Clone(p.cookies)
	p.opens("/").isAt("/k").sees("h1", "You have not sent it yet").seesNo(".s-key")
	p.starts().isAt("/s/worries")
	p.opens("/s/worries/q/improve").isAt("/s/worries").opens("/s/worries/check").isAt("/s/worries")
	ticket := "say-worries"
	if p.cookies[ticket] != "" {
		t.Error("the ticket is still there")
	}
	p.cookies[ticket] = before[ticket] // kept by somebody
	p.opens("/s/worries/check").isAt("/s/worries")
}

// TestAFormOfTheTurnBefore is sent again by the browser, for whoever goes back to it.
func TestAFormOfTheTurnBefore(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared().opens("/s/worries/q/improve?change=1").says("words of the one before")
	path, form := p.filled("main form .s-buttons button[type=submit]")
	p.opens("/k").presses("main button:contains('Stop here')")
	if again := p.follows(path, p.sends(http.MethodPost, path, form)); again.path != "/k" || strings.Contains(again.body, "words of the one before") {
		t.Errorf("with nobody's turn it leads to %s", again.path)
	}
	p.starts().clicks("main a[href$='/who']").chooses("self").continues()
	p.follows(path, p.sends(http.MethodPost, path, form)).isAt("/k")
	p.opens("/s/worries/q/improve").hasTyped("words", "")
	delete(form, "_sitting")
	p.follows(path, p.sends(http.MethodPost, path, form)).isAt("/k")
}

// TestFormsOfASharedDeviceAreBound wants every form that an exercise shows to say whose turn it is.
func TestFormsOfASharedDeviceAreBound(t *testing.T) {
	w := newWalk(t)
	for _, c := range []struct{ ref, prefix string }{{"s/worries", "/s/"}, {"b/early-help", "/b/"}} {
		p := w.somebody(t).shares(c.ref, "en").starts()
		if c.prefix == "/s/" {
			p.answersOnShared()
		} else {
			p.votesIn("early-help", "self").pressesOf("mentors", "add")
		}
		looked := 0
		for _, r := range web.Routes() {
			if r.Method != http.MethodGet || !isPage(r) || !strings.HasPrefix(r.Pattern, c.prefix) && !strings.HasPrefix(r.Pattern, "/key") {
				continue
			}
			path := w.path(t, r)
			if c.prefix == "/b/" {
				path = strings.Replace(path, "/summer", "/early-help", 1)
			}
			p.opens(path)
			for _, form := range p.page.Find("form[method=post]").EachIter() {
				if to := form.AttrOr("action", ""); to == "/leave" || to == "/k/start" {
					continue
				}
				looked++
				if form.Find("input[name=_sitting]").AttrOr("value", "") == "" {
					t.Errorf("%s has a form to %q that is anybody's: write @turn(p) into it", path, form.AttrOr("action", ""))
				}
				filled := form.Find("input:not([type=hidden]), textarea, select").Length() > 0
				if filled && form.AttrOr("autocomplete", "") != "off" {
					t.Errorf("%s has a form to %q that the browser fills in again for the next one: give it autocomplete={ p.keeps() }", path, form.AttrOr("action", ""))
				}
			}
		}
		if looked < 20 {
			t.Errorf("only %d forms were looked at", looked)
		}
	}
}

func TestASharedDeviceShowsOneExercise(t *testing.T) {
	w := newWalk(t)
	p := w.somebody(t).shares("s/worries", "en").starts()
	inside := []string{"/s/:survey", "/k/", "/key", "/help", "/languages", "/about/:guide", "/pictures", "/static", "/robots.txt", "/healthz", "/readyz"}
	for _, r := range web.Routes() {
		belongs := r.Pattern == "/k" || slices.ContainsFunc(inside, func(s string) bool { return strings.HasPrefix(r.Pattern, s) })
		if r.Method != http.MethodGet || belongs {
			continue
		}
		if got := p.sends(http.MethodGet, w.path(t, r), nil); got.status != http.StatusSeeOther || got.location() != "/k" {
			t.Errorf("%s gets %d to %q", r.Pattern, got.status, got.location())
		}
	}
	p.opens("/s/getting-there").isAt("/k").opens("/b/early-help").isAt("/k").opens("/staff/sign-in").isAt("/k")
	p.opens("/help").isAt("/help").sees(".s-shared", "").opens("/about/shared").isAt("/about/shared").sees("h1", "Sharing one device")
	if got := p.sends(http.MethodPost, "/staff/sign-in", url.Values{"name": {"x"}}); got.location() != "/k" {
		t.Errorf("staff sign in: %d to %q", got.status, got.location())
	}
	p.opens("/nothing").gets(http.StatusNotFound).sees(".s-shared", "")
}

func TestTheTimeRunsOut(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	refresh := p.page.Find("noscript").Text()
	if !strings.Contains(refresh, `content="600; url=/k/still"`) && !strings.Contains(refresh, `content="300; url=/k/still"`) {
		t.Errorf("without a script nothing asks: %s", refresh)
	}
	at := p.path
	w.clock.passes(5 * time.Minute)
	p.opens("/k/still").sees("h1", "Are you still there?")
	p.presses("form[action='/k/here'] button").isAt(at)
	w.clock.passes(5 * time.Minute)
	if got := p.sends(http.MethodPost, "/k/here", url.Values{"quiet": {"1"}, "_sitting": {p.page.Find("#still").AttrOr("data-sitting", "")}}); got.status != http.StatusNoContent {
		t.Errorf("the page says that somebody is there: %d", got.status)
	}
	w.clock.passes(5 * time.Minute)
	p.opens("/k/still").isAt("/k/still")
	if !strings.Contains(p.page.Find("noscript").Text(), `content="80; url=/k"`) {
		t.Error("the page that asks does not end")
	}
	w.clock.passes(80 * time.Second)
	p.opens("/k").isAt("/k?over=1").sees(".s-notice", "six pictures").sees(".s-big", "Start")
	if left := p.theirs(); len(left) > 0 {
		t.Errorf("there is left %v", left)
	}
	p.answersOnShared()
	w.clock.passes(13 * time.Minute)
	p.opens("/s/worries/check").isAt("/k?over=1")
	p.answersOnShared()
	w.clock.passes(time.Hour)
	p.opens("/help").isAt("/help").seesNo("#still")
	if left := p.theirs(); len(left) > 0 {
		t.Errorf("after a look at the help there is left %v", left)
	}
	p.answersOnShared()
	w.clock.passes(12 * time.Hour)
	p.opens("/").isAt("/").seesNo(".s-shared").opens("/s/worries/check").isAt("/s/worries")
}

// TestWordsTakeTheirTime on pages without a script, whatever time was chosen.
func TestWordsTakeTheirTime(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	for path, want := range map[string]string{"/s/worries/q/improve": "600", "/s/worries/q/easy": "300", "/s/worries/check": "300", "/help": "300"} {
		if got := p.opens(path).page.Find("noscript").Text(); !strings.Contains(got, `content="`+want+`; url=/k/still"`) {
			t.Errorf("%s waits otherwise: %s", path, got)
		}
	}
	p.opens("/s/worries/q/improve")
	w.clock.passes(10 * time.Minute)
	p.opens("/k/still").isAt("/k/still")
}

func TestLeavingNeedsThePIN(t *testing.T) {
	w := newWorld(t, with(func(s *web.Settings) { s.Proxies = []string{"0.0.0.0"} }))
	p := w.somebody(t).shares("s/worries", "ur")
	shared := p.cookies["shared"]
	p.opens("/k/leave?lang=en").types("pin", "12ab").continues().gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "4 to 8 digits")
	for i := range 10 {
		p.headers["X-Forwarded-For"] = "198.51.100." + string(rune('0'+i)) // who says so?
		p.opens("/k/leave").types("pin", "1357").continues().gets(http.StatusUnprocessableEntity).hasTyped("pin", "").sees(".nhsuk-error-summary", "not the PIN")
	}
	p.opens("/k/leave").types("pin", "2468").continues().gets(http.StatusTooManyRequests).sees(".nhsuk-error-summary", "Try again in")
	other := w.somebody(t).shares("s/worries", "en") // another tablet of the school
	other.headers = p.headers
	other.opens("/k/leave").types("pin", "٢٤٦٨").continues().isAt("/").seesNo(".s-shared")
	if len(other.cookies) > 0 {
		t.Errorf("there is left %v", other.cookies)
	}
	w.clock.passes(time.Minute)
	p.opens("/k/leave").types("pin", "24 68").continues().isAt("/")
	p.cookies["shared"] = shared
	p.opens("/k").sees("main .s-big", "")
	w.clock.passes(12 * time.Hour)
	p.opens("/k").seesNo("main .s-big").sees("main input[name=pin]", "")
}

func TestWrongPINsOfAnAddress(t *testing.T) {
	w := newWorld(t, with(func(s *web.Settings) { s.Proxies = []string{"0.0.0.0"} }))
	let := 0
	for range 15 {
		p := w.somebody(t).shares("s/worries", "en")
		p.headers["X-Forwarded-For"] = "198.51.100.7"
		for range 10 {
			if got := p.sends(http.MethodPost, "/k/leave", url.Values{"pin": {"1111"}}); got.status == http.StatusUnprocessableEntity {
				let++
			}
			p.headers["X-Forwarded-For"] = "203.0.113.9, 198.51.100.7" // made up, before what our proxy heard
		}
	}
	if let != 100 {
		t.Errorf("%d tries were let through", let)
	}
}

func TestSharingIsChecked(t *testing.T) {
	w := newWorld(t)
	good := url.Values{"exercise": {"s/worries"}, "language": {"en"}, "minutes": {"5"}, "pin": {"2468"}, "again": {"2468"}}
	for name, c := range map[string]struct {
		field, value, said string
	}{
		"nothing":               {"exercise", "", "Choose what they will take part in"},
		"an unknown survey":     {"exercise", "s/unknown", "Choose what they will take part in"},
		"another site":          {"exercise", "//evil.example", "Choose what they will take part in"},
		"a vote that is closed": {"exercise", "b/summer", "Choose what they will take part in"},
		"no language":           {"language", "xx", "not offered"},
		"a time of one's own":   {"minutes", "1000000", "untouched"},
		"no time":               {"minutes", "", "untouched"},
		"a short PIN":           {"pin", "123", "4 to 8 digits"},
		"two PINs":              {"again", "2469", "not the same"},
	} {
		form := maps.Clone(good)
		form.Set(c.field, c.value)
		p := w.somebody(t)
		p.shows("/k", p.sends(http.MethodPost, "/k", form)).gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", c.said)
		if href := p.page.Find(".nhsuk-error-summary a").AttrOr("href", "#"); p.page.Find(href).Length() != 1 {
			t.Errorf("%s: the summary leads to %s", name, href)
		}
		if len(p.cookies) > 0 {
			t.Errorf("%s: %v", name, p.cookies)
		}
	}
	p := w.somebody(t)
	if got := p.sends(http.MethodPost, "/k", good, "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden || len(p.cookies) > 0 {
		t.Errorf("from another site: %d, %v", got.status, p.cookies)
	}
	p.shares("s/worries", "en")
	shared := p.cookies["shared"]
	if got := p.sends(http.MethodPost, "/k", good); got.location() != "/k" || p.cookies["shared"] != shared {
		t.Error("whoever holds the device chose a PIN of their own")
	}
	p.cookies["shared"] = shared[:len(shared)-1] + "A"
	p.opens("/").isAt("/")
}

// TestSharingTakesWhatWasThere of the worker: tickets, and who is signed in.
func TestSharingTakesWhatWasThere(t *testing.T) {
	w := newWorld(t)
	p := w.member(t, people.Author, "north-vale").begins("worries", "worker")
	before := maps.Clone(p.cookies)
	p.shares("s/worries", "en")
	if p.cookies["staff"] != "" || len(p.theirs()) > 0 {
		t.Errorf("there is left %v", p.cookies)
	}
	p.cookies["say-worries"] = before["say-worries"]
	p.starts()
	p.cookies["say-worries"] = before["say-worries"]
	p.opens("/s/worries/check").isAt("/s/worries") // a ticket from before is none
	staff := w.somebody(t)
	staff.cookies["staff"] = before["staff"]
	staff.opens("/staff").isAt("/staff/sign-in?next=%2Fstaff")
}

func TestSharedTicketsAreNoneElsewhere(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	for _, c := range cookiesOf(p.sends(http.MethodGet, "/s/worries/check", nil)) {
		if c.MaxAge != 0 || !c.Expires.IsZero() || !c.HttpOnly {
			t.Errorf("it outlives the browser: %s", c.Raw)
		}
	}
	elsewhere := w.somebody(t)
	elsewhere.cookies["say-worries"] = p.cookies["say-worries"]
	elsewhere.opens("/s/worries/check").isAt("/s/worries")
}

func TestKeysOnASharedDevice(t *testing.T) {
	w := newWorld(t)
	other := w.somebody(t).begins("getting-there", "self").opens("/s/getting-there/key").key()
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	own := p.opens("/s/worries/key").key()
	p.opens("/k").presses("main button:contains('Stop here')").opens("/key").isAt("/k")
	p.presses("main button:contains('pictures')").isAt("/key").types("words", other).continues().gets(http.StatusUnprocessableEntity).
		sees(".nhsuk-error-summary", "on your own device")
	p.types("words", own).continues().isAt("/s/worries/mine").sees("main", wished)
	p.finishes().isAt("/k").presses("main button:contains('Stop here')").opens("/s/worries/mine").isAt("/k")
}

func TestWhatCannotBeShared(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/k/b/summer").gets(http.StatusOK).sees(".s-notice", "not open").seesNo("main form")
	p.opens("/k/s/unknown").gets(http.StatusNotFound).opens("/k/b/unknown").gets(http.StatusNotFound)
	p.opens("/k/s/worries").hasChosen("s/worries", "en", "5").opens("/s/worries").clicks("main a[href='/k/s/worries']").gets(http.StatusOK)
	p.shares("s/worries", "en").starts().opens("/k")
	sv, err := w.surveys.Newest("worries")
	must(t, err)
	for w.surveys.Today() <= sv.Closes {
		w.clock.passes(day)
	}
	fresh := w.somebody(t).opens("/k/s/worries").sees(".s-notice", "not open")
	fresh.seesNo("main form")
}

// TestASurveyThatClosesMeanwhile is told to whoever starts.
func TestASurveyThatClosesMeanwhile(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared().opens("/k").presses("main button:contains('Stop here')")
	path, form := p.filled("main .s-big")
	w.publish(t, "worries", func(sv *survey.Survey) { sv.Closes = w.surveys.Today().Add(-1) })
	p.follows(path, p.sends(http.MethodPost, path, form)).isAt("/k").sees(".s-notice", "Tell the adult").seesNo("main form")
}

func TestLeavingThePageOnASharedDevice(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).shares("s/worries", "en").answersOnShared()
	if got := p.sends(http.MethodPost, "/leave", url.Values{}); got.location() != "https://www.example.org/weather" || len(p.theirs()) > 0 {
		t.Errorf("it leads to %q and leaves %v", got.location(), p.theirs())
	}
	p.opens("/s/worries/check").isAt("/k").sees("main .s-big", "")
}

func TestASharedDeviceInEveryLanguage(t *testing.T) {
	w := newWorld(t)
	for _, l := range furnished().locales.Locales() {
		p := w.somebody(t).opens("/k?lang=" + l.Tag)
		speaks(p, l)
		p.chooses("s/worries", l.Tag, "20").types("pin", "2468").types("again", "2468").continues()
		speaks(p, l)
		p.opens("/k?over=1")
		speaks(p, l)
		for range 2 { // unsent, then sent
			p.answersOnShared()
			for _, path := range []string{"/k", "/k/still", "/k/leave", "/s/worries/q/improve", "/key", "/help", "/about/shared"} {
				speaks(p.opens(path).isAt(path), l)
			}
		}
		for p.opens("/s/worries/go"); p.path != "/s/worries/check"; p.opens("/s/worries/go") {
			if field := p.page.Find("main input[name=choice]").First(); field.Length() > 0 {
				p.chooses(field.AttrOr("value", ""))
			}
			p.presses("main button[value=on]")
		}
		p.continues().isAt("/s/worries/done")
		speaks(p.opens("/k"), l)
		p.presses("main form[action='/k/finish'] button").isAt("/k").sees("main .s-big", "")
		p.opens("/k/leave").types("pin", "0000").continues().gets(http.StatusUnprocessableEntity).sees("html[lang="+l.Tag+"] #error", "")
	}
}
