package web_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"

	"sayso/internal/admission"
	"sayso/internal/people"
	"sayso/internal/web"
)

// closedID is a survey and a vote that need invitation codes.
const closedID = "closed"

// publishClosed publishes them.
func (w *world) publishClosed(t *testing.T) {
	t.Helper()
	sv, err := w.surveys.Newest("worries")
	must(t, err)
	one := *sv
	one.ID, one.Codes = closedID, true
	_, _, err = w.surveys.Publish(t.Context(), one)
	must(t, err)
	e, err := w.ballots.Newest("early-help")
	must(t, err)
	two := *e
	two.ID, two.Codes = closedID, true
	_, _, err = w.ballots.Publish(t.Context(), two)
	must(t, err)
}

var batchNumber int

// makes makes a batch of n codes.
func (w *world) makes(t *testing.T, e admission.Exercise, n int) admission.Batch {
	t.Helper()
	batchNumber++
	w.codes.Wait()
	b, err := w.codes.Order(t.Context(), people.CommandLine(), e, "north-vale", fmt.Sprint("batch ", batchNumber), n)
	must(t, err)
	must(t, w.codes.Fill(t.Context(), b.ID, nil))
	return b
}

// handsOut makes n codes and gives them out.
func (w *world) handsOut(t *testing.T, e admission.Exercise, n int) []people.Code {
	t.Helper()
	_, all := w.givesOut(t, e, n)
	return all
}

func (w *world) givesOut(t *testing.T, e admission.Exercise, n int) (b admission.Batch, all []people.Code) {
	t.Helper()
	b = w.makes(t, e, n)
	g, err := w.codes.Give(t.Context(), people.CommandLine(), e, b.ID, admission.CSV)
	must(t, err)
	for code, err := range g.Codes(t.Context()) {
		must(t, err)
		all = append(all, code)
	}
	must(t, g.Done(t.Context()))
	return b, all
}

// kinds are the two of a closed exercise, with the name of what is begun in the store.
var closedKinds = map[admission.Exercise]string{admission.Survey(closedID): "drafts", admission.Budget(closedID): "ballots"}

func closedWorld(t *testing.T, settings ...setting) *world {
	t.Helper()
	w := newWorld(t, settings...)
	w.publishClosed(t)
	return w
}

func TestACodeBeginsOneAnswer(t *testing.T) {
	w := closedWorld(t)
	for e, begun := range closedKinds {
		path := "/" + string(e)
		code := w.handsOut(t, e, 1)[0]
		p := w.somebody(t).opens("/i/" + strings.ToLower(string(code))).isAt(path).gets(http.StatusOK)
		p.sees(".s-notice", "You need an invitation code")
		before := w.counted(t)[begun]
		p.clicks("main .s-buttons a.nhsuk-button").isAt(path+"/who").hasTyped("code", code.String())
		p.continues().gets(http.StatusUnprocessableEntity).hasTyped("code", code.String()).sees(".nhsuk-error-summary", "") // no voice was chosen
		p.chooses("self").continues().isAt(path + "/key")
		if _, there := p.cookies["code"]; there || w.counted(t)[begun] != before+1 {
			t.Errorf("%s: the code is still on the device, or nothing was begun", e)
		}
		p.opens(path+"/who").seesNo("#code").opens(path+"/who?new=1").hasTyped("code", "")
		for _, other := range []*person{w.somebody(t), p} {
			other.opens(path+"/who?new=1").types("code", string(code)).chooses("helped").continues().gets(http.StatusUnprocessableEntity).
				sees(".nhsuk-error-message", "was used already").hasTyped("code", string(code)).hasChosen("helped")
		}
		w.somebody(t).opens("/i/"+string(code)).gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "six pictures").sees("main a[href='/key']", "")
		if got := w.counted(t)[begun]; got != before+1 {
			t.Errorf("%s: there are %d more %s", e, got-before, begun)
		}
	}
}

func TestCodesThatDoNotDo(t *testing.T) {
	w := closedWorld(t)
	survey, vote := admission.Survey(closedID), admission.Budget(closedID)
	cancelled, gone := w.givesOut(t, survey, 2)
	must(t, w.codes.Cancel(t.Context(), people.CommandLine(), survey, cancelled.ID))
	unmade, err := w.codes.Order(t.Context(), people.CommandLine(), survey, "north-vale", "unmade", 3)
	must(t, err)
	if unmade.State != admission.Making {
		t.Errorf("a batch that was only ordered is %s", unmade.State)
	}
	for typed, sentence := range map[string]string{"": "ten letters", "7KQ4M": "ten letters", "not a code": "ten letters", "7KQ4MXR9TB": "do not know this code",
		string(gone[1]): "does not work any more", string(w.handsOut(t, vote, 1)[0]): "for something else", strings.Repeat("x", 5000): "ten letters"} {
		p := w.somebody(t).opens("/s/closed/who").types("code", typed).chooses("self").continues()
		p.gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-message", sentence).hasChosen("self").seesNo("#code[value='']:not([dir])")
		if p.page.Find(".nhsuk-error-summary a").AttrOr("href", "") != "#code" {
			t.Errorf("%q: the summary does not lead to the code", typed)
		}
	}
	if n := w.counted(t)["drafts"]; n != 0 {
		t.Errorf("%d drafts were begun", n)
	}
	w.somebody(t).opens("/i").types("code", "7KQ4M-XR9TB").continues().gets(http.StatusUnprocessableEntity).hasTyped("code", "7KQ4M-XR9TB")
	good := w.handsOut(t, vote, 1)[0]
	w.somebody(t).opens("/i").types("code", good.String()).continues().isAt("/b/closed")
	w.somebody(t).opens("/s/worries/who").seesNo("#code")
	w.somebody(t).opens("/staff/surveys/closed/codes").isAt("/staff/sign-in?next=%2Fstaff%2Fsurveys%2Fclosed%2Fcodes")
}

func TestACodeIsCarriedForAWhile(t *testing.T) {
	w := closedWorld(t)
	codes := w.handsOut(t, admission.Survey(closedID), 2)
	p := w.somebody(t).opens("/i/" + string(codes[0]))
	p.opens("/b/closed/who").hasTyped("code", "") // it is of the survey
	p.opens("/s/closed/who").hasTyped("code", codes[0].String())
	w.clock.passes(61 * time.Minute)
	p.opens("/s/closed/who").hasTyped("code", "")
	p.opens("/i/" + string(codes[1]))
	p.presses(".s-leave__button")
	if _, there := p.cookies["code"]; there {
		t.Error("leaving leaves the code")
	}
	p.cookies["code"] = "forged"
	p.opens("/s/closed/who").gets(http.StatusOK).hasTyped("code", "")
}

func TestOneOfManyWithACodeBegins(t *testing.T) {
	w := closedWorld(t)
	for e, begun := range closedKinds {
		code := w.handsOut(t, e, 1)[0]
		before := w.counted(t)
		var all sync.WaitGroup
		var mu sync.Mutex
		statuses := map[int]int{}
		for range 64 {
			p := w.somebody(t)
			all.Go(func() {
				got := p.sends(http.MethodPost, "/"+string(e)+"/who", url.Values{"voice": {"self"}, "code": {string(code)}})
				mu.Lock()
				defer mu.Unlock()
				statuses[got.status]++
			})
		}
		all.Wait()
		after := w.counted(t)
		if statuses[http.StatusSeeOther] != 1 || statuses[http.StatusUnprocessableEntity] != 63 || after[begun] != before[begun]+1 ||
			after["receipts"] != before["receipts"]+1 || after["ballot_backgrounds"]-before["ballot_backgrounds"] != after["ballots"]-before["ballots"] {
			t.Errorf("%s: %v; there was %v, and is now %v", e, statuses, before, after)
		}
	}
}

func TestGuessingCodesIsLimited(t *testing.T) {
	w := closedWorld(t, with(func(s *web.Settings) { s.Proxies = []string{"0.0.0.0"} }))
	code := w.handsOut(t, admission.Survey(closedID), 1)[0]
	class := w.somebody(t)
	class.headers["X-Forwarded-For"] = "198.51.100.7"
	for i := range 100 { // three mistakes each of a class of 33, in one minute
		path := "/i/" + fmt.Sprintf("%010d", i)
		if i%2 == 0 {
			class.sends(http.MethodGet, path, nil)
			continue
		}
		class.sends(http.MethodPost, "/s/closed/who", url.Values{"voice": {"self"}, "code": {strings.TrimPrefix(path, "/i/")}})
	}
	class.opens("/i/"+string(code)).gets(http.StatusTooManyRequests).sees(".nhsuk-error-summary", "Try again")
	class.opens("/s/closed/who").types("code", string(code)).chooses("self").continues().gets(http.StatusTooManyRequests).hasTyped("code", string(code))
	other := w.somebody(t)
	other.headers["X-Forwarded-For"] = "198.51.100.8"
	other.opens("/i/" + string(code)).isAt("/s/closed")
	w.clock.passes(time.Minute)
	class.opens("/s/closed/who").types("code", string(code)).chooses("self").continues().isAt("/s/closed/key")
}

func TestStaffMakeCodesAndDownloadThemOnce(t *testing.T) {
	w := closedWorld(t)
	author := w.member(t, people.Author, "north-vale")
	for kind, e := range map[string]admission.Exercise{"surveys": admission.Survey(closedID), "budgets": admission.Budget(closedID)} {
		page := "/staff/" + kind + "/closed/codes"
		author.opens("/staff/"+kind+"/closed").clicks("main a[href='"+page+"']").isAt(page).sees("main", "There are no codes yet")
		author.types("name", " Year  6 ").types("count", "0").presses("form[action='"+page+"'] button").gets(http.StatusUnprocessableEntity).
			hasTyped("name", " Year  6 ").sees(".nhsuk-error-message", "from 1 to")
		author.types("count", "1,200").presses("form[action='" + page + "'] button").isAt(page)
		w.codes.Wait()
		author.opens(page).sees(".s-batch h3", "Year 6").sees(".s-batch", "1,200 codes").sees(".s-batch .s-state", "Ready").
			seesNo("button[value=sheets]").sees(".s-batch", "1,000 codes")
		author.types("name", "Year 6").types("count", "5").presses("form[action='"+page+"'] button").gets(http.StatusUnprocessableEntity).
			sees(".nhsuk-error-message", "Another batch")
		author.types("name", "Year 7").types("count", "5").presses("form[action='" + page + "'] button").isAt(page)
		w.codes.Wait()
		author.opens(page)
		path, form := author.filled(".s-batch:first-child button[value=csv]")
		got := author.sends(http.MethodPost, path, form)
		if got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" ||
			got.header.Get("Content-Disposition") != `attachment; filename="codes-closed.csv"` {
			t.Fatalf("%d, %v", got.status, got.header)
		}
		rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		must(t, err)
		if len(rows) != 1201 || !slices.Equal(rows[0], []string{"code", "link"}) {
			t.Fatalf("%d rows, the first %v", len(rows), rows[0])
		}
		link, err := url.Parse(rows[7][1])
		must(t, err)
		w.somebody(t).opens(link.Path).isAt("/"+string(e)).opens("/"+string(e)+"/who").hasTyped("code", rows[7][0])
		again := author.sends(http.MethodPost, path, form)
		if again.status != http.StatusConflict || strings.Contains(again.body, rows[1][0]) {
			t.Errorf("the second time: %d", again.status)
		}
		author.opens(page)
		author.sees(".s-batch:first-child .s-state", "Downloaded").sees(".s-batch:first-child", "fewer than 10").sees(".s-batch:last-child button[value=sheets]", "Show sheets")
		author.picks(author.page.Find(".s-batch:last-child select").AttrOr("id", ""), "ur").presses(".s-batch:last-child button[value=sheets]").gets(http.StatusOK)
		author.sees("html[lang=ur][dir=rtl] .s-slip__words", "کوڈ").sees(".s-slip__link", host+"/i")
		if n := author.page.Find("svg.s-qr[role=img][aria-label]").Length(); n != 5 {
			t.Errorf("%d codes to print", n)
		}
		code := author.page.Find(".s-slip__code").First().Text()
		w.somebody(t).opens("/"+string(e)+"/who").types("code", code).chooses("self").continues().isAt("/" + string(e) + "/key")
		author.opens(page + "?lang=en")
		author.presses(".s-batch:last-child button[value=cancel]").isAt(page).sees(".s-batch:last-child .s-state", "Cancelled")
		author.types("name", "Year 7").types("count", "1 000 001").presses("form[action='" + page + "'] button").gets(http.StatusUnprocessableEntity)
	}
	acts := map[string]int{}
	for entry, err := range w.file.Entries(t.Context(), 1) {
		must(t, err)
		if strings.HasPrefix(entry.Act, "audit.codes") {
			acts[entry.Act]++
		}
	}
	if acts[people.ActCodesMade] != 4 || acts[people.ActCodesDownloaded] != 4 || acts[people.ActCodesCancelled] != 2 {
		t.Errorf("the audit log says %v", acts)
	}
	for _, kind := range []string{"surveys/worries", "budgets/early-help"} {
		author.opens("/staff/"+kind+"/codes").seesNo("#count").sees("main", "Everybody can take part here")
		got := author.sends(http.MethodPost, "/staff/"+kind+"/codes", url.Values{"_csrf": {w.token(t, author)}, "name": {"x"}, "count": {"5"}})
		if got.status != http.StatusConflict {
			t.Errorf("codes for what is open to all: %d", got.status)
		}
	}
}

// TestABrokenDownloadCanBeRepeated hangs up in the middle of a table.
func TestABrokenDownloadCanBeRepeated(t *testing.T) {
	w := closedWorld(t)
	b := w.makes(t, admission.Survey(closedID), 60_000)
	author := w.member(t, people.Author, "north-vale")
	form := url.Values{"_csrf": {w.token(t, author)}, "act": {"csv"}}
	path := "/staff/surveys/closed/codes/" + b.ID
	listener := fasthttputil.NewInmemoryListener()
	ended := make(chan error, 1)
	go func() { ended <- w.app.Listener(listener) }()
	conn, err := listener.Dial()
	must(t, err)
	var request bytes.Buffer
	must(t, author.request(http.MethodPost, path, form).Write(&request))
	_, err = conn.Write(request.Bytes())
	must(t, err)
	_, err = io.ReadFull(conn, make([]byte, 4096))
	must(t, err)
	if got := author.sends(http.MethodPost, path, form); got.status != http.StatusConflict {
		t.Errorf("somebody else at the same time: %d", got.status)
	}
	must(t, conn.Close())
	must(t, w.app.Shutdown()) // waits for what is in hand
	if err := <-ended; err != nil && !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	w.app = web.New(w.parts)
	author.app = w.app
	got := author.sends(http.MethodPost, path, form)
	if got.status != http.StatusOK || strings.Count(got.body, "\n") != 60_001 {
		t.Errorf("again: %d, %d lines", got.status, strings.Count(got.body, "\n"))
	}
	after, err := w.file.Batch(t.Context(), b.ID)
	must(t, err)
	if after.State != admission.Given || after.Seed != "" {
		t.Errorf("the batch is %s, its seed %q", after.State, after.Seed)
	}
}

// TestInterruptedMaking shows a making that goes on, one that was interrupted, and both ways out.
func TestInterruptedMaking(t *testing.T) {
	w := closedWorld(t)
	author := w.member(t, people.Author, "north-vale")
	const page = "/staff/surveys/closed/codes"
	b, err := w.codes.Order(t.Context(), people.CommandLine(), admission.Survey(closedID), "north-vale", "Year 6", 9000)
	must(t, err)
	_, err = w.file.UpdateBatch(t.Context(), b.ID, func(b *admission.Batch) error {
		b.Holder, b.HeldTo, b.Made = "another server", w.clock.Now().Add(20*time.Second), 4000
		return nil
	})
	must(t, err)
	author.opens(page).sees(".s-batch", "4,000 of 9,000").sees(".s-batch progress[value='4000'][max='9000']", "").seesNo("#count").seesNo("button[value=resume]")
	if author.header.Get("Refresh") == "" {
		t.Error("the page does not come again by itself")
	}
	w.clock.passes(30 * time.Second)
	author.opens(page).sees(".s-state", "Interrupted").sees(".s-batch", "None of them works yet")
	if author.header.Get("Refresh") != "" {
		t.Error("the page comes again although nothing is made")
	}
	author.presses("button[value=resume]").isAt(page)
	w.codes.Wait()
	author.opens(page).sees(".s-state", "Ready").presses("button[value=cancel]").sees(".s-state", "Cancelled")
	w.codes.Wait()
	if made, _, err := w.file.CountSlips(t.Context(), b.ID); err != nil || made != 0 {
		t.Errorf("%d codes that nobody saw are left, %v", made, err)
	}
}

// Somebody whose connection broke after their code was spent sends the same form again, and goes on with what was begun.
func TestALostAnswerCostsNoCode(t *testing.T) {
	w := closedWorld(t)
	for e, begun := range closedKinds {
		codes := w.handsOut(t, e, 2)
		who := "/" + string(e) + "/who"
		before := w.counted(t)[begun]
		p := w.somebody(t).opens(who)
		carried := maps.Clone(p.cookies)
		p.types("code", string(codes[0])).chooses("self").continues().isAt("/" + string(e) + "/key")
		p.cookies = carried // the answer never came
		p.opens(who).types("code", string(codes[0])).chooses("self").continues().isAt("/" + string(e) + "/key")
		if _, there := p.cookies["plan"]; there {
			t.Errorf("%s: the plan is still on the device", e)
		}
		p.opens(who).seesNo("#code")
		if got := w.counted(t)[begun]; got != before+1 {
			t.Errorf("%s: there are %d more %s", e, got-before, begun)
		}
		p.opens(who+"?new=1").types("code", string(codes[0])).chooses("self").continues().sees(".nhsuk-error-message", "was used already")
		p.types("code", string(codes[1])).chooses("self").continues().isAt("/" + string(e) + "/key")
	}
}

func TestTheFrontPageSaysWhatIsClosed(t *testing.T) {
	w := closedWorld(t)
	for e := range closedKinds {
		p := w.somebody(t).opens("/a/north-vale")
		if got := p.page.Find(".s-card:has(a[href='/" + string(e) + "'])").Text(); !strings.Contains(got, "You need an invitation code") {
			t.Errorf("the card of %s says %q", e, got)
		}
	}
}
