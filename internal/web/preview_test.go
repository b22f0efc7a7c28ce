package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/people"
	"sayso/internal/preview"
	"sayso/internal/store/sqlite"
	"sayso/internal/web"
)

// previewToken is the token of a link to a preview.
func (w *world) previewToken(t *testing.T, s preview.Sheet) string {
	t.Helper()
	s.Until = w.surveys.Today().Add(preview.Days)
	packed, err := s.Pack(1000)
	must(t, err)
	return w.parts.Secrets.Seal("preview link", packed)
}

// previews follows a link to a preview.
func (w *world) previews(t *testing.T, s preview.Sheet) *person {
	t.Helper()
	p := w.somebody(t).opens("/preview/" + w.previewToken(t, s)).gets(http.StatusOK)
	return p.presses("main form button").isAt(s.Path()).sees(".s-preview", "nothing you do here is saved")
}

// dump is every row of every table of the file.
func dump(t *testing.T, file string) []string {
	t.Helper()
	conn, err := driver.OpenConn(file, driver.OpenReadOnly)
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	var tables, rows []string
	must(t, sqlitex.Execute(conn, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", &sqlitex.ExecOptions{
		ResultFunc: func(row *driver.Stmt) error { tables = append(tables, row.ColumnText(0)); return nil }}))
	for _, table := range tables {
		must(t, sqlitex.Execute(conn, `SELECT * FROM "`+table+`"`, &sqlitex.ExecOptions{ResultFunc: func(row *driver.Stmt) error {
			line := table
			for i := range row.ColumnCount() {
				line += fmt.Sprintf("|%q", row.ColumnText(i))
			}
			rows = append(rows, line)
			return nil
		}}))
	}
	if len(tables) < 10 || len(rows) < 5 {
		t.Fatalf("the file has %d tables and %d rows", len(tables), len(rows))
	}
	return rows
}

// filedWorld is a world whose store is a file that a test can look into.
func filedWorld(t *testing.T) (w *world, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "sayso.db")
	store, err := sqlite.Open(t.Context(), file)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return newWorld(t, func(m *making) { m.store = store }), file
}

func TestPreviewOfASurveyLeavesTheDatabaseAsItWas(t *testing.T) {
	w, file := filedWorld(t)
	w.clock.passes(-100 * day) // before it opens
	w.somebody(t).opens("/s/worries").sees(".s-notice", "opens on")
	before := dump(t, file)
	p := w.previews(t, preview.Sheet{Survey: "worries"}).seesNo("main .s-notice")
	p.opens("/s/worries/who").continues().gets(http.StatusUnprocessableEntity).sees(".s-preview", "").sees(".nhsuk-error-summary", "")
	p.answersWorries().sees(".s-preview", "").sees("main", wished)
	p.opens("/s/worries/q/improve").says(strings.Repeat("x", 2001)).continues().gets(http.StatusUnprocessableEntity)
	p.opens("/s/worries/q/easy?change=1").hasChosen("4").choosesNothing().chooses("1").continues()
	p.opens("/s/worries/key").sees(".s-key", "")
	p.opens("/s/worries/who").sees("main a[href='/s/worries/who?new=1']", "")
	p.opens("/s/worries/check").continues().isAt("/s/worries/done").sees(".s-preview", "")
	p.opens("/s/worries/mine").gets(http.StatusOK).sees("main", wished)
	p.opens("/s/worries/take-back").presses("main form button").gets(http.StatusOK)
	p.opens("/s/worries/q/unknown").gets(http.StatusNotFound).sees(".s-preview", "")
	w.previews(t, preview.Sheet{Survey: "worries"}).begins("worries", "self").chooses("no").continues().isAt("/s/worries/stopped")
	if diff := cmp.Diff(before, dump(t, file)); diff != "" {
		t.Errorf("the preview left traces:\n%s", diff)
	}
}

func TestPreviewOfABudgetLeavesTheDatabaseAsItWas(t *testing.T) {
	w, file := filedWorld(t)
	w.clock.passes(-100 * day)
	before := dump(t, file)
	p := w.previews(t, preview.Sheet{Budget: "early-help"}).votesIn("early-help", "self").sees(".s-preview", "")
	p.pressesOf("mentors", "add").hasIn("mentors").opens("/b/early-help/way").choosesNothing().chooses("2").continues().hasIn("mentors")
	for _, project := range []string{"quiet-rooms", "trees", "carers-break"} {
		p.pressesOf(project, "add")
	}
	p.pressesOf("late-hall", "add").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "not enough money").sees(".s-preview", "")
	p.presses(".s-undo button").hasIn("mentors", "quiet-rooms", "trees")
	p.opens("/b/early-help/about/age").chooses("12-15").continues().continues().isAt("/b/early-help/done").sees("main", "Mentors")
	p.opens("/b/early-help/mine").sees("main", "Mentors").opens("/b/early-help/compare").sees(".s-preview", "")
	p.opens("/b/early-help/take-back").presses("#take-back").gets(http.StatusOK)
	if diff := cmp.Diff(before, dump(t, file)); diff != "" {
		t.Errorf("the preview left traces:\n%s", diff)
	}
}

func TestPreviewAndTakingPartDoNotMix(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).votesIn("early-help", "self").pressesOf("mentors", "add")
	p.opens("/preview/" + w.previewToken(t, preview.Sheet{Budget: "early-help"})).presses("main form button").isAt("/b/early-help")
	p.opens("/b/early-help/vote").isAt("/b/early-help") // in the preview nobody has begun
	p.votesIn("early-help", "carer").pressesOf("trees", "add").hasIn("trees")
	p.begins("worries", "self").seesNo(".s-preview") // another exercise is for real
	if got := w.counted(t); got["drafts"] != 1 || got["ballots"] != 1 {
		t.Errorf("there is %v", got)
	}
	p.opens("/b/early-help").presses(".s-preview button").isAt("/b/early-help").seesNo(".s-preview")
	p.opens("/b/early-help/vote").hasIn("mentors").sees("main", "For 12 to 25")
	if b := w.soleBallot(t); len(b.Wishes) != 1 || b.Wishes[0].Project != "mentors" || b.Voice != "self" {
		t.Errorf("the real ballot is %+v", b)
	}
	p.opens("/preview/" + w.previewToken(t, preview.Sheet{Budget: "early-help"})).presses("main form button")
	p.sends(http.MethodPost, "/leave", url.Values{})
	p.opens("/b/early-help").seesNo(".s-preview")
}

func TestPreviewLinks(t *testing.T) {
	w := newWorld(t)
	for _, role := range []people.Role{people.Author, people.Analyst, people.Board} {
		for path, subject := range map[string]string{"/staff/surveys/worries": "survey/worries", "/staff/budgets/early-help": "budget/early-help"} {
			p := w.member(t, role, "north-vale").opens(path).presses("main form[action$=preview] button").gets(http.StatusOK)
			link, err := url.Parse(p.sees("main .s-notice", "until 6 December 2026").page.Find("main .s-notice code").Text())
			must(t, err)
			if link.Host != host {
				t.Errorf("the link leads to %s", link)
			}
			last, err := w.file.LastEntry(t.Context())
			must(t, err)
			if last.Act != people.ActPreviewMade || last.Subject != subject || last.Area != "north-vale" || last.Details["until"] != "2026-12-06" {
				t.Errorf("the audit log ends with %+v", last)
			}
			w.somebody(t).opens(link.Path).gets(http.StatusOK).presses("main form button").sees(".s-preview", "")
		}
	}
	other := w.member(t, people.Author, "harbour-coast")
	if got := other.sends(http.MethodPost, "/staff/surveys/worries/preview", url.Values{"_csrf": {w.token(t, other)}}); got.status != http.StatusNotFound {
		t.Errorf("staff of another area make a link: %d", got.status)
	}
}

func TestPreviewLinksEnd(t *testing.T) {
	w := newWorld(t)
	token := w.previewToken(t, preview.Sheet{Survey: "worries"})
	p := w.previews(t, preview.Sheet{Survey: "worries"})
	w.clock.passes(14 * day)
	w.somebody(t).opens("/preview/" + token).gets(http.StatusOK)
	p.opens("/s/worries").sees(".s-preview", "")
	w.clock.passes(day)
	w.somebody(t).opens("/preview/"+token).gets(http.StatusNotFound).sees("main", "Ask for a new one")
	if got := w.somebody(t).sends(http.MethodPost, "/preview/"+token, url.Values{}); got.status != http.StatusNotFound {
		t.Errorf("the link works on: %d", got.status)
	}
	p.opens("/s/worries").seesNo(".s-preview")
	for _, forged := range []string{"x", token[:len(token)-2], w.parts.Secrets.Seal("ticket worries", []byte("{}"))} {
		w.somebody(t).opens("/preview/" + url.PathEscape(forged)).gets(http.StatusNotFound)
	}
}

// A walk fits what a browser keeps of one cookie, whatever is said on it.
func TestPreviewFitsIntoACookie(t *testing.T) {
	w := newWorld(t)
	p := w.previews(t, preview.Sheet{Survey: "worries"}).answersWorries()
	for _, question := range []string{"good", "improve"} {
		p.opens("/s/worries/q/" + question + "?change=1").says(unpackable(900)).continues().isAt("/s/worries/check")
	}
	if n := len(p.cookies["preview"]); n < 3000 || n > 3900 {
		t.Errorf("the cookie has %d bytes", n)
	}
	p.opens("/s/worries/check").continues().isAt("/s/worries/done")
}

// unpackable are words that do not get shorter by packing.
func unpackable(n int) string {
	r := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	for range n {
		b.WriteRune(rune('一' + r.IntN(2000)))
	}
	return b.String()
}

func TestPreviewInEveryLanguage(t *testing.T) {
	w := newWorld(t)
	for _, l := range furnished().locales.Locales() {
		p := w.previews(t, preview.Sheet{Budget: "early-help"}).opens("/b/early-help?lang=" + l.Tag)
		p.sees(".s-preview", l.T("preview.band")).votesIn("early-help", "self")
		w.somebody(t).opens("/preview/"+w.previewToken(t, preview.Sheet{Survey: "worries"})+"?lang="+l.Tag).sees("main", l.T("preview.text"))
	}
}

// Every page on which people take part knows of previews.
func TestPagesOfAnExerciseKnowPreviews(t *testing.T) {
	w := newWorld(t)
	survey := w.previews(t, preview.Sheet{Survey: "worries"}).begins("worries", "self")
	budget := w.previews(t, preview.Sheet{Budget: "early-help"}).votesIn("early-help", "self")
	fill := strings.NewReplacer(":survey", "worries", ":budget", "early-help", ":question", "easy", ":about", "age")
	for _, r := range web.Routes() {
		p := survey
		if strings.HasPrefix(r.Pattern, "/b/:budget") {
			p = budget
		}
		if r.Method != http.MethodGet || !strings.HasPrefix(r.Pattern, "/s/:survey") && p == survey {
			continue
		}
		p.opens(fill.Replace(r.Pattern)).sees(".s-preview", "")
	}
}
