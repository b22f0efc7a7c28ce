package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

const wished = "More time to talk. Nobody should wait <b>six</b> weeks & more."

// begins takes the first steps of the survey, up to its first question.
func (p *person) begins(id, voice string) *person {
	p.t.Helper()
	return p.opens("/s/" + id).continues().isAt("/s/" + id + "/who").
		chooses(voice).continues().isAt("/s/" + id + "/key").continues()
}

// answersWorries answers the survey about worries to its end, the check page.
func (p *person) answersWorries() *person {
	p.t.Helper()
	return p.begins("worries", "self").isAt("/s/worries/q/assent").chooses("yes").
		continues().isAt("/s/worries/q/easy").chooses("4").
		continues().isAt("/s/worries/q/who-talk").chooses("family", "school").
		continues().isAt("/s/worries/q/listened").chooses("2").
		continues().isAt("/s/worries/q/stops").chooses("too-long").
		continues().isAt("/s/worries/q/waited").chooses("withheld").
		continues().isAt("/s/worries/q/good").
		continues().isAt("/s/worries/q/improve").says(wished).
		continues().isAt("/s/worries/q/quote").chooses("yes").
		continues().isAt("/s/worries/q/about-you").
		continues().isAt("/s/worries/q/age").chooses("12-15").
		continues().isAt("/s/worries/q/place").chooses("old-town").
		continues().isAt("/s/worries/q/groups").chooses("young-carer").
		continues().isAt("/s/worries/check")
}

// draftOf is the draft that the key opens.
func (w *world) draftOf(t *testing.T, key string) survey.Draft {
	t.Helper()
	m := w.opened(t, key)
	if m.Draft == nil {
		t.Fatal("the key opens no draft")
	}
	return *m.Draft
}

// opened is what the key opens.
func (w *world) opened(t *testing.T, key string) survey.Mine {
	t.Helper()
	k, err := furnished().library.Keys.Find(key)
	must(t, err)
	hashes, err := w.parts.Keys.Hashes(t.Context(), k)
	must(t, err)
	m, err := w.surveys.Mine(t.Context(), hashes...)
	must(t, err)
	return m
}

func TestJourney(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	p.sees("main dd", "More time to talk.").seesNo("main dd b")
	p.continues().isAt("/s/worries/done").gets(http.StatusOK)
	key := p.key()
	m := w.opened(t, key)
	if m.Response == nil {
		t.Fatal("the key opens no response")
	}
	want := survey.Response{Ref: survey.Ref{Area: "north-vale", Survey: "worries", Day: "2026-11-22", ID: m.Response.ID},
		Version: 1, Language: "en", Voice: exercise.Self, Channel: survey.Web,
		Answers: []survey.Answer{
			{Question: "assent", Choices: []string{"yes"}}, {Question: "easy", Choices: []string{"4"}},
			{Question: "who-talk", Choices: []string{"family", "school"}}, {Question: "listened", Choices: []string{"2"}},
			{Question: "stops", Choices: []string{"too-long"}}, {Question: "waited", Skip: survey.Withheld},
			{Question: "good", Skip: survey.Passed}, {Question: "improve", Words: wished}, {Question: "quote", Choices: []string{"yes"}},
		},
		About: []survey.Answer{
			{Question: "age", Choices: []string{"12-15"}}, {Question: "place", Choices: []string{"old-town"}},
			{Question: "groups", Choices: []string{"young-carer"}},
		}}
	if diff := cmp.Diff(want, *m.Response); diff != "" {
		t.Error(diff)
	}
	p.presses("main form[action$=finish] button").isAt("/a/north-vale")
	if len(p.cookies) != 0 {
		t.Errorf("finishing leaves %v on the device", p.cookies)
	}
	p.opens("/s/worries/done").isAt("/s/worries")
}

func TestEveryPageIsKept(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "helped")
	p.clicks(".s-saved a")
	key := p.key()
	if d := w.draftOf(t, key); d.Voice != exercise.Helped || len(d.Answers) != 0 {
		t.Errorf("after the first page: %+v", d)
	}
	kept := func(want ...survey.Answer) {
		t.Helper()
		if diff := cmp.Diff(want, w.draftOf(t, key).Answers); diff != "" {
			t.Error(diff)
		}
	}
	assent := survey.Answer{Question: "assent", Choices: []string{"yes"}}
	p.opens("/s/worries/q/assent").chooses("yes").continues()
	kept(assent)
	p.chooses("unknown").continues()
	kept(assent, survey.Answer{Question: "easy", Skip: survey.Unknown})
	p.chooses("friend").continues().isAt("/s/worries/q/waited")
	kept(assent, survey.Answer{Question: "easy", Skip: survey.Unknown}, survey.Answer{Question: "who-talk", Choices: []string{"friend"}})
}

func TestBackKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("2").goesBack().
		isAt("/s/worries/q/assent").hasChosen("yes").continues().
		isAt("/s/worries/q/easy").hasChosen("2").goesBack().goesBack().
		isAt("/s/worries/who?change=1").hasChosen("self")
	p.opens("/s/worries/q/improve").says("half a sent").goesBack().isAt("/s/worries/q/good").continues().hasTyped("words", "half a sent")
	// What cannot be used is shown again on the way back too, so that it is not lost.
	long := strings.Repeat("x", 2001)
	p.says(long).goesBack().gets(http.StatusUnprocessableEntity).hasTyped("words", long).sees(".nhsuk-error-summary a[href='#words']", "")
	p.says(long[1:]).goesBack().isAt("/s/worries/q/good").continues().hasTyped("words", long[1:])
}

func TestBackInTheBrowser(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("3").continues()
	p.opens("/s/worries/q/easy").hasChosen("3").opens("/s/worries/q/who-talk").hasChosen()
	if got := p.opens("/s/worries/q/easy").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page with an answer may be kept: %q", got)
	}
}

func TestChangeFromTheCheckPage(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	p.clicks("a[href='/s/worries/q/improve?change=1']").hasTyped("words", wished).says("Shorter waits.").
		continues().isAt("/s/worries/check").sees("main dd", "Shorter waits.")
	p.clicks("a[href='/s/worries/q/age?change=1']").hasChosen("12-15").chooses("16-17").goesBack().isAt("/s/worries/check")
	p.clicks("a[href='/s/worries/who?change=1']").chooses("worker").continues().isAt("/s/worries/check")
	// A change that opens a branch leads into it.
	p.clicks("a[href='/s/worries/q/who-talk?change=1']").choosesNothing().chooses("nobody").continues().isAt("/s/worries/check").
		seesNo("a[href*='/q/listened']")
	p.clicks("a[href='/s/worries/q/easy?change=1']").chooses("1").continues().isAt("/s/worries/check").seesNo("a[href*='/q/stops']")
	p.continues().isAt("/s/worries/done")
	r := w.opened(t, p.key()).Response
	if a, _ := r.Answer("age"); r.Voice != exercise.Worker || a.Choices[0] != "16-17" {
		t.Errorf("voice %s, age %v", r.Voice, a.Choices)
	}
	for _, gone := range []string{"listened", "stops"} {
		if a, there := r.Answer(gone); there {
			t.Errorf("the branch is gone, the answer %+v is not", a)
		}
	}
}

func TestChangeOpensABranch(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("4").continues().chooses("nobody").continues().isAt("/s/worries/q/stops")
	p.opens("/s/worries/check").clicks("a[href='/s/worries/q/who-talk?change=1']").choosesNothing().chooses("family").
		continues().isAt("/s/worries/q/listened").chooses("1").continues().isAt("/s/worries/q/stops")
}

func TestDeclining(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self")
	key := p.opens("/s/worries/key").key()
	m := w.opened(t, key)
	p.opens("/s/worries/q/assent").chooses("no").continues().isAt("/s/worries/stopped").gets(http.StatusOK)
	if _, err := w.store.Draft(t.Context(), m.Draft.ID); err == nil {
		t.Error("the draft of somebody who does not take part is there")
	}
	if _, err := w.store.Receipt(t.Context(), m.Draft.Receipt); err == nil {
		t.Error("their receipt is there")
	}
	if len(w.responses(t, "worries")) != 0 || len(p.cookies) != 0 {
		t.Errorf("something is left: %v", p.cookies)
	}
	w.somebody(t).opens("/key").types("words", key).continues().gets(http.StatusUnprocessableEntity)
}

func TestAssentCannotBeSkipped(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").continues().gets(http.StatusUnprocessableEntity).
		isAt("/s/worries/q/assent").sees("#error", "").sees(".nhsuk-error-summary a[href='#choice-yes']", "")
	p.opens("/s/worries/check").continues().isAt("/s/worries/q/assent?change=1&required=1").sees("#error", "").
		chooses("yes").continues()
	if n := len(w.responses(t, "worries")); n != 0 {
		t.Errorf("%d responses without assent", n)
	}
}

func TestSendingTwice(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	path, form := p.filled("#send")
	other := p.anotherWindow()
	p.continues().isAt("/s/worries/done")
	other.follows(path, other.sends(http.MethodPost, path, form)).isAt("/s/worries/done")
	p.opens("/s/worries/check").isAt("/s/worries/done").opens("/s/worries/done").gets(http.StatusOK) // refresh
	if n := len(w.responses(t, "worries")); n != 1 {
		t.Errorf("%d responses", n)
	}
}

func TestSendingAtTheSameTime(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	path, form := p.filled("#send")
	const senders = 8
	var wait sync.WaitGroup
	to := make([]string, senders)
	for i := range senders {
		req := p.request(http.MethodPost, path, form)
		wait.Go(func() {
			res, err := w.app.Test(req, -1)
			if err != nil {
				t.Error(err)
				return
			}
			to[i] = res.Header.Get("Location")
			if err := res.Body.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, one := range to {
		if one != "/s/worries/done" {
			t.Errorf("a sender was sent to %v", to)
			break
		}
	}
	if n := len(w.responses(t, "worries")); n != 1 {
		t.Errorf("%d responses", n)
	}
}

func TestAnotherWindowSentIt(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	// Another device: the same key, cookies of its own.
	q := w.somebody(t).opens("/key").types("words", p.opens("/s/worries/key").key()).continues().isAt("/s/worries/mine").
		clicks("main .s-buttons a").isAt("/s/worries/check").clicks("a[href='/s/worries/q/improve?change=1']")
	p.opens("/s/worries/check").continues().isAt("/s/worries/done")
	q.says("Words that came too late").continues().gets(http.StatusGone).sees("main blockquote", "Words that came too late")
	q.opens("/s/worries/check").isAt("/s/worries/done")
	if n := len(w.responses(t, "worries")); n != 1 {
		t.Errorf("%d responses", n)
	}
}

func TestANewVersionInTheMiddle(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("2").continues()
	w.publish(t, "worries", func(sv *survey.Survey) {
		extra := survey.Question{ID: "extra", Kind: survey.Text, Ask: exercise.Text{"en": "What else?"}}
		sv.Questions = slices.Insert(sv.Questions, 3, extra)
		sv.Questions = slices.DeleteFunc(sv.Questions, func(q survey.Question) bool { return q.ID == "waited" })
	})
	p.chooses("friend").continues().isAt("/s/worries/q/good").opens("/s/worries/q/easy").hasChosen("2")
	p.opens("/s/worries/go").isAt("/s/worries/q/extra").sees("h1", "What else?").says("Nothing.").continues()
	p.opens("/s/worries/check").continues().isAt("/s/worries/done")
	r := w.opened(t, p.key()).Response
	if a, _ := r.Answer("extra"); r.Version != 2 || a.Words != "Nothing." {
		t.Errorf("version %d, answer %+v", r.Version, a)
	}
}

func TestAQuestionTakenAwayKeepsItsAnswer(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).answersWorries()
	w.publish(t, "worries", func(sv *survey.Survey) {
		sv.Questions = slices.DeleteFunc(sv.Questions, func(q survey.Question) bool { return q.ID == "improve" })
	})
	p.opens("/s/worries/q/improve").gets(http.StatusNotFound)
	p.opens("/s/worries/check").continues().isAt("/s/worries/done")
	if a, _ := w.opened(t, p.key()).Response.Answer("improve"); a.Words != wished {
		t.Errorf("kept %+v", a)
	}
}

// TestAQuestionTakenAwayUnderTheirHands is for whoever was writing while a new version was published.
func TestAQuestionTakenAwayUnderTheirHands(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().opens("/s/worries/q/improve")
	w.publish(t, "worries", func(sv *survey.Survey) {
		sv.Questions = slices.DeleteFunc(sv.Questions, func(q survey.Question) bool { return q.ID == "improve" })
	})
	p.says("<b>half an hour of words").continues().gets(http.StatusGone).sees("main blockquote", "<b>half an hour of words").seesNo("main b")
	p.clicks("main .s-buttons a").isAt("/s/worries/q/easy").gets(http.StatusOK)
	if got := p.sends(http.MethodPost, "/s/nothing/q/improve", url.Values{"words": {"x"}}); got.status != http.StatusNotFound {
		t.Errorf("a survey that is none: %d", got.status)
	}
}

// TestLettersThatAreNone come from old programs: what can be read is shown again, and nothing is thrown away.
func TestLettersThatAreNone(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/improve").says("the caf\xe9 is \xff").continues()
	p.gets(http.StatusUnprocessableEntity).hasTyped("words", "the caf\ufffd is \ufffd").sees("#error", "\ufffd")
	p.says("the caf\xe9 is").goesBack().gets(http.StatusUnprocessableEntity).hasTyped("words", "the caf\ufffd is")
	p.says("the café").continues().opens("/s/worries/q/improve").hasTyped("words", "the café")
}

func TestClosedInTheMiddle(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	w.clock.passes(71 * day) // it closes on 31 January
	p.chooses("2").continues().gets(http.StatusForbidden).sees("main", "31 January 2027")
	p.opens("/s/worries/check").presses("#send").gets(http.StatusForbidden)
	p.opens("/s/worries").gets(http.StatusOK).sees(".s-notice", "31 January 2027").seesNo("a[href='/s/worries/who']")
	w.somebody(t).opens("/s/worries/who").isAt("/s/worries").sees(".s-notice", "31 January 2027")
	if got := w.somebody(t).sends(http.MethodPost, "/s/worries/who", url.Values{"voice": {"self"}}); got.status != http.StatusForbidden {
		t.Errorf("beginning what is closed gets %d", got.status)
	}
	if n := len(w.responses(t, "worries")); n != 0 {
		t.Errorf("%d responses", n)
	}
}

func TestNotYetOpen(t *testing.T) {
	w := newWorld(t)
	w.clock.passes(-60 * day)
	p := w.somebody(t).opens("/s/worries").sees(".s-notice", "1 October 2026").seesNo("a[href='/s/worries/who']")
	p.opens("/s/worries/who").isAt("/s/worries")
	w.somebody(t).opens("/a/north-vale").sees("h2", "").sees(".s-card a[href='/s/worries']", "")
}

func TestDraftsVanish(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	key := p.opens("/s/worries/key").key()
	d := w.draftOf(t, key)
	sweep := func(want int) {
		t.Helper()
		if n, err := w.surveys.Sweep(t.Context()); err != nil || n != want {
			t.Fatalf("swept %d drafts (%v), want %d", n, err, want)
		}
	}
	w.clock.passes(30 * day)
	sweep(0)
	p.opens("/s/worries/q/easy").gets(http.StatusOK)
	w.clock.passes(day)
	sweep(1)
	window := p.anotherWindow().opens("/s/worries/q/improve")
	p.opens("/s/worries/check").gets(http.StatusNotFound)
	if len(p.cookies) != 0 {
		t.Errorf("the ticket of a draft that is gone stays: %v", p.cookies)
	}
	window.says("written for an hour").continues().gets(http.StatusGone).sees("main blockquote", "written for an hour")
	w.somebody(t).opens("/key").types("words", key).continues().gets(http.StatusUnprocessableEntity).sees("#error", "")
	if _, err := w.store.Receipt(t.Context(), d.Receipt); err == nil {
		t.Error("the receipt of a draft that is gone stays")
	}
}

func TestTooLong(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/improve")
	long := strings.Repeat("ą", 2000) + "</textarea><script>alert(1)</script>"
	p.says(long).continues().gets(http.StatusUnprocessableEntity).hasTyped("words", long).seesNo("main script").
		sees(".nhsuk-error-summary a[href='#words']", "2,000").sees("#error", "2,000").sees("title", "")
	p.says(strings.Repeat("ą", 2000)).continues().isAt("/s/worries/q/quote")
}

func TestANumberThatIsNone(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("speech-therapy", "carer").chooses("yes").continues().opens("/s/speech-therapy/q/wait-months")
	p.says("quite long").continues().gets(http.StatusUnprocessableEntity).hasTyped("words", "quite long").sees("#error", "")
	p.says("121").continues().gets(http.StatusUnprocessableEntity).hasTyped("words", "121").sees("#error", "120")
	p.says("۱۲").continues().gets(http.StatusOK).opens("/s/speech-therapy/q/wait-months").hasTyped("words", "12")
}

func TestTooManyChosen(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").opens("/s/worries/q/who-talk")
	p.chooses("family", "friend", "school", "other").continues().gets(http.StatusUnprocessableEntity).
		hasChosen("family", "friend", "school", "other").sees(".nhsuk-error-summary a[href='#choice-family']", "3")
	p.choosesNothing().chooses("family", "nobody").continues().gets(http.StatusUnprocessableEntity)
}

func TestLanguageSwitchKeepsAnswers(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues().chooses("2").continues()
	p.opens("/s/worries/q/easy").clicks(".s-lang__list a[lang=ur]").sees("html[lang=ur][dir=rtl] h1", "").hasChosen("2").
		chooses("3").continues().sees("html[lang=ur]", "")
	d := w.draftOf(t, p.opens("/s/worries/key").key())
	if a, _ := d.Answer("easy"); d.Language != "ur" || a.Choices[0] != "3" {
		t.Errorf("language %s, answer %+v", d.Language, a)
	}
}

func TestBegunOnThisDevice(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	fresh := w.somebody(t).opens("/s/worries/who")
	p.opens("/s/worries/who").seesNo("main form").clicks("main a[href='/s/worries/go']").isAt("/s/worries/q/easy")
	first := p.opens("/s/worries/key").key()
	// The next child at the same tablet begins anew, and the first one's answers stay theirs.
	path, form := fresh.chooses("worker").filled("main button")
	if got := p.sends(http.MethodPost, path, form); got.status != http.StatusSeeOther || got.location() != "/s/worries/who" {
		t.Errorf("a form of nobody in particular gets %d to %s", got.status, got.location())
	}
	p.opens("/s/worries/who").clicks("main a[href='/s/worries/who?new=1']").hasChosen().chooses("worker").continues().isAt("/s/worries/key")
	if p.key() == first {
		t.Fatal("two people have one key")
	}
	if d := w.draftOf(t, first); d.Voice != exercise.Self || len(d.Answers) != 1 {
		t.Errorf("the first draft became %+v", d)
	}
	if d := w.draftOf(t, p.key()); d.Voice != exercise.Worker || len(d.Answers) != 0 {
		t.Errorf("the second draft began as %+v", d)
	}
}

func TestVoices(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/s/worries/who").seesNo("input[value=carer]").continues().gets(http.StatusUnprocessableEntity).
		sees(".nhsuk-error-summary a[href='#voice-self']", "")
	path, form := p.filled("main button")
	form.Set("voice", "carer")
	if got := p.sends(http.MethodPost, path, form); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a voice that the survey does not ask gets %d", got.status)
	}
	if len(p.cookies) != 0 {
		t.Errorf("a wrong voice leaves %v", p.cookies)
	}
	w.somebody(t).opens("/s/speech-therapy/who").chooses("carer").continues().isAt("/s/speech-therapy/key")
}

func TestASurveyForEveryoneCallsNobodyYoung(t *testing.T) {
	w := newWorld(t)
	w.somebody(t).opens("/s/worries/who").sees("label:has(input[value=self])", "Children and young people")
	w.somebody(t).opens("/s/friends-and-family/who").sees("label:has(input[value=self])", "People of any age")
}

func TestLeavingTakesEverythingAway(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").begins("speech-therapy", "self")
	if len(p.cookies) != 2 {
		t.Fatalf("two tickets wanted, %v", p.cookies)
	}
	p.presses("footer form[action='/leave'] button").isAt("https://www.example.org/weather")
	if len(p.cookies) != 0 {
		t.Errorf("leaving leaves %v", p.cookies)
	}
}

func TestPagesWithoutATicket(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/q/easy", "/go", "/check", "/done", "/key"} {
		w.somebody(t).opens("/s/worries" + path).isAt("/s/worries").gets(http.StatusOK)
	}
	p := w.somebody(t)
	if got := p.sends(http.MethodPost, "/s/worries/q/improve", map[string][]string{"words": {"hello"}}); got.status != http.StatusGone || !strings.Contains(got.body, "hello") {
		t.Errorf("words without a ticket: %d", got.status)
	}
	// A ticket of another server, and one that was tampered with, are none.
	other := newWorld(t).somebody(t).begins("worries", "self")
	p.cookies = other.cookies
	p.opens("/s/worries/check").isAt("/s/worries")
	mine := w.somebody(t).begins("worries", "self")
	for name, value := range mine.cookies {
		mine.cookies[name] = value[:len(value)-2]
	}
	mine.opens("/s/worries/check").isAt("/s/worries")
	// A ticket opens its own survey only.
	mine = w.somebody(t).begins("worries", "self")
	mine.cookies["say-speech-therapy"] = mine.cookies["say-worries"]
	mine.opens("/s/speech-therapy/check").isAt("/s/speech-therapy")
}
