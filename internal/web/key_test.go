package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/web"
)

// named is the key in the words of a language.
func named(t *testing.T, key, lang string) string {
	t.Helper()
	var names []string
	for _, p := range pictured(t, key) {
		names = append(names, p.Names.Words(lang))
	}
	return strings.Join(names, ", ")
}

func pictured(t *testing.T, key string) []people.Picture {
	t.Helper()
	keys := furnished().library.Keys
	k, err := keys.Find(key)
	must(t, err)
	return keys.Of(k)
}

// guesses types a key in a fresh browser.
func (w *world) guesses(t *testing.T, key string) *person {
	t.Helper()
	return w.somebody(t).opens("/key").types("words", key).continues()
}

func TestKeyOpensADraft(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("2").continues()
	key := p.opens("/s/worries/key").key()
	for _, l := range furnished().locales.Locales() {
		q := w.somebody(t)
		q.opens("/key?lang="+l.Tag).types("words", named(t, key, l.Tag)).continues().isAt("/s/worries/mine").gets(http.StatusOK).
			sees("html[lang="+l.Tag+"] h1", l.T("mine.title"))
		q.clicks("main .s-buttons a").isAt("/s/worries/q/who-talk").opens("/s/worries/q/easy").hasChosen("2")
	}
	w.guesses(t, strings.ToUpper(strings.ReplaceAll(key, ", ", "\n"))).isAt("/s/worries/mine")
}

// picksPicture takes the two steps to a picture: its group, and the picture itself.
func (p *person) picksPicture(one people.Picture) *person {
	p.t.Helper()
	return p.presses("main button[name=group][value=" + one.Group + "]").presses("main button[name=pick][value=" + one.ID + "]")
}

func TestKeyChosenByItsPictures(t *testing.T) {
	w := newWorld(t)
	key := w.somebody(t).begins("worries", "self").opens("/s/worries/key").key()
	pictures := pictured(t, key)
	p := w.somebody(t).opens("/key/pictures?lang=ar")
	for i, one := range pictures {
		p.sees("main h1", strconv.Itoa(i+1)).picksPicture(one).gets(http.StatusOK).isAt("/key/pictures")
		if got := p.page.Find(".s-pick__chosen button").Length(); got != i+1 {
			t.Fatalf("%d pictures are shown as chosen, want %d", got, i+1)
		}
	}
	p.seesNo("button[name=pick], button[name=group]").continues().isAt("/s/worries/mine")
	// The wrong order opens nothing; what was chosen stays chosen, and each can be chosen anew.
	p = w.somebody(t).opens("/key/pictures")
	for i := range pictures {
		p.picksPicture(pictures[(i+1)%6])
	}
	p.continues().gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary a[href='#picture-1']", "open nothing")
	free := slices.IndexFunc(furnished().library.Keys.All(), func(one people.Picture) bool {
		return !slices.ContainsFunc(pictures, func(p people.Picture) bool { return p.ID == one.ID })
	})
	other := furnished().library.Keys.All()[free]
	p.presses("main button[name=change][value='6']").picksPicture(other)
	for i := range 5 {
		p.presses("main button[name=change][value='" + strconv.Itoa(i+1) + "']").picksPicture(pictures[i])
	}
	p.presses("main button[name=change][value='6']").seesNo("button[name=pick]").picksPicture(pictures[5]).continues().isAt("/s/worries/mine")
	if strings.Contains(w.log.String(), pictures[0].ID) || len(p.cookies) != 1 {
		t.Errorf("the choice leaves traces: %v", p.cookies)
	}
}

func TestNoPictureIsChosenTwice(t *testing.T) {
	w := newWorld(t)
	one := furnished().library.Keys.All()[0]
	p := w.somebody(t).opens("/key/pictures").picksPicture(one).presses("main button[name=group][value=" + one.Group + "]")
	p.seesNo("button[name=pick][value=" + one.ID + "]").presses("main button[name=group][value='']").seesNo("button[name=pick]")
	for _, form := range []url.Values{{}, {"picture": {"nothing"}, "at": {"9"}, "pick": {"x"}}, {"picture": {one.ID, one.ID}, "at": {"-1"}, "change": {"7"}},
		{"picture": {one.ID}, "at": {"2"}, "pick": {one.ID}}, {"group": {"<script>"}}, {"picture": make([]string, 200)}} {
		p.follows("/key/pictures", p.sends(http.MethodPost, "/key/pictures", form)).gets(http.StatusOK).sees("main button[name=group]", "").
			seesNo("main script, button[name=change][value='2']")
	}
}

// someKey is six pictures that no test draws on purpose.
func someKey() []string {
	var names []string
	for _, p := range furnished().library.Keys.All()[:6] {
		names = append(names, p.Names.Words("en"))
	}
	return names
}

func TestWrongKeys(t *testing.T) {
	w := newWorld(t)
	six := someKey()
	five := strings.Join(six[:5], ", ")
	for typed, sentence := range map[string]string{
		strings.Join(six, ", "): "open nothing",
		five:                    "5",
		"bike, tennis ball, beaver, seedling, donkey": "5",
		five + ", " + six[0]:                          "twice",
		five + ", qwxzqwxz":                           "qwxzqwxz",
		strings.Repeat("word ", 41):                   "six",
		"<script>alert(1)</script>":                   "script",
		strings.Repeat("a", 3000):                     "six",
		"":                                            "six",
	} {
		p := w.guesses(t, typed).gets(http.StatusUnprocessableEntity).hasTyped("words", typed).
			sees(".nhsuk-error-summary a[href='#words']", sentence).seesNo("main script")
		if len(p.cookies) != 0 {
			t.Errorf("a wrong key gives %v", p.cookies)
		}
	}
}

// TestASeparatorInsideAName is no end of a name: "T. rex" is one picture.
func TestASeparatorInsideAName(t *testing.T) {
	k, err := furnished().library.Keys.Find("laptop, nut and bolt, kangaroo, bouquet, T. rex, goggles")
	if err != nil || furnished().library.Keys.Of(k)[4].ID != "t-rex" {
		t.Errorf("%v, %v", k, err)
	}
}

func TestGuessingIsLimited(t *testing.T) {
	w := newWorld(t, with(func(s *web.Settings) { s.Proxies = []string{"0.0.0.0", "10.0.0.0/8"} }))
	key := w.somebody(t).begins("worries", "self").opens("/s/worries/key").key()
	wrong := strings.Split(key, ", ")
	slices.Reverse(wrong)
	from := func(address string) *person {
		p := w.somebody(t)
		p.headers["X-Forwarded-For"] = address
		return p
	}
	guess := func(p *person, names string) int {
		return p.sends(http.MethodPost, "/key", url.Values{"words": {names}}).status
	}
	mine := from("198.51.100.7")
	for range 5 { // a right key costs nothing
		if got := guess(mine, key); got != http.StatusSeeOther {
			t.Fatalf("the right key: %d", got)
		}
	}
	for i := range 100 {
		if got := guess(mine, strings.Join(wrong, " ")); got != http.StatusUnprocessableEntity {
			t.Fatalf("wrong guess %d: %d", i, got)
		}
	}
	got := mine.sends(http.MethodPost, "/key", url.Values{"words": {strings.Join(wrong, " ")}})
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
		t.Fatalf("guess 101: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	for _, forged := range []string{"203.0.113.5, 198.51.100.7", "10.0.0.1, 198.51.100.7", "198.51.100.7, 10.0.0.1", "x, 198.51.100.7", "203.0.113.5,10.0.0.2, 198.51.100.7 , 10.0.0.3"} {
		if got := guess(from(forged), strings.Join(wrong, " ")); got != http.StatusTooManyRequests {
			t.Errorf("who writes %q before what the proxy adds gets %d", forged, got)
		}
	}
	if got := guess(from("198.51.100.8"), key); got != http.StatusSeeOther {
		t.Errorf("another address gets %d", got)
	}
	w.clock.passes(6e9 + 1) // six seconds: one guess
	if got := guess(mine, key); got != http.StatusSeeOther {
		t.Errorf("the right key later: %d", got)
	}
}

func TestXForwardedForWithoutAProxy(t *testing.T) {
	w := newWorld(t)
	statuses := map[int]int{}
	for i := range 101 {
		p := w.somebody(t)
		p.headers["X-Forwarded-For"] = "203.0.113." + strconv.Itoa(i)
		statuses[p.sends(http.MethodPost, "/key", url.Values{"words": {strings.Join(someKey(), ", ")}}).status]++
	}
	if statuses[http.StatusTooManyRequests] != 1 {
		t.Errorf("101 guesses with made-up addresses: %v", statuses)
	}
}

func TestTakeBack(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries().continues()
	key := p.key()
	r := w.opened(t, key).Response
	w.guesses(t, key).isAt("/s/worries/mine").sees("main dd", wished).sees("main", "22 November 2026").
		clicks("a[href='/s/worries/take-back']").presses("#take-back").gets(http.StatusOK)
	left, err := w.store.Response(t.Context(), r.Ref)
	must(t, err)
	if !left.Withdrawn || len(left.Answers)+len(left.About) != 0 {
		t.Errorf("left in the store: %+v", left)
	}
	p.opens("/s/worries/mine").seesNo("main dd") // the other browser
	q := w.guesses(t, key).isAt("/s/worries/mine").sees(".s-notice", "").seesNo("main dd").seesNo("a[href='/s/worries/take-back']")
	if strings.Contains(q.body, "More time to talk") {
		t.Error("the words are still shown")
	}
	q.opens("/s/worries/go").isAt("/s/worries/mine")
	p.opens("/s/worries/done").isAt("/s/worries/mine").sees(".s-notice", "")
}

func TestTheLedgerCountsWhatWasTakenBack(t *testing.T) {
	w := newWorld(t)
	must(t, w.fill(t.Context(), 60))
	for _, r := range w.responses(t, "worries")[:15] {
		must(t, w.surveys.TakeBack(t.Context(), survey.Mine{Response: &r}))
	}
	must(t, w.publishReport(t.Context(), "worries"))
	p := w.somebody(t).opens("/r/worries")
	l := furnished().locales.Choose("en", "", "")
	for name, want := range map[string]string{"ledger.received": "60", "ledger.withdrawn": "15"} {
		line := p.page.Find("main .s-figure").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Text(), l.T(name)) })
		if got := line.Find(".s-figure__number").Text(); got != want {
			t.Errorf("%s: %q, want %s", name, got, want)
		}
	}
}

func TestTakeBackADraft(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	key := p.opens("/s/worries/key").key()
	d := w.draftOf(t, key)
	p.opens("/s/worries/mine").clicks("a[href='/s/worries/take-back']").presses("#take-back").gets(http.StatusOK)
	if _, err := w.store.Draft(t.Context(), d.ID); err == nil || len(p.cookies) != 0 {
		t.Errorf("the draft is there, or the ticket: %v", p.cookies)
	}
	w.guesses(t, key).gets(http.StatusUnprocessableEntity)
}

func TestTakeBackLeavesTheReports(t *testing.T) {
	w := newWorld(t)
	w.everybodyWrites(t, 200)
	must(t, w.publishReport(t.Context(), "worries"))
	quote, author := w.quoted(t)
	_, err := w.reports.DecideQuote(t.Context(), people.CommandLine(), "worries", 1, quote.ID, report.Keep)
	must(t, err)
	reader := w.somebody(t).opens("/r/worries").sees("blockquote", quote.Text)
	quotes := reader.page.Find("blockquote").Length()
	w.guesses(t, w.keyTo(t, author)).clicks("a[href='/s/worries/take-back']").presses("#take-back").gets(http.StatusOK)
	reader.opens("/r/worries").seesNo("#quote-" + quote.ID)
	if strings.Contains(reader.body, quote.Text) || reader.page.Find("blockquote").Length() != quotes-1 {
		t.Error("the quote is still in the report, or others went with it")
	}
	if strings.Contains(w.member(t, people.Analyst, "north-vale").opens("/staff/surveys/worries/reports/1").body, quote.Text) {
		t.Error("staff still read the quote")
	}
}

func TestAnalystHoldsAnAnswerBack(t *testing.T) {
	w := newWorld(t)
	w.everybodyWrites(t, 200)
	must(t, w.publishReport(t.Context(), "worries"))
	quote, author := w.quoted(t)
	form := "#quote-" + quote.ID
	analyst := w.member(t, people.Analyst, "north-vale").opens("/staff/surveys/worries/reports/1")
	analyst.presses(form + " button[value=keep]")
	reader := w.somebody(t).opens("/r/worries").sees("blockquote", quote.Text)
	analyst.presses(form + " button[value='hold:person']").seesNo(form + " button[value=keep]")
	reader.opens("/r/worries").seesNo(form)
	if r, err := w.store.Response(t.Context(), author.Ref); err != nil || r.Held != survey.HeldPerson {
		t.Errorf("the answer is held for %q, %v", r.Held, err)
	}
	analyst.presses(form + " button[value=release]").presses(form + " button[value=keep]")
	reader.opens("/r/worries").sees("blockquote", quote.Text)
}

// everybodyWrites makes up answers in which everybody's words are their own.
func (w *world) everybodyWrites(t *testing.T, n int) {
	t.Helper()
	i := 0
	for r := range w.madeUp(n) {
		if r.Survey != "worries" {
			continue
		}
		r.Answers = slices.Clone(r.Answers)
		for j := range r.Answers {
			if i++; r.Answers[j].Words != "" {
				r.Answers[j].Words += " Ask z" + strings.NewReplacer("0", "e", "1", "a", "2", "i", "3", "o").Replace(strconv.FormatInt(int64(i), 4)) + "."
			}
		}
		_, err := w.store.Append(t.Context(), r)
		must(t, err)
	}
}

// quoted is a quote of the report whose words only one person wrote, and their response.
func (w *world) quoted(t *testing.T) (report.Quote, survey.Response) {
	t.Helper()
	record, err := w.reports.Record(t.Context(), "worries", 1)
	must(t, err)
	preview, err := record.Preview(true)
	must(t, err)
	all := w.responses(t, "worries")
	for _, q := range preview.Quotes {
		wrote := slices.DeleteFunc(slices.Clone(all), func(r survey.Response) bool {
			return !slices.ContainsFunc(r.Answers, func(a survey.Answer) bool { return strings.Contains(a.Words, q.Text) })
		})
		if len(wrote) == 1 {
			return q, wrote[0]
		}
	}
	t.Fatalf("none of %d quotes is one person's alone", len(preview.Quotes))
	return report.Quote{}, survey.Response{}
}

// keyTo gives the person of the response a key.
func (w *world) keyTo(t *testing.T, r survey.Response) string {
	t.Helper()
	names := strings.Join(someKey(), ", ")
	key, err := furnished().library.Keys.Find(names)
	must(t, err)
	hash, err := w.parts.Keys.Hash(t.Context(), key)
	must(t, err)
	must(t, w.store.CreateReceipt(t.Context(), people.Receipt{Hash: hash, Draft: r.ID, Survey: r.Survey, Area: r.Area, Day: string(r.Day)}))
	return names
}

func TestKeyFromBeforeANewSecret(t *testing.T) {
	old := people.NewSecrets()
	before := newWorld(t, func(m *making) { m.secrets = old })
	key := before.somebody(t).answersWorries().continues().key()
	after, err := join(t.Context(), making{store: before.file, secrets: people.NewSecrets().Before(old)})
	must(t, err)
	after.guesses(t, key).isAt("/s/worries/mine").gets(http.StatusOK).sees("main dd", wished).
		clicks("a[href='/s/worries/take-back']").presses("#take-back").gets(http.StatusOK)
}
