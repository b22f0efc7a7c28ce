package web_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/people"
)

const paper = "/staff/budgets/early-help/paper"

// sheetTypedTwice is a paper ballot of which two members of staff read different things.
func (w *world) sheetTypedTwice(t *testing.T) people.Code {
	t.Helper()
	code, err := people.NewCode(rand.Reader)
	must(t, err)
	hash := w.parts.Secrets.HashCode(ballot.SheetPurpose("early-help"), code)
	must(t, w.ballots.MakeSheets(t.Context(), people.CommandLine(), "early-help", ballot.Set{Language: "en", Way: ballot.First, Twice: true}, []string{hash}))
	for who, project := range map[string]string{"a": "p-mentors", "b": "p-trees"} {
		sh, err := w.ballots.Sheet(t.Context(), people.CommandLine(), "early-help", []string{hash})
		must(t, err)
		_, err = w.ballots.Type(t.Context(), people.Staff{ID: who, Role: people.Author}, "early-help", hash, sh.State,
			[]ballot.Mark{{Item: project, Value: ballot.Ticked}, {Item: ballot.ItemVoice, Value: "self"}}, false)
		must(t, err)
	}
	return code
}

// makes makes a set of sheets and returns their codes as they are printed.
func (p *person) makes(number, lang string, twice bool) (codes []string) {
	p.t.Helper()
	p.opens(paper).types("number", number).picks("lang", lang)
	if twice {
		p.chooses("1")
	}
	p.presses("form:has(#number) button").gets(http.StatusOK).sees(".s-sheet", "")
	return p.codes()
}

// codes are those of the sheets on the page.
func (p *person) codes() (codes []string) {
	for _, s := range p.page.Find(".s-sheet__code strong").EachIter() {
		codes = append(codes, s.Text())
	}
	return codes
}

func TestPaperIsPrintedAndTypedIn(t *testing.T) {
	w := newWorld(t)
	p := w.member(t, people.Author, "north-vale").opens("/staff/budgets/early-help").clicks("main a[href$=paper]").isAt(paper)
	p.sees("main", "6 March 2027")
	codes := p.makes("3", "ur", false)
	if len(codes) != 3 || !regexp.MustCompile(`^[0-9A-Z]{5}-[0-9A-Z]{5}$`).MatchString(codes[0]) {
		t.Fatalf("printed are %v", codes)
	}
	p.sees(".s-sheets[lang=ur][dir=rtl]", "").sees(".s-sheet .s-qr", "")
	for _, name := range []string{"name", "email", "signature"} {
		p.seesNo(".s-sheet input[name=" + name + "]")
	}
	p.opens(paper+"?code="+url.QueryEscape(strings.ToLower(codes[0]))).isAt(paper+"/"+codes[0]).chooses("helped", "12-15", "in-care")
	p.page.Find("#p-mentors").SetAttr("checked", "")
	p.presses(".s-typing button").isAt(paper+"?after=counted").sees("[role=status]", "counts")
	b := w.soleBallot(t)
	if b.Channel != ballot.Paper || b.Voice != "helped" || b.Language != "ur" || b.Day != "2026-11-22" || len(b.Wishes) != 1 {
		t.Errorf("kept %+v", b)
	}
	p.opens(paper+"/"+codes[0]).sees(".s-notice", "counts once").seesNo(".s-typing")
	p.opens(paper + "?code=" + codes[0][:5]).gets(http.StatusUnprocessableEntity)
	p.opens(paper+"?code=00000-00000").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "letter by letter")
	p.opens(paper + "/00000-00000").gets(http.StatusNotFound)
	p.opens(paper + "/x").gets(http.StatusNotFound)
	p.opens(paper+"/"+codes[1]).presses(".s-typing button").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "Nothing is typed in")
	p.picks("spoilt", "unreadable").presses(".s-typing button").isAt(paper + "?after=spoilt")
	p.opens(paper).sees("main .s-facts", "fewer than 10").types("number", "501").presses("form:has(#number) button").gets(http.StatusUnprocessableEntity)
	w.member(t, people.Board, "north-vale").opens(paper).gets(http.StatusForbidden)
}

func TestTheSamePagePrintsTheSameSheets(t *testing.T) {
	w := newWorld(t)
	p := w.member(t, people.Analyst, "north-vale").opens(paper)
	path, form := p.types("number", "40").filled("form:has(#number) button")
	first := p.shows(path, p.sends(http.MethodPost, path, form)).codes()
	again := p.shows(path, p.sends(http.MethodPost, path, form)).codes()
	if len(first) != 40 || strings.Join(first, " ") != strings.Join(again, " ") {
		t.Errorf("%d codes became %d others", len(first), len(again))
	}
	form.Set("lang", "pl")
	if other := p.shows(path, p.sends(http.MethodPost, path, form)).codes(); other[0] == first[0] {
		t.Error("a sheet in another language has the same code")
	}
	figures, err := w.ballots.Sheets(t.Context(), "early-help")
	must(t, err)
	if figures[ballot.Blank] != 80 {
		t.Errorf("there are %v", figures)
	}
	form.Set("seed", "short")
	if got := p.sends(http.MethodPost, path, form); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a seed that is none: %d", got.status)
	}
}

func TestDifferencesAreSettledSideBySide(t *testing.T) {
	w := newWorld(t)
	code := w.sheetTypedTwice(t).String()
	p := w.member(t, people.Analyst, "north-vale").opens(paper + "/" + code).gets(http.StatusOK)
	p.sees("tbody", "Mentors for children in care").sees("tbody", "Trees round the playground").seesNo("tbody #d-voice-1")
	p.presses("button[value=settle]").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "for each difference")
	first := "#d-p-mentors-1"
	for _, id := range []string{first, "#d-p-trees-1"} {
		p.page.Find(id).SetAttr("checked", "")
	}
	p.presses("button[value=settle]").isAt(paper + "?after=counted")
	if b := w.soleBallot(t); len(b.Wishes) != 1 {
		t.Errorf("kept %+v", b)
	}
}

func TestCountingWaitsForPaper(t *testing.T) {
	w := newWorld(t)
	code := w.sheetTypedTwice(t).String()
	p := w.member(t, people.Analyst, "north-vale")
	p.opens(paper).seesNo("form[action$=leave-out]")
	e, err := w.ballots.Newest("early-help")
	must(t, err)
	for w.ballots.Today() <= e.Closes {
		w.clock.passes(day)
	}
	p = w.member(t, people.Analyst, "north-vale")
	p.opens("/staff/budgets/early-help").presses("form[action$=counts] button").gets(http.StatusConflict).sees("main", "second typing")
	p.opens(paper+"/"+code).gets(http.StatusOK).sees("tbody", "")
	p.opens(paper).seesNo("form:has(#number)").presses("form[action$=leave-out] button").isAt(paper)
	p.opens("/staff/budgets/early-help").presses("form[action$=counts] button").isAt("/staff/budgets/early-help/counts/1")
	p.sees("main", "Fewer than 10 ballots could not be counted.")
	p.opens(paper).sees(".s-notice", "The votes were counted").seesNo("#code")
	p.opens(paper + "/" + code).gets(http.StatusForbidden)
}

// TestPaperInEveryLanguage shows each kind of sheet, empty, typed and with differences, in each language.
func TestPaperInEveryLanguage(t *testing.T) {
	for _, kind := range ballot.Kinds {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			e, err := w.ballots.Newest("early-help")
			must(t, err)
			other := *e
			other.ID, other.Ballot = "other", kind
			way := "1"
			if kind != ballot.Tick {
				other.Also, other.For, way = nil, nil, ""
			}
			switch kind {
			case ballot.UpTo, ballot.Order, ballot.Points:
				other.Most = 3
			case ballot.Thumbs:
				other.Take, other.Amount = 2, 0
			}
			_, _, err = w.ballots.Publish(t.Context(), other)
			must(t, err)
			value := map[ballot.Kind]string{ballot.Order: "1", ballot.Points: "2", ballot.Thumbs: "down"}[kind]
			if value == "" {
				value = "yes"
			}
			p := w.member(t, people.Analyst, "north-vale")
			path, form := "/staff/budgets/other/paper", url.Values{"_csrf": {w.token(t, p)}, "number": {"1"}, "way": {way}, "twice": {"1"}, "seed": {strings.Repeat("0f", 16)}}
			for _, l := range furnished().locales.Locales() {
				p.opens(path+"?lang="+l.Tag).gets(http.StatusOK).sees("main h1", "")
				form.Set("lang", l.Tag)
				codes := p.shows(path, p.sends(http.MethodPost, path, form)).codes()
				at := path + "/" + codes[0]
				p.opens(at+"?lang="+l.Tag).gets(http.StatusOK).sees(".s-typing", "")
				sent := url.Values{"_csrf": form["_csrf"], "seen": {"blank"}, "voice": {"unsaid"}, "p-mentors": {value}, "q-age": {"8-11"}, "q-groups": {"in-care", "young-carer"}}
				if got := p.sends(http.MethodPost, at, sent); got.status != http.StatusSeeOther {
					t.Fatalf("the first typing: %d\n%s", got.status, p.shows(at, got).main())
				}
				p.opens(at+"?lang="+l.Tag).sees("#alone", "")
				sent = url.Values{"_csrf": form["_csrf"], "seen": {"once"}, "alone": {"1"}, "voice": {"self"}, "p-trees": {value}}
				if got := p.sends(http.MethodPost, at, sent); got.status != http.StatusSeeOther {
					t.Fatalf("the second typing: %d\n%s", got.status, p.shows(at, got).main())
				}
				p.opens(at+"?lang="+l.Tag).gets(http.StatusOK).sees("tbody", "")
				if rows := p.page.Find("tbody tr").Length(); rows != 5 {
					t.Errorf("%d items differ, want 5", rows)
				}
			}
		})
	}
	if s := furnished().missing.String(); s != "" {
		t.Errorf("phrases could not be said:\n%s", s)
	}
}

func TestPaperIsToldInTheOutcome(t *testing.T) {
	w := newWorld(t)
	must(t, w.castVotes(t.Context(), "early-help", 60))
	p := w.member(t, people.Analyst, "north-vale")
	for i, code := range p.makes("30", "en", false) {
		p.opens(paper + "/" + code).chooses("helped")
		p.page.Find([]string{"#p-mentors", "#p-trees", "#p-late-hall"}[i%3]).SetAttr("checked", "")
		p.presses(".s-typing button").isAt(paper + "?after=counted")
	}
	p.opens(paper).sees("main .s-facts", "about 30")
	e, err := w.ballots.Newest("early-help")
	must(t, err)
	for w.ballots.Today() <= e.Closes {
		w.clock.passes(day)
	}
	p = w.member(t, people.Analyst, "north-vale")
	p.opens("/staff/budgets/early-help").presses("form[action$=counts] button").presses("button[value=approve]").gets(http.StatusOK)
	anyone := w.somebody(t).opens("/b/early-help/outcome").gets(http.StatusOK).sees("main", "Staff typed those votes in")
	rows := map[string]string{}
	for _, row := range anyone.page.Find("tbody").First().Find("tr").EachIter() {
		rows[strings.TrimSpace(row.Find("th").Text())] = strings.TrimSpace(row.Find("td").First().Text())
	}
	if rows["On paper"] != "about 30" || rows["On this site"] == "" {
		t.Errorf("the groups are %v", rows)
	}
	file := anyone.sends(http.MethodGet, "/b/early-help/votes", nil)
	if file.status != http.StatusOK || strings.Contains(file.body, "paper") {
		t.Errorf("the file tells who voted on paper: %d", file.status)
	}
}
